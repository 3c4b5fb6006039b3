//! What was really wrong in each measured scenario, in codes of product.md's catalogue.

use super::rows::Group;

/// The causes that are right for a scenario.
pub struct Label {
    /// Any of them may be named, also for certain.
    pub causes: Vec<String>,
    /// May stand in a shortlist, and must not be certain.
    pub near: Vec<String>,
    /// Nothing is wrong with the network, this browser or CORS (or it does no harm to the page's requests),
    /// so naming nothing is right as well.
    pub healthy: bool,
}

impl Label {
    /// The label of a group; `None` for a scenario that nobody has described.
    pub fn of(group: &Group) -> Option<Label> {
        if let Some(codes) = &group.expect {
            return Some(Label::read(codes.iter().map(String::as_str)));
        }
        let special = format!("{}: {}", group.page, group.scenario);
        let find = |name: &str| LABELS.iter().find(|(names, _)| names.split(", ").any(|known| known == name));
        let (_, codes) = find(&special).or_else(|| find(&group.scenario))?;
        Some(Label::read(codes.split(' ')))
    }

    fn read<'a>(codes: impl Iterator<Item = &'a str>) -> Label {
        let mut label = Label { causes: Vec::new(), near: Vec::new(), healthy: false };
        for code in codes {
            match code.strip_prefix('~') {
                Some(near) => label.near.push(near.to_owned()),
                None if code == "healthy" || code == "none" => label.healthy = true,
                None => label.causes.push(code.to_owned()),
            }
        }
        // An empty list of the file's own says that nothing is wrong.
        label.healthy |= label.causes.is_empty() && label.near.is_empty();
        label
    }

    /// In one cell of the table.
    pub fn words(&self) -> String {
        let healthy = self.healthy.then(|| "healthy".to_owned());
        let near = self.near.iter().map(|code| format!("~{code}"));
        healthy.into_iter().chain(self.causes.iter().cloned()).chain(near).collect::<Vec<_>>().join(" ")
    }

    /// All codes it names.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.causes.iter().chain(&self.near).map(String::as_str)
    }
}

/// Scenarios (`page: scenario` before a plain name) and what is right for them: codes that may be certain,
/// codes with `~` that may only be in a shortlist, and `healthy`.
pub const LABELS: &[(&str, &str)] = &[
    // The server answers, and the page may read it.
    ("ok_cors, ok_cors_tao, tls_ok, tls_ok_from_https, acao_star, ah_star", "healthy"),
    ("slow_body, slow_headers, redir_same_origin", "healthy"),
    ("mixed_http_loopback_ip, mixed_http_localhost, https_only_loopback_ip", "healthy"),
    ("ext_not_blocked_same_origin_control, sw_ok, csp_ro_live, csp_ro_redirect", "healthy"),
    ("coep_corp_cross, corp_same_origin_cors, st204, st304, redir_no_location", "healthy"),
    ("ok_exposed, ok_expose_star", "healthy cors-headers-not-exposed"),
    ("acao_star_acac, acac_missing", "healthy cors-credentials-wildcard"),
    // To another host: whoever needs no key gets through.
    ("redir_xorigin_cors, redir_to_http_name, redir_to_other_origin_csp", "healthy redirect-drops-key"),
    ("redir_login_cors", "healthy login-wall redirect-drops-key"),
    ("html200_cors", "healthy login-wall"),
    // Their words were not kept, and a refusal without words may be an outage of the one who judges keys.
    ("err401_cors, err401_basic_cors, err403_cors", "healthy ~auth-service-down"),
    ("err404_cors, err500_cors", "healthy"),
    ("st429_cors_noexpose", "healthy rate-limited"),
    // Firefox refuses 0.0.0.0, Chromium takes it for this machine.
    ("ip_0000, dns_resolves_0000", "healthy host-unreachable"),
    // Chromium takes a 407 of a server for a proxy's and shows nothing; Firefox hands it to the page.
    ("err407", "healthy login-wall connection-broken ~host-unreachable"),
    // The server answers, and answers are withheld.
    ("no_acao, no_acao_tao, acao_mismatch, acao_null, acao_invalid, acao_two_headers", "cors-not-allowed"),
    ("acao_only_on_preflight, tls_ok_noacao, mixed_http_localhost_no_acao, sw_no_acao", "cors-not-allowed"),
    ("csp_ro_no_acao, coep_no_acao, corp_same_origin_nocors, helmet_200", "cors-not-allowed"),
    ("orb_json_nosniff, real_image, coop_200, attachment_200, octet_200", "cors-not-allowed"),
    ("xfo_deny_200, frame_ancestors_none_200", "cors-not-allowed"),
    ("ext_strips_acao", "extension-blocked ~cors-not-allowed"),
    ("html200_nocors, captive_200html", "login-wall cors-not-allowed"),
    ("err401_nocors, err403_nocors", "cors-missing-on-errors login-wall"),
    ("err404_nocors", "cors-missing-on-errors route-missing ~wrong-base-url"),
    ("err429_nocors", "cors-missing-on-errors rate-limited"),
    ("err500_nocors, err500_nocors_tao, sw_err500_nocors", "cors-missing-on-errors server-error"),
    ("coep_err500, xfo_deny_500", "cors-missing-on-errors server-error"),
    ("err502_nocors, all502_html_nocors", "gateway-without-backend cors-missing-on-errors"),
    ("all401_html_nocors", "cors-missing-on-errors login-wall cors-preflight-unauthorized"),
    ("auth_gate_nocors_401", "cors-missing-on-errors"),
    ("proxy_503_http_target", "gateway-without-backend ~host-unreachable"),
    // Redirects.
    ("redir_first_nocors, redir_same_first_nocors", "redirect-without-cors"),
    ("redir_xorigin_nocors, redir_xorigin_acao_fixed", "redirect-without-cors ~cors-not-allowed"),
    ("redir_login_nocors", "login-wall redirect-without-cors ~cors-not-allowed"),
    ("redir_loop", "redirect-without-cors"),
    ("redir_to_refused", "redirect-without-cors ~host-unreachable"),
    ("redir_to_https_selfsigned", "redirect-without-cors ~tls-failure"),
    ("https_redirects_to_http_name", "mixed-content ~redirect-without-cors"),
    ("all_301_slash", "cors-preflight-redirected"),
    ("all_302_login", "login-wall redirect-without-cors cors-preflight-redirected"),
    ("all_308_https", "redirect-without-cors cors-preflight-redirected"),
    // The permission question.
    ("preflight_401, preflight_401_basic, preflight_401_cors", "cors-preflight-unauthorized"),
    ("preflight_404, preflight_405, preflight_500, preflight_502", "cors-preflight-failing"),
    ("preflight_200_nocors, preflight_reset", "cors-preflight-failing"),
    ("preflight_hang", "cors-preflight-failing ~timeout"),
    ("preflight_301_slash, preflight_302_login", "cors-preflight-redirected"),
    ("ah_lacks_auth, ah_missing", "cors-header-not-allowed"),
    ("am_lacks, am_lowercase", "cors-method-not-allowed"),
    // No answer.
    ("refused, https_refused, https_refused_from_https, sw_refused, https_only_refused", "host-unreachable"),
    ("dns_nxdomain, dns_nxdomain_https, dns_nodata, proxy_down_https_target", "host-unreachable"),
    ("dns_timeout", "timeout host-unreachable"),
    ("hang, accept_then_silent", "timeout"),
    ("tls_handshake_hang", "timeout ~tls-failure"),
    // The browser's own sign-in dialog for the proxy stands open.
    ("proxy_407_http_target, proxy_407_https_target", "login-wall host-unreachable ~timeout"),
    ("proxy_503_https_target", "host-unreachable connection-broken gateway-without-backend"),
    ("reset_after_request, empty_reply, fin_after_request, rst_on_accept", "connection-broken"),
    ("dup_cl, invalid_http, http09, smtp_banner, ssh_banner, huge_header", "connection-broken"),
    ("http_to_tls_port", "connection-broken"),
    ("https_to_plain_http_port", "tls-failure connection-broken"),
    ("tls_rst_on_accept, tls_fin_on_accept, tls_rst_in_handshake", "tls-failure connection-broken"),
    ("tls_self_signed, tls_self_signed_from_https, tls_expired, tls_name_mismatch", "tls-failure"),
    ("tls_old_version, tls_client_cert_required", "tls-failure"),
    ("https_only_http_name", "tls-failure connection-broken ~host-unreachable"),
    ("reset_mid_body, wrong_cl_long, bad_chunked, bad_gzip", "connection-broken malformed-response"),
    ("body_stall", "timeout connection-broken malformed-response"),
    ("body_stall_nocors", "cors-not-allowed ~timeout ~connection-broken"),
    // This browser or this page.
    ("blocked_port_6000", "port-blocked"),
    ("mixed_http_name, mixed_http_name_refused", "mixed-content"),
    ("csp_blocked_live_target, csp_blocked_refused_target, csp_blocked_nx", "page-policy-blocked"),
    ("ext_blocked_live, blocked_by_client_cdp", "extension-blocked"),
    ("ext_blocked_refused", "extension-blocked host-unreachable"),
    ("offline_live_target", "healthy offline"),
    ("offline_refused, offline_nx", "offline host-unreachable"),
    // The local network: a public page, made so by settings of the browser.
    ("lna_public_control", "healthy"),
    ("lna_granted: lna_to_loopback_ok, lna_granted: lna_to_loopback_name", "healthy"),
    ("lna_granted: lna_to_loopback_https, lna_granted: lna_to_local_ok", "healthy"),
    ("lna_granted: lna_to_loopback_no_acao, lna_https_granted: lna_to_loopback_no_acao", "cors-not-allowed"),
    ("lna_granted: lna_to_loopback_refused, lna_https_granted: lna_to_loopback_refused", "host-unreachable"),
    ("lna_https_granted: lna_to_loopback_ok, lna_https_granted: lna_to_loopback_https", "healthy"),
    ("lna_https_granted: lna_to_local_ok, lna_permissions_policy: lna_to_loopback_ok", "healthy"),
    ("lna_https_granted: lna_to_loopback_name, lna_https_denied: lna_to_loopback_name", "mixed-content"),
    ("lna_https_prompt: lna_to_loopback_name", "mixed-content"),
    ("lna_to_loopback_refused", "host-unreachable ~local-network-permission"),
    ("lna_to_loopback_ok, lna_to_loopback_name, lna_to_loopback_no_acao", "local-network-permission"),
    ("lna_to_loopback_https, lna_to_local_ok", "local-network-permission"),
];

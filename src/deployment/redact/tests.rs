use super::*;

fn own() -> Vec<KeyPrefix> {
    vec![KeyPrefix { prefix: "pf_live_".into(), environment: "production".into() }]
}

#[test]
fn secrets_are_taken_out_and_the_rest_stays() {
    const JWT: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYWRlIHVwIn0.c2lnbmF0dXJl";
    for (wire, shared) in [
        // Tokens by their own shape.
        (format!("you sent {JWT}, which is old").as_str(), "you sent [redacted], which is old"),
        (format!("cut off: {}", &JWT[..30]).as_str(), "cut off: [redacted]"),
        ("key pf_live_M4DEUPM4DEUP of you", "key [redacted] of you"),
        ("x%3Dpf_live_M4DEUPM4DEUP&y", "x%3D[redacted]&y"),
        ("ghp_0123456789abcdefghij.", "[redacted]"),
        ("AKIAIOSFODNN7EXAMPLE;", "[redacted];"),
        (
            "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----",
            "[redacted]-----END PRIVATE KEY-----",
        ),
        // After the name of a scheme.
        ("Bearer abc123def456", "Bearer [redacted]"),
        ("sent basic YWRtaW46cHc=\n", "sent basic [redacted]\n"),
        ("curl -H 'Authorization: ApiKey k3y-of-mine'", "curl -H 'Authorization: [redacted]'"),
        ("bearer%20abc123def", "bearer%20[redacted]"),
        // After a name: JSON, JSON in JSON, Python, HTML, queries, forms.
        (r#"{"api_key": "abc", "n": 1}"#, r#"{"api_key": "[redacted]", "n": 1}"#),
        (r#"{"password":"a\"b\\","x":"y"}"#, r#"{"password":"[redacted]","x":"y"}"#),
        (r#"{"m":"{\"api_key\":\"abc\"}"}"#, r#"{"m":"{\"api_key\":\"[redacted]\"}"}"#),
        (r#"{"Authorization":["Bearer a","Basic b"]}"#, r#"{"Authorization":["[redacted]"]}"#),
        (r#"{"name":"cookie","value":"sid=1"}"#, r#"{"name":"cookie","value":"[redacted]"}"#),
        (r#"{"key":"db_password","value":"hunter"}"#, r#"{"key":"db_password","value":"[redacted]"}"#),
        (r#"["authorization", "Bearer abc123def"]"#, r#"["authorization", "[redacted]"]"#),
        ("(b'x-api-key', b'abc123def')", "(b'x-api-key', b'[redacted]')"),
        ("{'client_secret': 'abc'}", "{'client_secret': '[redacted]'}"),
        ("&quot;token&quot;: &quot;abc&quot;,", "&quot;token&quot;: &quot;[redacted]&quot;,"),
        ("%22token%22%3A%22abc%22", "%22token%22%3A%22[redacted]%22"),
        ("/a?key=abc&b=1", "/a?key=[redacted]&b=1"),
        (
            "?X-Amz-Signature=ab12&X-Amz-Credential=AK%2F1",
            "?X-Amz-Signature=[redacted]&X-Amz-Credential=[redacted]",
        ),
        (
            "AWS4-HMAC-SHA256 Credential=AK/x, SignedHeaders=host, Signature=ab",
            "AWS4-HMAC-SHA256 Credential=[redacted], SignedHeaders=host, Signature=[redacted]",
        ),
        ("u=1%26access_token%3Dabc%26v", "u=1%26access_token%3D[redacted]%26v"),
        ("> Cookie: sid=1; other=2\n> Accept: */*", "> Cookie: [redacted]\n> Accept: */*"),
        ("Set-Cookie: sid=1; Path=/\r\nX: y", "Set-Cookie: [redacted]\r\nX: y"),
        ("cut off: {\"token\": \"abc", "cut off: {\"token\": \"[redacted]"),
        // In addresses.
        ("see https://me:pw@host.example/x?y", "see https://[redacted]@host.example/x?y"),
        ("postgresql://u:p/w#@db.example/mlflow", "postgresql://[redacted]@db.example/mlflow"),
    ] {
        let redacted = text(wire, &own());
        assert_eq!(redacted, shared.replace("[redacted].", "[redacted]").as_str(), "{wire}");
        assert_eq!(text(&redacted, &own()), redacted, "again: {wire}");
    }
}

#[test]
fn what_is_no_secret_stays() {
    for wire in [
        "",
        "Bearer token required",
        "Missing Authorization header: use Authorization: Bearer <key>",
        "www-authenticate: Bearer realm=\"mlflow\"",
        "Access-Control-Allow-Headers: authorization, x-api-key, content-type",
        r#"{"loc":["header","authorization"],"msg":"Field required"}"#,
        r#"{"detail":"Invalid or expired API key"}"#,
        r#"{"tags":[{"key":"mlflow.user","value":"alice"}],"next_page_token":"abc123"}"#,
        r#"{"error_code":"INVALID_PARAMETER_VALUE","code":401}"#,
        "<input type=\"password\" name=\"password\" autocomplete=\"current-password\">",
        "https://host.example/path/@me?a=b",
        "pf_live_",
        "run 0123456789abcdef0123456789abcdef, scikit-learn sk-learn",
        "[key] and [redacted]",
        "naïve “ünïcode” \u{1F511} Schlüssel: ja",
    ] {
        assert_eq!(text(wire, &own()), wire);
    }
}

#[test]
fn headers_are_judged_by_what_they_are_for() {
    for secret in
        ["X-Registry-Key", "x-api-key", "Authorization", "x-auth", "Set-Cookie", "x-amz-security-token"]
    {
        assert!(is_secret_header(secret), "{secret}");
    }
    for plain in [
        "access-control-allow-credentials",
        "WWW-Authenticate",
        "proxy-authenticate",
        "x-amz-cf-id",
        "server",
    ] {
        assert!(!is_secret_header(plain), "{plain}");
    }
    assert_eq!(header("access-control-allow-credentials", "true", &[]), "true");
}

proptest::proptest! {
    /// A secret does not survive, whatever stands around it.
    #[test]
    fn planted_secrets_never_survive(
        secret in "[A-Za-z][A-Za-z0-9]{9,30}[0-9]",
        place in 0usize..14,
        before in "[ -~]{0,40}[\n ,]",
        after in "[ -~\n]{0,40}",
    ) {
        let planted = match place {
            0 => format!("Bearer {secret}"),
            1 => format!("pf_live_{secret}"),
            2 => format!("eyJ{secret}.{secret}.{secret}"),
            3 => format!("{{\"api_key\": \"{secret}\"}}"),
            4 => format!("?token={secret}&x=1"),
            5 => format!("X-Amz-Signature={secret}"),
            6 => format!("https://user:{secret}@host.example/x"),
            7 => format!("\nset-cookie: sid={secret}; Path=/\n"),
            8 => format!("\"authorization\": [\"Bearer {secret}\"]"),
            9 => format!("{{\\\"password\\\":\\\"{secret}\\\"}}"),
            10 => format!("client_secret={secret}"),
            11 => format!("Authorization: Basic {secret}=="),
            12 => format!("{{\"name\": \"x-api-key\", \"value\": \"{secret}\"}}"),
            _ => format!("mysql://root:{secret}@db/x"),
        };
        let wire = [before, planted, after].concat();
        proptest::prop_assert!(!text(&wire, &own()).contains(&secret), "{}", text(&wire, &own()));
    }

    #[test]
    fn any_text_is_survived_and_redacting_again_changes_nothing(wire in "(\\PC|[\"':=\\\\%@/\n ]|key|token|Bearer |://){0,60}") {
        let once = text(&wire, &own());
        proptest::prop_assert_eq!(text(&once, &own()), once);
    }
}

//! Cross-origin headers, right and wrong, as one declarative value that every server of the lab uses.

use super::web::{Ask, Reply, header, reply, set};
use hyper::Method;
use hyper::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HeaderName,
    HeaderValue, LOCATION, VARY,
};

/// Which part of a server said something. Auth layers often stand outside the CORS layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// The auth layer's own refusal.
    Auth,
    /// Anything behind it.
    Inside,
}

/// Which answers carry CORS headers (preflights are [`Preflight`]'s business).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// Every answer.
    Everywhere,
    /// None; those of an upstream are removed.
    Nowhere,
    /// All but what the auth layer says itself: the commonest order of middleware, and the source's own.
    NotOnAuthRefusals,
    /// Only answers below 400, like nginx's `add_header` without `always`.
    NotOnErrors,
    /// None, and every answer says that only pages of its own site may use it.
    NowhereAndOwnSiteOnly,
    /// None, and every answer says that only its own site may use or frame it: the defaults of a common
    /// security-header middleware.
    NowhereAndOwnSiteFramed,
    /// Whatever the upstream sent stays as it is.
    AsUpstream,
}

/// The value of `Access-Control-Allow-Origin`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllowOrigin {
    /// The asking page's origin.
    Asked,
    /// `*`.
    Star,
    /// Always the same, whoever asks.
    Fixed(&'static str),
    /// Twice: from the proxy and from the application.
    Twice,
}

/// The value of a list header in a preflight's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// Whatever was asked for.
    AsAsked,
    /// A fixed list.
    List(&'static str),
    /// No such header.
    Missing,
}

/// What happens to a preflight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preflight {
    /// 200 with the headers described by the rest of [`Cors`].
    Answered,
    /// Nobody treats it specially: auth and routing apply to it as to any request.
    Ordinary,
    /// This status, without CORS headers.
    Status(u16),
    /// This status, with all CORS headers.
    StatusWithCors(u16),
    /// A redirect to there.
    Redirect(u16, &'static str),
    /// No answer, ever.
    Hangs,
}

/// How a server treats pages of other origins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cors {
    /// Which answers carry the headers.
    pub on: On,
    /// Who is allowed.
    pub origin: AllowOrigin,
    /// What preflights get.
    pub preflight: Preflight,
    /// `Access-Control-Allow-Headers`.
    pub allow_headers: Allowed,
    /// `Access-Control-Allow-Methods`.
    pub allow_methods: Allowed,
    /// `Access-Control-Allow-Credentials: true`, or nothing.
    pub credentials: bool,
    /// `Access-Control-Expose-Headers`, if any.
    pub expose: Option<&'static str>,
}

impl Cors {
    /// A deployment that was set up for pages: everything readable, errors too.
    pub const EVERYWHERE: Self = Self {
        on: On::Everywhere,
        origin: AllowOrigin::Asked,
        preflight: Preflight::Answered,
        allow_headers: Allowed::AsAsked,
        allow_methods: Allowed::List("GET, POST, PUT, PATCH, DELETE, OPTIONS"),
        credentials: true,
        expose: None,
    };
    /// A server that never heard of CORS.
    pub const NOWHERE: Self = Self { on: On::Nowhere, preflight: Preflight::Ordinary, ..Self::EVERYWHERE };
    /// A pass-through: the upstream's own CORS, preflights included.
    pub const AS_UPSTREAM: Self =
        Self { on: On::AsUpstream, preflight: Preflight::Ordinary, ..Self::EVERYWHERE };

    /// The answer to `ask` if it is a preflight that is not simply passed on.
    pub async fn preflight(&self, ask: &Ask) -> Option<Reply> {
        if !is_preflight(ask) {
            return None;
        }
        match self.preflight {
            Preflight::Ordinary => None,
            Preflight::Answered => Some(self.preflight_reply(ask, 200)),
            Preflight::StatusWithCors(status) => Some(self.preflight_reply(ask, status)),
            Preflight::Status(status) => Some(reply(status, "text/plain", "")),
            Preflight::Redirect(status, to) => {
                let mut answer = reply(status, "text/plain", "");
                set(&mut answer, LOCATION, to);
                Some(answer)
            }
            Preflight::Hangs => std::future::pending().await,
        }
    }

    fn preflight_reply(&self, ask: &Ask, status: u16) -> Reply {
        let mut answer = reply(status, "text/plain", "OK");
        self.allow(&mut answer, ask);
        let lists = [
            (ACCESS_CONTROL_ALLOW_HEADERS, self.allow_headers, "access-control-request-headers"),
            (ACCESS_CONTROL_ALLOW_METHODS, self.allow_methods, "access-control-request-method"),
        ];
        for (name, allowed, asked) in lists {
            match allowed {
                Allowed::AsAsked => set(&mut answer, name, header(ask, asked).unwrap_or_default()),
                Allowed::List(list) => set(&mut answer, name, list),
                Allowed::Missing => {}
            }
        }
        set(&mut answer, ACCESS_CONTROL_MAX_AGE, "600");
        answer
    }

    /// Puts the headers on `answer`, or takes an upstream's away, as this value says.
    pub fn dress(&self, answer: &mut Reply, ask: &Ask, layer: Layer) {
        let wanted = match self.on {
            On::AsUpstream => return,
            On::Everywhere => true,
            On::Nowhere | On::NowhereAndOwnSiteOnly | On::NowhereAndOwnSiteFramed => false,
            On::NotOnAuthRefusals => layer != Layer::Auth,
            On::NotOnErrors => answer.status().as_u16() < 400,
        };
        undress(answer);
        if matches!(self.on, On::NowhereAndOwnSiteOnly | On::NowhereAndOwnSiteFramed) {
            set(answer, HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
        }
        if self.on == On::NowhereAndOwnSiteFramed {
            set(answer, HeaderName::from_static("x-frame-options"), "SAMEORIGIN");
        }
        if wanted && ask.headers().contains_key("origin") {
            self.allow(answer, ask);
        }
    }

    fn allow(&self, answer: &mut Reply, ask: &Ask) {
        let asked = header(ask, "origin").unwrap_or("null").to_owned();
        let value = match self.origin {
            AllowOrigin::Star => "*",
            AllowOrigin::Fixed(origin) => origin,
            AllowOrigin::Asked | AllowOrigin::Twice => &asked,
        };
        set(answer, ACCESS_CONTROL_ALLOW_ORIGIN, value);
        if self.origin == AllowOrigin::Twice {
            let again = HeaderValue::from_str(&asked).expect("an origin is a valid header value");
            answer.headers_mut().append(ACCESS_CONTROL_ALLOW_ORIGIN, again);
        }
        if self.origin != AllowOrigin::Star {
            set(answer, VARY, "Origin");
        }
        if self.credentials {
            set(answer, ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        }
        if let Some(exposed) = self.expose {
            set(answer, ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        }
    }
}

/// Whether a browser sent this to ask for permission.
pub fn is_preflight(ask: &Ask) -> bool {
    ask.method() == Method::OPTIONS && ask.headers().contains_key("access-control-request-method")
}

fn undress(answer: &mut Reply) {
    let theirs = |name: &HeaderName| name.as_str().starts_with("access-control-");
    let names: Vec<HeaderName> = answer.headers().keys().filter(|name| theirs(name)).cloned().collect();
    for name in names {
        answer.headers_mut().remove(name);
    }
}

//! What a browser has and a native program lacks.

use preflight::deployment::UrlParts;

/// The URL parser: the URL standard as the `url` crate implements it.
pub fn parse_url(text: &str) -> Option<UrlParts> {
    let url = url::Url::parse(text).ok()?;
    let part = |text: Option<&str>, mark: &str| text.map(|text| format!("{mark}{text}")).unwrap_or_default();
    Some(UrlParts {
        scheme: url.scheme().to_owned(),
        has_credentials: !url.username().is_empty() || url.password().is_some(),
        hostname: url.host_str().unwrap_or_default().to_owned(),
        port: url.port(),
        path: url.path().to_owned(),
        query: part(url.query(), "?"),
        fragment: part(url.fragment(), "#"),
    })
}

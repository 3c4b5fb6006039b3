//! The browser's URL parser, as the pure rooms want it.

use crate::deployment::UrlParts;

/// A [`crate::deployment::UrlParser`].
pub fn parse(text: &str) -> Option<UrlParts> {
    let url = web_sys::Url::new(text).ok()?;
    Some(UrlParts {
        scheme: url.protocol().trim_end_matches(':').to_owned(),
        has_credentials: !url.username().is_empty() || !url.password().is_empty(),
        hostname: url.hostname(),
        port: url.port().parse().ok(),
        path: url.pathname(),
        query: url.search(),
        fragment: url.hash(),
    })
}

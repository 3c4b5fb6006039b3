//! Ready-made answers: the pages that load balancers, web sites and applications give.

use super::web::{Reply, reply, set};
use hyper::header::LOCATION;

/// A whole answer but for its CORS headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Content type.
    pub content_type: &'static str,
    /// Body.
    pub body: &'static str,
    /// Where a redirect leads.
    pub location: Option<&'static str>,
}

/// What no report may hold.
pub const PLANTED: &str = "Planted";

const HTML: &str = "text/html; charset=utf-8";

impl Answer {
    /// nginx without a living upstream.
    pub const NGINX_502: Self = Self::html(
        502,
        "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n\
         <hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n",
    );
    /// An AWS load balancer without healthy targets.
    pub const AWS_503: Self = Self::html(
        503,
        "<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n<body>\r\n\
         <center><h1>503 Service Temporarily Unavailable</h1></center>\r\n</body>\r\n</html>\r\n",
    );
    /// A network that wants a sign-in first (RFC 6585, part 6).
    pub const NETWORK_511: Self = Self::html(
        511,
        "<html>\n<head><title>Network Authentication Required</title></head>\n<body><p>You need to \
         <a href=\"https://login.example.net/\">authenticate with the local network</a> in order to gain access.</p>\
         </body>\n</html>\n",
    );
    /// Somebody's web site, the same for every path.
    pub const WEBSITE: Self = Self::html(
        200,
        "<!doctype html>\n<html lang=\"en\"><head><title>Welcome to Example Bakery</title></head>\
         <body><h1>Fresh bread every morning</h1></body></html>\n",
    );
    /// An application that has no such route.
    pub const NO_ROUTE: Self = Self::json(404, r#"{"detail":"Not Found"}"#);

    /// An application that stumbled.
    pub const CRASHED: Self = Self::json(500, r#"{"detail":"Internal server error"}"#);

    /// An application that stumbled and prints what it had in its hands: the secrets are [`PLANTED`].
    pub const TALKATIVE: Self = Self {
        status: 500,
        content_type: "application/json; session-token=Planted0InAHeader0",
        body: r#"{"detail":"Internal server error","scope":{"headers":[["authorization","Bearer Planted1InAList1"],["cookie","sid=Planted2InACookie2"]]},"url":"https://bob:Planted3InAnAddress3@db.example/mlflow?X-Amz-Signature=Planted4InAQuery4&a=b","env":{"DB_PASSWORD":"Planted5InBody5"},"jwt":"eyJhbGciOiJub25lIn0.eyJQbGFudGVkNkluQUpXVDYi.Planted6"}"#,
        location: None,
    };

    /// An HTML page.
    pub const fn html(status: u16, body: &'static str) -> Self {
        Self { status, content_type: HTML, body, location: None }
    }

    /// A JSON text.
    pub const fn json(status: u16, body: &'static str) -> Self {
        Self { status, content_type: "application/json", body, location: None }
    }

    /// A redirect.
    pub const fn redirect(status: u16, to: &'static str) -> Self {
        Self { status, content_type: "text/plain", body: "", location: Some(to) }
    }

    /// The answer as it goes out, still without CORS headers.
    pub fn reply(&self) -> Reply {
        let mut answer = reply(self.status, self.content_type, self.body);
        if let Some(to) = self.location {
            set(&mut answer, LOCATION, to);
        }
        answer
    }
}

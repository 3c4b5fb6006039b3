//! What MLflow said: its answers read leniently, whatever stands around them. Both error shapes (`error_code` with
//! `message`, and the `detail` of its newer layer), the sentences it sends as `text/html`, and its HTML pages.

use super::Answer;
use crate::json::Value;

/// What an answer in MLflow's way of speaking says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Success with a JSON object that is no error. An empty list is `{}`.
    Data,
    /// Success without a body.
    Done,
    /// The health sentence, `OK`.
    Healthy,
    /// A version and nothing else.
    Version,
    /// MLflow's web page.
    WebPage,
    /// A required parameter did not arrive.
    Missing,
    /// Another fault of the request.
    BadRequest,
    /// No such experiment, run, model or file.
    NotFound,
    /// It exists already.
    Exists,
    /// No such path. Another Flask application says it in the same words.
    NoRoute,
    /// The path exists, and not with this method.
    WrongMethod,
    /// The basic-auth app wants a user and password.
    NotAuthenticated,
    /// The basic-auth app knows the user, who may not do this.
    Denied,
    /// Not for this host name.
    ///
    /// With status 400 it is Starlette's middleware for lists of hosts, in an application in front of MLflow.
    HostCheck,
    /// Not from this page's origin.
    OriginCheck,
    /// A permission question (preflight) that is answered with no.
    CorsRefused,
    /// The server runs without `--serve-artifacts`.
    ArtifactsOff,
    /// A part of the server that is switched off, such as workspaces.
    SwitchedOff,
    /// The artifact store has no such ability.
    NotImplemented,
    /// The database behind it fails.
    StoreFails,
    /// It failed inside.
    Crashed,
}

/// An error in words, in either of MLflow's shapes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// `error_code`; empty where the answer has none.
    pub code: String,
    /// `message` or `detail`.
    pub message: String,
}

/// Sentences, in lower case, by their beginning. MLflow labels some of them `text/html`.
const SENTENCES: [(&str, Said); 8] = [
    ("invalid host header", Said::HostCheck),
    ("cross-origin request blocked", Said::OriginCheck),
    ("disallowed cors", Said::CorsRefused),
    ("you are not authenticated. please see https://www.mlflow.org", Said::NotAuthenticated),
    ("you are not authenticated. please see https://mlflow.org", Said::NotAuthenticated),
    ("permission denied", Said::Denied),
    ("endpoint: /api/2.0/mlflow-artifacts", Said::ArtifactsOff),
    ("endpoint: /ajax-api/2.0/mlflow-artifacts", Said::ArtifactsOff),
];

/// What Flask's own pages say, in lower case.
const PAGES: [(u16, &str, Said); 3] = [
    (404, "the requested url was not found on the server", Said::NoRoute),
    (405, "the method is not allowed for the requested url", Said::WrongMethod),
    (500, "the server encountered an internal error and was unable to complete", Said::Crashed),
];

impl Said {
    /// Reads an answer; `None` when it is not MLflow's way of speaking.
    pub fn of(answer: &Answer) -> Option<Said> {
        let text = answer.body.text.trim();
        if text.is_empty() {
            return answer.ok().then_some(Self::Done);
        }
        if let Some(Value::Object(_)) = answer.json() {
            return match Complaint::of(answer) {
                Some(complaint) => complaint.says(answer.status),
                None => answer.ok().then_some(Self::Data),
            };
        }
        // Longer than what is kept of it.
        if answer.ok() && !answer.body.complete && text.starts_with('{') {
            return Some(Self::Data);
        }
        let lower = text.to_ascii_lowercase();
        if answer.ok() {
            return match text {
                "OK" => Some(Self::Healthy),
                _ if lower.contains("<title>mlflow</title>") => Some(Self::WebPage),
                _ => is_version(text).then_some(Self::Version),
            };
        }
        let sentence = SENTENCES.iter().find(|(beginning, _)| lower.starts_with(beginning));
        if let Some((_, said)) = sentence {
            return Some(*said);
        }
        if lower.starts_with("endpoint: /") && lower.contains("disabled") {
            return Some(Self::SwitchedOff);
        }
        let page = PAGES.iter().find(|(status, mark, _)| answer.status == *status && lower.contains(mark));
        page.map(|(_, _, said)| *said)
    }
}

impl Complaint {
    /// The error that an answer's JSON holds.
    pub fn of(answer: &Answer) -> Option<Complaint> {
        let json = answer.json()?;
        let text = |name: &str| json.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        if json.get("error_code").is_some() {
            return Some(Complaint { code: text("error_code"), message: text("message") });
        }
        json.get("detail").is_some().then(|| Complaint { code: String::new(), message: answer.error_text() })
    }

    /// True when the database spoke: SQLAlchemy and its drivers name themselves. Some of its errors come as 400
    /// (`BAD_REQUEST`), though nothing was wrong with the request.
    pub fn names_the_store(&self) -> bool {
        // What it says of values that it does not take is no failure of its own.
        self.code == "TEMPORARILY_UNAVAILABLE"
            || self.names_sql() && !self.message.contains("IntegrityError)")
    }

    /// True when the words are a database's. The code alone is what hosted services say of any overload.
    pub fn names_sql(&self) -> bool {
        let marks = ["sqlalche.me", "[SQL:", "OperationalError)", "DatabaseError)", "InterfaceError)"];
        marks.iter().any(|mark| self.message.contains(mark))
    }

    /// The message without the statement and its values: those are nobody's business but the server's.
    pub fn brief(&self) -> &str {
        let end = self.message.find(['\n', '[']).unwrap_or(self.message.len());
        self.message.get(..end).unwrap_or_default().trim()
    }

    fn says(&self, status: u16) -> Option<Said> {
        let starts = |beginning: &str| self.message.starts_with(beginning);
        Some(match self.code.as_str() {
            "" if starts("Artifact serving is disabled") => Said::ArtifactsOff,
            "" if status == 400 && starts("Artifact path") => Said::BadRequest,
            "" => return None,
            "RESOURCE_ALREADY_EXISTS" => Said::Exists,
            "RESOURCE_DOES_NOT_EXIST" => Said::NotFound,
            // Not MLflow's own: a proxy that turns its 404 page into JSON.
            "RESOURCE_NOT_FOUND" | "ENDPOINT_NOT_FOUND" => Said::NoRoute,
            "FEATURE_DISABLED" => Said::SwitchedOff,
            "NOT_IMPLEMENTED" => Said::NotImplemented,
            _ if self.names_the_store() => Said::StoreFails,
            // Absent numbers read as 0.
            "INVALID_PARAMETER_VALUE"
                if starts("Missing value for required parameter")
                    || starts("Invalid value 0 for parameter 'max_results'") =>
            {
                Said::Missing
            }
            _ if status >= 500 => Said::Crashed,
            _ => Said::BadRequest,
        })
    }
}

/// True for `3.17.2`, `2.14.3.dev0` and the like.
pub fn is_version(text: &str) -> bool {
    text.len() < 30
        && text.starts_with(|c: char| c.is_ascii_digit())
        && text.contains('.')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || ".+-".contains(c))
}

/// The entries of a list in MLflow's JSON, or none: the key of an empty list is absent.
pub fn entries(answer: &Answer, list: &str) -> Vec<Value> {
    match answer.json().as_mut().and_then(|json| json.get_mut(list)) {
        Some(Value::Array(entries)) => core::mem::take(entries),
        _ => Vec::new(),
    }
}

/// The first text of that name anywhere in an answer's JSON, also when the answer is longer than what is kept of it.
pub fn text_at<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    let mark = ["\"", name, "\""].concat();
    let (_, rest) = answer.body.text.split_once(&mark)?;
    let rest = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    // Escapes do not occur in what is read so: versions, kinds and locations.
    rest.split('"').next()
}

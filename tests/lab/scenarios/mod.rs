//! The table of scenarios. A row says how the lab is set, what the user enters, and what a perfect diagnosis says.
//! Adding a scenario is adding a row; the browser tests and the page's demo deployments follow by themselves.

#[macro_use]
mod lines;

mod auth;
mod connectivity;
mod cors;
mod incidents;
mod mlflow;
mod nginx;
mod routing;
mod source;
mod tls;
mod writes;

use super::answers::Answer;
use super::auth_service::AuthService;
use super::gateway::{Gateway, Upstream};
use super::keys::Key;
use super::misbehaving::Misbehaving;
use super::mlflow::Kind;
use super::nginx::{self as server, Behind, Nginx};
use super::page::Manner;
use super::source::Source;
use super::tls::Certificate;
use preflight::diagnosis::causes;
use std::collections::BTreeSet;

/// The row that `make bench` measures.
pub const SLOW_LINE: &str = "healthy-50-ms-away";

/// One scenario.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Stable name, in kebab-case.
    pub id: &'static str,
    /// What is the matter, in one plain sentence.
    pub sentence: &'static str,
    /// What stands at the registry's address.
    pub registry: Station,
    /// What stands at the auth service's address, if there is one.
    pub auth: Option<Station>,
    /// How the page knows the deployment.
    pub entry: Entry,
    /// What the user enters.
    pub form: Form,
    /// The key that the user pastes.
    pub key: Key,
    /// What is odd about the browser.
    pub browser: Browser,
    /// What really is the matter, where no browser and no `curl` can be certain of it.
    pub truth: &'static [&'static str],
    /// What a perfect diagnosis says in Chromium, and elsewhere unless overridden.
    pub expect: Expect,
    /// What it says in Firefox, where that differs.
    pub firefox: Option<Expect>,
    /// What it says in WebKit, where that differs.
    pub webkit: Option<Expect>,
    /// What it says once it was shown what `curl` sees, in every engine that could not decide by itself.
    pub settled: Option<Expect>,
    /// Checks that must come out as said here: id and status.
    pub checks: &'static [(&'static str, &'static str)],
    /// Rows that look the same to a user and are something else.
    pub look_alikes: &'static [&'static str],
}

/// What answers at an address.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::large_enum_variant, reason = "a row is a constant and is never moved about")]
pub enum Station {
    /// A gateway, or MLflow itself.
    Gateway(Gateway),
    /// The auth service.
    Auth(AuthService),
    /// The source's registry host.
    Source(Source),
    /// A real nginx.
    Nginx(Nginx),
    /// A gateway that speaks TLS and shows this certificate.
    Tls(Certificate, Gateway),
    /// A gateway whose address is typed with the other scheme: `https` where it speaks none (no certificate), `http`
    /// where it does.
    WrongScheme(Option<Certificate>, Gateway),
    /// Something that does not do its job.
    Misbehaving(Misbehaving),
    /// A name that does not resolve.
    UnknownName,
    /// A port that browsers never send requests to (Fetch standard, bad ports).
    BadPort,
}

/// How the page knows a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// By an entry that the lab makes from the row.
    Lab,
    /// By the entry of this id in the file that ships for the source. The user chooses it and types the key, and the
    /// service id where the row's is another one; nothing else.
    Shipped(&'static str),
}

/// What the user enters, besides addresses and key.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// Field `mlflow-path`.
    pub mlflow_path: &'static str,
    /// `mlflow-path` of the deployment's entry in `preflight.json`, where the user types another.
    pub listed_path: Option<&'static str>,
    /// Field `auth-scheme`.
    pub scheme: &'static str,
    /// Field `auth-header`.
    pub header: &'static str,
    /// Field `service-id`.
    pub service_id: &'static str,
    /// The auth service's address is entered too.
    pub names_auth: bool,
    /// The box *Also register a model* is ticked.
    pub registration: bool,
    /// `health-path` of the deployment's entry in `preflight.json`: open, on the registry host.
    pub open_path: Option<&'static str>,
}

/// What is odd about the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browser {
    /// Nothing.
    Usual,
    /// It has no network.
    Offline,
    /// An extension stops requests below `/blocked/` (Chromium).
    Blocking,
    /// Its clock is this many seconds ahead.
    Ahead(i64),
    /// It loaded the page over https.
    Secure,
    /// It loaded the page from a host whose policy lets pages ask nobody else.
    Strict,
    /// It loaded the page from the public network, and the user has said so (`granted` or `denied`) when asked whether
    /// pages may get into this machine (Chromium).
    Outside(&'static str),
}

impl Browser {
    /// How the page is served to it.
    pub fn page(self) -> Manner {
        match self {
            Self::Usual | Self::Offline | Self::Blocking | Self::Ahead(_) => Manner::Plain,
            Self::Secure => Manner::Secure,
            Self::Strict => Manner::Strict,
            Self::Outside(_) => Manner::Public,
        }
    }
}

/// What a perfect diagnosis says. Nothing in either list means that the deployment is healthy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expect {
    /// Causes that must be named, with certainty.
    pub certain: &'static [&'static str],
    /// Causes between which this browser cannot decide: exactly these, at most four, none of them certain.
    pub shortlist: &'static [&'static str],
}

impl Expect {
    /// Nothing is wrong.
    pub const HEALTHY: Self = Self { certain: &[], shortlist: &[] };

    /// These causes, and no doubt.
    pub const fn certain(codes: &'static [&'static str]) -> Self {
        Self { certain: codes, shortlist: &[] }
    }

    /// One of these.
    pub const fn shortlist(codes: &'static [&'static str]) -> Self {
        Self { certain: &[], shortlist: codes }
    }
}

/// The deployment that every row changes a little: gateway, auth service and MLflow, all well.
const HEALTHY: Row = Row {
    id: "",
    sentence: "",
    registry: Station::Gateway(Gateway::HEALTHY),
    auth: Some(Station::Auth(AuthService::UP)),
    entry: Entry::Lab,
    form: Form {
        mlflow_path: "/api/mlflow",
        listed_path: None,
        scheme: "bearer",
        header: "",
        service_id: "platform",
        names_auth: true,
        registration: false,
        open_path: Some("/health"),
    },
    key: Key::Good,
    browser: Browser::Usual,
    truth: &[],
    expect: Expect::HEALTHY,
    firefox: None,
    webkit: None,
    settled: None,
    checks: &[],
    look_alikes: &[],
};

/// MLflow without gateway or auth.
const DIRECT: Row = Row {
    registry: Station::Gateway(Gateway::MLFLOW_ITSELF),
    auth: None,
    form: Form {
        mlflow_path: "",
        scheme: "none",
        service_id: "",
        names_auth: false,
        open_path: None,
        ..HEALTHY.form
    },
    key: Key::None,
    ..HEALTHY
};

/// A healthy deployment but for its gateway.
const fn gateway(gateway: Gateway) -> Row {
    Row { registry: Station::Gateway(gateway), ..HEALTHY }
}

/// A healthy deployment but for what stands at the registry's address.
const fn registry(misbehaving: Misbehaving) -> Row {
    Row { registry: Station::Misbehaving(misbehaving), ..HEALTHY }
}

/// Every row, in the order of the tables below.
pub fn all() -> impl Iterator<Item = &'static Row> {
    [
        mlflow::ROWS,
        routing::ROWS,
        writes::ROWS,
        connectivity::ROWS,
        tls::ROWS,
        cors::ROWS,
        nginx::ROWS,
        auth::ROWS,
        incidents::ROWS,
        source::ROWS,
    ]
    .into_iter()
    .flatten()
}

/// The rows whose id holds one of the words of `filter` (between commas or spaces); all of them if it is empty.
pub fn select(filter: &str) -> Vec<&'static Row> {
    let words: Vec<&str> = filter.split([',', ' ']).filter(|word| !word.is_empty()).collect();
    all().filter(|row| words.is_empty() || words.iter().any(|word| row.id.contains(word))).collect()
}

/// The row of that id.
pub fn named(id: &str) -> Option<&'static Row> {
    all().find(|row| row.id == id)
}

impl Row {
    /// What is expected in this engine.
    pub fn expected_in(&self, engine: &str) -> Expect {
        let own = match engine {
            "firefox" => self.firefox,
            "webkit" => self.webkit,
            _ => None,
        };
        own.unwrap_or(self.expect)
    }

    /// What really is the matter: as the row says, or what is certain once `curl` was asked, or at once.
    pub fn truth(&self) -> &'static [&'static str] {
        let settled = self.settled.map_or(&[][..], |settled| settled.certain);
        [self.truth, settled, self.expect.certain]
            .into_iter()
            .find(|codes| !codes.is_empty())
            .unwrap_or_default()
    }

    /// The text of one of the lab's keys as this deployment knows it.
    pub fn text_of(&self, key: Key) -> String {
        match self.entry {
            Entry::Lab => key.text().to_owned(),
            Entry::Shipped(_) => key.text_at_the_source(),
        }
    }

    /// The gateways of this row.
    pub fn gateways(&self) -> Vec<Gateway> {
        match self.registry {
            Station::Gateway(gateway)
            | Station::Tls(_, gateway)
            | Station::WrongScheme(_, gateway)
            | Station::Nginx(Nginx {
                behind: Behind::Gateway(gateway) | Behind::OneBadReplicaOfThree(gateway),
                ..
            }) => vec![gateway],
            Station::Source(source) => vec![source.proxy, source.direct],
            _ => Vec::new(),
        }
    }

    /// The MLflow servers that this row needs.
    pub fn mlflow(&self) -> Vec<Kind> {
        let kind = |gateway: Gateway| match gateway.upstream {
            Upstream::Mlflow(kind) => Some(kind),
            _ => None,
        };
        self.gateways().into_iter().filter_map(kind).collect()
    }

    /// What is missing on this machine for this row, if anything.
    pub fn missing(&self) -> Option<&'static str> {
        match self.registry {
            Station::Nginx(_) if !server::is_here() => {
                Some("nginx is not on this machine (or name it in PREFLIGHT_NGINX)")
            }
            _ if self.mlflow().iter().any(|kind| kind.is_old() && !kind.is_here()) => {
                Some("MLflow 2 is not on this machine (tools/setup.sh mlflow-2)")
            }
            _ if self.needs_trust() && !super::tls::can_be_trusted() => {
                Some("certutil (Debian: libnss3-tools) is not on this machine")
            }
            _ => None,
        }
    }

    /// Whether the browser's profile has to trust the lab's authority for this row: see [`super::tls::trust`].
    pub fn needs_trust(&self) -> bool {
        matches!(self.registry, Station::Tls(Certificate::Good, _)) || self.browser == Browser::Secure
    }
}

/// Rows and engines in which a shortlist of four has no place for what really is the matter: too much looks the same there,
/// and what is likelier stands in it. What `curl` prints settles them.
const LEFT_OUT: [(&str, &str); 6] = [
    ("cors-resource-policy-framed", "chromium"),
    ("nginx-plain-on-tls-port", "firefox"),
    ("i29-listener-without-rules", "chromium"),
    ("i29-listener-without-rules", "firefox"),
    ("i29-listener-without-rules", "webkit"),
    // WebKit takes the beginning of an answer for the whole.
    ("body-cut-off", "webkit"),
];

/// What is wrong with the table itself.
pub fn problems() -> Vec<String> {
    let known = |code: &str| causes::ALL.iter().any(|cause| cause.code == code);
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    for row in all() {
        let id = row.id;
        let kebab = id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if id.is_empty() || !kebab {
            problems.push(format!("\"{id}\" is not an id in kebab-case"));
        }
        if !seen.insert(id) {
            problems.push(format!("{id} is there twice"));
        }
        if !row.sentence.ends_with('.') {
            problems.push(format!("{id} is not described by a sentence"));
        }
        for other in row.look_alikes {
            if *other == id || named(other).is_none() {
                problems.push(format!("{id} names the look-alike {other}, which is no other row"));
            }
        }
        if row.truth().is_empty() && row.expect != Expect::HEALTHY {
            problems.push(format!("{id} does not say what really is the matter"));
        }
        for engine in ["chromium", "firefox", "webkit"] {
            let expect = row.expected_in(engine);
            let stands = |code: &&str| expect.certain.contains(code) || expect.shortlist.contains(code);
            let left_out = LEFT_OUT.contains(&(id, engine));
            if left_out == row.truth().iter().all(stands) {
                let not = if left_out { "" } else { "not " };
                problems.push(format!(
                    "{id} is {:?}, which is {not}among what it expects in {engine}",
                    row.truth()
                ));
            }
        }
        for expect in [Some(row.expect), row.firefox, row.webkit, row.settled].into_iter().flatten() {
            if expect.shortlist.len() > 4 {
                problems.push(format!("{id}: a shortlist has two to four causes"));
            }
            for code in expect.certain.iter().chain(expect.shortlist) {
                if !known(code) {
                    problems.push(format!("{id} expects {code}, which is not in the catalogue"));
                }
            }
        }
    }
    // What the second opinion is for: rows where the browser alone cannot know, and what curl prints makes it certain.
    let unsure = |row: &&Row| row.expect.certain.is_empty() && !row.expect.shortlist.is_empty();
    let certain =
        |row: &&Row| row.settled.is_some_and(|it| !it.certain.is_empty() && it.shortlist.is_empty());
    let settled = all().filter(unsure).filter(certain).count();
    if settled < 6 {
        problems.push(format!("curl makes only {settled} rows certain"));
    }
    problems
}

/// The auth service accepts the key, the gateway refuses the request, and nobody may read why.
const GOOD_KEY_REFUSED_UNREAD: Expect = Expect::shortlist(&[
    "cors-missing-on-errors",
    "key-lacks-permission",
    "auth-contract-mismatch",
    "auth-scheme-mismatch",
]);

/// One cause, once `curl` was asked.
const fn by_curl(codes: &'static [&'static str]) -> Option<Expect> {
    Some(Expect::certain(codes))
}

/// A gateway with nothing alive behind it, as `page` tells the world.
const fn without_backend(page: Answer) -> Misbehaving {
    Misbehaving::saying(page)
}

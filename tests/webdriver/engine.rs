//! Which browsers the page is tested in, and how each is started.

use super::session::Session;
use crate::lab::children::{Child, End, Scratch, find};
use crate::lab::{loopback, tls};
use fantoccini::ClientBuilder;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use std::io;
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use tokio::net::TcpStream;

const START_LIMIT: Duration = Duration::from_secs(60);
/// The profile's folder below the browser's home.
const PROFILE: &str = "profile";
/// The longest that one script may wait for the page; a run is bounded far below.
pub const SCRIPT_LIMIT: Duration = Duration::from_secs(60);

/// One browser engine. Another one is another value in [`ENGINES`].
pub struct Engine {
    /// `chromium`, `firefox` or `webkit`.
    pub name: &'static str,
    /// The driver.
    driver: Program,
    driver_arguments: &'static [&'static str],
    /// How the driver's port is known.
    port: Port,
    /// The browser.
    browser: Program,
    /// The display that the browser needs because it has no headless mode.
    display: Option<Program>,
    /// Where below its home the browser keeps the authorities it trusts, if the tests can add one there.
    authorities: Option<&'static str>,
    /// Capabilities of a new session with this browser and an empty profile.
    capabilities: fn(&Path, &Path) -> Value,
    /// Where the page's console can be read.
    pub console: Console,
    /// The driver can take the browser's network away.
    pub can_go_offline: bool,
    /// Pages of the public network need the user's permission to get into this machine, and the tests can give it.
    pub guards_local_network: bool,
    /// Files are kept between two visits. Sessions that drive WebKitGTK keep nothing, whatever a server allows.
    pub keeps_files: bool,
}

/// The variable that names a program, and what it is called on the path.
type Program = (&'static str, &'static str);

/// How the port of a driver is known.
enum Port {
    /// It takes any and prints it after these words.
    Printed(&'static str),
    /// It is told which one to take.
    Told,
}

/// Where the console of the page can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Console {
    /// The driver has a command for it.
    Asked,
    /// The browser prints it, and the driver passes that on.
    Printed,
}

/// All engines.
pub const ENGINES: [Engine; 3] = [
    Engine {
        name: "chromium",
        driver: ("PREFLIGHT_CHROMEDRIVER", "chromedriver"),
        driver_arguments: &[],
        // By itself it takes one that is free in IPv6 and wants the same in IPv4, where the lab has many.
        port: Port::Told,
        browser: ("PREFLIGHT_CHROMIUM", "chromium"),
        display: None,
        authorities: Some(".pki/nssdb"),
        capabilities: chromium,
        console: Console::Asked,
        can_go_offline: true,
        guards_local_network: true,
        keeps_files: true,
    },
    Engine {
        name: "firefox",
        driver: ("PREFLIGHT_GECKODRIVER", "geckodriver"),
        driver_arguments: &["--port=0", "--websocket-port=0"],
        port: Port::Printed("Listening on 127.0.0.1:"),
        browser: ("PREFLIGHT_FIREFOX", "firefox-esr"),
        display: None,
        authorities: Some(PROFILE),
        capabilities: firefox,
        console: Console::Printed,
        can_go_offline: false,
        guards_local_network: false,
        keeps_files: true,
    },
    Engine {
        name: "webkit",
        driver: ("PREFLIGHT_WEBKITDRIVER", "WebKitWebDriver"),
        driver_arguments: &[],
        port: Port::Told,
        browser: ("PREFLIGHT_MINIBROWSER", "MiniBrowser"),
        display: Some(("PREFLIGHT_XVFB", "Xvfb")),
        // It asks the system, which is not ours to change.
        authorities: None,
        capabilities: webkit,
        console: Console::Printed,
        can_go_offline: false,
        guards_local_network: false,
        keeps_files: false,
    },
];

fn chromium(browser: &Path, profile: &Path) -> Value {
    let mut arguments: Vec<String> = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        // A proxy in the environment would answer for names that do not exist.
        "--no-proxy-server",
        "--window-size=1280,900",
    ]
    .map(str::to_owned)
    .into();
    arguments.push(format!("--ip-address-space-overrides={}:0=public", loopback::PUBLIC_PAGE));
    arguments.push(format!("--user-data-dir={}", profile.display()));
    // A real extension, for the row in which one is between the page and the registry.
    let folder = profile.with_file_name("blocker");
    if std::fs::create_dir_all(&folder).is_ok()
        && BLOCKER.iter().all(|(name, text)| std::fs::write(folder.join(name), text).is_ok())
    {
        arguments.push(format!("--load-extension={}", folder.display()));
    }
    json!({
        "browserName": "chrome",
        "timeouts": { "script": SCRIPT_LIMIT.as_millis(), "pageLoad": SCRIPT_LIMIT.as_millis() },
        "goog:chromeOptions": { "binary": browser, "args": arguments },
        "goog:loggingPrefs": { "browser": "ALL" },
    })
}

/// Stops every request below `/blocked/`, as blockers of advertisements stop those on their lists.
const BLOCKER: [(&str, &str); 2] = [
    (
        "manifest.json",
        r#"{"manifest_version":3,"name":"Lab blocker","version":"1","permissions":["declarativeNetRequest"],"host_permissions":["<all_urls>"],"declarative_net_request":{"rule_resources":[{"id":"lab","enabled":true,"path":"rules.json"}]}}"#,
    ),
    ("rules.json", r#"[{"id":1,"action":{"type":"block"},"condition":{"urlFilter":"/blocked/"}}]"#),
];

/// Nothing is asked of anybody but the page and what the page asks; what is not listed here stays as people have it.
const FIREFOX_PREFERENCES: &[(&str, bool)] = &[
    // Looks for updates, add-ons, experiments, blocklists, and whether there is a network.
    ("app.update.disabledForTesting", true),
    ("app.normandy.enabled", false),
    ("browser.newtabpage.activity-stream.feeds.system.topstories", false),
    ("browser.region.update.enabled", false),
    ("browser.safebrowsing.blockedURIs.enabled", false),
    ("browser.safebrowsing.downloads.enabled", false),
    ("browser.safebrowsing.malware.enabled", false),
    ("browser.safebrowsing.phishing.enabled", false),
    ("browser.search.update", false),
    ("datareporting.policy.dataSubmissionEnabled", false),
    ("extensions.systemAddon.update.enabled", false),
    ("extensions.update.enabled", false),
    ("media.gmp-manager.updateEnabled", false),
    ("network.captive-portal-service.enabled", false),
    ("network.connectivity-service.enabled", false),
    ("services.settings.poll_interval.enabled", false),
    // What pages write to the console goes to the standard output.
    ("devtools.console.stdout.content", true),
];

fn firefox(browser: &Path, profile: &Path) -> Value {
    let mut preferences: Map<String, Value> =
        FIREFOX_PREFERENCES.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    // A proxy in the environment would answer for names that do not exist.
    preferences.insert("network.proxy.type".to_owned(), json!(0));
    json!({
        "browserName": "firefox",
        "timeouts": { "script": SCRIPT_LIMIT.as_millis(), "pageLoad": SCRIPT_LIMIT.as_millis() },
        "moz:firefoxOptions": {
            "binary": browser,
            "args": ["-headless", "-profile", profile, "--width=1280", "--height=900"],
            "prefs": preferences,
        },
    })
}

/// MiniBrowser keeps nothing in automation mode, so it needs no profile.
fn webkit(browser: &Path, _: &Path) -> Value {
    json!({
        "timeouts": { "script": SCRIPT_LIMIT.as_millis(), "pageLoad": SCRIPT_LIMIT.as_millis() },
        "webkitgtk:browserOptions": {
            "binary": browser,
            "args": ["--automation", "--enable-write-console-messages-to-stdout=true", "--geometry=1280x900"],
        },
    })
}

impl Engine {
    /// What is missing on this machine to run this engine, if anything.
    pub fn missing(&self) -> Option<String> {
        [Some(self.driver), Some(self.browser), self.display].into_iter().flatten().find_map(
            |(variable, name)| match find(variable, name) {
                Some(_) => None,
                None => Some(format!("{name} is not on the path (or name it in {variable})")),
            },
        )
    }

    /// Whether the browser can be made to trust the lab's authority.
    pub fn can_trust(&self) -> bool {
        self.authorities.is_some() && tls::can_be_trusted()
    }

    /// Starts driver and browser. A port that was free can be taken a moment later: then once more.
    pub async fn start(&'static self) -> io::Result<Session> {
        match self.try_start().await {
            Ok(session) => Ok(session),
            Err(first) => {
                self.try_start().await.map_err(|error| io::Error::other(format!("{first}\n{error}")))
            }
        }
    }

    async fn try_start(&'static self) -> io::Result<Session> {
        let scratch = Scratch::new(self.name)?;
        let found = |(variable, name): Program| {
            find(variable, name).ok_or_else(|| io::Error::other(format!("{name} is not on this machine")))
        };
        let profile = scratch.path().join(PROFILE);
        std::fs::create_dir_all(&profile)?;
        let mut command = Command::new(found(self.driver)?);
        command.args(self.driver_arguments);
        // Keeps the browser away from the user's own files.
        for variable in ["HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
            command.env(variable, scratch.path());
        }
        if let Some(folder) = self.authorities.filter(|_| self.can_trust()) {
            tls::trust(&scratch.path().join(folder))?;
        }
        let display = match self.display {
            None => None,
            Some(program) => {
                let (display, number) = start_display(&found(program)?, scratch.path()).await?;
                command.env("DISPLAY", format!(":{number}"));
                Some(display)
            }
        };
        let told = match self.port {
            Port::Printed(_) => None,
            Port::Told => Some(loopback::free_port(Ipv4Addr::LOCALHOST).await?),
        };
        command.args(told.map(|port| format!("--port={port}")));
        let mut driver =
            Child::start(self.driver.1, &command, scratch.path().join("driver.txt"), End::Asked)?;
        let ready = |printed: String| async move {
            match (&self.port, told) {
                (Port::Printed(words), _) => number_after(&printed, words),
                (Port::Told, told) => {
                    let port = told?;
                    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.ok().map(|_| port)
                }
            }
        };
        let port = driver.ready(START_LIMIT, ready).await?;
        let Value::Object(capabilities) = (self.capabilities)(&found(self.browser)?, &profile) else {
            unreachable!()
        };
        let client = connect(port, capabilities).await?;
        Ok(Session::new(self, client, driver, display, scratch))
    }
}

/// A display of its own on the first number that is free.
async fn start_display(program: &Path, scratch: &Path) -> io::Result<(Child, u16)> {
    let mut command = Command::new(program);
    // It prints the number it took, once it is ready.
    command.args(["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"]);
    let mut display = Child::start("Xvfb", &command, scratch.join("display.txt"), End::Asked)?;
    let number = |printed: String| async move {
        let whole = printed.rfind('\n').map_or("", |end| &printed[..end]);
        whole.lines().find_map(|line| line.trim().parse().ok())
    };
    let number = display.ready(START_LIMIT, number).await?;
    Ok((display, number))
}

async fn connect(port: u16, capabilities: Map<String, Value>) -> io::Result<fantoccini::Client> {
    ClientBuilder::new(HttpConnector::new())
        .capabilities(capabilities)
        .connect(&format!("http://127.0.0.1:{port}"))
        .await
        .map_err(io::Error::other)
}

fn number_after(text: &str, words: &str) -> Option<u16> {
    let (_, after) = text.split_once(words)?;
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    // The line may still be on its way: the number is complete once something follows it.
    let complete = after.len() > digits.len();
    digits.parse().ok().filter(|_| complete)
}

//! Programs that the lab starts, and their certain end.
//!
//! Each program runs in its own process group under a small shell that holds a leash: a pipe from this process.
//! When the pipe closes (the value is dropped, or this process dies however it dies), the shell ends the group.

use std::fs::File;
use std::future::Future;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const LEASH: &str = r#"
signal=$1
shift
exec 3<&0
trap : TERM
"$@" </dev/null 3<&- &
program=$!
( trap - TERM; cat <&3 >/dev/null; kill -$signal 0 ) &
wait $program
while kill -0 $program 2>/dev/null; do wait $program; done
kill -TERM 0
"#;

/// How long a program may take to end by itself before it is killed.
const GRACE: Duration = Duration::from_secs(4);
/// How often conditions are looked at.
const GLANCE: Duration = Duration::from_millis(25);

/// How a program is ended.
#[derive(Clone, Copy, Debug)]
pub enum End {
    /// It is asked to, and may tidy up.
    Asked,
    /// At once: nothing of it is worth keeping.
    Killed,
}

/// A running program with everything it started.
pub struct Child {
    name: String,
    leash: std::process::Child,
    output: PathBuf,
}

impl Child {
    /// Starts `program`; what it prints goes to the file `output`.
    pub fn start(name: &str, program: &Command, output: PathBuf, end: End) -> io::Result<Self> {
        let printed = File::create(&output)?;
        let signal = match end {
            End::Asked => "TERM",
            End::Killed => "KILL",
        };
        let mut shell = Command::new("sh");
        shell.args(["-c", LEASH, "sh", signal]).arg(program.get_program()).args(program.get_args());
        for (variable, value) in program.get_envs() {
            match value {
                Some(value) => shell.env(variable, value),
                None => shell.env_remove(variable),
            };
        }
        if let Some(folder) = program.get_current_dir() {
            shell.current_dir(folder);
        }
        let shell = shell.stdin(Stdio::piped()).stdout(printed.try_clone()?).stderr(printed).process_group(0);
        let leash = shell.spawn()?;
        Ok(Self { name: name.to_owned(), leash, output })
    }

    /// What the program has printed so far.
    pub fn printed(&self) -> String {
        let bytes = std::fs::read(&self.output).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Waits until `ready` gives a value; an early end of the program or a passed deadline is an error that quotes
    /// its last lines.
    pub async fn ready<T, F, Fut>(&mut self, limit: Duration, mut ready: F) -> io::Result<T>
    where
        F: FnMut(String) -> Fut,
        Fut: Future<Output = Option<T>>,
    {
        let deadline = Instant::now() + limit;
        loop {
            if let Some(value) = ready(self.printed()).await {
                return Ok(value);
            }
            let ended = self.leash.try_wait()?.is_some();
            if ended || Instant::now() > deadline {
                let what = if ended { "ended before it was ready" } else { "was not ready in time" };
                let printed = self.printed();
                let last: Vec<&str> = printed.lines().rev().take(15).collect();
                let last = last.into_iter().rev().collect::<Vec<_>>().join("\n  ");
                return Err(io::Error::other(format!("{} {what}. Its last lines:\n  {last}", self.name)));
            }
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// Tells the program to end, without waiting: so several can end at the same time.
    pub fn let_go(&mut self) {
        drop(self.leash.stdin.take());
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.let_go();
        let deadline = Instant::now() + GRACE;
        while Instant::now() < deadline {
            match self.leash.try_wait() {
                Ok(None) => std::thread::sleep(GLANCE),
                _ => return,
            }
        }
        // The whole group, which only the program's own children can be in.
        let group = format!("-{}", self.leash.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.leash.wait();
    }
}

/// The program that `variable` names, or else the one called `name` on the path.
pub fn find(variable: &str, name: &str) -> Option<PathBuf> {
    let named = std::env::var_os(variable).filter(|named| !named.is_empty());
    let wanted = named.map_or_else(|| PathBuf::from(name), PathBuf::from);
    if wanted.components().count() > 1 {
        return wanted.is_file().then_some(wanted);
    }
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(&wanted)).find(|path| path.is_file())
}

/// A folder that is deleted with the value.
pub struct Scratch(PathBuf);

impl Scratch {
    /// A new empty folder below the system's temporary one.
    pub fn new(purpose: &str) -> io::Result<Self> {
        let started = std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_nanos());
        let path = std::env::temp_dir().join(format!("preflight-{purpose}-{}-{started}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

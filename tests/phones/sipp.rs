//! sipp with a scenario of `tests/phones/sipp/`.

use std::fs;
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::network::wait_until_open;
use crate::office::password;
use crate::waiting::wait_for;

/// No scenario takes longer; the slowest waits for a ring time of ten seconds.
const LONGEST: Duration = Duration::from_secs(25);

/// A run to be made. Ends well only if every call went exactly as the scenario says.
pub(crate) struct Sipp {
    scenario: &'static str,
    local: SocketAddr,
    server: SocketAddr,
    users: Vec<String>,
    filled: Vec<(&'static str, String)>,
    tcp: bool,
}

/// A line of the user table: who it is, how it answers a challenge, and whom it calls.
pub(crate) fn user(username: &str, calls: &str) -> String {
    user_with(username, &password(username), calls)
}

/// The same with a password of its own. sipp takes the whole keyword from the table.
pub(crate) fn user_with(username: &str, password: &str, calls: &str) -> String {
    format!("{username};[authentication username={username} password={password}];{calls}")
}

impl Sipp {
    pub(crate) fn new(scenario: &'static str, local: SocketAddr, server: SocketAddr) -> Self {
        Self { scenario, local, server, users: Vec::new(), filled: Vec::new(), tcp: false }
    }

    /// One call is made (or taken) for each user.
    pub(crate) fn user(mut self, line: String) -> Self {
        self.users.push(line);
        self
    }

    /// Puts a value in the place of `@name@` in the scenario.
    pub(crate) fn fill(self, name: &'static str, value: u32) -> Self {
        self.fill_text(name, &value.to_string())
    }

    pub(crate) fn fill_text(mut self, name: &'static str, value: &str) -> Self {
        self.filled.push((name, value.to_owned()));
        self
    }

    pub(crate) fn over_tcp(mut self) -> Self {
        self.tcp = true;
        self
    }

    /// Runs to the end, which must be good.
    pub(crate) fn run(self) {
        self.start().finish();
    }

    /// Starts one that waits for a call, and waits until it listens.
    pub(crate) fn listen(self) -> RunningSipp {
        let local = self.local;
        let running = self.start();
        wait_until_open(local);
        running
    }

    pub(crate) fn start(self) -> RunningSipp {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("scenario.xml"), self.scenario_text()).unwrap();
        let calls = self.users.len().max(1).to_string();
        let mut command = Command::new("sipp");
        if !self.users.is_empty() {
            let table = format!("SEQUENTIAL\n{}\n", self.users.join("\n"));
            fs::write(path("users.csv"), table).unwrap();
            command.args(["-inf", "users.csv"]);
        }
        let child = command
            .arg(self.server.to_string())
            .args(["-i", &self.local.ip().to_string(), "-p", &self.local.port().to_string()])
            .args(["-t", if self.tcp { "t1" } else { "u1" }])
            .args(["-m", &calls, "-l", &calls, "-r", &calls])
            .args(["-timeout", &format!("{}s", LONGEST.as_secs()), "-timeout_error", "-nostdin"])
            .arg("-sf")
            .arg(path("scenario.xml"))
            .args(["-trace_err", "-error_file", "errors.log"])
            .args(["-trace_msg", "-message_file", "messages.log"])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(path("stderr.log")).unwrap())
            .spawn();
        let child = child.unwrap_or_else(|error| {
            panic!("sipp does not start ({error}); packaging/test installs it")
        });
        RunningSipp { scenario: self.scenario, folder, child }
    }

    fn scenario_text(&self) -> String {
        let file =
            format!("{}/tests/phones/sipp/{}.xml", env!("CARGO_MANIFEST_DIR"), self.scenario);
        let mut text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
        for (name, value) in &self.filled {
            let place = format!("@{name}@");
            assert!(text.contains(&place), "{file} has no {place}");
            text = text.replace(&place, value);
        }
        text
    }
}

pub(crate) struct RunningSipp {
    scenario: &'static str,
    folder: TempDir,
    child: Child,
}

impl RunningSipp {
    /// Waits for the end, which must be good.
    pub(crate) fn finish(mut self) {
        let what = format!("sipp {} ends", self.scenario);
        let status =
            wait_for(&what, LONGEST + Duration::from_secs(5), || self.child.try_wait().unwrap());
        assert!(status.success(), "sipp {}: {status}\n{}", self.scenario, self.told());
    }

    fn told(&self) -> String {
        let read = |name| fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
        let (stderr, errors, messages) =
            (read("stderr.log"), read("errors.log"), read("messages.log"));
        format!("{stderr}\n--- errors ---\n{errors}\n--- messages ---\n{messages}")
    }
}

impl Drop for RunningSipp {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            if thread::panicking() {
                println!("sipp {} was still running:\n{}", self.scenario, self.told());
            }
            let ended = self.child.kill().and_then(|()| self.child.wait());
            ended.map(drop).unwrap_or_default();
        }
    }
}

//! One daemon of a test: its folder, its config, its process.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use tempfile::TempDir;

use crate::network::Network;
use crate::waiting::{SOON, wait_for};

pub(crate) struct Site {
    folder: TempDir,
    pub(crate) network: Network,
    daemon: Option<Child>,
}

impl Site {
    /// A running daemon with that office.
    pub(crate) fn open(office: impl FnOnce(Network) -> String) -> Self {
        Self::open_with(office, "")
    }

    /// The same with further lines in its config.
    pub(crate) fn open_with(office: impl FnOnce(Network) -> String, config: &str) -> Self {
        let network = Network::new();
        let folder = tempfile::tempdir().unwrap();
        let mut site = Self { folder, network, daemon: None };
        fs::write(site.path("config.yaml"), site.config() + config).unwrap();
        fs::write(site.path("office.yaml"), office(network)).unwrap();
        site.start();
        let office = site.path("office.yaml");
        site.naru(&["apply", office.to_str().unwrap()]);
        site
    }

    /// Starts the daemon and waits until it answers on its API socket.
    pub(crate) fn start(&mut self) {
        let log = fs::File::options().create(true).append(true).open(self.path("log")).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_naru"))
            .args(["serve", "--config"])
            .arg(self.path("config.yaml"))
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        self.daemon = Some(child);
        wait_for("the daemon answers GET /v1/health", SOON, || {
            if let Some(status) = self.daemon.as_mut().unwrap().try_wait().unwrap() {
                panic!("the daemon ended with {status}");
            }
            self.is_healthy().then_some(())
        });
    }

    /// Asks the daemon to stop, and waits.
    pub(crate) fn stop(&mut self) {
        let mut daemon = self.daemon.take().unwrap();
        kill(Pid::from_raw(daemon.id().try_into().unwrap()), Signal::SIGTERM).unwrap();
        let status = wait_for("the daemon stops", SOON, || daemon.try_wait().unwrap());
        assert!(status.success(), "the daemon stopped with {status}");
    }

    /// Has the daemon read again what it may read again.
    pub(crate) fn hang_up_signal(&self) {
        let id = self.daemon.as_ref().unwrap().id();
        kill(Pid::from_raw(id.try_into().unwrap()), Signal::SIGHUP).unwrap();
    }

    /// Ends the daemon without a warning, as a power cut would.
    pub(crate) fn cut_off(&mut self) {
        let mut daemon = self.daemon.take().unwrap();
        daemon.kill().unwrap();
        daemon.wait().unwrap();
    }

    /// Runs one of naru's commands, which must go well; returns what it printed.
    pub(crate) fn naru(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments);
        assert!(
            output.status.success(),
            "naru {arguments:?}: {}\n{}{}",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_naru"))
            .args(arguments)
            .arg("--config")
            .arg(self.path("config.yaml"))
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// The call records, newest or oldest first as naru lists them.
    pub(crate) fn calls(&self) -> Vec<Value> {
        let printed = self.naru(&["calls", "--json"]);
        let listed: Value = serde_json::from_str(&printed).unwrap();
        rows(&listed).unwrap_or_else(|| panic!("no list of calls: {printed}")).clone()
    }

    /// The one call record that the test has made, once it is complete.
    pub(crate) fn finished_call(&self) -> Value {
        wait_for("one finished call record", SOON, || {
            let calls = self.calls();
            assert!(calls.len() <= 1, "more than one call: {calls:?}");
            calls.into_iter().find(|call| !call["ended"].is_null())
        })
    }

    /// Which devices are registered, as the API says.
    pub(crate) fn registrations(&self) -> Vec<Value> {
        let printed = self.naru(&["api", "GET", "/v1/registrations"]);
        let listed: Value = serde_json::from_str(&printed).unwrap();
        rows(&listed).unwrap_or_else(|| panic!("no list of registrations: {printed}")).clone()
    }

    fn is_healthy(&self) -> bool {
        let Ok(mut socket) = UnixStream::connect(self.path("api.sock")) else { return false };
        let wait = Some(Duration::from_secs(1));
        socket.set_read_timeout(wait).unwrap();
        let request = b"GET /v1/health HTTP/1.1\r\nHost: naru\r\nConnection: close\r\n\r\n";
        let mut answer = [0; 12];
        socket.write_all(request).is_ok()
            && socket.read_exact(&mut answer).is_ok()
            && answer == *b"HTTP/1.1 200"
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn config(&self) -> String {
        let (server, data) = (self.network.server(), self.path("data"));
        let secure = self.network.secure_server();
        format!(
            "data_dir: {}\nlog: info\nsip:\n  listen: [udp://{server}, tcp://{server}, tls://{secure}]\n\
             media:\n  ports: {}\nspeaker:\n  device: null\napi:\n  socket: {}\n",
            data.display(),
            self.network.media_ports(),
            self.path("api.sock").display(),
        )
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if let Some(mut daemon) = self.daemon.take() {
            let ended = daemon.kill().and_then(|()| daemon.wait());
            ended.map(drop).unwrap_or_default();
        }
        if thread::panicking() {
            let log = fs::read_to_string(self.path("log")).unwrap_or_default();
            let lines: Vec<&str> = log.lines().collect();
            let last = lines.len().saturating_sub(120);
            println!("--- the end of the daemon's log ---\n{}", lines[last..].join("\n"));
        }
    }
}

/// A list, bare or as the one list inside an object.
fn rows(document: &Value) -> Option<&Vec<Value>> {
    document.as_array().or_else(|| document.as_object()?.values().find_map(Value::as_array))
}

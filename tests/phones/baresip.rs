//! baresip as a phone: a tone for a voice, a recording for an ear, told what to do over its own
//! control connection.

use std::fs;
use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::office::password;
use crate::waiting::{SOON, wait_for};
use crate::wav::Recording;

/// Where Debian puts its modules.
const MODULES: &str = "/usr/lib/baresip/modules";

pub(crate) struct Baresip {
    username: String,
    address: SocketAddr,
    folder: TempDir,
    child: Child,
    control: TcpStream,
    /// What came on the control connection and is no whole message yet.
    unread: Vec<u8>,
    /// Events that nobody has waited for yet.
    events: Vec<Value>,
}

/// What a baresip is to be.
pub(crate) struct Plan<'a> {
    pub(crate) username: &'a str,
    pub(crate) server: SocketAddr,
    /// `udp`, `tcp` or `tls`.
    pub(crate) transport: &'a str,
    /// Hertz.
    pub(crate) tone: u32,
    pub(crate) answers: bool,
    pub(crate) registers: bool,
    /// Where it listens; anywhere unless given.
    pub(crate) address: Option<SocketAddr>,
    /// `srtp` or `srtp-mand`, its own names for sound that may or must be encrypted.
    pub(crate) encryption: Option<&'a str>,
    /// Whether it subscribes to what waits for it, for its lamp.
    pub(crate) has_lamp: bool,
    /// Whom it believes over TLS; anybody unless given.
    pub(crate) authority: Option<&'a Path>,
}

impl<'a> Plan<'a> {
    /// A phone at `server` that waits to be told.
    pub(crate) fn of(username: &'a str, server: SocketAddr) -> Self {
        Self {
            username,
            server,
            transport: "udp",
            tone: 440,
            answers: false,
            registers: false,
            address: None,
            encryption: None,
            has_lamp: false,
            authority: None,
        }
    }
}

impl Baresip {
    /// Starts the phone and waits until it is registered, if it shall be.
    pub(crate) fn start(plan: &Plan<'_>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sip = plan
            .address
            .unwrap_or_else(|| UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap());
        let control = control(plan.server);
        fs::create_dir(folder.path().join("rec")).unwrap();
        fs::write(folder.path().join("config"), config(folder.path(), sip, control, plan)).unwrap();
        let known = if plan.has_lamp { String::new() } else { account(plan) };
        fs::write(folder.path().join("accounts"), known).unwrap();
        fs::write(folder.path().join("contacts"), "").unwrap();
        let log = fs::File::create(folder.path().join("log")).unwrap();
        let child = Command::new("baresip")
            .arg("-f")
            .arg(folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn();
        let child = child.unwrap_or_else(|error| {
            panic!("baresip does not start ({error}); packaging/test installs it")
        });
        let control = wait_for("baresip's control port", SOON, || TcpStream::connect(control).ok());
        control.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        let mut phone = Self {
            username: plan.username.to_owned(),
            address: sip,
            folder,
            child,
            control,
            unread: Vec::new(),
            events: Vec::new(),
        };
        // A millisecond after its start its lamps' module walks through a list that grows while it
        // walks, and never ends if a registration has filled it by then: the account comes later.
        if plan.has_lamp {
            phone.answers_orders();
            phone.tell("uanew", account(plan).trim_end());
        }
        if plan.registers {
            phone.wait_registered();
        }
        phone
    }

    /// Where it takes calls.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn dial(&mut self, number: &str) {
        self.tell("dial", number);
    }

    /// Presses keys, in the way its plan says.
    pub(crate) fn presses(&mut self, keys: &str) {
        for key in keys.chars() {
            self.tell("sndcode", &key.to_string());
        }
    }

    /// Picks up.
    pub(crate) fn accepts(&mut self) {
        self.tell("accept", "");
    }

    pub(crate) fn hang_up(&mut self) {
        self.tell("hangup", "");
    }

    /// Puts the call on hold by a re-INVITE, or takes it back.
    pub(crate) fn hold(&mut self, held: bool) {
        self.tell(if held { "hold" } else { "resume" }, "");
    }

    /// Waits for an event of that kind, such as `CALL_ESTABLISHED`.
    pub(crate) fn wait_for(&mut self, kind: &str) -> Value {
        wait_for(&format!("baresip {} says {kind}", self.username), SOON, || {
            self.read_events();
            let at = self.events.iter().position(|event| event["type"] == kind)?;
            Some(self.events.remove(at))
        })
    }

    /// Waits until its lamp has been told something with `part` in it.
    pub(crate) fn wait_for_lamp(&mut self, part: &str) -> String {
        wait_for(&format!("baresip {} is told {part}", self.username), SOON, || {
            self.read_events();
            let told = |event: &Value| {
                let text = event["param"].as_str().unwrap_or_default().to_owned();
                (event["type"] == "MWI_NOTIFY" && text.contains(part)).then_some(text)
            };
            self.events.iter().find_map(told)
        })
    }

    /// Waits until so many seconds of a tone have come in.
    pub(crate) fn wait_to_hear(&self, hertz: f64, seconds: f64) {
        wait_for(&format!("baresip {} hears {hertz} Hz", self.username), SOON, || {
            let heard = self.recording()?.seconds_of(hertz);
            (heard >= seconds).then_some(())
        });
    }

    /// What it has heard in its latest call.
    pub(crate) fn recording(&self) -> Option<Recording> {
        let mut files: Vec<PathBuf> = fs::read_dir(self.folder.path().join("rec"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.to_string_lossy().ends_with("-dec.wav"))
            .collect();
        files.sort();
        let last = files.last()?;
        (fs::metadata(last).unwrap().len() > 44).then(|| Recording::read(last))
    }

    /// The registration may have succeeded before we were connected: baresip's own list tells.
    fn wait_registered(&mut self) {
        wait_for(&format!("baresip {} is registered", self.username), SOON, || {
            self.read_events();
            if self.events.iter().any(|event| event["type"] == "REGISTER_OK") {
                return Some(());
            }
            self.tell("reginfo", "");
            self.read_events();
            let told = self.events.iter().filter_map(|event| event["data"].as_str());
            told.into_iter().any(|data| data.contains("OK")).then_some(())
        });
        self.events.clear();
    }

    /// Waits until it has done what an order says, and so has begun its work.
    fn answers_orders(&mut self) {
        self.tell("reginfo", "");
        wait_for("baresip's first answer", SOON, || {
            self.read_events();
            self.events.iter().any(|event| event["response"] == true).then_some(())
        });
        self.events.clear();
    }

    fn tell(&mut self, command: &str, parameters: &str) {
        let order = json!({"command": command, "params": parameters, "token": "t"}).to_string();
        write!(self.control, "{}:{order},", order.len()).unwrap();
    }

    /// Takes in what the control connection has brought: netstrings of JSON.
    fn read_events(&mut self) {
        let mut chunk = [0; 4096];
        while let Ok(length @ 1..) = self.control.read(&mut chunk) {
            self.unread.extend(&chunk[..length]);
        }
        while let Some(colon) = self.unread.iter().position(|byte| *byte == b':') {
            let digits = std::str::from_utf8(&self.unread[..colon]).unwrap();
            let end = colon + 1 + digits.parse::<usize>().unwrap();
            if self.unread.len() <= end {
                return;
            }
            let event = serde_json::from_slice(&self.unread[colon + 1..end]).unwrap();
            self.events.push(event);
            self.unread.drain(..=end);
        }
    }
}

impl Drop for Baresip {
    fn drop(&mut self) {
        let ended = self.child.kill().and_then(|()| self.child.wait());
        ended.map(drop).unwrap_or_default();
        if thread::panicking() {
            let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            println!("--- baresip {} ---\n{log}\n{:?}", self.username, self.events);
        }
    }
}

/// An address in the test's own network: a port that was free a moment ago may be another's by now,
/// and then a test would lead another's phone.
fn control(server: SocketAddr) -> SocketAddr {
    static COUNT: AtomicU8 = AtomicU8::new(0);
    let IpAddr::V4(ip) = server.ip() else { panic!("{server} is not IPv4") };
    let [a, b, c, _] = ip.octets();
    let host = 150 + COUNT.fetch_add(1, Ordering::Relaxed) % 100;
    SocketAddr::from(([a, b, c, host], 4_444))
}

fn account(plan: &Plan<'_>) -> String {
    let Plan { username, server, transport, answers, registers, .. } = plan;
    let regint = if *registers { 60 } else { 0 };
    let password = password(username);
    let mode = if *answers { "auto" } else { "manual" };
    let encryption = plan.encryption.map(|way| format!(";mediaenc={way}")).unwrap_or_default();
    format!(
        "<sip:{username}@{server};transport={transport}>;auth_user={username};\
         auth_pass={password};regint={regint};answermode={mode};audio_codecs=PCMA/8000,PCMU/8000\
         {encryption}\n"
    )
}

/// `ausine` wants 48 kHz and two channels; the player may be anything that asks for nothing.
fn config(folder: &Path, sip: SocketAddr, control: SocketAddr, plan: &Plan<'_>) -> String {
    let source = format!("ausine,{}", plan.tone);
    let interface = sip.ip();
    let authority = plan.authority.map(|file| format!("sip_cafile {}\n", file.display()));
    let authority = authority.unwrap_or_default();
    let lamp = if plan.has_lamp { "module_app mwi.so\n" } else { "" };
    format!(
        "poll_method epoll\nsip_listen {sip}\nnet_interface {interface}\ncall_max_calls 4\n\
         call_local_timeout 120\nmodule_path {MODULES}\nmodule g711.so\nmodule ausine.so\n\
         module aubridge.so\nmodule sndfile.so\nmodule srtp.so\nmodule_tmp account.so\nmodule_app menu.so\n\
         {lamp}module_app ctrl_tcp.so\nctrl_tcp_listen {control}\naudio_source {source}\n\
         audio_player aubridge,none\naudio_alert aubridge,none\nausrc_srate 48000\n\
         ausrc_channels 2\n{authority}snd_path {}\n",
        folder.join("rec").display(),
    )
}

//! A real terminal, in which the console of a site runs.

use std::process::Command;

use crate::site::Site;
use crate::waiting::{LOOK_EVERY, SOON, wait_for};

pub(crate) struct Screen {
    socket: String,
}

impl Screen {
    /// 80 by 24, in English.
    pub(crate) fn open(site: &Site) -> Self {
        Self::with(site, (80, 24), "", "--language en")
    }

    /// `environment` stands before the command, as a shell takes it; `options` after it.
    pub(crate) fn with(
        site: &Site,
        (width, height): (u16, u16),
        environment: &str,
        options: &str,
    ) -> Self {
        let screen = Self { socket: site.path("tmux").display().to_string() };
        let naru = env!("CARGO_BIN_EXE_naru");
        let config = site.path("config.yaml");
        let config = config.display();
        let console = format!("env {environment} {naru} console {options} --config {config}");
        let (width, height) = (width.to_string(), height.to_string());
        let session = ["-f", "/dev/null", "new-session", "-d", "-x", &width, "-y", &height];
        screen.tmux(&[&session[..], &[&console]].concat());
        screen
    }

    pub(crate) fn tmux(&self, arguments: &[&str]) -> String {
        let mut tmux = Command::new("tmux");
        tmux.args(["-S", &self.socket]).args(arguments).env("LC_ALL", "C.UTF-8");
        let output = tmux.output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn press(&self, key: &str) {
        self.tmux(&["send-keys", key]);
    }

    /// Writes into the field one stands on.
    pub(crate) fn write(&self, text: &str) {
        self.tmux(&["send-keys", "-l", text]);
    }

    pub(crate) fn text(&self) -> String {
        self.tmux(&["capture-pane", "-p"])
    }

    /// The screen with the sequences that colour it.
    pub(crate) fn coloured(&self) -> String {
        self.tmux(&["capture-pane", "-p", "-e"])
    }

    pub(crate) fn shows(&self, words: &str) {
        let deadline = naru::clock::now().ticks + SOON;
        while !self.text().contains(words) {
            let now = naru::clock::now().ticks;
            assert!(now < deadline, "'{words}' is not on the screen:\n{}", self.text());
            std::thread::park_timeout(LOOK_EVERY);
        }
    }

    pub(crate) fn hides(&self, words: &str) {
        let what = format!("'{words}' gone from the console's screen");
        wait_for(&what, SOON, || (!self.text().contains(words)).then_some(()));
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}

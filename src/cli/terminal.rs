//! Where a command writes, and in which language.

use std::io::{self, IsTerminal, Write};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::clock;
use crate::escape::escaped;
use crate::locale::Speech;
use crate::words::Words;

/// Standard output for what was asked for, standard error for what is said about it.
#[derive(Debug)]
pub struct Terminal {
    pub speech: Speech,
    /// On whose clock times are shown and read: the office's, once it is known.
    pub zone: TimeZone,
}

impl Terminal {
    /// On this machine's clock.
    #[must_use]
    pub fn here(speech: Speech) -> Self {
        Self { speech, zone: clock::zone() }
    }

    /// A moment of a record: `2026-11-25 09:16:23`.
    #[must_use]
    pub fn time(&self, millis: i64) -> String {
        Timestamp::from_millisecond(millis).map_or_else(
            |_| String::new(),
            |moment| moment.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string(),
        )
    }

    /// One message of output.
    ///
    /// # Errors
    /// When nobody reads any more.
    pub fn say(&self, message: &Words) -> io::Result<()> {
        text(self.speech.say(message))
    }

    /// A word about what is being done, on stderr; lost if nobody can read it.
    pub fn note(&self, message: &Words) {
        for line in self.speech.say(message).lines() {
            drop(writeln!(io::stderr().lock(), "{}", escaped(line)));
        }
    }
}

/// One line of output; control characters are spelled out.
///
/// # Errors
/// When nobody reads any more.
pub fn line(text: &str) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{}", escaped(text))
}

/// Text of several lines.
///
/// # Errors
/// When nobody reads any more.
pub fn text(text: &str) -> io::Result<()> {
    text.lines().try_for_each(line)
}

/// Output that a program reads: unchanged unless it would reach a terminal.
///
/// # Errors
/// When nobody reads any more.
pub fn raw(bytes: &[u8]) -> io::Result<()> {
    if io::stdout().is_terminal() {
        return text(&String::from_utf8_lossy(bytes));
    }
    io::stdout().lock().write_all(bytes)
}

//! The diary: tracing to stderr, one line an event, readable by the journal.

use std::env;
use std::io::{self, Stderr, Write};

use anyhow::Context;
use tracing::level_filters::LevelFilter;
use tracing::{Level, Metadata};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::Registry;
use tracing_subscriber::reload::Handle;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{fmt, reload};

use crate::escape::escaped;

/// Changes the level of the running diary.
#[derive(Clone, Debug)]
pub struct LogHandle {
    level: Handle<LevelFilter, Registry>,
}

impl LogHandle {
    /// # Errors
    /// When the diary is gone.
    pub fn set(&self, level: LevelFilter) -> anyhow::Result<()> {
        self.level.reload(level).context("cannot change the log level")
    }
}

/// Starts the diary. Under systemd (`JOURNAL_STREAM`) lines carry the priority instead of a time.
///
/// # Errors
/// When the process has a diary already.
pub fn start(level: LevelFilter) -> anyhow::Result<LogHandle> {
    let journal = env::var_os("JOURNAL_STREAM").is_some();
    let (filter, handle) = reload::Layer::new(level);
    let lines = fmt::layer().with_ansi(false).with_writer(SafeStderr { journal });
    // It is naru's own diary: libraries may only warn.
    let ours = filter_fn(|event| {
        event.target().starts_with(env!("CARGO_PKG_NAME")) || *event.level() <= Level::WARN
    });
    let diary = tracing_subscriber::registry().with(filter).with(ours);
    if journal {
        diary.with(lines.without_time().with_level(false)).try_init()
    } else {
        diary.with(lines).try_init()
    }
    .context("cannot start the log")?;
    Ok(LogHandle { level: handle })
}

/// Makes a writer for each event that lets no control character through.
#[derive(Clone, Copy, Debug)]
struct SafeStderr {
    journal: bool,
}

impl<'a> MakeWriter<'a> for SafeStderr {
    type Writer = SafeLine<Stderr>;

    fn make_writer(&'a self) -> Self::Writer {
        SafeLine { prefix: "", to: io::stderr() }
    }

    fn make_writer_for(&'a self, meta: &Metadata<'_>) -> Self::Writer {
        let prefix = if self.journal { priority(*meta.level()) } else { "" };
        SafeLine { prefix, to: io::stderr() }
    }
}

/// sd-daemon(3): the journal reads the priority from `<N>` at the start of a line.
fn priority(level: Level) -> &'static str {
    match level {
        Level::ERROR => "<3>",
        Level::WARN => "<4>",
        Level::INFO => "<6>",
        _ => "<7>",
    }
}

/// Writes one event as one line. tracing-subscriber hands a whole event to one `write_all`.
#[derive(Debug)]
struct SafeLine<W> {
    prefix: &'static str,
    to: W,
}

impl<W: Write> Write for SafeLine<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let line = text.strip_suffix('\n').unwrap_or(&text);
        // A log that cannot be written must not stop a call: the event is lost, nothing else.
        drop(self.to.write_all(format!("{}{}\n", self.prefix, escaped(line)).as_bytes()));
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_stays_one_harmless_line() {
        let mut line = SafeLine { prefix: "<6>", to: Vec::new() };
        line.write_all("caller=\u{1b}[2J\nforged line\n".as_bytes()).unwrap();
        assert_eq!(String::from_utf8(line.to).unwrap(), "<6>caller=\\u{1b}[2J\\nforged line\n");
    }
}

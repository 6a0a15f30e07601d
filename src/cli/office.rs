//! `naru apply` and `naru export`.

use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use nix::unistd::{Uid, User};

use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::schema::OfficeChanges;
use crate::cli::arguments::{ApplyArguments, ExportArguments};
use crate::cli::daemon_or_store::{answer_if_up, ask_if_up, read, refusal};
use crate::cli::failure::Failure;
use crate::cli::terminal;
use crate::cli::terminal::Terminal;
use crate::clock;
use crate::config::Config;
use crate::history::office_change::Signature;
use crate::office::changes::changes;
use crate::office::document::parse;
use crate::office::print::print;
use crate::office::snapshot::Office;
use crate::store::error::StoreError;
use crate::store::open::{FILE, open};
use crate::store::reader::Reader;
use crate::store::run::start;
use crate::words::Words;
use crate::yaml::told;

/// # Errors
/// When the document is refused, each mistake with its place, or cannot be kept.
pub(crate) fn apply(
    terminal: &Terminal,
    config: &Config,
    arguments: &ApplyArguments,
) -> Result<(), Failure> {
    let text = text_of(&arguments.file)?;
    let path = format!("/v1/office?dry_run={}", arguments.dry_run);
    let request = ("PUT", path.as_str());
    let changed = match answer_if_up(terminal, config, request, text.clone().into())? {
        Some(answer) if answer.is_success() => read(&answer)?,
        Some(answer) => return Err(refused(&arguments.file, refusal(&answer))),
        None => without_daemon(config, arguments, &text)?,
    };
    tell(terminal, &changed)
}

fn without_daemon(
    config: &Config,
    arguments: &ApplyArguments,
    text: &str,
) -> Result<OfficeChanges, Failure> {
    let take = |before: &Office| {
        let after = parse(text, Some(before))
            .map_err(|errors| refused(&arguments.file, Refusal::invalid(errors)))?;
        let changes = changes(before, &after).into_iter();
        let changes = changes.map(|change| change.words).collect();
        Ok::<_, Failure>((after, OfficeChanges { applied: !arguments.dry_run, changes }))
    };
    if arguments.dry_run {
        let has_database = config.data_dir.join(FILE).exists();
        let before = has_database.then(|| Reader::open(&config.data_dir)?.office());
        return Ok(take(&before.transpose()?.unwrap_or_default())?.1);
    }
    let opened = open(&config.data_dir)?;
    let (after, told) = take(&opened.office)?;
    let (store, threads) = start(opened.database)?;
    let saved = store.save_office(Arc::new(after), signature()).blocking_recv();
    threads.close();
    saved.unwrap_or(Err(StoreError::Closed))?;
    Ok(told)
}

/// Whoever runs the command, as the system names him.
fn signature() -> Signature {
    let uid = Uid::current();
    let who = User::from_uid(uid).ok().flatten().map_or_else(|| uid.to_string(), |user| user.name);
    Signature { who, at: clock::now().unix_millis() }
}

fn tell(terminal: &Terminal, changed: &OfficeChanges) -> Result<(), Failure> {
    for change in &changed.changes {
        terminal.say(change)?;
    }
    let count = changed.changes.len();
    let last = match (count, changed.applied) {
        (0, _) => Words::new("바뀌는 것이 없습니다", "nothing changes"),
        (_, true) => Words::new(format!("{count}가지를 바꿨습니다"), format!("{count} changed")),
        (_, false) => Words::new(
            format!("{count}가지가 바뀔 것입니다(아직 바꾸지 않았습니다)"),
            format!("{count} would change; nothing has changed yet"),
        ),
    };
    terminal.say(&last)?;
    Ok(())
}

/// # Errors
/// When the office cannot be read.
pub(crate) fn export(
    terminal: &Terminal,
    config: &Config,
    arguments: &ExportArguments,
) -> Result<(), Failure> {
    let path = format!("/v1/office?secrets={}", arguments.secrets);
    let text = match ask_if_up(terminal, config, ("GET", &path), "".into())? {
        Some(answer) => String::from_utf8_lossy(&answer.body).into_owned(),
        None => print(&Reader::open(&config.data_dir)?.office()?, arguments.secrets),
    };
    terminal::raw(text.as_bytes())?;
    Ok(())
}

fn text_of(file: &Path) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let read = if file.as_os_str() == "-" {
        io::stdin().lock().read_to_end(&mut bytes).map(drop)
    } else {
        fs::read(file).map(|content| bytes = content)
    };
    read.map_err(|error| Failure::file(file, &error))?;
    String::from_utf8(bytes).map_err(|_| {
        Failure::invalid(Words::new(
            format!("{}: UTF-8이 아닙니다. UTF-8로 저장하세요", file.display()),
            format!("{}: is not UTF-8; save it as UTF-8", file.display()),
        ))
    })
}

/// One line a mistake: `file:line: field: message`.
fn refused(file: &Path, refusal: Refusal) -> Failure {
    if refusal.kind != RefusalKind::Invalid || refusal.errors.is_empty() {
        return refusal.into();
    }
    Failure::invalid(told(file, &refusal.errors))
}

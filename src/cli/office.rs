//! `naru apply` and `naru export`.

use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use nix::unistd::{Uid, User};

use crate::api::client::ClientError;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::schema::comparison::OfficeComparison;
use crate::api::schema::schema::{OfficeBody, OfficeChanges};
use crate::cli::arguments::office::{ApplyArguments, ExportArguments};
use crate::cli::beside::{Beside, beside, hand_over, hashes, made_ready, spoken};
use crate::cli::daemon_or_store::{answer_if_up, ask, ask_if_up, read, refusal, stored};
use crate::cli::failure::Failure;
use crate::cli::prompts::write_all;
use crate::cli::terminal;
use crate::cli::terminal::Terminal;
use crate::clock;
use crate::config::settings::Config;
use crate::history::office_change::Signature;
use crate::office::change::changes::changes;
use crate::office::document::document::parse_with;
use crate::office::document::holidays::{Sender, settle};
use crate::office::document::print::print;
use crate::office::library::{HeldSound, Library};
use crate::office::recording::SoundHash;
use crate::office::snapshot::Office;
use crate::office::warnings::warnings;
use crate::speech::engine::Speech;
use crate::store::file::FILE;
use crate::store::handle::StoreHandle;
use crate::store::open::open;
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
    let beside = beside(&arguments.file, &text)?;
    let up = answer_if_up(terminal, config, ("GET", "/v1/health"), Bytes::new())?.is_some();
    let (changed, compared) = if up {
        by_daemon(config, arguments, text, &beside)?
    } else {
        (without_daemon(config, arguments, &text, &beside)?, None)
    };
    tell(terminal, &changed)?;
    compared.map_or(Ok(()), |compared| Ok(terminal.say(&compared.words())?))
}

fn by_daemon(
    config: &Config,
    arguments: &ApplyArguments,
    document: String,
    beside: &[Beside],
) -> Result<(OfficeChanges, Option<OfficeComparison>), Failure> {
    hand_over(config, &arguments.file, beside, arguments.dry_run)?;
    let sounds = hashes(beside).into_iter();
    let sounds = sounds.map(|(name, sha256)| (name.to_string(), sha256.to_string())).collect();
    let body = serde_json::to_vec(&OfficeBody { document, sounds })
        .map_err(|error| ClientError::BadRequest(error.to_string()))?;
    let body = Bytes::from(body);
    let path = format!("/v1/office?dry_run={}", arguments.dry_run);
    let answer = ask(config, "PUT", &path, body.clone())?;
    if !answer.is_success() {
        return Err(refused(&arguments.file, refusal(&answer)));
    }
    let told: OfficeChanges = read(&answer)?;
    let is_worth = arguments.dry_run && !told.changes.is_empty();
    let compared = if is_worth { compared(config, body)? } else { None };
    Ok((told, compared))
}

/// What the change would have done to yesterday's calls, if the daemon can say.
fn compared(config: &Config, office: Bytes) -> Result<Option<OfficeComparison>, Failure> {
    let answer = ask(config, "POST", "/v1/office/compare", office)?;
    if answer.is_success() { read(&answer).map(Some) } else { Ok(None) }
}

fn without_daemon(
    config: &Config,
    arguments: &ApplyArguments,
    text: &str,
    beside: &[Beside],
) -> Result<OfficeChanges, Failure> {
    let speech = Speech::of(&config.speech, config.tls.ca.as_deref());
    let take = |before: &Office, held: &[HeldSound]| {
        let mut library = Library::of(held);
        library.speakers = speech.speakers();
        library.beside = hashes(beside);
        library.held.get_or_insert_default().extend(library.beside.values());
        let invalid = |errors| refused(&arguments.file, Refusal::invalid(errors));
        let mut after = parse_with(text, Some(before), library).map_err(invalid)?;
        let today = (clock::now().timestamp(), Sender::File);
        let told = settle(text, &mut after, before, today).map_err(invalid)?;
        let changes = changes(before, &after).into_iter();
        let changes = changes.map(|change| change.words).collect();
        let applied = !arguments.dry_run;
        let warnings = warnings(&after).into_iter().chain(told).collect();
        Ok::<_, Failure>((after, OfficeChanges { applied, changes, warnings }))
    };
    if arguments.dry_run {
        let has_database = config.data_dir.join(FILE).exists();
        let reader = has_database.then(|| Reader::open(&config.data_dir)).transpose()?;
        let before = reader.as_ref().map(Reader::office).transpose()?.unwrap_or_default();
        let held = reader.as_ref().map(Reader::sounds).transpose()?.unwrap_or_default();
        made_ready(&arguments.file, beside, |sha256| has(&held, sha256))?;
        return Ok(take(&before, &held)?.1);
    }
    let opened = open(&config.data_dir)?;
    let before = opened.office;
    let (store, threads) = start(opened.database)?;
    let saved = save_with_sounds(&store, (&arguments.file, text), beside, &speech, |held| {
        take(&before, held)
    });
    threads.close();
    saved
}

fn save_with_sounds(
    store: &StoreHandle,
    (document, text): (&Path, &str),
    beside: &[Beside],
    speech: &Speech,
    take: impl Fn(&[HeldSound]) -> Result<(Office, OfficeChanges), Failure>,
) -> Result<OfficeChanges, Failure> {
    let held = stored(store.sounds())?;
    let ready = made_ready(document, beside, |sha256| has(&held, sha256))?;
    let (after, told) = take(&held)?;
    let spoken = spoken((document, text), &after, speech, |sha256| has(&held, sha256))?;
    for sound in ready.into_iter().chain(spoken) {
        stored(store.add_sound(sound, None))?;
    }
    stored(store.save_office(Arc::new(after), signature()))?;
    Ok(told)
}

fn has(held: &[HeldSound], sha256: &SoundHash) -> bool {
    held.iter().any(|sound| sound.sha256 == *sha256)
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
    for warning in &changed.warnings {
        let Words { ko, en } = &warning.message;
        terminal.say(&Words::new(format!("주의: {ko}"), format!("look at this: {en}")))?;
    }
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
    match &arguments.sounds {
        Some(folder) => write_all(terminal, config, folder),
        None => Ok(()),
    }
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

//! The sound files that lie beside an office's document.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;

use crate::api::refusal::RefusalKind;
use crate::api::schema::schema::SoundList;
use crate::audio::import::import;
use crate::audio::import_error::{ImportError, MAX_BYTES};
use crate::cli::daemon_or_store::{ask, read, refusal};
use crate::cli::failure::Failure;
use crate::clock;
use crate::config::settings::Config;
use crate::office::document::sounds::{NamedFile, files_named, place_of_text};
use crate::office::library::texts;
use crate::office::recording::{SoundHash, SoundName};
use crate::office::snapshot::Office;
use crate::speech::engine::Speech;
use crate::store::table::sounds::NewSound;
use crate::words::Words;
use crate::yaml::{Fault, told};

/// One of them, and where the document first names it.
#[derive(Clone, Debug)]
pub(crate) struct Beside {
    named: NamedFile,
    path: PathBuf,
    pub(crate) sha256: SoundHash,
}

/// Those of the files named in `text` that are there; whether the others are known is not said here.
///
/// # Errors
/// Every file that is there and cannot be taken, with its place in the document.
pub(crate) fn beside(document: &Path, text: &str) -> Result<Vec<Beside>, Failure> {
    let folder = document.parent().unwrap_or_else(|| Path::new(""));
    let (mut found, mut faults): (Vec<Beside>, _) = (Vec::new(), Vec::new());
    for named in files_named(text) {
        if found.iter().any(|other| other.named.name == named.name) {
            continue;
        }
        let Some(path) = locate(folder, &named.name) else { continue };
        match take(&path) {
            Ok(file) => found.push(Beside { named, path, sha256: SoundHash::of(&file) }),
            Err(why) => faults.push(fault(&named, &why)),
        }
    }
    refuse_all(document, &faults)?;
    Ok(found)
}

/// A file of that name, in whatever form the file system keeps Hangul.
fn locate(folder: &Path, name: &SoundName) -> Option<PathBuf> {
    let direct = folder.join(name.as_str());
    if direct.is_file() {
        return Some(direct);
    }
    let mut at = folder.to_owned();
    for step in name.as_str().split('/') {
        let here = if at.as_os_str().is_empty() { Path::new(".") } else { &at };
        let entry = fs::read_dir(here).ok()?.flatten().find(|entry| {
            let entry = entry.file_name();
            let found = entry.to_str().and_then(|entry| SoundName::parse(entry).ok());
            found.is_some_and(|found| found.as_str() == step)
        })?;
        at = entry.path();
    }
    at.is_file().then_some(at)
}

/// # Errors
/// Why the file cannot be read, or that it is too large.
pub(crate) fn take(path: &Path) -> Result<Vec<u8>, Words> {
    let told = |error: std::io::Error| Words::new(error.to_string(), error.to_string());
    if fs::metadata(path).map_err(told)?.len() > MAX_BYTES as u64 {
        return Err(why(&ImportError::TooLarge));
    }
    fs::read(path).map_err(told)
}

/// The names and check sums of all.
pub(crate) fn hashes(beside: &[Beside]) -> BTreeMap<SoundName, SoundHash> {
    beside.iter().map(|file| (file.named.name.clone(), file.sha256)).collect()
}

/// Gives the daemon what it does not have yet; a trial only asks whether it would be taken.
///
/// # Errors
/// Every file that it does not take, with its place in the document.
pub(crate) fn hand_over(
    config: &Config,
    document: &Path,
    beside: &[Beside],
    trial: bool,
) -> Result<(), Failure> {
    if beside.is_empty() {
        return Ok(());
    }
    let list = ask(config, "GET", "/v1/sounds", Bytes::new())?;
    if !list.is_success() {
        return Err(refusal(&list).into());
    }
    let list: SoundList = read(&list)?;
    let mut faults = Vec::new();
    for file in beside {
        let sha256 = file.sha256.to_string();
        if list.sounds.iter().any(|sound| sound.sha256 == sha256) {
            continue;
        }
        let content = match take(&file.path) {
            Ok(content) => content,
            Err(why) => {
                faults.push(fault(&file.named, &why));
                continue;
            }
        };
        let path = format!("/v1/sounds/{sha256}?dry_run={trial}");
        let answer = ask(config, "PUT", &path, content.into())?;
        if answer.is_success() {
            continue;
        }
        let refusal = refusal(&answer);
        if refusal.kind != RefusalKind::Invalid {
            return Err(refusal.into());
        }
        faults.push(fault(&file.named, &refusal.message));
    }
    refuse_all(document, &faults)
}

/// The same without a daemon: what is not `held` yet, ready to be kept.
///
/// # Errors
/// Every file that cannot be taken, with its place in the document.
pub(crate) fn made_ready(
    document: &Path,
    beside: &[Beside],
    held: impl Fn(&SoundHash) -> bool,
) -> Result<Vec<NewSound>, Failure> {
    let (mut ready, mut faults) = (Vec::new(), Vec::new());
    for file in beside.iter().filter(|file| !held(&file.sha256)) {
        match take(&file.path).and_then(new_sound) {
            Ok(sound) => ready.push(sound),
            Err(why) => faults.push(fault(&file.named, &why)),
        }
    }
    refuse_all(document, &faults)?;
    Ok(ready)
}

/// The texts of the office that are not `held` yet, spoken.
///
/// # Errors
/// Every text that cannot be spoken, with its place in the document.
pub(crate) fn spoken(
    (document, text): (&Path, &str),
    office: &Office,
    speech: &Speech,
    held: impl Fn(&SoundHash) -> bool,
) -> Result<Vec<NewSound>, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (mut ready, mut faults) = (Vec::new(), Vec::new());
    for (language, spoken) in texts(office) {
        let sha256 = spoken.sha256(language);
        if held(&sha256) {
            continue;
        }
        let said = speech.speak(language, &spoken.voice, spoken.text.as_str());
        let file = runtime.block_on(said).map_err(|error| error.words());
        match file.and_then(new_sound) {
            Ok(sound) => {
                let said = serde_json::to_string(spoken).ok();
                ready.push(NewSound { sha256, said, ..sound });
            }
            Err(message) => {
                let (line, field) = place_of_text(text, language, &spoken.text);
                faults.push(Fault { line, field, message });
            }
        }
    }
    refuse_all(document, &faults)?;
    Ok(ready)
}

/// # Errors
/// Why it is no sound file that can be taken.
pub(crate) fn new_sound(file: Vec<u8>) -> Result<NewSound, Words> {
    let clip = import(&file).map_err(|error| why(&error))?;
    let (rate, samples) = (clip.rate(), clip.samples().to_vec());
    let sha256 = SoundHash::of(&file);
    Ok(NewSound { sha256, said: None, file, rate, samples, added: clock::now().unix_millis() })
}

fn why(error: &ImportError) -> Words {
    Words::new(error.korean(), error.to_string())
}

fn fault(named: &NamedFile, why: &Words) -> Fault {
    let NamedFile { line, field, name } = named;
    let message = Words::new(format!("'{name}': {}", why.ko), format!("'{name}': {}", why.en));
    Fault { line: *line, field: field.clone(), message }
}

fn refuse_all(document: &Path, faults: &[Fault]) -> Result<(), Failure> {
    if faults.is_empty() { Ok(()) } else { Err(Failure::invalid(told(document, faults))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_by_any_spelling_of_their_name() {
        let folder = tempfile::tempdir().unwrap();
        let apart = "\u{110b}\u{1175}\u{11ab}\u{1109}\u{1161} \u{1106}\u{1161}\u{11af}.wav";
        fs::create_dir(folder.path().join("sounds")).unwrap();
        fs::write(folder.path().join("sounds").join(apart), "x").unwrap();
        fs::write(folder.path().join("끝.mp3"), "y").unwrap();
        let found = |name: &str| locate(folder.path(), &SoundName::parse(name).unwrap());
        assert!(found("sounds/인사 말.wav").is_some());
        assert!(found("끝.mp3").is_some());
        assert!(found("sounds").is_none());
        assert!(found("sounds/말.wav").is_none());
    }

    #[test]
    fn a_file_that_cannot_be_taken_is_refused_where_it_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let document = folder.path().join("office.yaml");
        fs::write(folder.path().join("인사.mp3"), "Dear customers").unwrap();
        let text = "numbers:\n  - ringback: {file: 인사.mp3}\n    x: {file: gone.wav}\n";
        let found = beside(&document, text).unwrap();
        assert_eq!(found.len(), 1);
        let failure = made_ready(&document, &found, |_| false).unwrap_err();
        let message = failure.message.unwrap().en;
        let expected = "office.yaml:2: numbers[0].ringback.file: '인사.mp3': this is no sound file";
        assert!(message.contains(expected), "{message}");
    }
}

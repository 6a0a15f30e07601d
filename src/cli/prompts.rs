//! `naru prompts`: the office's own sound files.

use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde_json::json;

use crate::api::address::percent_encoded;
use crate::api::schema::schema::{SoundLine, SoundList};
use crate::cli::arguments::prompts::{
    PromptAction, PromptImportArguments, PromptListArguments, PromptPlayArguments,
};
use crate::cli::beside::{new_sound, take};
use crate::cli::daemon_or_store::{answer_if_up, ask_if_up, ask_well, read, refusal, stored};
use crate::cli::failure::Failure;
use crate::cli::table::lines;
use crate::cli::terminal;
use crate::cli::terminal::Terminal;
use crate::clock;
use crate::config::settings::Config;
use crate::office::library::{HeldSound, recordings};
use crate::office::recording::SoundName;
use crate::store::open::open;
use crate::store::reader::Reader;
use crate::store::run::start;
use crate::words::Words;

/// # Errors
/// When the daemon or the store refuses, or a file cannot be read or written.
pub(crate) fn prompts(
    terminal: &Terminal,
    config: &Config,
    action: &PromptAction,
) -> Result<(), Failure> {
    match action {
        PromptAction::Import(arguments) => import(terminal, config, arguments),
        PromptAction::List(arguments) => list(terminal, config, arguments),
        PromptAction::Remove(arguments) => remove(terminal, config, &arguments.name),
        PromptAction::Play(arguments) => play(terminal, config, arguments),
    }
}

fn import(
    terminal: &Terminal,
    config: &Config,
    arguments: &PromptImportArguments,
) -> Result<(), Failure> {
    for path in &arguments.files {
        let name = match &arguments.name {
            Some(name) => read_name(name)?,
            None => name_of(path)?,
        };
        let file = take(path).map_err(|why| of_file(path, &why))?;
        let request = format!("/v1/sounds?name={}", percent_encoded(name.as_str()));
        let answer = answer_if_up(terminal, config, ("POST", &request), file.clone().into())?;
        let sound = match answer {
            Some(answer) if answer.is_success() => read(&answer)?,
            Some(answer) => return Err(of_file(path, &refusal(&answer).message)),
            None => import_without_daemon(config, path, file, name)?,
        };
        terminal.say(&told(&sound))?;
    }
    Ok(())
}

fn import_without_daemon(
    config: &Config,
    path: &Path,
    file: Vec<u8>,
    name: SoundName,
) -> Result<SoundLine, Failure> {
    let sound = new_sound(file).map_err(|why| of_file(path, &why))?;
    let (store, threads) = start(open(&config.data_dir)?.database)?;
    let held = stored(store.add_sound(sound, Some(name)));
    threads.close();
    let held = held?;
    Ok(SoundLine {
        name: held.name.map(|name| name.to_string()),
        sha256: held.sha256.to_string(),
        bytes: held.bytes,
        milliseconds: held.millis,
        used: false,
    })
}

fn told(sound: &SoundLine) -> Words {
    let name = sound.name.as_deref().unwrap_or_default();
    let seconds = seconds(sound);
    let used = if sound.used {
        Words::new(". 다음 통화부터 들립니다", "; callers hear it from the next call on")
    } else {
        Words::new("", "")
    };
    Words::new(
        format!("{name}: {seconds}초 소리를 넣었습니다{}", used.ko),
        format!("{name}: {seconds} s of sound are in{}", used.en),
    )
}

fn seconds(sound: &SoundLine) -> String {
    format!("{}.{}", sound.milliseconds / 1_000, sound.milliseconds % 1_000 / 100)
}

fn list(
    terminal: &Terminal,
    config: &Config,
    arguments: &PromptListArguments,
) -> Result<(), Failure> {
    let list = sounds(terminal, config)?;
    if arguments.json {
        let text = serde_json::to_string_pretty(&list).unwrap_or_default();
        terminal::raw(format!("{text}\n").as_bytes())?;
        return Ok(());
    }
    let head = terminal.speech.pick("이름|초|KB|쓰임|SHA-256", "name|seconds|KB|used|SHA-256");
    let mut rows = vec![head.split('|').map(str::to_owned).collect()];
    rows.extend(list.sounds.iter().map(|sound| row(terminal, sound)));
    lines(&rows).iter().try_for_each(|line| terminal::line(line))?;
    Ok(())
}

fn row(terminal: &Terminal, sound: &SoundLine) -> Vec<String> {
    let used = if sound.used { terminal.speech.pick("쓰는 중", "yes") } else { "" };
    vec![
        sound.name.clone().unwrap_or_else(|| "-".to_owned()),
        seconds(sound),
        sound.bytes.div_ceil(1_024).to_string(),
        used.to_owned(),
        sound.sha256.chars().take(8).collect(),
    ]
}

fn sounds(terminal: &Terminal, config: &Config) -> Result<SoundList, Failure> {
    if let Some(answer) = ask_if_up(terminal, config, ("GET", "/v1/sounds"), Bytes::new())? {
        return read(&answer);
    }
    let reader = Reader::open(&config.data_dir)?;
    let office = reader.office()?;
    let played = recordings(&office);
    let line = |held: HeldSound| SoundLine {
        used: played.iter().any(|recording| recording.sha256 == held.sha256),
        name: held.name.map(|name| name.to_string()),
        sha256: held.sha256.to_string(),
        bytes: held.bytes,
        milliseconds: held.millis,
    };
    Ok(SoundList { sounds: reader.sounds()?.into_iter().map(line).collect() })
}

fn remove(terminal: &Terminal, config: &Config, name: &str) -> Result<(), Failure> {
    let name = read_name(name)?;
    let path = format!("/v1/sounds?name={}", percent_encoded(name.as_str()));
    if ask_if_up(terminal, config, ("DELETE", &path), Bytes::new())?.is_none() {
        remove_without_daemon(config, &name)?;
    }
    terminal.say(&Words::new(format!("{name}: 지웠습니다"), format!("{name}: removed")))?;
    Ok(())
}

fn remove_without_daemon(config: &Config, name: &SoundName) -> Result<(), Failure> {
    let opened = open(&config.data_dir)?;
    if recordings(&opened.office).iter().any(|recording| recording.name == *name) {
        return Err(Failure::failed(Words::new(
            format!("'{name}'은(는) 번호에서 쓰고 있습니다. 먼저 사무실 문서에서 빼세요"),
            format!("'{name}' is played by a number; take it out of the office's document first"),
        )));
    }
    let (store, threads) = start(opened.database)?;
    let removed = stored(store.remove_sound(name.clone(), clock::now().unix_millis()));
    threads.close();
    if removed? {
        return Ok(());
    }
    Err(Failure::failed(Words::new(
        format!("'{name}' 소리가 없습니다"),
        format!("there is no sound '{name}'"),
    )))
}

fn play(
    terminal: &Terminal,
    config: &Config,
    arguments: &PromptPlayArguments,
) -> Result<(), Failure> {
    let PromptPlayArguments { name, to, language } = arguments;
    let path = format!("/v1/sounds/{}/play", percent_encoded(name));
    let body = json!({"extension": to, "language": language}).to_string();
    ask_well(config, "POST", &path, body.into())?;
    terminal.say(&Words::new(
        format!("{to} 번 전화기가 울립니다. 받으면 {name} 소리가 들립니다"),
        format!("the phone of {to} rings; pick it up to hear {name}"),
    ))?;
    Ok(())
}

/// Writes the files that the office plays below `folder`, each under its name; what is there already
/// and different is replaced.
///
/// # Errors
/// When one cannot be read or written.
pub(crate) fn write_all(
    terminal: &Terminal,
    config: &Config,
    folder: &Path,
) -> Result<(), Failure> {
    for sound in sounds(terminal, config)?.sounds {
        let (Some(name), true) = (&sound.name, sound.used) else { continue };
        let path = folder.join(name);
        let file = file_of(terminal, config, &sound.sha256)?;
        if fs::read(&path).is_ok_and(|there| there == file) {
            continue;
        }
        let parent = path.parent().unwrap_or(folder);
        let written = fs::create_dir_all(parent).and_then(|()| fs::write(&path, file));
        written.map_err(|error| Failure::file(&path, &error))?;
        let path = path.display();
        terminal.note(&Words::new(format!("{path}에 썼습니다"), format!("{path} written")));
    }
    Ok(())
}

fn file_of(terminal: &Terminal, config: &Config, sha256: &str) -> Result<Vec<u8>, Failure> {
    let path = format!("/v1/sounds/{sha256}");
    if let Some(answer) = ask_if_up(terminal, config, ("GET", &path), Bytes::new())? {
        return Ok(answer.body.to_vec());
    }
    let gone =
        || Failure::failed(Words::new(format!("{sha256}: 없습니다"), format!("{sha256}: is gone")));
    let wanted = sha256.parse().map_err(|_| gone())?;
    Reader::open(&config.data_dir)?.sound_file(&wanted)?.ok_or_else(gone)
}

fn name_of(path: &Path) -> Result<SoundName, Failure> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    read_name(name)
}

fn read_name(text: &str) -> Result<SoundName, Failure> {
    SoundName::parse(text).map_err(|error| {
        Failure::invalid(Words::new(
            format!("'{text}': 폴더 아래의 파일 이름을 200자까지 적습니다"),
            error.to_string(),
        ))
    })
}

fn of_file(path: &Path, why: &Words) -> Failure {
    let path = PathBuf::from(path);
    Failure::invalid(Words::new(
        format!("{}: {}", path.display(), why.ko),
        format!("{}: {}", path.display(), why.en),
    ))
}

//! `naru numbers document`: what is kept with a number.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use bytes::Bytes;

use crate::api::address::percent_encoded;
use crate::api::client::Answer;
use crate::api::schema::number::DocumentLine;
use crate::cli::arguments::numbers::{DocumentAction, DocumentFileArguments};
use crate::cli::daemon_or_store::{ask_well, ask_with, read, refusal};
use crate::cli::failure::Failure;
use crate::cli::table;
use crate::cli::terminal;
use crate::cli::terminal::Terminal;
use crate::config::settings::Config;
use crate::office::number_document::{DocumentName, LARGEST, MediaType};
use crate::words::Words;

/// # Errors
/// When the daemon does not answer or refuses, or the file cannot be read or written.
pub(crate) fn documents(
    terminal: &Terminal,
    config: &Config,
    action: &DocumentAction,
) -> Result<(), Failure> {
    match action {
        DocumentAction::List(arguments) => list(terminal, config, arguments.json),
        DocumentAction::Set(arguments) => set(terminal, config, arguments),
        DocumentAction::Get(arguments) => get(terminal, config, arguments),
        DocumentAction::Remove(arguments) => {
            let number = &arguments.number;
            ask_well(config, "DELETE", &path(number), Bytes::new())?;
            Ok(terminal.say(&Words::new(
                format!("{number} 번의 서류를 지웠습니다"),
                format!("the document of {number} is removed"),
            ))?)
        }
    }
}

/// Its name and size.
pub(crate) fn brief(document: &DocumentLine) -> String {
    format!("{} ({})", document.name, size(document.octets))
}

fn list(terminal: &Terminal, config: &Config, as_json: bool) -> Result<(), Failure> {
    let found = ask_well(config, "GET", "/v1/numbers/documents", Bytes::new())?;
    let found: Vec<DocumentLine> = read(&found)?;
    if as_json {
        let text = serde_json::to_string_pretty(&found).map_err(std::io::Error::from)?;
        return Ok(terminal::raw(format!("{text}\n").as_bytes())?);
    }
    let head = [
        ("번호", "NUMBER"),
        ("서류", "DOCUMENT"),
        ("종류", "KIND"),
        ("크기", "SIZE"),
        ("보관 시각", "KEPT"),
        ("넣은 사람", "BY"),
    ];
    let mut rows = vec![head.map(|(ko, en)| terminal.speech.pick(ko, en).to_owned()).to_vec()];
    rows.extend(found.into_iter().map(|line| {
        let (octets, added) = (size(line.octets), terminal.time(line.added));
        vec![line.number, line.name, line.media_type, octets, added, line.who]
    }));
    table::lines(&rows).iter().try_for_each(|line| terminal::line(line))?;
    Ok(())
}

fn set(
    terminal: &Terminal,
    config: &Config,
    arguments: &DocumentFileArguments,
) -> Result<(), Failure> {
    let file = &arguments.file;
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let name = DocumentName::parse(name).map_err(|wrong| of_file(file, &wrong.words()))?;
    let octets = fs::metadata(file).map_err(|error| Failure::file(file, &error))?.len();
    if octets > LARGEST as u64 {
        return Err(of_file(file, &too_large()));
    }
    let content = fs::read(file).map_err(|error| Failure::file(file, &error))?;
    let media_type = MediaType::of_name(&name);
    let path = format!("{}?name={}", path(&arguments.number), percent_encoded(name.as_str()));
    let answer = ask_with(config, ("PUT", &path), media_type.as_str(), content.into())?;
    let line: DocumentLine = read(&well(answer)?)?;
    let (number, kept) = (&line.number, brief(&line));
    Ok(terminal.say(&Words::new(
        format!("{number} 번에 {kept} 서류를 보관합니다"),
        format!("{kept} is kept with {number}"),
    ))?)
}

fn get(
    terminal: &Terminal,
    config: &Config,
    arguments: &DocumentFileArguments,
) -> Result<(), Failure> {
    let answer = ask_well(config, "GET", &path(&arguments.number), Bytes::new())?;
    let file = &arguments.file;
    if file.as_os_str() == "-" {
        return Ok(terminal::raw(&answer.body)?);
    }
    // What is there already is somebody's; only a new file is written.
    let written = OpenOptions::new().write(true).create_new(true).open(file);
    let written = written.and_then(|mut to| to.write_all(&answer.body));
    written.map_err(|error| Failure::file(file, &error))?;
    let shown = file.display();
    Ok(terminal.say(&Words::new(format!("{shown}에 썼습니다"), format!("{shown} written")))?)
}

fn path(number: &str) -> String {
    format!("/v1/numbers/{}/document", percent_encoded(number))
}

fn well(answer: Answer) -> Result<Answer, Failure> {
    if answer.is_success() { Ok(answer) } else { Err(refusal(&answer).into()) }
}

/// Octets as people read them.
fn size(octets: u64) -> String {
    match octets {
        0..1_024 => format!("{octets} B"),
        1_024..1_048_576 => format!("{} KiB", octets.div_ceil(1_024)),
        _ => format!("{} MiB", octets.div_ceil(1_048_576)),
    }
}

fn too_large() -> Words {
    Words::new("서류는 10MiB까지 보관합니다", "a document may have 10 MiB at most")
}

fn of_file(file: &Path, why: &Words) -> Failure {
    let file = file.display();
    Failure::invalid(Words::new(format!("{file}: {}", why.ko), format!("{file}: {}", why.en)))
}

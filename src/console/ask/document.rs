//! Documents of numbers, as the API takes them, and their files on the machine of the console.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use bytes::Bytes;

use crate::api::address::percent_encoded;
use crate::api::client::Client;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::schema::number::DocumentLine;
use crate::console::fetch::{get, send, send_as};
use crate::console::report::Report;
use crate::console::setup::{DocumentDeed, SetupReport};
use crate::office::number_document::{DocumentName, LARGEST, MediaType};
use crate::words::Words;

pub(crate) async fn ask(
    client: &Client,
    number: &str,
    deed: DocumentDeed,
) -> Result<Vec<Report>, Refusal> {
    let path = format!("/v1/numbers/{}/document", percent_encoded(number));
    let done = match deed {
        DocumentDeed::Keep(file) => {
            let (name, content) = content_of(&file)?;
            let media_type = MediaType::of_name(&name);
            let path = format!("{path}?name={}", percent_encoded(name.as_str()));
            send_as(client, ("PUT", &path), media_type.as_str(), content.into()).await?;
            Words::new(format!("{name} 서류를 보관합니다"), format!("{name} is kept with it"))
        }
        DocumentDeed::Write(file) => {
            let answer = send(client, "GET", &path, Bytes::new()).await?;
            write_new(&file, &answer.body)?;
            Words::new(format!("{file}에 썼습니다"), format!("{file} is written"))
        }
        DocumentDeed::Remove => {
            send(client, "DELETE", &path, Bytes::new()).await?;
            Words::new("서류를 지웠습니다", "the document is removed")
        }
    };
    Ok(vec![of_number(client, number).await?, Report::Done(done)])
}

pub(crate) async fn of_number(client: &Client, number: &str) -> Result<Report, Refusal> {
    let kept: Vec<DocumentLine> = get(client, "/v1/numbers/documents").await?;
    let document = kept.into_iter().find(|document| document.number == number);
    Ok(Report::Setup(SetupReport::OfNumber { number: number.to_owned(), document }))
}

fn content_of(file: &str) -> Result<(DocumentName, Vec<u8>), Refusal> {
    let path = Path::new(file);
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let name = DocumentName::parse(name).map_err(|wrong| of_file(file, &wrong.words()))?;
    let large = Words::new("서류는 10MiB까지 보관합니다", "a document may have 10 MiB at most");
    Ok((name, read_file(file, LARGEST, &large)?))
}

/// A file of at most so many octets on the machine of the console; a larger one is refused as
/// `large` says.
pub(crate) fn read_file(file: &str, largest: usize, large: &Words) -> Result<Vec<u8>, Refusal> {
    let found = std::fs::metadata(file).map_err(|error| failed(file, &error))?;
    if !found.is_file() {
        return Err(of_file(file, &Words::new("파일이 아닙니다", "it is no file")));
    }
    if found.len() > largest as u64 {
        return Err(of_file(file, large));
    }
    std::fs::read(file).map_err(|error| failed(file, &error))
}

/// What is there already is somebody's; only a new file is written.
fn write_new(file: &str, content: &[u8]) -> Result<(), Refusal> {
    let mut options = OpenOptions::new();
    let written = options.write(true).create_new(true).mode(0o600).open(file);
    written.and_then(|mut to| to.write_all(content)).map_err(|error| failed(file, &error))
}

fn failed(file: &str, error: &std::io::Error) -> Refusal {
    of_file(file, &Words::same(error.to_string()))
}

fn of_file(file: &str, why: &Words) -> Refusal {
    let words = Words::new(format!("{file}: {}", why.ko), format!("{file}: {}", why.en));
    Refusal::new(RefusalKind::Failed, words)
}

//! Requests of the screens that set the office up, as the API takes them.

use bytes::Bytes;
use tokio::time::timeout;

use crate::api::address::percent_encoded;
use crate::api::client::Client;
use crate::api::refusal::Refusal;
use crate::api::schema::comparison::OfficeComparison;
use crate::api::schema::schema::{PlayToBody, SoundList};
use crate::console::ask::document;
use crate::console::ask::hours;
use crate::console::ask::presence;
use crate::console::ask::workflow;
use crate::console::edit::Edit;
use crate::console::fetch::{self, COMPARISON, garbled, get, office, send};
use crate::console::report::Report;
use crate::console::setup::{SetupReport, SetupRequest};
use crate::office::language::Language;
use crate::office::warnings::{Concern, Warning};
use crate::words::Words;

pub(crate) async fn ask(client: &Client, request: SetupRequest) -> Result<Vec<Report>, Refusal> {
    match request {
        SetupRequest::Switch { hours, open } => hours::switch(client, &hours, open).await,
        SetupRequest::ImportHolidays { hours, file } => {
            hours::import_holidays(client, &hours, &file).await
        }
        SetupRequest::Presence { extension, body } => {
            presence::presence(client, &extension, &body).await
        }
        SetupRequest::Sounds => Ok(vec![sounds(client).await?]),
        SetupRequest::RemoveSound(name) => {
            let path = format!("/v1/sounds?name={}", percent_encoded(&name));
            send(client, "DELETE", &path, Bytes::new()).await?;
            let said =
                Words::new(format!("소리 {name} 삭제"), format!("the sound {name} is removed"));
            Ok(vec![sounds(client).await?, Report::Done(said)])
        }
        SetupRequest::Play { sound, extension, language } => {
            play(client, &sound, &extension, language).await
        }
        SetupRequest::OfNumber(number) => {
            Ok(vec![sounds(client).await?, document::of_number(client, &number).await?])
        }
        SetupRequest::Document { number, deed } => document::ask(client, &number, deed).await,
        SetupRequest::Workflows => {
            let list = get(client, "/v1/workflows").await?;
            Ok(vec![Report::Setup(SetupReport::Workflows(Box::new(list)))])
        }
        SetupRequest::Warnings => Ok(vec![warnings(client).await?]),
        SetupRequest::Bans => Ok(vec![bans(client).await?]),
        SetupRequest::Pardon(address) => {
            let path = format!("/v1/bans/{}", percent_encoded(&address));
            send(client, "DELETE", &path, Bytes::new()).await?;
            let said = Words::new(
                format!("{address}에 다시 답합니다"),
                format!("{address} is answered again"),
            );
            Ok(vec![bans(client).await?, Report::Done(said)])
        }
        SetupRequest::WorkflowText(name) => workflow::text(client, name).await,
        SetupRequest::TryWorkflow(wanted) => Ok(workflow::tried(client, &wanted).await),
        SetupRequest::TestTrunk(name) => {
            let path = format!("/v1/trunks/{}/test", percent_encoded(&name));
            let told = send(client, "POST", &path, Bytes::new()).await;
            let told = told.and_then(|answer| fetch::read(&answer)).map(Box::new);
            let told = told.map_err(|refusal| refusal.message);
            Ok(vec![Report::Setup(SetupReport::Tested { name, told })])
        }
        SetupRequest::Compare { edits, ticket } => {
            let told = timeout(COMPARISON, compared(client, &edits)).await;
            let told = told.ok().and_then(Result::ok);
            Ok(vec![Report::Setup(SetupReport::Compared { ticket, told })])
        }
    }
}

async fn sounds(client: &Client) -> Result<Report, Refusal> {
    let list: SoundList = get(client, "/v1/sounds").await?;
    Ok(Report::Setup(SetupReport::Sounds(list.sounds)))
}

async fn bans(client: &Client) -> Result<Report, Refusal> {
    Ok(Report::Setup(SetupReport::Bans(get(client, "/v1/bans").await?)))
}

/// Those that stand beside wrap-up (S27, S28).
async fn warnings(client: &Client) -> Result<Report, Refusal> {
    let found: Vec<Warning> = get(client, "/v1/office/warnings").await?;
    let beside = found.into_iter().filter(|warning| match warning.concern {
        Concern::WrapUpTwice | Concern::WrapUpBeside => true,
        Concern::NeverRuns | Concern::RingsNowhere | Concern::HolidaysOver => false,
    });
    Ok(Report::Setup(SetupReport::Warnings(beside.map(|warning| warning.message).collect())))
}

async fn play(
    client: &Client,
    sound: &str,
    extension: &str,
    language: Option<String>,
) -> Result<Vec<Report>, Refusal> {
    let path = format!("/v1/sounds/{}/play", percent_encoded(sound));
    let language = language.and_then(|code| Language::ALL.into_iter().find(|l| l.code() == code));
    let body = PlayToBody { extension: extension.to_owned(), language };
    let body = serde_json::to_vec(&body).map_err(|_| garbled())?;
    send(client, "POST", &path, Bytes::from(body)).await?;
    Ok(vec![Report::Done(Words::new(
        format!("{extension}의 전화기가 울립니다. 받으면 들립니다"),
        format!("{extension}'s phone rings; answer it and listen"),
    ))])
}

async fn compared(client: &Client, edits: &[Edit]) -> Result<OfficeComparison, Refusal> {
    let mut document = office(client).await?;
    edits.iter().for_each(|edit| drop(edit.apply(&mut document)));
    let body = Bytes::from(document.text());
    let answer = send(client, "POST", "/v1/office/compare", body).await?;
    fetch::json(&answer.body).map_err(|_| garbled())
}

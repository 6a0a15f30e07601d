//! Requests, as the API takes them, and its answers as reports.

use bytes::Bytes;

use crate::api::address::percent_encoded;
use crate::api::client::Client;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::schema::schema::{CallPage, OfficeChanges, OriginateBody};
use crate::console::action::{HistoryFilter, Request};
use crate::console::ask::desk;
use crate::console::ask::hours;
use crate::console::ask::setup;
use crate::console::ask::stats;
use crate::console::ask::tape;
use crate::console::ask::zone::zone;
use crate::console::edit::Edit;
use crate::console::export::{first_moment, keep};
use crate::console::fetch::{garbled, get, office, read, send};
use crate::console::report::Report;
use crate::history::call_record::CallRecord;
use crate::sheet;
use crate::words::Words;

/// The most calls that one answer brings.
const PAGE: usize = 1000;

/// Pages of an export: a million calls.
const PAGES: usize = 1000;

/// Everything that is to be told of a request, in order.
pub(crate) async fn answer(client: &Client, request: Request) -> Vec<Report> {
    match ask(client, request).await {
        Ok(reports) => reports,
        Err(refusal) => vec![Report::Refused(refusal.message)],
    }
}

async fn ask(client: &Client, request: Request) -> Result<Vec<Report>, Refusal> {
    Ok(vec![match request {
        Request::CallSip(call) => {
            let sip = Box::new(get(client, &format!("/v1/calls/{call}/sip")).await?);
            Report::CallSip { call, sip }
        }
        Request::Desk(request) => return desk::ask(client, request).await,
        Request::Tapes(request) => return tape::ask(client, request).await,
        Request::Stats(filter) => return stats::ask(client, filter).await,
        Request::ExportStats { filter, speech } => {
            Report::Done(stats::export(client, &filter, speech).await?)
        }
        Request::Setup(request) => return setup::ask(client, request).await,
        Request::States => return states(client).await,
        Request::Office => Report::Office(office(client).await?),
        Request::Figures => figures(client).await?,
        Request::Calls { filter, before } => {
            let mut conditions = conditions(client, &filter).await?;
            conditions.extend(before.map(|before| format!("before={before}")));
            let page = get(client, &format!("/v1/calls?{}", conditions.join("&"))).await?;
            Report::Calls { page, is_first: before.is_none() }
        }
        Request::Export { filter } => Report::Done(export(client, &filter).await?),
        Request::Call(id) => Report::Call(Box::new(get(client, &format!("/v1/calls/{id}")).await?)),
        Request::Changes { before } => {
            let page = before.map_or_else(String::new, |before| format!("?before={before}"));
            let page = get(client, &format!("/v1/office/changes{page}")).await?;
            Report::Changes { page, is_first: before.is_none() }
        }
        Request::Change(id) => {
            let found = get(client, &format!("/v1/office/changes/{id}")).await?;
            Report::Change(Box::new(found))
        }
        Request::Check { edits, ticket } => {
            let (place, verdict) = edited(client, &edits, "&dry_run=true").await;
            Report::Checked { ticket, place, verdict }
        }
        Request::Save { edits, ticket } => {
            let (place, verdict) = edited(client, &edits, "").await;
            Report::Saved { ticket, place, verdict }
        }
        Request::Revert { change } => Report::Done(revert(client, change).await?),
        Request::HangUp(id) => {
            send(client, "DELETE", &format!("/v1/calls/{id}"), Bytes::new()).await?;
            Report::Done(Words::new("통화를 끊었습니다", "the call is being ended"))
        }
        Request::Originate { agent, to } => {
            let said = Words::new(
                format!("{agent}의 전화기가 울립니다. 받으면 {to}(으)로 겁니다"),
                format!("{agent}'s phone rings; when it is answered, {to} is called"),
            );
            let body = serde_json::to_vec(&OriginateBody { agent, to, number: None })
                .map_err(|_| garbled())?;
            send(client, "POST", "/v1/calls", body.into()).await?;
            Report::Done(said)
        }
    }])
}

async fn states(client: &Client) -> Result<Vec<Report>, Refusal> {
    Ok(vec![
        Report::Health(get(client, "/v1/health").await?),
        Report::Registrations(get(client, "/v1/registrations").await?),
        Report::Trunks(get(client, "/v1/trunks").await?),
        hours::hours(client).await?,
        figures(client).await?,
    ])
}

/// Today so far, as the daemon counts it for everybody.
async fn figures(client: &Client) -> Result<Report, Refusal> {
    Ok(Report::Figures(Box::new(get(client, "/v1/stats").await?)))
}

/// Makes the edits on the office as it is now. `how` may say that it is only tried.
async fn edited(
    client: &Client,
    edits: &[Edit],
    how: &str,
) -> (String, Result<OfficeChanges, Refusal>) {
    let mut document = match office(client).await {
        Ok(document) => document,
        Err(refusal) => return (String::new(), Err(refusal)),
    };
    let mut place = String::new();
    for edit in edits {
        let Some(made_at) = edit.apply(&mut document) else {
            let words = Words::new("그사이에 없어졌습니다", "it has been removed in the meantime");
            return (place, Err(Refusal::new(RefusalKind::Conflict, words)));
        };
        place = made_at;
    }
    let body = Bytes::from(document.text());
    let answer = send(client, "PUT", &format!("/v1/office?by_hand=true{how}"), body).await;
    (place, answer.and_then(|answer| read(&answer)))
}

async fn revert(client: &Client, change: u64) -> Result<Words, Refusal> {
    let path = format!("/v1/office/changes/{change}/revert");
    let told: OfficeChanges = read(&send(client, "POST", &path, Bytes::new()).await?)?;
    if told.changes.is_empty() {
        return Ok(Words::new("이미 그대로입니다", "it is so already; nothing has changed"));
    }
    let all =
        |pick: fn(&Words) -> &str| told.changes.iter().map(pick).collect::<Vec<_>>().join("; ");
    Ok(Words::new(
        format!("되돌렸습니다: {}", all(|words| &words.ko)),
        format!("taken back: {}", all(|words| &words.en)),
    ))
}

async fn all_calls(client: &Client, conditions: &str) -> Result<Vec<CallRecord>, Refusal> {
    let mut calls = Vec::new();
    let mut before = String::new();
    for _ in 0..PAGES {
        let path = format!("/v1/calls?{conditions}&limit={PAGE}{before}");
        let page: CallPage = get(client, &path).await?;
        calls.extend(page.calls);
        let Some(next) = page.next else { break };
        before = format!("&before={next}");
    }
    Ok(calls)
}

/// Writes the calls beside the console, on the machine it runs on.
async fn export(client: &Client, filter: &HistoryFilter) -> Result<Words, Refusal> {
    let calls = all_calls(client, &conditions(client, filter).await?.join("&")).await?;
    let newest = calls.first().map_or(0, |call| call.id.0);
    let file = format!("naru-calls-{newest}.csv");
    keep(&file, &sheet::text(&calls, &zone(client).await?))?;
    let count = calls.len();
    Ok(Words::new(
        format!("통화 {count}건을 {file}에 썼습니다"),
        format!("{count} calls have been written to {file}"),
    ))
}

async fn conditions(client: &Client, filter: &HistoryFilter) -> Result<Vec<String>, Refusal> {
    let mut all = Vec::new();
    for (name, text) in [
        ("party", &filter.party),
        ("number", &filter.number),
        ("agent", &filter.agent),
        ("direction", &filter.direction),
        ("outcome", &filter.outcome),
    ] {
        if !text.is_empty() {
            all.push(format!("{name}={}", percent_encoded(text)));
        }
    }
    if filter.from.is_empty() && filter.to.is_empty() {
        return Ok(all);
    }
    let zone = zone(client).await?;
    if !filter.from.is_empty() {
        all.push(format!("from={}", first_moment(&filter.from, 0, &zone)?));
    }
    if !filter.to.is_empty() {
        all.push(format!("to={}", first_moment(&filter.to, 1, &zone)?));
    }
    Ok(all)
}

//! The office's numbers: listed, claimed, given back, tried.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Extension, Path, State};
use axum::http::{StatusCode, Uri};
use serde::Deserialize;

use crate::api::answer::{json, query, unreadable, value};
use crate::api::door::Caller;
use crate::api::named::number_of;
use crate::api::reach::Api;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::request::{ApiRequest, Simulation, When};
use crate::api::route::call::with_trail;
use crate::api::schema::number::{DocumentLine, FreeNumber, NumberLine, SimulateBody};
use crate::api::schema::schema::CallWithTrail;
use crate::office::claim::{claim, free, release};
use crate::office::library::Library;
use crate::office::number::Number;
use crate::office::number_document::HeldDocument;
use crate::office::snapshot::Office;
use crate::words::Words;

/// Free numbers of one answer.
const MOST_FREE: usize = 100;
/// Keys of one rehearsed call.
const MOST_KEYS: usize = 64;

/// The office's numbers at a glance.
#[utoipa::path(get, path = "/v1/numbers", responses((status = 200, body = Vec<NumberLine>)))]
pub(crate) async fn list(State(api): State<Api>) -> Result<Json<Vec<NumberLine>>, Refusal> {
    let office = api.switchboard.ask(|reply| ApiRequest::Office { reply }).await?;
    let documents = api.switchboard.ask(|reply| ApiRequest::Documents { reply }).await?;
    let lines = office.numbers.values().map(|number| line(number, &office, &documents));
    Ok(Json(lines.collect()))
}

fn line(number: &Number, office: &Office, documents: &[HeldDocument]) -> NumberLine {
    let document = documents.iter().find(|document| document.number == number.number);
    let trunk = office.trunks.values().find(|trunk| trunk.brings(&number.number));
    NumberLine {
        number: number.number.to_string(),
        presented: number.presented.as_ref().map(ToString::to_string),
        route: number.route.to_string(),
        default: number.is_default,
        hours: number.hours.as_ref().map(ToString::to_string),
        trunk: trunk.map(|trunk| trunk.name.to_string()),
        label: trunk.map(|trunk| trunk.label.clone()).unwrap_or_default(),
        document: document.map(DocumentLine::from),
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FreeQuery {
    #[serde(default)]
    find: String,
}

/// Numbers of the trunks' blocks that nobody has taken yet, at most 100.
#[utoipa::path(get, path = "/v1/numbers/free",
    params(("find" = Option<String>, Query, description = "Digits that the number holds")),
    responses((status = 200, body = Vec<FreeNumber>)))]
pub(crate) async fn unclaimed(
    State(api): State<Api>,
    uri: Uri,
) -> Result<Json<Vec<FreeNumber>>, Refusal> {
    let asked: FreeQuery = query(&uri)?;
    let office = api.switchboard.ask(|reply| ApiRequest::Office { reply }).await?;
    let digits: String = asked.find.chars().filter(char::is_ascii_digit).collect();
    // A national number is found by what follows its 0.
    let part = digits.strip_prefix('0').unwrap_or(&digits);
    let found = free(&office, part).take(MOST_FREE).map(|(number, trunk)| FreeNumber {
        number: number.to_string(),
        trunk: trunk.name.to_string(),
        label: trunk.label.clone(),
    });
    Ok(Json(found.collect()))
}

/// Takes a number of a trunk's block into use, live for the next call. The body is the number as an
/// item of the office document's `numbers`, in JSON; `number` alone will do.
#[utoipa::path(post, path = "/v1/numbers",
    request_body(content = serde_json::Value, content_type = "application/json"),
    responses((status = 201, body = NumberLine), (status = 400, body = Refusal),
        (status = 409, body = Refusal), (status = 422, body = Refusal)))]
pub(crate) async fn take(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Result<(StatusCode, Json<NumberLine>), Refusal> {
    let item: serde_json::Value = json(&body)?;
    let typed = item.get("number").and_then(serde_json::Value::as_str).unwrap_or_default();
    let _turn = api.office_turn.lock().await;
    let before = api.switchboard.ask(|reply| ApiRequest::Office { reply }).await?;
    let number = number_of(typed, &before)?;
    if before.numbers.contains_key(&number) {
        let message = Words::new(
            format!("{number} 번은 이미 쓰고 있습니다"),
            format!("{number} is in use already"),
        );
        return Err(Refusal::new(RefusalKind::Conflict, message));
    }
    let held = api.switchboard.ask(|reply| ApiRequest::Sounds { reply }).await?;
    let office = claim(&before, &item, Library::of(&held)).map_err(Refusal::invalid)?;
    let office = Arc::new(office);
    save(&api, Arc::clone(&office), caller).await?;
    let claimed = office.numbers.get(&number).ok_or_else(Refusal::not_found)?;
    // One that was given back before may have left its document here.
    let documents = api.switchboard.ask(|reply| ApiRequest::Documents { reply }).await?;
    Ok((StatusCode::CREATED, Json(line(claimed, &office, &documents))))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReleaseQuery {
    default: Option<String>,
}

/// Gives a number back. Calls in progress go on; later ones are written down as `preservedNumber`.
#[utoipa::path(delete, path = "/v1/numbers/{number}",
    params(("number" = String, Path),
        ("default" = Option<String>, Query, description = "Becomes the default number")),
    responses((status = 200, description = "Given back"), (status = 400, body = Refusal),
        (status = 409, body = Refusal)))]
pub(crate) async fn give_back(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(number): Path<String>,
    uri: Uri,
) -> Result<StatusCode, Refusal> {
    let asked: ReleaseQuery = query(&uri)?;
    let _turn = api.office_turn.lock().await;
    let before = api.switchboard.ask(|reply| ApiRequest::Office { reply }).await?;
    let number = number_of(&number, &before)?;
    let default = asked.default.map(|text| number_of(&text, &before)).transpose()?;
    let office = release(&before, &number, default.as_ref())
        .map_err(|why| Refusal::new(RefusalKind::Conflict, why))?;
    save(&api, Arc::new(office), caller).await?;
    Ok(StatusCode::OK)
}

/// What would become of a call if every phone rang and nobody answered: decided by the same code as
/// a real call, over the office, the phones and the calls there are just now. Nothing rings.
#[utoipa::path(post, path = "/v1/simulate", request_body = SimulateBody,
    responses((status = 200, body = CallWithTrail), (status = 400, body = Refusal),
        (status = 409, body = Refusal)))]
pub(crate) async fn simulate(
    State(api): State<Api>,
    body: Bytes,
) -> Result<Json<CallWithTrail>, Refusal> {
    let SimulateBody { number, caller, at, at_local, keys } = json(&body)?;
    let at = match (at, at_local) {
        (Some(at), None) => Some(When::Exact(at)),
        (None, Some(text)) => Some(When::Local(value("at_local", &text)?)),
        (None, None) => None,
        (Some(_), Some(text)) => return Err(unreadable("at_local", &text)),
    };
    let is_key = |key: &String| matches!(key.as_bytes(), [b'0'..=b'9' | b'*' | b'#' | b'A'..=b'D']);
    if let Some(wrong) = keys.iter().find(|key| !is_key(key)).or(keys.get(MOST_KEYS)) {
        return Err(unreadable("keys", wrong));
    }
    let keys = keys.iter().flat_map(|key| key.chars()).collect();
    let call = Simulation { number, caller, at, keys };
    let record = api.switchboard.ask(|reply| ApiRequest::Simulate { call, reply }).await?;
    Ok(Json(with_trail(record)))
}

async fn save(api: &Api, office: Arc<Office>, caller: Caller) -> Result<(), Refusal> {
    let who = caller.0;
    api.switchboard.ask(|reply| ApiRequest::SaveOffice { office, who, reply }).await
}

//! Customers: those with a profile, the leads that calls have brought, and making one of two.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Extension, Path, State};
use axum::http::{StatusCode, Uri};
use serde::Deserialize;

use crate::api::answer::{json, query, unreadable};
use crate::api::door::Caller;
use crate::api::reach::Api;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::request::ApiRequest;
use crate::api::schema::schema::{CustomerBody, CustomerLine, MergeBody};
use crate::history::conversation::lead::Lead;
use crate::office::customer::Customer;
use crate::office::document::document::parse_with;
use crate::office::document::print::print;
use crate::office::language::Language;
use crate::office::library::Library;
use crate::office::phone_number::PhoneNumber;
use crate::office::snapshot::Office;
use crate::office::sought::Sought;
use crate::office::tag::{CUSTOMER_TAGS, Tag, add_tag};
use crate::words::Words;

/// Of one list.
const ROWS: u32 = 1_000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CustomerQuery {
    party: Option<String>,
    kind: Option<Kind>,
    limit: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Customers,
    Leads,
    Blocked,
}

/// Customers by their number, then leads, the last met first. The blocked are listed when they are
/// asked for (L194).
#[utoipa::path(get, path = "/v1/customers",
    params(
        ("party" = Option<String>, Query, description = "Part of a number or name"),
        ("kind" = Option<Kind>, Query, description = "Only these; the blocked only so"),
        ("limit" = Option<u32>, Query, description = "1 to 1000; 100 unless given"),
    ),
    responses((status = 200, body = Vec<CustomerLine>), (status = 400, body = Refusal)))]
pub(crate) async fn list(
    State(api): State<Api>,
    uri: Uri,
) -> Result<Json<Vec<CustomerLine>>, Refusal> {
    let asked: CustomerQuery = query(&uri)?;
    let rows = asked.limit.unwrap_or(100).clamp(1, ROWS);
    let part = plus(&asked.party.unwrap_or_default());
    let office = api.switchboard.ask(|reply| ApiRequest::Office { reply }).await?;
    let sought = Sought::new(&part, Some(&office.dial_out.home));
    let mut lines: Vec<CustomerLine> = match asked.kind {
        Some(Kind::Leads) => Vec::new(),
        kind => office
            .customers
            .values()
            .filter(|customer| customer.blocked == (kind == Some(Kind::Blocked)))
            .filter(|customer| customer.is_like(&sought))
            .map(CustomerLine::from)
            .take(rows as usize)
            .collect(),
    };
    if matches!(asked.kind, None | Some(Kind::Leads)) {
        let leads = leads(&api, &part, rows).await?.into_iter();
        let strangers = leads.filter(|lead| office.customer(&lead.number).is_none());
        lines.extend(strangers.map(CustomerLine::from));
        lines.truncate(rows as usize);
    }
    Ok(Json(lines))
}

/// One customer or lead, by any of the customer's numbers.
#[utoipa::path(get, path = "/v1/customers/{number}", params(("number" = String, Path)),
    responses((status = 200, body = CustomerLine), (status = 404, body = Refusal)))]
pub(crate) async fn read(
    State(api): State<Api>,
    Path(number): Path<String>,
) -> Result<Json<CustomerLine>, Refusal> {
    let office = api.switchboard.ask(|reply| ApiRequest::Office { reply }).await?;
    let number = number_of(&number, &office)?;
    if let Some(customer) = office.customer(&number) {
        return Ok(Json(CustomerLine::from(customer)));
    }
    let leads = leads(&api, number.as_str(), ROWS).await?;
    let lead = leads.into_iter().find(|lead| lead.number == number);
    lead.map(|lead| Json(CustomerLine::from(lead))).ok_or_else(Refusal::not_found)
}

/// Gives a number a profile, or changes the one it has. A lead becomes a customer.
#[utoipa::path(put, path = "/v1/customers/{number}", params(("number" = String, Path)),
    request_body = CustomerBody,
    responses((status = 200, body = CustomerLine), (status = 400, body = Refusal),
        (status = 422, body = Refusal)))]
pub(crate) async fn write(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(number): Path<String>,
    body: Bytes,
) -> Result<Json<CustomerLine>, Refusal> {
    let asked: CustomerBody = json(&body)?;
    change(&api, caller, async |office| {
        let number = number_of(&number, office)?;
        let mut customer = match office.customer(&number) {
            Some(customer) => customer.clone(),
            None => of_lead(&api, &number).await?,
        };
        amend(&mut customer, asked, office)?;
        office.customers.insert(customer.number.clone(), customer.clone());
        Ok(CustomerLine::from(&customer))
    })
    .await
    .map(Json)
}

/// Takes a customer's profile away; the number is a lead then, and the history stays.
#[utoipa::path(delete, path = "/v1/customers/{number}", params(("number" = String, Path)),
    responses((status = 204, description = "The profile is gone"), (status = 404, body = Refusal)))]
pub(crate) async fn forget(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(number): Path<String>,
) -> Result<StatusCode, Refusal> {
    change(&api, caller, async |office| {
        let number = number_of(&number, office)?;
        let main = office.customer(&number).map(|customer| customer.number.clone());
        main.and_then(|main| office.customers.remove(&main)).ok_or_else(Refusal::not_found)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a customer the number of a lead, whose conversations follow (L195). Two customers, or two
/// leads, are never made one.
#[utoipa::path(post, path = "/v1/customers/{number}/merge", params(("number" = String, Path)),
    request_body = MergeBody,
    responses((status = 200, body = CustomerLine), (status = 404, body = Refusal),
        (status = 409, body = Refusal)))]
pub(crate) async fn merge(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(number): Path<String>,
    body: Bytes,
) -> Result<Json<CustomerLine>, Refusal> {
    let asked: MergeBody = json(&body)?;
    change(&api, caller, async |office| {
        let (number, lead) = (number_of(&number, office)?, number_of(&asked.lead, office)?);
        if office.customer(&lead).is_some() {
            return Err(conflict(
                "이미 고객으로 등록된 번호입니다. 두 고객은 합칠 수 없습니다",
                "that number is a customer's; two customers are not made one",
            ));
        }
        let Some(main) = office.customer(&number).map(|customer| customer.number.clone()) else {
            return Err(conflict(
                "고객으로 등록되지 않은 번호입니다. 먼저 고객으로 등록하세요",
                "that number has no profile; give it one first",
            ));
        };
        let customer = office.customers.get_mut(&main).ok_or_else(Refusal::not_found)?;
        customer.also.insert(lead.clone());
        if customer.name.is_empty() {
            customer.name = of_lead(&api, &lead).await?.name;
        }
        Ok(CustomerLine::from(&*customer))
    })
    .await
    .map(Json)
}

/// Changes the office, and with it the record of who changed what.
async fn change<T>(
    api: &Api,
    caller: Caller,
    work: impl AsyncFnOnce(&mut Office) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let _turn = api.office_turn.lock().await;
    let before = api.switchboard.ask(|reply| ApiRequest::Office { reply }).await?;
    let mut office = Office::clone(&before);
    let done = work(&mut office).await?;
    // What a document refuses is refused here too.
    let held = api.switchboard.ask(|reply| ApiRequest::Sounds { reply }).await?;
    let office = parse_with(&print(&office, true), None, Library::of(&held));
    let office = office.map_err(Refusal::invalid)?;
    if office != *before {
        let (office, who) = (Arc::new(office), caller.0);
        api.switchboard.ask(|reply| ApiRequest::SaveOffice { office, who, reply }).await?;
    }
    Ok(done)
}

fn amend(customer: &mut Customer, asked: CustomerBody, office: &Office) -> Result<(), Refusal> {
    if let Some(name) = asked.name {
        customer.name = name;
    }
    match asked.language.as_deref() {
        None => {}
        Some("") => customer.language = None,
        Some(code) => {
            let language: Language = code.parse().map_err(|_| unreadable("language", code))?;
            customer.language = Some(language);
        }
    }
    if let Some(tags) = asked.tags {
        customer.tags.clear();
        for text in tags {
            let tag = Tag::parse(&text).map_err(|_| unreadable("tags", &text))?;
            if !add_tag(&mut customer.tags, tag, CUSTOMER_TAGS) {
                return Err(too_many_tags());
            }
        }
    }
    if let Some(also) = asked.also {
        let numbers: Result<BTreeSet<PhoneNumber>, Refusal> =
            also.iter().map(|text| number_of(text, office)).collect();
        customer.also = numbers?;
    }
    customer.blocked = asked.blocked.unwrap_or(customer.blocked);
    Ok(())
}

fn too_many_tags() -> Refusal {
    let message = Words::new(
        format!("고객 태그는 {CUSTOMER_TAGS}개까지입니다"),
        format!("a customer has at most {CUSTOMER_TAGS} tags"),
    );
    Refusal::new(RefusalKind::BadRequest, message)
}

/// A profile that begins with what is known of the lead.
async fn of_lead(api: &Api, number: &PhoneNumber) -> Result<Customer, Refusal> {
    let leads = leads(api, number.as_str(), ROWS).await?;
    let name = leads.into_iter().find(|lead| lead.number == *number).map(|lead| lead.name);
    Ok(Customer {
        number: number.clone(),
        also: BTreeSet::new(),
        name: name.unwrap_or_default().trim().to_owned(),
        language: None,
        tags: BTreeSet::new(),
        blocked: false,
    })
}

async fn leads(api: &Api, part: &str, rows: u32) -> Result<Vec<Lead>, Refusal> {
    let part = part.to_owned();
    api.switchboard.ask(|reply| ApiRequest::Leads { part, rows, reply }).await
}

fn number_of(text: &str, office: &Office) -> Result<PhoneNumber, Refusal> {
    PhoneNumber::normalise(text, &office.dial_out.home).map_err(|_| unreadable("number", text))
}

/// In an address `+` means a blank.
fn plus(text: &str) -> String {
    text.strip_prefix(' ').map_or_else(|| text.to_owned(), |digits| format!("+{digits}"))
}

fn conflict(ko: &str, en: &str) -> Refusal {
    Refusal::new(RefusalKind::Conflict, Words::new(ko, en))
}

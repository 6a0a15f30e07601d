//! Requests about conversations and customers, as the API takes them.

use bytes::Bytes;
use serde::Serialize;

use crate::api::address::{percent_encoded, with_conditions};
use crate::api::client::Client;
use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::route::closing::{CloseBody, Closed};
use crate::api::schema::schema::{
    AssignBody, CallBackBody, ConversationPage, CustomerLine, MergeBody, NoteBody, SnoozeBody,
    TagsBody,
};
use crate::console::action::Request;
use crate::console::ask::cases::cases;
use crate::console::desk::{ConversationFilter, CustomerFilter, DeskReport, DeskRequest, Wish};
use crate::console::fetch::{garbled, get, read, send};
use crate::console::report::Report;
use crate::words::Words;

/// Of a customer's conversations.
const NEWEST: &str = "50";

/// The most that one request closes.
const CLOSED_AT_ONCE: usize = 1_000;

pub(crate) async fn ask(client: &Client, request: DeskRequest) -> Result<Vec<Report>, Refusal> {
    Ok(vec![match request {
        DeskRequest::Conversations { filter, before } => {
            Report::Desk(conversations(client, filter, before).await?)
        }
        DeskRequest::Conversation(id) => {
            let found = get(client, &format!("/v1/conversations/{id}")).await?;
            Report::Desk(DeskReport::Conversation(Box::new(found)))
        }
        DeskRequest::Wish { conversations, wish } => {
            Report::Done(wish_all(client, &conversations, &wish).await?)
        }
        DeskRequest::CloseAll(all) => Report::Done(close_all(client, &all).await?),
        DeskRequest::CallBack { conversation, agent, again } => {
            return Ok(vec![call_back(client, conversation, agent, again).await?]);
        }
        DeskRequest::Cases { filter, before } => Report::Desk(cases(client, filter, before).await?),
        DeskRequest::Customers(filter) => {
            let lines = customers(client, &filter).await?;
            Report::Desk(DeskReport::Customers { filter, lines })
        }
        DeskRequest::Customer(number) => Report::Desk(customer(client, &number).await?),
        DeskRequest::Amend { number, body } => {
            let path = format!("/v1/customers/{}", percent_encoded(&number));
            send(client, "PUT", &path, body_of(&body)?).await?;
            return Ok(amended(Words::new("고객 정보를 저장했습니다", "the customer is saved")));
        }
        DeskRequest::Forget(number) => {
            let path = format!("/v1/customers/{}", percent_encoded(&number));
            send(client, "DELETE", &path, Bytes::new()).await?;
            return Ok(amended(Words::new(
                "고객 정보를 지웠습니다. 상담 기록은 남습니다",
                "the profile is gone; the history stays",
            )));
        }
        DeskRequest::Merge { number, lead } => {
            let path = format!("/v1/customers/{}/merge", percent_encoded(&number));
            let said = Words::new(
                format!("{lead}은(는) 이제 이 고객의 번호입니다"),
                format!("{lead} is a number of this customer now"),
            );
            send(client, "POST", &path, body_of(&MergeBody { lead })?).await?;
            return Ok(amended(said));
        }
    }])
}

fn amended(said: Words) -> Vec<Report> {
    vec![Report::Done(said), Report::Desk(DeskReport::Amended)]
}

async fn conversations(
    client: &Client,
    filter: ConversationFilter,
    before: Option<String>,
) -> Result<DeskReport, Refusal> {
    let is_first = before.is_none();
    let mut conditions: Vec<(&str, Option<String>)> = filter
        .parts()
        .into_iter()
        .map(|(name, text)| (name, (!text.is_empty()).then(|| text.to_owned())))
        .collect();
    conditions.push(("before", before));
    let page = get(client, &with_conditions("/v1/conversations", &conditions)).await?;
    Ok(DeskReport::Conversations { filter, page, is_first })
}

/// One after the other; whoever is refused in the middle learns how far it has come.
async fn wish_all(client: &Client, all: &[u64], wish: &Wish) -> Result<Words, Refusal> {
    if let [one] = all {
        wished(client, *one, wish).await?;
        return Ok(said(*one, wish));
    }
    for (done, id) in all.iter().enumerate() {
        if let Err(refusal) = wished(client, *id, wish).await {
            let message = Words::new(
                format!("{done}건까지 했습니다. 상담 {id}: {}", refusal.message.ko),
                format!("{done} are done; conversation {id}: {}", refusal.message.en),
            );
            return Err(Refusal { message, ..refusal });
        }
    }
    let count = all.len();
    let (ko, en) = what(wish);
    Ok(Words::new(format!("상담 {count}건: {ko}"), format!("{count} conversations: {en}")))
}

async fn wished(client: &Client, id: u64, wish: &Wish) -> Result<(), Refusal> {
    let (verb, body) = match wish {
        Wish::Close => ("close", Bytes::new()),
        Wish::Open => ("open", Bytes::new()),
        Wish::Snooze(time) => ("snooze", body_of(&SnoozeBody { time: time.clone() })?),
        Wish::Note(text) => ("notes", body_of(&NoteBody { text: text.clone() })?),
        Wish::Describe(text) => ("description", body_of(&NoteBody { text: text.clone() })?),
        Wish::Tag(tags) => ("tags", body_of(&TagsBody { tags: tags.clone() })?),
        Wish::Assign { agent, team } => {
            let given = |text: &String| (!text.is_empty()).then(|| text.clone());
            ("assign", body_of(&AssignBody { agent: given(agent), team: given(team) })?)
        }
    };
    send(client, "POST", &format!("/v1/conversations/{id}/{verb}"), body).await.map(drop)
}

fn said(id: u64, wish: &Wish) -> Words {
    let (ko, en) = what(wish);
    Words::new(format!("상담 {id}: {ko}"), format!("conversation {id}: {en}"))
}

/// What has become of it, in Korean and English.
fn what(wish: &Wish) -> (String, String) {
    let of = |ko: &str, en: &str| (ko.to_owned(), en.to_owned());
    match wish {
        Wish::Close => of("종료했습니다", "closed"),
        Wish::Open => of("열었습니다", "open"),
        Wish::Snooze(time) => {
            of(&format!("{time} 동안 보류합니다"), &format!("put away for {time}"))
        }
        Wish::Note(_) => of("메모를 남겼습니다", "noted"),
        Wish::Describe(_) => of("설명을 적었습니다", "described"),
        Wish::Tag(_) => of("태그를 바꿨습니다", "tagged"),
        Wish::Assign { .. } => of("담당을 바꿨습니다", "assigned"),
    }
}

async fn close_all(client: &Client, all: &[u64]) -> Result<Words, Refusal> {
    let mut count = 0;
    for part in all.chunks(CLOSED_AT_ONCE) {
        let body = body_of(&CloseBody { ids: Some(part.to_vec()), ..CloseBody::default() })?;
        let answer = send(client, "POST", "/v1/conversations/close", body).await?;
        count += read::<Closed>(&answer)?.closed;
    }
    let en = if count == 1 { "conversation is" } else { "conversations are" };
    Ok(Words::new(format!("상담 {count}건을 종료했습니다"), format!("{count} {en} closed")))
}

/// A customer somebody has got through to already is called again only when the person says so
/// (L66).
async fn call_back(
    client: &Client,
    conversation: u64,
    agent: String,
    again: bool,
) -> Result<Report, Refusal> {
    let said = Words::new(
        format!("{agent}의 전화기가 울립니다. 받으면 고객에게 겁니다"),
        format!("{agent}'s phone rings; when it is answered, the customer is called"),
    );
    let path = format!("/v1/conversations/{conversation}/callback");
    let body = body_of(&CallBackBody { agent: agent.clone(), again })?;
    let Err(refusal) = send(client, "POST", &path, body).await else {
        return Ok(Report::Done(said));
    };
    let is_handled = refusal.kind == RefusalKind::Conflict && {
        let path = format!("/v1/conversations/{conversation}");
        let found: serde_json::Value = get(client, &path).await?;
        found.get("handled").is_some_and(serde_json::Value::is_number)
    };
    if again || !is_handled {
        return Err(refusal);
    }
    let question = Words::new(
        "누군가 이미 이 고객과 통화했습니다. 그래도 걸까요?",
        "Somebody has talked with this customer already. Call all the same?",
    );
    let request = Request::Desk(DeskRequest::CallBack { conversation, agent, again: true });
    Ok(Report::Doubt { question, request: Box::new(request) })
}

async fn customers(client: &Client, filter: &CustomerFilter) -> Result<Vec<CustomerLine>, Refusal> {
    let given = |text: &String| (!text.is_empty()).then(|| text.clone());
    let conditions = [
        ("party", given(&filter.party)),
        ("kind", given(&filter.kind)),
        ("limit", Some("1000".to_owned())),
    ];
    get(client, &with_conditions("/v1/customers", &conditions)).await
}

async fn customer(client: &Client, number: &str) -> Result<DeskReport, Refusal> {
    let path = format!("/v1/customers/{}", percent_encoded(number));
    let line: CustomerLine = get(client, &path).await?;
    let mut conversations = Vec::new();
    for number in std::iter::once(&line.number).chain(&line.also) {
        let conditions = [("party", Some(number.clone())), ("limit", Some(NEWEST.to_owned()))];
        let path = with_conditions("/v1/conversations", &conditions);
        let page: ConversationPage = get(client, &path).await?;
        conversations.extend(page.conversations);
    }
    conversations.sort_by_key(|one| std::cmp::Reverse((one.active(), one.id)));
    conversations.dedup_by_key(|one| one.id);
    Ok(DeskReport::Customer { line: Box::new(line), conversations })
}

fn body_of<T: Serialize>(value: &T) -> Result<Bytes, Refusal> {
    serde_json::to_vec(value).map(Bytes::from).map_err(|_| garbled())
}

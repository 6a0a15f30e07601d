//! Conversations and customers of the fixed office.

use naru::api::schema::schema::{CasePage, ConversationDetail, ConversationPage, CustomerLine};
use naru::console::desk::{DeskReport, DeskRequest};
use naru::console::report::Report;
use naru::history::conversation::case_record::CaseRecord;
use naru::history::conversation::conversation::Conversation;
use naru::words::Words;
use serde_json::{Value, json};

use crate::world::{ago, of, record};

pub(crate) fn answer(request: DeskRequest) -> Vec<Report> {
    let done = || Report::Done(Words::new("했습니다", "done"));
    match request {
        DeskRequest::Conversations { filter, before } => {
            let found = conversations().into_iter().filter(|one| filter.fits(one)).collect();
            let conversations = if before.is_some() { Vec::new() } else { found };
            let page = ConversationPage { conversations, next: None };
            let is_first = before.is_none();
            vec![Report::Desk(DeskReport::Conversations { filter, page, is_first })]
        }
        DeskRequest::Conversation(id) => {
            vec![Report::Desk(DeskReport::Conversation(Box::new(detail(id))))]
        }
        DeskRequest::Cases { filter, before } => {
            let is_wanted = |one: &CaseRecord| {
                let owner = one.assignee.as_ref().map_or("", |agent| agent.as_str());
                filter.assignee.is_empty() || filter.assignee == owner
            };
            let found = if before.is_some() { Vec::new() } else { cases() };
            let cases = found.into_iter().filter(is_wanted).collect();
            let page = CasePage { cases, next: None };
            let is_first = before.is_none();
            vec![Report::Desk(DeskReport::Cases { filter, page, is_first })]
        }
        DeskRequest::Customers(filter) => {
            let is_wanted = |line: &CustomerLine| match filter.kind.as_str() {
                "leads" => line.lead,
                "blocked" => line.blocked,
                "customers" => !line.lead && !line.blocked,
                _ => !line.blocked,
            };
            let lines = customers().into_iter().filter(is_wanted).collect();
            vec![Report::Desk(DeskReport::Customers { filter, lines })]
        }
        DeskRequest::Customer(number) => {
            let line = customers().into_iter().find(|line| line.number == number).unwrap();
            let conversations = conversations();
            vec![Report::Desk(DeskReport::Customer { line: Box::new(line), conversations })]
        }
        DeskRequest::Wish { .. }
        | DeskRequest::CloseAll(_)
        | DeskRequest::CallBack { .. }
        | DeskRequest::Amend { .. }
        | DeskRequest::Forget(_)
        | DeskRequest::Merge { .. } => vec![done()],
    }
}

fn conversation(id: u64, fields: &Value) -> Conversation {
    let mut one = json!({
        "id": id, "customer": "+821098765432", "name": "박서연", "number": "+827012345678",
        "direction": "inbound", "created": ago(9_000), "state": "opened", "team": "support",
        "assignee": null, "followers": [], "tags": [], "description": "",
        "last_call": ago(9_000 + i64::try_from(id).unwrap()), "last_note": null, "handled": null,
        "case": {"seq": 1, "opened": ago(9_000), "queued": null, "answered": null, "closed": null,
            "snoozed_ms": 0, "snoozed": 0, "missed": 1, "called_back": 0, "tags": []},
    });
    let all = one.as_object_mut().unwrap();
    all.extend(fields.as_object().unwrap().clone());
    of(one)
}

fn conversations() -> Vec<Conversation> {
    let case = |missed: u32, called_back: u32| {
        json!({"seq": 1, "opened": ago(9_000), "queued": null, "answered": null, "closed": null,
            "snoozed_ms": 0, "snoozed": 0, "missed": missed, "called_back": called_back,
            "tags": []})
    };
    vec![
        conversation(
            41,
            &json!({"state": "missed", "since": ago(240), "reason": "userLeftInQueued",
                "followers": ["101"], "tags": ["견적", "급함"], "case": case(3, 1),
                "description": "지난주에 보낸 견적을 물어봄"}),
        ),
        conversation(
            40,
            &json!({"customer": "+81312345678", "name": "田中", "state": "missed",
                "since": ago(5_400), "reason": "notInOperation", "number": "+827012345679",
                "assignee": "102", "followers": ["102"]}),
        ),
        conversation(
            39,
            &json!({"customer": null, "name": "", "state": "missed", "since": ago(190_000),
                "reason": "ringTimeOver", "team": null,
                "case": case(1, 2)}),
        ),
        conversation(
            38,
            &json!({"customer": "+12125550100", "name": "Bob Miller", "assignee": "101",
                "tags": ["배송"]}),
        ),
        conversation(
            37,
            &json!({"customer": "+82212345678", "name": "한빛상사", "state": "snoozed",
                "since": ago(600), "until": ago(-7_200), "assignee": "103"}),
        ),
        conversation(
            36,
            &json!({"customer": "+821055501234", "name": "", "state": "closed", "at": ago(80_000)}),
        ),
    ]
}

fn detail(id: u64) -> ConversationDetail {
    let conversation = conversations().into_iter().find(|one| one.id.0 == id).unwrap();
    let entry = |seconds: i64, who: Option<&str>, what: Value| {
        of(json!({"conversation": id, "at": ago(seconds), "who": who, "what": what}))
    };
    let missed = json!({
        "conversation": id, "engaged": null, "outcome": "missed",
        "missed_reason": "userLeftInQueued", "agent": null,
    });
    ConversationDetail {
        cases: vec![conversation.case.clone()],
        calls: vec![record(90, &json!({"conversation": id})), record(89, &missed)],
        log: vec![
            entry(9_000, None, json!({"kind": "called", "call": 89, "direction": "inbound"})),
            entry(9_000, None, json!({"kind": "opened"})),
            entry(8_990, None, json!({"kind": "missed", "reason": "userLeftInQueued"})),
            entry(8_000, Some("admin"), json!({"kind": "tagged", "tags": ["견적", "급함"]})),
            entry(
                7_900,
                Some("admin"),
                json!({"kind": "note", "text": "오전에 두 번 전화했다고 함. 견적서 3번 항목의 \
                    단가가 지난번과 다르다며 오늘 안에 답을 달라고 하심. See the quote in the \
                    shared folder."}),
            ),
            entry(3_700, None, json!({"kind": "called_back", "agent": "101"})),
            entry(3_600, None, json!({"kind": "called", "call": 90, "direction": "outbound"})),
        ],
        conversation,
    }
}

fn cases() -> Vec<CaseRecord> {
    let case = |conversation: u64, seq: u32, opened: i64, fields: Value| {
        let mut case = json!({
            "conversation": conversation, "seq": seq, "opened": ago(opened), "queued": null,
            "answered": null, "closed": null, "snoozed_ms": 0, "snoozed": 0, "missed": 0,
            "called_back": 0, "tags": [], "customer": "+821098765432", "name": "박서연",
            "number": "+827012345678", "direction": "inbound", "priority": "medium",
            "workflow": null, "team": "support", "assignee": null, "followers": [],
        });
        case.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        of(case)
    };
    vec![
        case(41, 2, 9_000, json!({"missed": 3, "tags": ["견적", "급함"]})),
        case(
            38,
            1,
            20_000,
            json!({"customer": "+12125550100", "name": "Bob Miller",
            "answered": ago(19_960), "assignee": "101", "tags": ["배송"]}),
        ),
        case(
            41,
            1,
            200_000,
            json!({"answered": ago(199_991), "closed": ago(150_000),
            "snoozed_ms": 7_200_000, "snoozed": 1, "assignee": "102"}),
        ),
        case(
            36,
            1,
            300_000,
            json!({"customer": null, "name": "", "team": null,
            "closed": ago(299_000), "missed": 1}),
        ),
    ]
}

fn customers() -> Vec<CustomerLine> {
    let line = |fields: Value| {
        let mut line = json!({
            "number": "", "also": [], "name": "", "language": null, "tags": [],
            "blocked": false, "lead": false, "last_met": null,
        });
        line.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        of(line)
    };
    vec![
        line(json!({"number": "+81312345678", "name": "田中", "language": "ja",
            "tags": ["도매"], "also": ["+819012345678"]})),
        line(json!({"number": "+82212345678", "name": "한빛상사"})),
        line(json!({"number": "+821098765432", "name": "박서연", "lead": true,
            "last_met": ago(240)})),
        line(json!({"number": "+12125550100", "name": "Bob Miller", "lead": true,
            "last_met": ago(90_000)})),
        line(json!({"number": "+827099990000", "name": "스팸", "blocked": true})),
    ]
}

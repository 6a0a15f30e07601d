//! What one trunk can be told.

use serde_json::{Value, json};

use crate::console::document::find;
use crate::console::edit::Target;
use crate::console::screens::encryption;
use crate::console::screens::form::page::Page;
use crate::console::view::View;
use crate::console::widgets::field::{Choice, Field};
use crate::console::widgets::form::Form;
use crate::office::srtp::SrtpPolicy;
use crate::office::transport::Transport;
use crate::words::Words;

#[must_use]
pub fn new_trunk() -> Page {
    let mut fields = vec![Field::text(
        "name",
        Words::new("이름", "Name"),
        Words::new(
            "이 회선을 부르는 이름, 예: carrier",
            "what this trunk is called, such as carrier",
        ),
        None,
    )];
    fields.extend(fields_of(&Value::Null));
    let title = Words::new("새 회선", "New trunk");
    Page::new(title, Form::new(Target::New { section: "trunks" }, fields))
}

/// None: there is no such trunk.
#[must_use]
pub fn trunk(view: &View<'_>, name: &str) -> Option<Page> {
    let item = view.model.office.as_ref()?.item("trunks", "name", name)?;
    let target = Target::Item { section: "trunks", key: "name", id: name.to_owned() };
    let title = Words::new(format!("회선 {name}"), format!("Trunk {name}"));
    Some(Page::new(title, Form::new(target, fields_of(item))))
}

fn fields_of(item: &Value) -> Vec<Field> {
    let at = |path: &str| find(item, path);
    let mut fields = incoming(item);
    fields.push(transport(at("transport")));
    fields.extend(outgoing(&at));
    fields.extend(sound(&at));
    fields
}

fn incoming(item: &Value) -> Vec<Field> {
    let text = |path: &str, ko: &str, en: &str, help: Words| {
        Field::text(path, Words::new(ko, en), help, find(item, path))
    };
    vec![
        text(
            "label",
            "보이는 이름",
            "Shown as",
            Words::new("화면에 보이는 이름, 비워도 됩니다", "how screens call it; may be empty"),
        ),
        Field::words(
            "blocks",
            Words::new("번호", "Numbers"),
            Words::new(
                "받은 번호나 대역: +827012345600-+827012345699",
                "numbers or ranges: +827012345600-+827012345699",
            ),
            find(item, "blocks"),
        ),
        Field::heading("통신사가 이 주소에서 걸어올 때", "When the provider calls from an address"),
        text(
            "peer",
            "통신사 주소",
            "Its address",
            Words::new("예: 203.0.113.5:5060", "such as 203.0.113.5:5060"),
        ),
        Field::heading("아이디와 비밀번호로 접속할 때", "When the provider gave an account"),
        text(
            "register.server",
            "서버",
            "Server",
            Words::new("예: sip.example.net", "such as sip.example.net"),
        ),
        text(
            "register.username",
            "아이디",
            "User name",
            Words::new("통신사가 준 아이디", "the one the provider gave"),
        ),
        text(
            "register.password",
            "비밀번호",
            "Password",
            Words::new(
                "바꿀 때만 적습니다. 저장된 것은 보이지 않습니다",
                "only to change it; the stored one is not shown",
            ),
        ),
    ]
}

fn transport(original: Option<&Value>) -> Field {
    let choice = |transport: Transport| {
        let (ko, en) = match transport {
            Transport::Udp => ("UDP", "UDP"),
            Transport::Tcp => ("TCP", "TCP"),
            Transport::Tls => ("TLS, 암호화", "TLS, encrypted"),
        };
        let value = (transport != Transport::default()).then(|| json!(transport.name()));
        Choice::new(value, ko, en)
    };
    let original = original.filter(|value| value.as_str() != Some(Transport::default().name()));
    Field::choice(
        "transport",
        Words::new("접속 방식", "Reached by"),
        Transport::ALL.map(choice).to_vec(),
        original,
    )
}

fn outgoing<'a>(at: &impl Fn(&str) -> Option<&'a Value>) -> Vec<Field> {
    let word = |value: &str, ko: &str, en: &str| Choice::new(Some(json!(value)), ko, en);
    let prefix = Words::new("비워도 됩니다. 예: \"001\"의 001", "may be empty; such as 001");
    vec![
        Field::heading("거는 전화", "Calls that go out"),
        Field::words(
            "presentable",
            Words::new("보여 줄 수 있는 다른 번호", "May also show"),
            Words::new(
                "통신사가 허락한 번호를 쉼표로: +8215881234",
                "numbers that the provider allows, by commas: +8215881234",
            ),
            at("presentable"),
        ),
        Field::choice(
            "format",
            Words::new("번호 형식", "Numbers are sent"),
            vec![
                Choice::new(None, "+8270…", "as +8270…"),
                word("digits", "8270…", "as 8270…"),
                word("international", "국제 전화처럼 0082…", "as from abroad: 0082…"),
                word("national", "국내처럼 070…", "as at home: 070…"),
            ],
            at("format").filter(|value| *value != "e164"),
        ),
        Field::text(
            "international_prefix",
            Words::new("국제 전화 앞 번호", "Before numbers abroad"),
            prefix.clone(),
            at("international_prefix"),
        ),
        Field::text(
            "prefix",
            Words::new("모든 번호 앞에", "Before every number"),
            prefix,
            at("prefix"),
        ),
        Field::words(
            "countries",
            Words::new("이 회선으로 거는 나라", "Countries by this trunk"),
            Words::new("쉼표로: +82, +1. 비우면 모두", "by commas: +82, +1; empty: all"),
            at("countries"),
        )
        .or_nothing(),
    ]
}

fn sound<'a>(at: &impl Fn(&str) -> Option<&'a Value>) -> Vec<Field> {
    let word = |value: &str, ko: &str, en: &str| Choice::new(Some(json!(value)), ko, en);
    vec![
        Field::heading("소리", "Sound"),
        encryption::field(SrtpPolicy::Off, at("srtp")),
        Field::choice(
            "ringback",
            Words::new("받기 전 연결음", "Before it is answered"),
            vec![
                Choice::new(None, "우리가 들려줌", "the caller hears our ringback"),
                word("answered", "먼저 받고 들려줌", "we answer first, then ringback"),
                word("provider", "통신사가 들려줌", "the provider makes a tone"),
            ],
            at("ringback").filter(|value| *value != "early"),
        ),
    ]
}

//! What one phone of an agent can be told.

use serde_json::{Value, json};

use crate::console::document::{find, word};
use crate::console::edit::Target;
use crate::console::screens::encryption;
use crate::console::screens::form::page::Page;
use crate::console::view::View;
use crate::console::widgets::field::{Choice, Field};
use crate::console::widgets::form::Form;
use crate::office::srtp::SrtpPolicy;
use crate::words::Words;

/// None: there is no such phone.
#[must_use]
pub fn device(view: &View<'_>, extension: &str, username: &str) -> Option<Page> {
    let agent = view.model.office.as_ref()?.item("agents", "extension", extension)?;
    let devices = agent.get("devices")?.as_array()?;
    let item = devices.iter().find(|device| word(device, "username") == username)?;
    let target = Target::Entry {
        section: "agents",
        key: "extension",
        id: extension.to_owned(),
        path: "devices",
        entry_key: "username",
        entry: username.to_owned(),
    };
    let title = Words::new(format!("전화기 {username}"), format!("Phone {username}"));
    Some(Page::new(title, Form::new(target, fields(item))))
}

fn fields(item: &Value) -> Vec<Field> {
    let digest = find(item, "digest").filter(|value| *value != "md5");
    vec![
        Field::choice(
            "rings",
            Words::new("전화가 오면", "When somebody calls"),
            vec![
                Choice::new(None, "벨이 울립니다", "rings"),
                Choice::new(
                    Some(json!(false)),
                    "울리지 않습니다 (걸기만)",
                    "stays silent (calls out only)",
                ),
            ],
            find(item, "rings").filter(|value| *value == &json!(false)),
        ),
        encryption::field(SrtpPolicy::Optional, find(item, "srtp")),
        Field::choice(
            "digest",
            Words::new("비밀번호 확인 방식", "How its password is checked"),
            vec![
                Choice::new(None, "MD5 (모든 전화기)", "MD5 (every phone)"),
                Choice::new(
                    Some(json!("sha-256")),
                    "SHA-256 (지원하는 전화기만)",
                    "SHA-256 (phones that know it)",
                ),
            ],
            digest,
        ),
    ]
}

//! The document of a number: brought in from a file, written to one, or removed.

use serde_json::json;

use crate::console::action::{Action, Request};
use crate::console::screens::form::slip::Slip;
use crate::console::setup::{DocumentDeed, SetupRequest};
use crate::console::view::View;
use crate::console::widgets::field::{Choice, Field};
use crate::console::widgets::form::Form;
use crate::words::Words;

#[derive(Debug)]
pub struct NumberDocumentSlip {
    pub number: String,
}

impl Slip for NumberDocumentSlip {
    const SEND: (&'static str, &'static str) = ("하기", "do it");

    fn title(&self, view: &View<'_>) -> String {
        format!("{} {}", view.pick("서류:", "Document of"), self.number)
    }

    fn fields(&self, _view: &View<'_>) -> Vec<Field> {
        let deed = |word: &str, ko, en| Choice::new(Some(json!(word)), ko, en);
        vec![
            Field::text(
                "file",
                Words::new("파일", "File"),
                Words::new(
                    "콘솔이 도는 컴퓨터의 파일, 예: /home/kim/계약서.pdf. 10MiB까지",
                    "on the machine of this console, such as /home/kim/contract.pdf; 10 MiB at most",
                ),
                None,
            ),
            Field::choice(
                "deed",
                Words::new("할 일", "What"),
                vec![
                    deed("keep", "이 파일을 번호에 보관", "keep this file with the number"),
                    deed(
                        "write",
                        "보관된 서류를 이 파일로 쓰기",
                        "write what is kept to this file",
                    ),
                    deed("remove", "보관된 서류 지우기", "remove what is kept"),
                ],
                Some(&json!("keep")),
            ),
        ]
    }

    fn send(&self, form: &Form) -> Action {
        let (file, number) = (form.text("file"), self.number.clone());
        let request = |deed| {
            let number = number.clone();
            Request::Setup(SetupRequest::Document { number, deed })
        };
        match form.text("deed").as_str() {
            "remove" => Action::Confirm {
                question: Words::new(
                    format!("{number} 번의 서류를 지울까요?"),
                    format!("Remove the document of {number}?"),
                ),
                request: request(DocumentDeed::Remove),
            },
            _ if file.is_empty() => {
                Action::Say(Words::new("파일 이름을 적으세요", "write the name of a file"))
            }
            "write" => Action::Ask(request(DocumentDeed::Write(file))),
            _ => Action::Ask(request(DocumentDeed::Keep(file))),
        }
    }
}

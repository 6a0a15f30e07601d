//! What the office keeps of a customer: name, language, tags, further numbers.

use serde_json::json;

use crate::api::schema::schema::{CustomerBody, CustomerLine};
use crate::console::action::{Action, Request};
use crate::console::desk::{DeskReport, DeskRequest};
use crate::console::report::Report;
use crate::console::screens::form::slip::Slip;
use crate::console::view::View;
use crate::console::widgets::field::{Choice, Field};
use crate::console::widgets::form::Form;
use crate::office::language::Language;
use crate::words::Words;

#[derive(Debug)]
pub struct Profile {
    number: String,
    /// As it is; known once it has been read.
    now: Option<CustomerLine>,
}

impl Profile {
    #[must_use]
    pub fn new(number: &str) -> Self {
        Self { number: number.to_owned(), now: None }
    }
}

impl Slip for Profile {
    const SEND: (&'static str, &'static str) = ("저장", "save");

    fn title(&self, view: &View<'_>) -> String {
        format!("{} {}", view.pick("고객", "Customer"), self.number)
    }

    fn fields(&self, _view: &View<'_>) -> Vec<Field> {
        self.now.as_ref().map_or_else(Vec::new, fields)
    }

    fn send(&self, form: &Form) -> Action {
        if self.now.is_none() {
            return Action::Redraw;
        }
        let body = CustomerBody {
            name: Some(form.text("name")),
            language: Some(form.text("language")),
            tags: Some(form.words("tags")),
            also: Some(form.words("also")),
            blocked: None,
        };
        Action::Ask(Request::Desk(DeskRequest::Amend { number: self.number.clone(), body }))
    }

    fn wanted(&self) -> Option<Request> {
        Some(Request::Desk(DeskRequest::Customer(self.number.clone())))
    }

    fn told(&mut self, report: &Report) -> bool {
        let Report::Desk(DeskReport::Customer { line, .. }) = report else { return false };
        let is_it = line.number == self.number || line.also.contains(&self.number);
        if is_it {
            self.now = Some((**line).clone());
        }
        is_it
    }
}

fn fields(line: &CustomerLine) -> Vec<Field> {
    let languages = Language::ALL.map(|language| {
        let name = language.name();
        Choice::new(Some(json!(language.code())), &name.ko, &name.en)
    });
    let by_country = Choice::new(None, "번호의 나라에 따라", "by the number's country");
    vec![
        Field::text(
            "name",
            Words::new("이름", "Name"),
            Words::new("매니저의 전화기에 보이는 이름", "what agents' phones show"),
            Some(&json!(line.name)),
        ),
        Field::choice(
            "language",
            Words::new("언어", "Speaks"),
            std::iter::once(by_country).chain(languages).collect(),
            line.language.as_ref().map(|code| json!(code)).as_ref(),
        ),
        Field::words(
            "tags",
            Words::new("태그", "Tags"),
            Words::new("쉼표로 나눕니다. 20개까지", "parted by commas; at most 20"),
            Some(&json!(line.tags)),
        ),
        Field::words(
            "also",
            Words::new("다른 번호", "Further numbers"),
            Words::new("같은 사람의 번호, 쉼표로", "of the same person, parted by commas"),
            Some(&json!(line.also)),
        ),
    ]
}

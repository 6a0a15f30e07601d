//! One customer or lead: who they are, and what they have called about.

use ratatui::crossterm::event::KeyCode;

use crate::api::schema::schema::CustomerLine;
use crate::console::action::{Action, Place, Request};
use crate::console::desk::{DeskReport, DeskRequest};
use crate::console::keymap::{Binding, look, write};
use crate::console::report::Report;
use crate::console::screens::conversation::conversations::conversation_row;
use crate::console::screens::conversation::customers::{block, kind};
use crate::console::screens::form::list::Listed;
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::line::Line;
use crate::console::widgets::table::{Column, Row, Width, column};
use crate::history::conversation::conversation::Conversation;
use crate::live::Update;
use crate::words::Words;

#[derive(Clone, Copy, Debug)]
pub enum Does {
    Look,
    Profile,
    Block,
    Merge,
    Dial,
    Forget,
}

#[derive(Debug)]
pub struct Customer {
    number: String,
    line: Option<CustomerLine>,
    conversations: Vec<Conversation>,
}

impl Customer {
    #[must_use]
    pub fn new(number: &str) -> Self {
        Self { number: number.to_owned(), line: None, conversations: Vec::new() }
    }
}

impl Listed for Customer {
    type Does = Does;

    const COLUMNS: &'static [Column] = &[
        column("상태", "STATE", Width::Share(3)),
        column("마지막", "LAST", Width::Columns(11)),
        column("고객", "CUSTOMER", Width::Share(2)),
        column("우리 번호", "NUMBER", Width::Wide(13)),
        column("담당", "OWNER", Width::Columns(10)),
        column("태그", "TAGS", Width::Wide(24)),
    ];

    const KEYS: &'static [Binding<Does>] = &[
        look(KeyCode::Enter, "Enter", Does::Look, "그 상담", "that conversation"),
        write(KeyCode::Char('d'), "d", Does::Dial, "전화 걸기", "dial"),
        write(KeyCode::Char('e'), "e", Does::Profile, "고치기", "edit"),
        write(KeyCode::Char('b'), "b", Does::Block, "차단/해제", "block or release"),
        write(KeyCode::Char('g'), "g", Does::Merge, "리드 합치기", "merge a lead"),
        write(KeyCode::Char('x'), "x", Does::Forget, "정보 지우기", "drop the profile"),
    ];

    fn title(&self, view: &View<'_>) -> String {
        let name = self.line.as_ref().map_or("", |line| line.name.as_str());
        format!("{} {}  {name}", view.pick("고객", "Customer"), self.number)
    }

    fn above(&self, view: &View<'_>, _width: usize) -> Vec<Line> {
        let Some(line) = &self.line else { return Vec::new() };
        let (kind, tone) = kind(view, line);
        let numbers: Vec<&str> =
            std::iter::once(&line.number).chain(&line.also).map(String::as_str).collect();
        let by_country = view.pick("번호의 나라에 따라", "by the number's country");
        let language = line.language.as_deref().unwrap_or(by_country);
        let pair = |label, value: &str| Line::pair(view, label, value, Tone::Plain);
        let mut lines = vec![
            Line::pair(view, ("종류", "Kind"), &kind, tone),
            pair(("번호", "Numbers"), &numbers.join(", ")),
            pair(("이름", "Name"), &line.name),
            pair(("언어", "Speaks"), language),
            pair(("태그", "Tags"), &line.tags.join(", ")),
        ];
        if let Some(met) = line.last_met {
            lines.push(pair(("마지막 전화", "Last call"), &view.moment(met)));
        }
        lines.push(Line::default());
        lines
    }

    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        self.conversations.iter().map(|one| conversation_row(view, one)).collect()
    }

    fn nothing(&self) -> (&'static str, &'static str) {
        ("아직 상담이 없습니다", "no conversations yet")
    }

    fn does(&mut self, does: Does, chosen: Option<&str>, _view: &View<'_>) -> Action {
        let number = self.number.clone();
        match does {
            Does::Look => {
                let id = chosen.and_then(|id| id.parse().ok());
                id.map_or(Action::Ignored, |id| Action::Open(Place::Conversation(id)))
            }
            Does::Dial => Action::Open(Place::Dial(number)),
            Does::Profile => Action::Open(Place::Profile(number)),
            Does::Block => self.line.as_ref().map_or(Action::Ignored, block),
            Does::Merge if self.line.as_ref().is_some_and(|line| line.lead) => {
                Action::Say(Words::new(
                    "리드끼리는 합칠 수 없습니다. e로 먼저 고객으로 만드세요",
                    "two leads are not made one; make this a customer with e first",
                ))
            }
            Does::Merge => Action::Open(Place::Merge(number)),
            Does::Forget => {
                let question = Words::new(
                    format!("{number}의 고객 정보를 지울까요? 상담 기록은 남습니다"),
                    format!("Drop the profile of {number}? The history stays"),
                );
                let request = Request::Desk(DeskRequest::Forget(number));
                Action::Confirm { question, request }
            }
        }
    }

    fn wanted(&self) -> Option<Request> {
        Some(Request::Desk(DeskRequest::Customer(self.number.clone())))
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        if let Report::Desk(DeskReport::Customer { line, conversations }) = report
            && self.is_of(line)
        {
            self.line = Some((**line).clone());
            self.conversations.clone_from(conversations);
            return Action::Redraw;
        }
        if let Report::Desk(DeskReport::Amended) | Report::Update(Update::OfficeChanged) = report {
            return self.wanted().map_or(Action::Ignored, Action::Ask);
        }
        Action::Ignored
    }
}

impl Customer {
    fn is_of(&self, line: &CustomerLine) -> bool {
        line.number == self.number || line.also.contains(&self.number)
    }
}

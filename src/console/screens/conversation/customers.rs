//! Whom the office knows: customers with a profile, and leads that calls have brought.

use ratatui::crossterm::event::KeyCode;

use crate::api::schema::schema::{CustomerBody, CustomerLine};
use crate::console::action::{Action, Narrowing, Place, Request};
use crate::console::desk::{CustomerFilter, DeskReport, DeskRequest};
use crate::console::keymap::{Binding, look, write};
use crate::console::report::Report;
use crate::console::screens::form::list::Listed;
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::line::Line;
use crate::console::widgets::table::{Column, Row, Width, column};
use crate::live::Update;

#[derive(Clone, Copy, Debug)]
pub enum Does {
    Look,
    Filter,
    Profile,
    Block,
    Dial,
}

#[derive(Debug, Default)]
pub struct Customers {
    filter: CustomerFilter,
    lines: Vec<CustomerLine>,
}

impl Listed for Customers {
    type Does = Does;

    const COLUMNS: &'static [Column] = &[
        column("번호", "NUMBER", Width::Columns(16)),
        column("이름", "NAME", Width::Share(2)),
        column("종류", "KIND", Width::Columns(9)),
        column("언어", "SPEAKS", Width::Columns(6)),
        column("태그", "TAGS", Width::Share(1)),
        column("마지막 전화", "LAST CALL", Width::Wide(11)),
        column("다른 번호", "ALSO", Width::Wide(16)),
    ];

    const KEYS: &'static [Binding<Does>] = &[
        look(KeyCode::Enter, "Enter", Does::Look, "자세히", "details"),
        look(KeyCode::Char('f'), "f", Does::Filter, "골라 보기", "filter"),
        write(KeyCode::Char('e'), "e", Does::Profile, "고치기", "edit"),
        write(KeyCode::Char('b'), "b", Does::Block, "차단/해제", "block or release"),
        write(KeyCode::Char('d'), "d", Does::Dial, "전화 걸기", "dial"),
    ];

    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        self.lines.iter().map(|line| row(view, line)).collect()
    }

    fn nothing(&self) -> (&'static str, &'static str) {
        (
            "고객이 없습니다. 전화한 번호가 여기에 모이고, e로 이름을 적습니다",
            "no customers: numbers that call come in by themselves; e gives one a name",
        )
    }

    fn above(&self, view: &View<'_>, _width: usize) -> Vec<Line> {
        let CustomerFilter { party, kind } = &self.filter;
        if party.is_empty() && kind.is_empty() {
            return Vec::new();
        }
        let kind = match kind.as_str() {
            "customers" => view.pick("고객", "customers"),
            "leads" => view.pick("리드", "leads"),
            "blocked" => view.pick("차단한 고객", "blocked"),
            _ => "",
        };
        let parts: Vec<&str> = [kind, party].into_iter().filter(|part| !part.is_empty()).collect();
        let text = format!("{} {}", view.pick("골라 본 것:", "Only:"), parts.join(", "));
        vec![Line::toned(text, Tone::Warn)]
    }

    fn does(&mut self, does: Does, chosen: Option<&str>, _view: &View<'_>) -> Action {
        let number = chosen.map(str::to_owned);
        match (does, number) {
            (Does::Filter, _) => Action::Open(Place::CustomerFilter(self.filter.clone())),
            (Does::Look, Some(number)) => Action::Open(Place::Customer(number)),
            (Does::Profile, Some(number)) => Action::Open(Place::Profile(number)),
            (Does::Dial, Some(number)) => Action::Open(Place::Dial(number)),
            (Does::Block, Some(number)) => {
                let line = self.lines.iter().find(|line| line.number == number);
                line.map_or(Action::Ignored, block)
            }
            (Does::Look | Does::Profile | Does::Dial | Does::Block, None) => Action::Ignored,
        }
    }

    fn wanted(&self) -> Option<Request> {
        Some(Request::Desk(DeskRequest::Customers(self.filter.clone())))
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        if let Report::Desk(DeskReport::Customers { filter, lines }) = report
            && *filter == self.filter
        {
            self.lines.clone_from(lines);
            return Action::Redraw;
        }
        if let Report::Desk(DeskReport::Amended) | Report::Update(Update::OfficeChanged) = report {
            return self.wanted().map_or(Action::Ignored, Action::Ask);
        }
        Action::Ignored
    }

    fn narrow(&mut self, to: &Narrowing) -> Option<Request> {
        let Narrowing::Customers(filter) = to else { return None };
        self.filter = filter.clone();
        self.lines.clear();
        self.wanted()
    }
}

/// Blocks who is not, and releases who is (L194). Undo takes it back.
#[must_use]
pub fn block(line: &CustomerLine) -> Action {
    let body = CustomerBody { blocked: Some(!line.blocked), ..CustomerBody::default() };
    Action::Ask(Request::Desk(DeskRequest::Amend { number: line.number.clone(), body }))
}

#[must_use]
pub fn kind(view: &View<'_>, line: &CustomerLine) -> (String, Tone) {
    let (said, tone) = match (line.blocked, line.lead) {
        (true, _) => (view.pick("✕ 차단", "✕ blocked"), Tone::Bad),
        (false, true) => (view.pick("리드", "lead"), Tone::Dim),
        (false, false) => (view.pick("고객", "customer"), Tone::Plain),
    };
    (said.to_owned(), tone)
}

fn row(view: &View<'_>, line: &CustomerLine) -> Row {
    let plain = |text: String| (text, Tone::Plain);
    let cells = vec![
        plain(line.number.clone()),
        plain(line.name.clone()),
        kind(view, line),
        plain(line.language.clone().unwrap_or_default()),
        (line.tags.join(", "), Tone::Dim),
        plain(line.last_met.map(|met| view.moment(met)).unwrap_or_default()),
        plain(line.also.join(" ")),
    ];
    Row { id: line.number.clone(), cells }
}

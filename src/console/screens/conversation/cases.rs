//! Cases: each cycle of a conversation from its opening to its close, and how long it took (L180).

use ratatui::crossterm::event::KeyCode;

use crate::console::action::{Action, Narrowing, Place, Request};
use crate::console::cases::CasesFilter;
use crate::console::desk::{DeskReport, DeskRequest};
use crate::console::keymap::{Binding, look};
use crate::console::names;
use crate::console::pages::Pages;
use crate::console::report::Report;
use crate::console::screens::form::list::Listed;
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::line::Line;
use crate::console::widgets::table::{Column, Row, Width, column};
use crate::history::conversation::case_record::CaseRecord;
use crate::live::Update;

/// While one looks at no more, what has changed comes in by itself.
const FIRST_PAGE: usize = 100;

/// Shorter ones are told with their seconds.
const HOUR_MS: i64 = 3_600_000;

#[derive(Clone, Copy, Debug)]
pub enum Does {
    Look,
    Filter,
}

#[derive(Debug, Default)]
pub struct Cases {
    pages: Pages<CaseRecord, String>,
    filter: CasesFilter,
    /// The first page is on its way.
    is_asked: bool,
    has_come: bool,
}

impl Cases {
    fn request(&self, before: Option<String>) -> Request {
        Request::Desk(DeskRequest::Cases { filter: self.filter.clone(), before })
    }
}

impl Listed for Cases {
    type Does = Does;

    const COLUMNS: &'static [Column] = &[
        column("열림", "OPENED", Width::Columns(11)),
        column("종료", "CLOSED", Width::Columns(11)),
        column("고객", "CUSTOMER", Width::Share(2)),
        column("우리 번호", "NUMBER", Width::Wide(13)),
        column("대기", "WAITED", Width::Columns(9)),
        column("처리 시간", "TOOK", Width::Columns(11)),
        column("부재중", "MISSED", Width::Wide(6)),
        column("담당", "OWNER", Width::Columns(9)),
        column("태그", "TAGS", Width::Wide(18)),
    ];

    const KEYS: &'static [Binding<Does>] = &[
        look(KeyCode::Enter, "Enter", Does::Look, "그 상담", "that conversation"),
        look(KeyCode::Char('f'), "f", Does::Filter, "골라 보기", "filter"),
    ];

    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        self.pages.items().iter().map(|one| row(view, one)).collect()
    }

    fn nothing(&self) -> (&'static str, &'static str) {
        if !self.has_come {
            return ("불러오는 중입니다", "being read");
        }
        (
            "케이스가 없습니다. 고객과의 첫 통화나 부재중 전화로 열리고, 상담을 종료하면 닫힙니다",
            "no cases: one is opened by a customer's call and closed with its conversation",
        )
    }

    fn above(&self, view: &View<'_>, width: usize) -> Vec<Line> {
        let told = self.filter.told();
        if !told.is_empty() {
            let text = format!("{} {told}", view.pick("골라 본 것:", "Only:"));
            return vec![Line::toned(text, Tone::Warn)];
        }
        let text = view.pick(
            "케이스는 상담을 열고 종료하기까지의 한 번입니다. 처리 시간에서 보류한 시간은 뺍니다",
            "A case is one round of a conversation, from opening to close; the time it took leaves \
             out what it was snoozed",
        );
        Line::wrapped("", text, width, 0, Tone::Dim)
    }

    fn does(&mut self, does: Does, chosen: Option<&str>, _view: &View<'_>) -> Action {
        let id = chosen.and_then(|id| id.split('-').next()?.parse().ok());
        match (does, id) {
            (Does::Filter, _) => Action::Open(Place::CasesFilter(self.filter.clone())),
            (Does::Look, Some(id)) => Action::Open(Place::Conversation(id)),
            (Does::Look, None) => Action::Ignored,
        }
    }

    fn at_end(&mut self) -> Action {
        let next = self.pages.more();
        next.map_or(Action::Redraw, |next| Action::Ask(self.request(Some(next))))
    }

    fn wanted(&self) -> Option<Request> {
        Some(self.request(None))
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        if let Report::Desk(DeskReport::Cases { filter, page, is_first }) = report
            && *filter == self.filter
        {
            self.has_come = true;
            self.is_asked &= !is_first;
            self.pages.take(&page.cases, page.next.clone(), *is_first);
            return Action::Redraw;
        }
        // Its case is another than before; a list that nobody has opened yet waits.
        if let Report::Update(Update::Conversation { .. }) = report
            && self.has_come
            && !self.is_asked
            && self.pages.items().len() <= FIRST_PAGE
        {
            self.is_asked = true;
            return Action::Ask(self.request(None));
        }
        Action::Ignored
    }

    fn narrow(&mut self, to: &Narrowing) -> Option<Request> {
        let Narrowing::Cases(filter) = to else { return None };
        *self = Self { filter: filter.clone(), ..Self::default() };
        Some(self.request(None))
    }
}

fn row(view: &View<'_>, one: &CaseRecord) -> Row {
    let case = &one.case;
    let span = |millis: Option<i64>| {
        let told = |millis| match millis {
            0..HOUR_MS => view.speech.time_span(millis),
            _ => names::age(view.speech, millis),
        };
        millis.map_or_else(|| "–".to_owned(), told)
    };
    let closed = case.closed.map_or_else(
        || (view.pick("진행 중", "open").to_owned(), Tone::Good),
        |at| (view.moment(at), Tone::Plain),
    );
    let number = one.customer.as_ref().map(ToString::to_string).unwrap_or_default();
    let owner = match (&one.assignee, &one.team) {
        (Some(agent), _) => names::first_name(view.model, agent.as_str()),
        (None, Some(team)) => team.to_string(),
        (None, None) => "–".to_owned(),
    };
    let tags: Vec<&str> = case.tags.iter().map(|tag| tag.as_str()).collect();
    let plain = |text: String| (text, Tone::Plain);
    let cells = vec![
        plain(view.moment(case.opened)),
        closed,
        plain(names::caller(&one.name, &number, view.speech)),
        plain(one.number.as_ref().map(ToString::to_string).unwrap_or_default()),
        plain(span(one.waiting())),
        plain(span(one.lead())),
        plain(format!("{:>6}", case.missed)),
        plain(owner),
        (tags.join(", "), Tone::Dim),
    ];
    Row { id: format!("{}-{}", one.conversation, case.seq), cells }
}

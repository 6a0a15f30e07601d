//! The calls that were.

use ratatui::crossterm::event::KeyCode;

use crate::console::action::{Action, HistoryFilter, Narrowing, Place, Request};
use crate::console::keymap::{Binding, look, write};
use crate::console::names;
use crate::console::pages::Pages;
use crate::console::report::Report;
use crate::console::screens::form::list::Listed;
use crate::console::text::clock;
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::line::Line;
use crate::console::widgets::table::{Column, Row, Width, column};
use crate::history::call_record::CallRecord;
use crate::live::Update;
use crate::sheet::talked_seconds;

#[derive(Clone, Copy, Debug)]
pub enum Does {
    Open,
    Filter,
    Export,
    Call,
}

/// While one looks at no more, the newest call comes in by itself.
const FIRST_PAGE: usize = 100;

#[derive(Debug, Default)]
pub struct History {
    calls: Pages<CallRecord>,
    filter: HistoryFilter,
}

impl Listed for History {
    type Does = Does;

    const COLUMNS: &'static [Column] = &[
        column("언제", "WHEN", Width::Columns(11)),
        column("", "", Width::Columns(8)),
        column("건 사람", "CALLER", Width::Share(3)),
        column("받는 곳", "CALLED", Width::Columns(13)),
        column("결과", "RESULT", Width::Share(2)),
        column("통화", "TALK", Width::Columns(7)),
        column("매니저", "AGENT", Width::Wide(8)),
    ];

    const KEYS: &'static [Binding<Does>] = &[
        look(KeyCode::Enter, "Enter", Does::Open, "자세히", "details"),
        look(KeyCode::Char('f'), "f", Does::Filter, "골라 보기", "filter"),
        look(KeyCode::Char('e'), "e", Does::Export, "파일로", "to a file"),
        write(KeyCode::Char('c'), "c", Does::Call, "다시 걸기", "call back"),
    ];

    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        self.calls.items().iter().map(|call| call_row(view, call)).collect()
    }

    fn nothing(&self) -> (&'static str, &'static str) {
        (
            "통화가 없습니다. 끝난 전화가 여기에 쌓이고, 지금 통화는 1 지금에 있습니다",
            "no calls: each comes here when it is over; those going on are on screen 1, Now",
        )
    }

    fn above(&self, view: &View<'_>, _width: usize) -> Vec<Line> {
        if self.filter == HistoryFilter::default() {
            return Vec::new();
        }
        let text = format!("{} {}", view.pick("골라 본 것:", "Only:"), said(&self.filter));
        vec![Line::toned(text, Tone::Warn)]
    }

    fn does(&mut self, does: Does, chosen: Option<&str>, _view: &View<'_>) -> Action {
        let call = chosen.and_then(|id| id.parse::<u64>().ok());
        match (does, call) {
            (Does::Open, Some(call)) => Action::Open(Place::Call(call)),
            (Does::Filter, _) => Action::Open(Place::Filter(self.filter.clone())),
            (Does::Export, _) => Action::Ask(Request::Export { filter: self.filter.clone() }),
            (Does::Call, Some(call)) => {
                let found = self.calls.items().iter().find(|record| record.id.0 == call);
                Action::Open(Place::Dial(found.map_or_else(String::new, other_side)))
            }
            (Does::Open | Does::Call, None) => Action::Ignored,
        }
    }

    fn at_end(&mut self) -> Action {
        let filter = self.filter.clone();
        let ask = |next| Action::Ask(Request::Calls { filter, before: Some(next) });
        self.calls.more().map_or(Action::Redraw, ask)
    }

    fn wanted(&self) -> Option<Request> {
        Some(Request::Calls { filter: self.filter.clone(), before: None })
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        if let Report::Calls { page, is_first } = report {
            self.calls.take(&page.calls, page.next, *is_first);
            return Action::Redraw;
        }
        if let Report::Update(Update::CallEnded { .. }) = report
            && !self.calls.is_asked()
            && self.calls.items().len() <= FIRST_PAGE
        {
            return self.wanted().map_or(Action::Ignored, Action::Ask);
        }
        Action::Ignored
    }

    fn narrow(&mut self, to: &Narrowing) -> Option<Request> {
        let Narrowing::Calls(filter) = to else { return None };
        self.filter = filter.clone();
        self.wanted()
    }
}

fn call_row(view: &View<'_>, call: &CallRecord) -> Row {
    let (result, tone) = names::outcome(call, view.speech);
    let plain = |text: String| (text, Tone::Plain);
    let talked = talked_seconds(call).map_or_else(String::new, |seconds| clock(seconds * 1000));
    let cells = vec![
        plain(view.moment(call.started)),
        (view.speech.direction(call.direction).to_owned(), Tone::Dim),
        plain(names::caller(&call.from_name, &call.from, view.speech)),
        plain(call.to.clone()),
        (result, tone),
        plain(format!("{talked:>7}")),
        plain(call.agent.as_ref().map(ToString::to_string).unwrap_or_default()),
    ];
    Row { id: call.id.to_string(), cells }
}

/// Whom to call back.
#[must_use]
pub fn other_side(call: &CallRecord) -> String {
    match call.direction {
        crate::history::call_record::Direction::Inbound
        | crate::history::call_record::Direction::Internal => call.from.clone(),
        crate::history::call_record::Direction::Outbound => call.to.clone(),
    }
}

fn said(filter: &HistoryFilter) -> String {
    let parts = [
        &filter.party,
        &filter.number,
        &filter.agent,
        &filter.direction,
        &filter.outcome,
        &filter.from,
        &filter.to,
    ];
    let told: Vec<&str> = parts.into_iter().map(String::as_str).filter(|p| !p.is_empty()).collect();
    told.join(", ")
}

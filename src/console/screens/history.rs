//! The calls that were.

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;

use crate::console::action::{Action, HistoryFilter, Place, Request};
use crate::console::keymap::{Binding, Hint, IN_LISTS, hints, look, pressed, write};
use crate::console::names;
use crate::console::report::Report;
use crate::console::screen::Screen;
use crate::console::text::clock;
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::paint::{put, row};
use crate::console::widgets::table::{Column, Row, Table, Width, column};
use crate::history::call_record::CallRecord;
use crate::live::Update;
use crate::sheet::talked_seconds;

#[derive(Clone, Copy, Debug)]
enum Does {
    Open,
    Filter,
    Export,
    Call,
}

const KEYS: [Binding<Does>; 4] = [
    look(KeyCode::Enter, "Enter", Does::Open, "자세히", "details"),
    look(KeyCode::Char('f'), "f", Does::Filter, "골라 보기", "filter"),
    look(KeyCode::Char('e'), "e", Does::Export, "파일로", "to a file"),
    write(KeyCode::Char('c'), "c", Does::Call, "다시 걸기", "call back"),
];

const COLUMNS: [Column; 7] = [
    column("언제", "WHEN", Width::Columns(11)),
    column("", "", Width::Columns(8)),
    column("건 사람", "CALLER", Width::Share(3)),
    column("받는 곳", "CALLED", Width::Share(2)),
    column("결과", "RESULT", Width::Share(2)),
    column("통화", "TALK", Width::Columns(7)),
    column("매니저", "AGENT", Width::Wide(8)),
];

/// While one looks at no more, the newest call comes in by itself.
const FIRST_PAGE: usize = 100;

#[derive(Debug, Default)]
pub struct History {
    table: Table,
    calls: Vec<CallRecord>,
    next: Option<u64>,
    is_asked: bool,
    filter: HistoryFilter,
}

impl Screen for History {
    fn title(&self, _view: &View<'_>) -> String {
        String::new()
    }

    fn hints(&self, view: &View<'_>) -> Vec<Hint> {
        hints(&KEYS, view.may_write).into_iter().chain(IN_LISTS).collect()
    }

    fn draw(&mut self, view: &View<'_>, area: Rect, buffer: &mut Buffer) {
        let rows = self.rows(view);
        let mut below = area;
        if self.filter != HistoryFilter::default() {
            let line = row(area, 0);
            let text = format!("{} {}", view.pick("골라 본 것:", "Only:"), said(&self.filter));
            put(buffer, (line.x, line.y), line.width, &text, view.theme.tone(Tone::Warn));
            below = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        }
        if rows.is_empty() {
            let line = row(below, 1);
            let text = view.pick("통화가 없습니다", "no calls");
            put(buffer, (line.x, line.y), line.width, text, view.theme.tone(Tone::Dim));
        }
        self.table.draw(view, (below, buffer), (&COLUMNS, &rows), !rows.is_empty());
    }

    fn key(&mut self, key: KeyEvent, view: &View<'_>) -> Action {
        let rows = self.rows(view);
        if self.table.key(key, &rows) {
            return self.more(&rows);
        }
        let call = self.table.chosen(&rows).and_then(|row| row.id.parse::<u64>().ok());
        match (pressed(&KEYS, key, view.may_write), call) {
            (Some(Does::Open), Some(call)) => Action::Open(Place::Call(call)),
            (Some(Does::Filter), _) => Action::Open(Place::Filter(self.filter.clone())),
            (Some(Does::Export), _) => Action::Ask(Request::Export { filter: self.filter.clone() }),
            (Some(Does::Call), Some(call)) => {
                let found = self.calls.iter().find(|record| record.id.0 == call);
                Action::Open(Place::Dial(found.map_or_else(String::new, other_side)))
            }
            (Some(Does::Open | Does::Call), None) | (None, _) => Action::Ignored,
        }
    }

    fn wanted(&self) -> Option<Request> {
        Some(Request::Calls { filter: self.filter.clone(), before: None })
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        if let Report::Calls { page, is_first } = report {
            if *is_first {
                self.calls.clear();
            }
            self.calls.extend(page.calls.iter().cloned());
            self.next = page.next;
            self.is_asked = false;
            return Action::Redraw;
        }
        if let Report::Update(Update::CallEnded { .. }) = report
            && !self.is_asked
            && self.calls.len() <= FIRST_PAGE
        {
            return self.wanted().map_or(Action::Ignored, Action::Ask);
        }
        Action::Ignored
    }

    fn narrow(&mut self, filter: &HistoryFilter) -> Option<Request> {
        self.filter = filter.clone();
        self.table = Table::default();
        self.wanted()
    }
}

impl History {
    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        self.calls.iter().map(|call| call_row(view, call)).collect()
    }

    /// The next page, when one comes to the end of this.
    fn more(&mut self, rows: &[Row]) -> Action {
        match self.next {
            Some(before) if !self.is_asked && self.table.is_at_end(rows) => {
                self.is_asked = true;
                let filter = self.filter.clone();
                Action::Ask(Request::Calls { filter, before: Some(before) })
            }
            Some(_) | None => Action::Redraw,
        }
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

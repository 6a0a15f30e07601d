//! All conversations, or those that a filter lets through.

use ratatui::crossterm::event::KeyCode;

use crate::console::action::{Action, Errand, Narrowing, Place, Request};
use crate::console::desk::ConversationFilter;
use crate::console::keymap::{Binding, look};
use crate::console::report::Report;
use crate::console::screens::conversation::found::{Found, customer, owner, standing};
use crate::console::screens::conversation::keys::{
    Deed, assign, call_back, close, mark, mark_all, myself, note, open, snooze, tag,
};
use crate::console::screens::conversation::marks::Marks;
use crate::console::screens::form::list::Listed;
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::line::Line;
use crate::console::widgets::table::{Column, Row, Width, column};
use crate::history::conversation::conversation::Conversation;

#[derive(Clone, Copy, Debug)]
pub enum Does {
    Look,
    Filter,
    Mine,
    Mark,
    MarkAll,
    Myself,
    Deed(Deed),
}

#[derive(Debug, Default)]
pub struct Conversations {
    found: Found,
    marks: Marks,
}

impl Listed for Conversations {
    type Does = Does;

    const COLUMNS: &'static [Column] = &[
        column("", "", Width::Columns(1)),
        column("상태", "STATE", Width::Share(3)),
        column("마지막", "LAST", Width::Columns(11)),
        column("고객", "CUSTOMER", Width::Share(2)),
        column("우리 번호", "NUMBER", Width::Wide(13)),
        column("담당", "OWNER", Width::Columns(10)),
        column("태그", "TAGS", Width::Wide(24)),
    ];

    const KEYS: &'static [Binding<Does>] = &[
        look(KeyCode::Enter, "Enter", Does::Look, "자세히", "details"),
        look(KeyCode::Char('f'), "f", Does::Filter, "골라 보기", "filter"),
        look(KeyCode::Char('i'), "i", Does::Mine, "내 것만", "mine"),
        call_back(Does::Deed(Deed::CallBack)),
        mark(Does::Mark),
        close(Does::Deed(Deed::Close)),
        note(Does::Deed(Deed::Note)),
        assign(Does::Deed(Deed::Assign)),
        snooze(Does::Deed(Deed::Snooze)),
        tag(Does::Deed(Deed::Tag)),
        open(Does::Deed(Deed::Open)),
        mark_all(Does::MarkAll),
        myself(Does::Myself),
    ];

    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        let row = |one: &Conversation| {
            let mut row = conversation_row(view, one);
            row.cells.insert(0, self.marks.cell(one.id.0));
            row
        };
        self.found.items().iter().map(row).collect()
    }

    fn nothing(&self) -> (&'static str, &'static str) {
        (
            "상담이 없습니다. 고객의 첫 전화로 하나가 생기고, 통화와 메모가 여기에 모입니다",
            "no conversations: a customer's first call begins one, and calls and notes join it",
        )
    }

    fn above(&self, view: &View<'_>, _width: usize) -> Vec<Line> {
        let parts = self.found.filter.parts();
        let only: Vec<&str> =
            parts.into_iter().map(|(_, text)| text).filter(|text| !text.is_empty()).collect();
        let text = || format!("{} {}", view.pick("골라 본 것:", "Only:"), only.join(", "));
        let filtered = (!only.is_empty()).then(|| (text(), Tone::Warn));
        let pieces: Vec<_> = filtered.into_iter().chain(self.marks.told(view)).collect();
        if pieces.is_empty() { Vec::new() } else { vec![Line(pieces)] }
    }

    fn does(&mut self, does: Does, chosen: Option<&str>, view: &View<'_>) -> Action {
        let id = chosen.and_then(|id| id.parse::<u64>().ok());
        match (does, id) {
            (Does::Filter, _) => Action::Open(Place::ConversationFilter(self.found.filter.clone())),
            (Does::Myself, _) => Action::Open(Place::Myself(Errand::Nothing)),
            // Once more shows everybody's again.
            (Does::Mine, _) if !self.found.filter.assignee.is_empty() => {
                Action::Narrow(Narrowing::Conversations(ConversationFilter::default()))
            }
            (Does::Mine, _) => Errand::Mine.begin(view.model.me.as_deref()),
            (Does::MarkAll, _) => self.marks.turn_all(&self.found),
            (Does::Deed(deed), id) => self.marks.act(deed, id, view),
            (Does::Look, Some(id)) => Action::Open(Place::Conversation(id)),
            (Does::Mark, Some(id)) => self.marks.turn(id),
            (Does::Look | Does::Mark, None) => Action::Ignored,
        }
    }

    fn at_end(&mut self) -> Action {
        self.found.more()
    }

    fn wanted(&self) -> Option<Request> {
        Some(self.found.wanted())
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        let told = self.found.told(report);
        self.marks.keep(&self.found);
        told
    }

    fn narrow(&mut self, to: &Narrowing) -> Option<Request> {
        let Narrowing::Conversations(filter) = to else { return None };
        self.found = Found::new(filter.clone());
        Some(self.found.wanted())
    }
}

/// As a list shows it.
#[must_use]
pub fn conversation_row(view: &View<'_>, one: &Conversation) -> Row {
    let tags: Vec<&str> = one.tags.iter().map(|tag| tag.as_str()).collect();
    let plain = |text: String| (text, Tone::Plain);
    let cells = vec![
        standing(view, one.state),
        plain(view.moment(one.active())),
        plain(customer(view, one)),
        plain(one.number.as_ref().map(ToString::to_string).unwrap_or_default()),
        plain(owner(view, one)),
        (tags.join(", "), Tone::Dim),
    ];
    Row { id: one.id.to_string(), cells }
}

//! All conversations, or those that a filter lets through.

use ratatui::crossterm::event::KeyCode;

use crate::console::action::{Action, Errand, Narrowing, Place, Request};
use crate::console::desk::ConversationFilter;
use crate::console::keymap::{Binding, look};
use crate::console::report::Report;
use crate::console::screens::conversation_keys::{
    Deed, act, assign, call_back, close, myself, note, open, snooze, tag,
};
use crate::console::screens::found::{Found, customer, owner, standing};
use crate::console::screens::list::Listed;
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::line::Line;
use crate::console::widgets::table::{Column, Row, Width, column};
use crate::history::conversation::Conversation;

#[derive(Clone, Copy, Debug)]
pub enum Does {
    Look,
    Filter,
    Mine,
    Myself,
    Deed(Deed),
}

#[derive(Debug, Default)]
pub struct Conversations {
    found: Found,
}

impl Listed for Conversations {
    type Does = Does;

    const COLUMNS: &'static [Column] = &[
        column("상태", "STATE", Width::Share(2)),
        column("마지막", "LAST", Width::Columns(11)),
        column("고객", "CUSTOMER", Width::Share(3)),
        column("우리 번호", "NUMBER", Width::Columns(13)),
        column("담당", "OWNER", Width::Columns(10)),
        column("태그", "TAGS", Width::Wide(24)),
    ];

    const KEYS: &'static [Binding<Does>] = &[
        look(KeyCode::Enter, "Enter", Does::Look, "자세히", "details"),
        look(KeyCode::Char('f'), "f", Does::Filter, "골라 보기", "filter"),
        look(KeyCode::Char('i'), "i", Does::Mine, "내 것만", "mine"),
        call_back(Does::Deed(Deed::CallBack)),
        close(Does::Deed(Deed::Close)),
        note(Does::Deed(Deed::Note)),
        assign(Does::Deed(Deed::Assign)),
        snooze(Does::Deed(Deed::Snooze)),
        tag(Does::Deed(Deed::Tag)),
        open(Does::Deed(Deed::Open)),
        myself(Does::Myself),
    ];

    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        self.found.items().iter().map(|one| conversation_row(view, one)).collect()
    }

    fn nothing(&self) -> (&'static str, &'static str) {
        ("상담이 없습니다", "no conversations")
    }

    fn above(&self, view: &View<'_>, _width: usize) -> Vec<Line> {
        let parts = self.found.filter.parts();
        let only: Vec<&str> =
            parts.into_iter().map(|(_, text)| text).filter(|text| !text.is_empty()).collect();
        if only.is_empty() {
            return Vec::new();
        }
        let text = format!("{} {}", view.pick("골라 본 것:", "Only:"), only.join(", "));
        vec![Line::toned(text, Tone::Warn)]
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
            (Does::Look, Some(id)) => Action::Open(Place::Conversation(id)),
            (Does::Deed(deed), Some(id)) => act(deed, id, view),
            (Does::Look | Does::Deed(_), None) => Action::Ignored,
        }
    }

    fn at_end(&mut self) -> Action {
        self.found.more()
    }

    fn wanted(&self) -> Option<Request> {
        Some(self.found.wanted())
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        self.found.told(report)
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

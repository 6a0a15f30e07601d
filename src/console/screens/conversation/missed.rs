//! The work list of missed calls: whom somebody has to call back.

use ratatui::crossterm::event::KeyCode;

use crate::console::action::{Action, Errand, Place, Request};
use crate::console::desk::ConversationFilter;
use crate::console::keymap::{Binding, look};
use crate::console::names;
use crate::console::report::Report;
use crate::console::screens::conversation::found::{Found, customer, owner, since};
use crate::console::screens::conversation::keys::{
    Deed, assign, call_back, close, mark, mark_all, myself, note, open, snooze, tag,
};
use crate::console::screens::conversation::marks::Marks;
use crate::console::screens::form::list::Listed;
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::line::Line;
use crate::console::widgets::table::{Column, Row, Width, column};
use crate::history::conversation::conversation::{Conversation, State};
use crate::locale::Speech;

#[derive(Clone, Copy, Debug)]
pub enum Does {
    Look,
    Mark,
    MarkAll,
    Myself,
    Deed(Deed),
}

#[derive(Debug)]
pub struct Missed {
    found: Found,
    marks: Marks,
}

impl Default for Missed {
    fn default() -> Self {
        Self { found: Found::new(ConversationFilter::missed()), marks: Marks::default() }
    }
}

impl Listed for Missed {
    type Does = Does;

    const COLUMNS: &'static [Column] = &[
        column("", "", Width::Columns(1)),
        column("지난 시간", "AGE", Width::Columns(10)),
        column("고객", "CUSTOMER", Width::Share(2)),
        column("건 번호", "DIALLED", Width::Wide(13)),
        column("사유", "REASON", Width::Share(3)),
        column("담당", "OWNER", Width::Columns(8)),
        column("전화", "CALLS", Width::Wide(5)),
        column("시도", "TRIED", Width::Columns(5)),
    ];

    const KEYS: &'static [Binding<Does>] = &[
        look(KeyCode::Enter, "Enter", Does::Look, "자세히", "details"),
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
        self.found.items().iter().map(|one| self.row(view, one)).collect()
    }

    fn nothing(&self) -> (&'static str, &'static str) {
        ("다시 걸어야 할 부재중 전화가 없습니다", "no missed call waits for a call back")
    }

    fn above(&self, view: &View<'_>, _width: usize) -> Vec<Line> {
        let count = self.found.items().len();
        let waiting = match (view.speech, self.found.has_more()) {
            (Speech::Korean, false) => format!("부재중 {count}건"),
            (Speech::Korean, true) => format!("부재중 {count}건 이상"),
            (Speech::English, false) => format!("{count} missed"),
            (Speech::English, true) => format!("{count} or more missed"),
        };
        let mut pieces = vec![(waiting, if count > 0 { Tone::Bad } else { Tone::Good })];
        pieces.extend(self.marks.told(view));
        let me = view.model.me.as_deref();
        let me = me.map_or_else(|| "–".to_owned(), |me| names::person(view.model, me));
        pieces.push((format!("   {} {me}", view.pick("내 내선", "my extension")), Tone::Dim));
        vec![Line(pieces)]
    }

    fn does(&mut self, does: Does, chosen: Option<&str>, view: &View<'_>) -> Action {
        let id = chosen.and_then(|id| id.parse::<u64>().ok());
        match (does, id) {
            (Does::Myself, _) => Action::Open(Place::Myself(Errand::Nothing)),
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
}

impl Missed {
    fn row(&self, view: &View<'_>, one: &Conversation) -> Row {
        let reason = match one.state {
            State::Missed { reason, .. } => view.speech.missed(reason).to_owned(),
            State::Initial
            | State::Queued
            | State::Opened
            | State::Snoozed { .. }
            | State::Closed { .. } => view.speech.standing(one.state),
        };
        let plain = |text: String| (text, Tone::Plain);
        let cells = vec![
            self.marks.cell(one.id.0),
            plain(names::age(view.speech, view.now - since(one))),
            plain(customer(view, one)),
            plain(one.number.as_ref().map(ToString::to_string).unwrap_or_default()),
            plain(reason),
            plain(owner(view, one)),
            plain(format!("{:>5}", one.case.missed)),
            plain(format!("{:>5}", one.case.called_back)),
        ];
        Row { id: one.id.to_string(), cells }
    }
}

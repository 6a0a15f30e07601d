//! One conversation: how it stands, and what has been said and done in it, the newest first.

use ratatui::crossterm::event::KeyCode;

use crate::api::schema::schema::ConversationDetail;
use crate::console::action::{Action, Place, Request};
use crate::console::desk::{DeskReport, DeskRequest};
use crate::console::keymap::{Binding, look, write};
use crate::console::names;
use crate::console::report::Report;
use crate::console::screens::conversation::found::{customer, since, standing};
use crate::console::screens::conversation::keys::{
    Deed, act, assign, call_back, close, note, open, snooze, tag,
};
use crate::console::screens::form::list::Listed;
use crate::console::text::clock;
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::line::Line;
use crate::console::widgets::paint::wrapped;
use crate::console::widgets::table::{Column, Row, Width, column};
use crate::history::call_id::CallId;
use crate::history::conversation::conversation::Conversation;
use crate::history::conversation::log::{Happening, LogEntry};
use crate::live::Update;
use crate::sheet::talked_seconds;

/// Columns of a text beside the time and the name on a screen of 80: a good line on any other too.
const TEXT: usize = 52;

/// Rows of what a conversation is about; the form shows all of it.
const ABOUT: usize = 2;

/// A longer text is begun here and read in full on a page of its own.
const ROWS: usize = 5;

#[derive(Clone, Copy, Debug)]
pub enum Does {
    Look,
    Customer,
    Deed(Deed),
}

#[derive(Debug)]
pub struct OneConversation {
    id: u64,
    found: Option<Box<ConversationDetail>>,
}

impl OneConversation {
    #[must_use]
    pub fn new(id: u64) -> Self {
        Self { id, found: None }
    }

    fn request(&self) -> Request {
        Request::Desk(DeskRequest::Conversation(self.id))
    }

    /// The rows of one entry; a long text takes several.
    fn entry_rows(&self, view: &View<'_>, index: usize, entry: &LogEntry) -> Vec<Row> {
        let (text, tone) = self.told_of(view, entry);
        let who = entry.author().map(|who| view.speech.pick(&who.ko, &who.en).to_owned());
        let who = who.unwrap_or_default();
        let row = |(part, text): (usize, String)| {
            let of_first = |text: &str| if part == 0 { text.to_owned() } else { String::new() };
            let cells = vec![
                (of_first(&view.moment(entry.at)), Tone::Dim),
                (of_first(&who), Tone::Plain),
                (text, tone),
            ];
            Row { id: format!("{index}.{part}"), cells }
        };
        let mut texts = wrapped(&text, TEXT);
        if texts.len() > ROWS {
            texts.truncate(ROWS - 1);
            texts.push(view.pick("… Enter로 모두 읽기", "… Enter: all of it").to_owned());
        }
        texts.into_iter().enumerate().map(row).collect()
    }

    fn told_of(&self, view: &View<'_>, entry: &LogEntry) -> (String, Tone) {
        let said = view.speech.happening(&entry.what, |at| view.moment(at));
        match &entry.what {
            Happening::Called { call, .. } => {
                let calls = self.found.as_ref().map_or(&[][..], |found| &found.calls);
                let Some(record) = calls.iter().find(|record| record.id == *call) else {
                    return (said, Tone::Plain);
                };
                let (result, tone) = names::outcome(record, view.speech);
                let talked = talked_seconds(record).filter(|seconds| *seconds > 0);
                let talked = talked.map(|seconds| format!(" {}", clock(seconds * 1000)));
                (format!("{said} {result}{}", talked.unwrap_or_default()), tone)
            }
            Happening::Missed { .. } => (said, Tone::Bad),
            Happening::Note { .. } => (said, Tone::Good),
            Happening::Opened
            | Happening::Reopened
            | Happening::Queued
            | Happening::Snoozed { .. }
            | Happening::Woke
            | Happening::Closed
            | Happening::Tagged { .. }
            | Happening::Described
            | Happening::Followed { .. }
            | Happening::Reminded { .. }
            | Happening::Prioritised { .. }
            | Happening::CustomerTagged { .. }
            | Happening::Assigned { .. }
            | Happening::Answered { .. }
            | Happening::CallbackPromised { .. }
            | Happening::CallbackEnded { .. }
            | Happening::CallbackCancelled
            | Happening::CalledBack { .. } => (said, Tone::Plain),
        }
    }

    /// The call of the row, else all of its text.
    fn look(&self, row: &str) -> Action {
        let index = row.split('.').next().and_then(|index| index.parse().ok());
        let text = || index.map(|index| Action::Open(Place::Note(self.id, index)));
        let call = self.call_at(row).map(|call| Action::Open(Place::Call(call.0)));
        call.or_else(text).unwrap_or(Action::Ignored)
    }

    fn holds(&self, id: CallId) -> bool {
        let log = self.found.as_ref().map_or(&[][..], |found| &found.log);
        log.iter().any(|entry| matches!(&entry.what, Happening::Called { call, .. } if *call == id))
    }

    /// The call that the row tells of.
    fn call_at(&self, row: &str) -> Option<CallId> {
        let found = self.found.as_ref()?;
        let index: usize = row.split('.').next()?.parse().ok()?;
        match &found.log.get(index)?.what {
            Happening::Called { call, .. } | Happening::Answered { call, .. } => Some(*call),
            Happening::Opened
            | Happening::Reopened
            | Happening::Queued
            | Happening::Snoozed { .. }
            | Happening::Woke
            | Happening::Missed { .. }
            | Happening::Closed
            | Happening::Note { .. }
            | Happening::Tagged { .. }
            | Happening::Described
            | Happening::Followed { .. }
            | Happening::Reminded { .. }
            | Happening::Prioritised { .. }
            | Happening::CustomerTagged { .. }
            | Happening::Assigned { .. }
            | Happening::CallbackPromised { .. }
            | Happening::CallbackEnded { .. }
            | Happening::CallbackCancelled
            | Happening::CalledBack { .. } => None,
        }
    }
}

impl Listed for OneConversation {
    type Does = Does;

    const COLUMNS: &'static [Column] = &[
        column("언제", "WHEN", Width::Columns(11)),
        column("누가", "WHO", Width::Columns(10)),
        column("무엇을", "WHAT", Width::Share(1)),
    ];

    const KEYS: &'static [Binding<Does>] = &[
        look(KeyCode::Enter, "Enter", Does::Look, "자세히", "details"),
        call_back(Does::Deed(Deed::CallBack)),
        note(Does::Deed(Deed::Note)),
        close(Does::Deed(Deed::Close)),
        snooze(Does::Deed(Deed::Snooze)),
        open(Does::Deed(Deed::Open)),
        assign(Does::Deed(Deed::Assign)),
        tag(Does::Deed(Deed::Tag)),
        write(KeyCode::Char('d'), "d", Does::Deed(Deed::Describe), "설명", "describe"),
        look(KeyCode::Char('u'), "u", Does::Customer, "고객", "customer"),
    ];

    fn title(&self, view: &View<'_>) -> String {
        let who = self.found.as_ref().map(|found| customer(view, &found.conversation));
        format!("{} {}  {}", view.pick("상담", "Conversation"), self.id, who.unwrap_or_default())
    }

    fn rows(&self, view: &View<'_>) -> Vec<Row> {
        let Some(found) = &self.found else { return Vec::new() };
        let entries = found.log.iter().enumerate().rev();
        entries.flat_map(|(index, entry)| self.entry_rows(view, index, entry)).collect()
    }

    fn nothing(&self) -> (&'static str, &'static str) {
        ("불러오는 중입니다", "being read")
    }

    fn above(&self, view: &View<'_>, width: usize) -> Vec<Line> {
        let Some(found) = &self.found else { return Vec::new() };
        head(view, &found.conversation, width)
    }

    fn does(&mut self, does: Does, chosen: Option<&str>, view: &View<'_>) -> Action {
        match does {
            Does::Look => chosen.map_or(Action::Ignored, |row| self.look(row)),
            Does::Customer => {
                let customer = self.found.as_ref().and_then(|f| f.conversation.customer.clone());
                customer.map_or(Action::Ignored, |number| {
                    Action::Open(Place::Customer(number.to_string()))
                })
            }
            Does::Deed(deed) => act(deed, self.id, view),
        }
    }

    fn wanted(&self) -> Option<Request> {
        Some(self.request())
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        if let Report::Desk(DeskReport::Conversation(found)) = report
            && found.conversation.id.0 == self.id
        {
            self.found = Some(found.clone());
            return Action::Redraw;
        }
        if let Report::Update(Update::Conversation { conversation }) = report
            && conversation.id.0 == self.id
        {
            return Action::Ask(self.request());
        }
        // Its record can be read now.
        if let Report::Update(Update::CallEnded { id }) = report
            && self.holds(*id)
        {
            return Action::Ask(self.request());
        }
        Action::Ignored
    }
}

fn head(view: &View<'_>, one: &Conversation, width: usize) -> Vec<Line> {
    let (state, tone) = standing(view, one.state);
    let state = format!("{state}  {}", names::age(view.speech, view.now - since(one)));
    let number = one.number.as_ref().map(ToString::to_string).unwrap_or_default();
    let nobody = || "–".to_owned();
    let assignee = one.assignee.as_ref();
    let assignee = assignee.map_or_else(nobody, |agent| names::person(view.model, agent.as_str()));
    let team = one.team.as_ref().map_or_else(nobody, ToString::to_string);
    let followers: Vec<String> =
        one.followers.iter().map(|agent| names::person(view.model, agent.as_str())).collect();
    let tags: Vec<&str> = one.tags.iter().map(|tag| tag.as_str()).collect();
    let mut lines = vec![
        Line::pair(view, ("상태", "State"), &state, tone),
        Line::pair(view, ("우리 번호", "Our number"), &number, Tone::Plain),
        Line::pair(
            view,
            ("담당 / 팀", "Owner / team"),
            &format!("{assignee} / {team}"),
            Tone::Plain,
        ),
        Line::pair(view, ("팔로워", "Followers"), &followers.join(", "), Tone::Plain),
        Line::pair(view, ("태그", "Tags"), &tags.join(", "), Tone::Plain),
    ];
    let about = wrapped(&one.description, width.saturating_sub(24));
    let more = if about.len() > ABOUT { " … (d)" } else { "" };
    for (index, part) in about.iter().take(ABOUT).enumerate() {
        let label = if index == 0 { ("설명", "About") } else { ("", "") };
        let end = if index + 1 == ABOUT { more } else { "" };
        lines.push(Line::pair(view, label, &format!("{part}{end}"), Tone::Plain));
    }
    lines.push(Line::default());
    lines
}

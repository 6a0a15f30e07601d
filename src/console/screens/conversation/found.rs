//! Conversations as a list has been told of them.

use crate::console::action::{Action, Request};
use crate::console::desk::{ConversationFilter, DeskReport, DeskRequest};
use crate::console::names;
use crate::console::pages::Pages;
use crate::console::report::Report;
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::history::conversation::conversation::{Conversation, State};
use crate::live::Update;

/// While one looks at no more, a conversation that is new comes in by itself.
const FIRST_PAGE: usize = 100;

#[derive(Debug, Default)]
pub struct Found {
    pages: Pages<Conversation, String>,
    pub filter: ConversationFilter,
    /// The first page is on its way.
    is_asked: bool,
}

impl Found {
    #[must_use]
    pub fn new(filter: ConversationFilter) -> Self {
        Self { filter, ..Self::default() }
    }

    #[must_use]
    pub fn items(&self) -> &[Conversation] {
        self.pages.items()
    }

    /// Whether there is more than has come.
    #[must_use]
    pub fn has_more(&self) -> bool {
        self.pages.has_more()
    }

    #[must_use]
    pub fn get(&self, id: u64) -> Option<&Conversation> {
        self.items().iter().find(|one| one.id.0 == id)
    }

    #[must_use]
    pub fn wanted(&self) -> Request {
        self.request(None)
    }

    fn request(&self, before: Option<String>) -> Request {
        Request::Desk(DeskRequest::Conversations { filter: self.filter.clone(), before })
    }

    pub fn more(&mut self) -> Action {
        let next = self.pages.more();
        next.map_or(Action::Redraw, |next| Action::Ask(self.request(Some(next))))
    }

    pub fn told(&mut self, report: &Report) -> Action {
        if let Report::Desk(DeskReport::Conversations { filter, page, is_first }) = report
            && *filter == self.filter
        {
            self.is_asked &= !is_first;
            self.pages.take(&page.conversations, page.next.clone(), *is_first);
            return Action::Redraw;
        }
        if let Report::Update(Update::Conversation { conversation }) = report {
            return self.learn(conversation);
        }
        Action::Ignored
    }

    /// One is another than before: it changes in its place, comes, goes, or is looked for.
    fn learn(&mut self, one: &Conversation) -> Action {
        let is_here = self.get(one.id.0).is_some();
        let belongs = self.filter.fits(one);
        if is_here || (belongs && self.filter.number.is_empty()) {
            let is_whole = !self.pages.has_more();
            self.pages.change(|items| put(items, one, belongs, is_whole));
            return Action::Redraw;
        }
        // Only the daemon knows which number was meant.
        if belongs && !self.is_asked && self.items().len() <= FIRST_PAGE {
            self.is_asked = true;
            return Action::Ask(self.wanted());
        }
        Action::Ignored
    }
}

/// What happened last comes first, as the daemon lists it.
fn put(items: &mut Vec<Conversation>, one: &Conversation, belongs: bool, is_whole: bool) {
    items.retain(|item| item.id != one.id);
    let place = (one.active(), one.id);
    let at = items.partition_point(|item| (item.active(), item.id) > place);
    // Behind the last one it comes with its page.
    if belongs && (at < items.len() || is_whole) {
        items.insert(at, one.clone());
    }
}

/// Who takes care of it: the agent, else the team.
#[must_use]
pub fn owner(view: &View<'_>, one: &Conversation) -> String {
    match (&one.assignee, &one.team) {
        (Some(agent), _) => names::first_name(view.model, agent.as_str()),
        (None, Some(team)) => team.to_string(),
        (None, None) => "–".to_owned(),
    }
}

#[must_use]
pub fn customer(view: &View<'_>, one: &Conversation) -> String {
    let number = one.customer.as_ref().map(ToString::to_string).unwrap_or_default();
    names::caller(&one.name, &number, view.speech)
}

#[must_use]
pub fn standing(view: &View<'_>, state: State) -> (String, Tone) {
    let tone = match state {
        State::Initial | State::Closed { .. } => Tone::Dim,
        State::Queued | State::Snoozed { .. } => Tone::Warn,
        State::Opened => Tone::Good,
        State::Missed { .. } => Tone::Bad,
    };
    (view.speech.standing(state), tone)
}

/// Since when it stands so.
#[must_use]
pub fn since(one: &Conversation) -> i64 {
    match one.state {
        State::Missed { since, .. } | State::Snoozed { since, .. } => since,
        State::Closed { at, .. } => at,
        State::Initial | State::Queued | State::Opened => one.case.opened,
    }
}

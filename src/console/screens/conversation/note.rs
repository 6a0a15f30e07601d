//! One thing that was said or done in a conversation, in full.

use crate::api::schema::schema::ConversationDetail;
use crate::console::action::{Action, Request};
use crate::console::desk::{DeskReport, DeskRequest};
use crate::console::keymap::Binding;
use crate::console::report::Report;
use crate::console::screens::form::paper::Reading;
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::line::Line;
use crate::console::widgets::paint::wrapped;

#[derive(Debug)]
pub struct Note {
    conversation: u64,
    /// Its place in the conversation's log, which only grows.
    entry: usize,
    found: Option<Box<ConversationDetail>>,
}

impl Note {
    #[must_use]
    pub fn new(conversation: u64, entry: usize) -> Self {
        Self { conversation, entry, found: None }
    }
}

impl Reading for Note {
    type Does = ();

    const KEYS: &'static [Binding<()>] = &[];

    fn title(&self, view: &View<'_>) -> String {
        let conversation = self.conversation;
        format!(
            "{} {conversation}: {}",
            view.pick("상담", "Conversation"),
            view.pick("메모", "note")
        )
    }

    fn lines(&self, view: &View<'_>, width: usize) -> Vec<Line> {
        let entry = self.found.as_ref().and_then(|found| found.log.get(self.entry));
        let Some(entry) = entry else {
            return vec![Line::toned(view.pick("불러오는 중입니다", "being read"), Tone::Dim)];
        };
        let who = entry.author().map(|who| view.speech.pick(&who.ko, &who.en).to_owned());
        let head = format!("{}  {}", view.moment(entry.at), who.unwrap_or_default());
        let said = view.speech.happening(&entry.what, |at| view.moment(at));
        let text = wrapped(&said, width).into_iter().map(Line::plain);
        [Line::toned(head, Tone::Dim), Line::default()].into_iter().chain(text).collect()
    }

    fn does(&mut self, (): (), _view: &View<'_>) -> Action {
        Action::Ignored
    }

    fn wanted(&self) -> Option<Request> {
        Some(Request::Desk(DeskRequest::Conversation(self.conversation)))
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        if let Report::Desk(DeskReport::Conversation(found)) = report
            && found.conversation.id.0 == self.conversation
        {
            self.found = Some(found.clone());
            return Action::Redraw;
        }
        Action::Ignored
    }
}

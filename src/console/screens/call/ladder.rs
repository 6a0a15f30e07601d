//! The SIP messages of one call, drawn as a ladder.

use ratatui::crossterm::event::KeyCode;

use crate::api::ladder;
use crate::api::schema::sip::CallSip;
use crate::console::action::{Action, Request};
use crate::console::keymap::{Binding, look};
use crate::console::report::Report;
use crate::console::screens::form::paper::Reading;
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::line::Line;

#[derive(Debug)]
pub struct Ladder {
    call: u64,
    found: Option<Box<CallSip>>,
}

impl Ladder {
    #[must_use]
    pub fn new(call: u64) -> Self {
        Self { call, found: None }
    }
}

impl Reading for Ladder {
    type Does = ();

    const KEYS: &'static [Binding<()>] =
        &[look(KeyCode::Char('r'), "r", (), "다시 읽기", "read again")];

    fn title(&self, view: &View<'_>) -> String {
        format!("{} {}: SIP", view.pick("통화", "Call"), self.call)
    }

    fn lines(&self, view: &View<'_>, _width: usize) -> Vec<Line> {
        let said = |ko, en| vec![Line::toned(view.pick(ko, en), Tone::Dim)];
        let Some(sip) = &self.found else { return said("불러오는 중입니다", "being read") };
        if sip.steps.is_empty() {
            return said(
                "이 통화의 SIP 메시지는 더 이상 남아 있지 않습니다",
                "the SIP messages of this call are no longer kept",
            );
        }
        let mut lines: Vec<Line> =
            ladder::lines(sip, view.zone).into_iter().map(Line::plain).collect();
        let left_out: u64 = sip.parties.iter().map(|party| party.left_out).sum();
        if left_out > 0 {
            let text = view.pick("남기지 않은 뒤의 메시지:", "later messages that were not kept:");
            lines.push(Line::toned(format!("{text} {left_out}"), Tone::Dim));
        }
        lines
    }

    fn does(&mut self, (): (), _view: &View<'_>) -> Action {
        Action::Ask(Request::CallSip(self.call))
    }

    fn wanted(&self) -> Option<Request> {
        Some(Request::CallSip(self.call))
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        if let Report::CallSip { call, sip } = report
            && *call == self.call
        {
            self.found = Some(sip.clone());
            return Action::Redraw;
        }
        Action::Ignored
    }
}

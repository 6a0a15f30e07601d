//! One call: who, what became of it, and why.

use ratatui::crossterm::event::KeyCode;

use crate::api::schema::schema::CallWithTrail;
use crate::console::action::{Action, Place, Request};
use crate::console::keymap::{Binding, look, write};
use crate::console::names;
use crate::console::report::Report;
use crate::console::screens::call::history::other_side;
use crate::console::screens::form::paper::Reading;
use crate::console::text::{clock, fit, local};
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::line::Line;
use crate::live::Update;
use crate::sheet::talked_seconds;

#[derive(Clone, Copy, Debug)]
pub enum Does {
    CallBack,
    Sip,
}

#[derive(Debug)]
pub struct Call {
    id: u64,
    call: Option<CallWithTrail>,
}

impl Call {
    #[must_use]
    pub fn new(id: u64) -> Self {
        Self { id, call: None }
    }
}

impl Reading for Call {
    type Does = Does;

    const KEYS: &'static [Binding<Does>] = &[
        write(KeyCode::Char('c'), "c", Does::CallBack, "다시 걸기", "call back"),
        look(KeyCode::Char('s'), "s", Does::Sip, "SIP 메시지", "SIP messages"),
    ];

    fn title(&self, view: &View<'_>) -> String {
        format!("{} {}", view.pick("통화", "Call"), self.id)
    }

    fn lines(&self, view: &View<'_>, width: usize) -> Vec<Line> {
        self.call.as_ref().map(|call| lines(view, call, width)).unwrap_or_else(|| {
            let text = view
                .pick("불러오는 중이거나 아직 기록이 없습니다", "being read, or not written yet");
            vec![Line::toned(text, Tone::Dim)]
        })
    }

    fn does(&mut self, does: Does, _view: &View<'_>) -> Action {
        match does {
            Does::Sip => Action::Open(Place::Ladder(self.id)),
            Does::CallBack => {
                let to = self.call.as_ref().map_or_else(String::new, |c| other_side(&c.call));
                Action::Open(Place::Dial(to))
            }
        }
    }

    fn wanted(&self) -> Option<Request> {
        Some(Request::Call(self.id))
    }

    fn told(&mut self, report: &Report, _view: &View<'_>) -> Action {
        if let Report::Call(call) = report
            && call.call.id.0 == self.id
        {
            self.call = Some((**call).clone());
            return Action::Redraw;
        }
        if let Report::Update(update) = report
            && is_about(update, self.id)
        {
            return Action::Ask(Request::Call(self.id));
        }
        Action::Ignored
    }
}

/// Whether it tells that the call has gone on, or is over.
fn is_about(update: &Update, call: u64) -> bool {
    match update {
        Update::Call { call: told } => told.id.0 == call,
        Update::CallEnded { id } => id.0 == call,
        Update::Agent { .. }
        | Update::Conversation { .. }
        | Update::Alert { .. }
        | Update::OfficeChanged
        | Update::HoursSwitched { .. }
        | Update::Warnings { .. }
        | Update::Registration { .. } => false,
    }
}

fn lines(view: &View<'_>, found: &CallWithTrail, width: usize) -> Vec<Line> {
    let call = &found.call;
    let (result, tone) = names::outcome(call, view.speech);
    let plain = |label, value: &str| Line::pair(view, label, value, Tone::Plain);
    let mut lines = vec![
        plain(("건 사람", "Caller"), &names::caller(&call.from_name, &call.from, view.speech)),
        plain(("받는 곳", "Called"), &call.to),
        plain(("시작", "Began"), &local(call.started, view.zone, "%Y-%m-%d %H:%M:%S")),
        Line::pair(view, ("결과", "Result"), &result, tone),
    ];
    if let Some(seconds) = talked_seconds(call) {
        lines.push(plain(("통화 시간", "Talked"), &clock(seconds * 1000)));
    }
    lines.push(Line::default());
    lines.push(Line::heading(view.pick("무슨 일이 있었나", "What happened")));
    for step in &found.why {
        let at = format!("  {}", local(step.at, view.zone, "%H:%M:%S"));
        lines.extend(Line::wrapped(&at, view.say(&step.words), width, 12, Tone::Plain));
    }
    lines.extend(leg_lines(view, found, width));
    lines
}

/// The figures in a word, for whoever does not read them.
fn sounded<'v>(view: &View<'v>, tone: Tone) -> &'v str {
    match tone {
        Tone::Good | Tone::Plain | Tone::Dim => view.pick("소리 좋음", "sounded well"),
        Tone::Warn => view.pick("소리 보통", "sounded fair"),
        Tone::Bad => view.pick("소리 나쁨", "sounded badly"),
    }
}

/// When each side rang, spoke and left.
fn leg_lines(view: &View<'_>, found: &CallWithTrail, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    if !found.call.legs.is_empty() {
        lines.push(Line::default());
        lines.push(Line::heading(view.pick("누구와 언제", "Who and when")));
    }
    let time = |millis: Option<i64>| {
        millis.map_or("–".to_owned(), |millis| local(millis, view.zone, "%H:%M:%S"))
    };
    for leg in &found.call.legs {
        lines.push(Line::plain(format!(
            "  {}  {} {}  {} {}  {} {}",
            fit(&leg.party, 16),
            view.pick("벨", "rang"),
            time(leg.ringing),
            view.pick("받음", "answered"),
            time(leg.answered),
            view.pick("끝", "left"),
            time(leg.ended)
        )));
        if let Some(quality) = &leg.quality {
            let (said, tone) = names::quality(quality, view.speech);
            let is_scored = quality.packets > 0 && quality.mos_hundredths.is_some();
            let word = if is_scored { format!("{}  ", sounded(view, tone)) } else { String::new() };
            let said = format!("{word}{said}");
            lines.extend(Line::wrapped("", &said, width, 20, tone));
        }
    }
    lines
}

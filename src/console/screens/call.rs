//! One call: who, what became of it, and why.

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;

use crate::api::schema::CallWithTrail;
use crate::console::action::{Action, Place, Request};
use crate::console::keymap::{Binding, Hint, hints, look, pressed, write};
use crate::console::names;
use crate::console::report::Report;
use crate::console::screen::Screen;
use crate::console::screens::history::other_side;
use crate::console::text::{clock, local};
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::paint::{put, row, wrapped};
use crate::live::Update;
use crate::sheet::talked_seconds;

#[derive(Clone, Copy, Debug)]
enum Does {
    Up,
    Down,
    CallBack,
}

const KEYS: [Binding<Does>; 3] = [
    look(KeyCode::Up, "↑", Does::Up, "위로", "up"),
    look(KeyCode::Down, "↓", Does::Down, "아래로", "down"),
    write(KeyCode::Char('c'), "c", Does::CallBack, "다시 걸기", "call back"),
];

#[derive(Debug)]
pub struct Call {
    id: u64,
    call: Option<CallWithTrail>,
    first: usize,
}

impl Call {
    #[must_use]
    pub fn new(id: u64) -> Self {
        Self { id, call: None, first: 0 }
    }
}

impl Screen for Call {
    fn title(&self, view: &View<'_>) -> String {
        format!("{} {}", view.pick("통화", "Call"), self.id)
    }

    fn hints(&self, view: &View<'_>) -> Vec<Hint> {
        hints(&KEYS, view.may_write)
    }

    fn draw(&mut self, view: &View<'_>, area: Rect, buffer: &mut Buffer) {
        let lines = self.call.as_ref().map(|call| lines(view, call, area.width));
        let lines = lines.unwrap_or_else(|| {
            let text = view
                .pick("불러오는 중이거나 아직 기록이 없습니다", "being read, or not written yet");
            vec![(text.to_owned(), Tone::Dim)]
        });
        let page = usize::from(area.height);
        self.first = self.first.min(lines.len().saturating_sub(page));
        for (index, (text, tone)) in lines.iter().skip(self.first).take(page).enumerate() {
            let line = row(area, index);
            put(buffer, (line.x, line.y), line.width, text, view.theme.tone(*tone));
        }
    }

    fn key(&mut self, key: KeyEvent, view: &View<'_>) -> Action {
        match pressed(&KEYS, key, view.may_write) {
            Some(Does::Up) => self.first = self.first.saturating_sub(1),
            Some(Does::Down) => self.first += 1,
            Some(Does::CallBack) => {
                let to = self.call.as_ref().map_or_else(String::new, |c| other_side(&c.call));
                return Action::Open(Place::Dial(to));
            }
            None => return Action::Ignored,
        }
        Action::Redraw
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
        if let Report::Update(Update::CallEnded { id }) = report
            && id.0 == self.id
        {
            return Action::Ask(Request::Call(self.id));
        }
        Action::Ignored
    }
}

fn lines(view: &View<'_>, found: &CallWithTrail, width: u16) -> Vec<(String, Tone)> {
    let call = &found.call;
    let (result, tone) = names::outcome(call, view.speech);
    let mut lines = vec![
        pair(view, ("건 사람", "Caller"), &names::caller(&call.from_name, &call.from, view.speech)),
        pair(view, ("받는 곳", "Called"), &call.to),
        pair(view, ("시작", "Began"), &local(call.started, view.zone, "%Y-%m-%d %H:%M:%S")),
    ];
    lines.push((pair(view, ("결과", "Result"), &result).0, tone));
    if let Some(seconds) = talked_seconds(call) {
        lines.push(pair(view, ("통화 시간", "Talked"), &clock(seconds * 1000)));
    }
    lines.push((String::new(), Tone::Plain));
    lines.push((view.pick("무슨 일이 있었나", "What happened").to_owned(), Tone::Good));
    for step in &found.why {
        let at = local(step.at, view.zone, "%H:%M:%S");
        let parts = wrapped(view.say(&step.words), usize::from(width.saturating_sub(12)));
        for (index, part) in parts.iter().enumerate() {
            let head = if index == 0 { at.as_str() } else { "" };
            lines.push((format!("  {head:<8}  {part}"), Tone::Plain));
        }
    }
    lines.extend(leg_lines(view, found));
    lines
}

fn pair(view: &View<'_>, (ko, en): (&str, &str), value: &str) -> (String, Tone) {
    let label = crate::console::text::fit(view.pick(ko, en), 10);
    (format!("{label}  {value}"), Tone::Plain)
}

/// When each side rang, spoke and left.
fn leg_lines(view: &View<'_>, found: &CallWithTrail) -> Vec<(String, Tone)> {
    let mut lines = Vec::new();
    if !found.call.legs.is_empty() {
        lines.push((String::new(), Tone::Plain));
        lines.push((view.pick("누구와 언제", "Who and when").to_owned(), Tone::Good));
    }
    let time = |millis: Option<i64>| {
        millis.map_or("–".to_owned(), |millis| local(millis, view.zone, "%H:%M:%S"))
    };
    for leg in &found.call.legs {
        let party = crate::console::text::fit(&leg.party, 16);
        let text = format!(
            "  {party}  {} {}  {} {}  {} {}",
            view.pick("벨", "rang"),
            time(leg.ringing),
            view.pick("받음", "answered"),
            time(leg.answered),
            view.pick("끝", "left"),
            time(leg.ended)
        );
        lines.push((text, Tone::Plain));
    }
    lines
}

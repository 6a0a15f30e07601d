//! The office this second.

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;

use crate::console::action::{Action, Place, Request};
use crate::console::keymap::{Binding, Hint, IN_LISTS, SEARCHING, hints, look, pressed, write};
use crate::console::names;
use crate::console::screen::Screen;
use crate::console::text::clock;
use crate::console::theme::{Theme, Tone, lamp};
use crate::console::view::View;
use crate::console::widgets::bars::bars;
use crate::console::widgets::paint::{put, row, run, wrapped};
use crate::console::widgets::table::{Column, Row, Table, Width, column};
use crate::history::figures::figures::CallFigures;
use crate::history::figures::target_alarm::{Metric, TargetWarning};
use crate::live::LiveCall;
use crate::words::Words;

#[derive(Clone, Copy, Debug)]
enum Does {
    Open,
    HangUp,
    Dial,
}

const KEYS: [Binding<Does>; 3] = [
    look(KeyCode::Enter, "Enter", Does::Open, "자세히", "details"),
    write(KeyCode::Char('d'), "d", Does::Dial, "전화 걸기", "dial"),
    write(KeyCode::Char('x'), "x", Does::HangUp, "끊기", "hang up"),
];

const COLUMNS: [Column; 6] = [
    column("상태", "STATE", Width::Columns(13)),
    column("시간", "TIME", Width::Columns(7)),
    column("건 사람", "CALLER", Width::Share(3)),
    column("받는 번호", "CALLED", Width::Share(2)),
    column("매니저", "AGENT", Width::Columns(12)),
    column("누른 키", "KEYS", Width::Wide(10)),
];

#[derive(Debug, Default)]
pub struct Now {
    table: Table,
}

impl Screen for Now {
    fn title(&self, _view: &View<'_>) -> String {
        String::new()
    }

    fn is_writing(&self) -> bool {
        self.table.is_searching()
    }

    fn hints(&self, view: &View<'_>) -> Vec<Hint> {
        if self.table.is_searching() {
            return SEARCHING.to_vec();
        }
        hints(&KEYS, view.may_write).into_iter().chain(IN_LISTS).collect()
    }

    fn draw(&mut self, view: &View<'_>, area: Rect, buffer: &mut Buffer) {
        draw_day(view, area, buffer);
        if view.model.office.as_ref().is_some_and(|office| office.is_empty()) {
            draw_guide(view, Rect { y: area.y + 4, ..area }, buffer);
            return;
        }
        let warnings = view.model.warnings();
        let warned = warnings.len().min(3);
        for (index, warning) in warnings.iter().take(warned).enumerate() {
            let line = row(area, 3 + index);
            let text = format!("{} {}", lamp(Tone::Bad), view.say(warning));
            put(buffer, (line.x, line.y), line.width, &text, view.theme.tone(Tone::Bad));
        }
        let top = 4 + u16::try_from(warned).unwrap_or(0);
        let rest = Rect { y: area.y + top, height: area.height.saturating_sub(top), ..area };
        let people = people_height(view, rest);
        let calls = Rect { height: rest.height - people, ..rest };
        self.draw_calls(view, calls, buffer);
        draw_people(view, Rect { y: calls.bottom(), height: people, ..rest }, buffer);
    }

    fn key(&mut self, key: KeyEvent, view: &View<'_>) -> Action {
        let rows = rows(view);
        if self.table.key(key, &rows) {
            return Action::Redraw;
        }
        if self.table.is_searching() {
            return Action::Ignored;
        }
        let call = self.table.chosen(&rows).and_then(|row| row.id.parse().ok());
        match (pressed(&KEYS, key, view.may_write), call) {
            (Some(Does::Open), Some(call)) => Action::Open(Place::Call(call)),
            (Some(Does::HangUp), Some(call)) => Action::Confirm {
                question: Words::new("이 통화를 끊을까요?", "End this call?"),
                request: Request::HangUp(call),
            },
            (Some(Does::Dial), _) => Action::Open(Place::Dial(String::new())),
            (Some(Does::Open | Does::HangUp), None) | (None, _) => Action::Ignored,
        }
    }
}

impl Now {
    fn draw_calls(&mut self, view: &View<'_>, area: Rect, buffer: &mut Buffer) {
        let rows = rows(view);
        if rows.is_empty() {
            let line = row(area, 0);
            let text = view.pick("지금은 통화가 없습니다", "no calls at the moment");
            put(buffer, (line.x, line.y), line.width, text, view.theme.tone(Tone::Dim));
        } else {
            self.table.draw(view, (area, buffer), (&COLUMNS, &rows), true);
        }
    }
}

fn rows(view: &View<'_>) -> Vec<Row> {
    view.model.calls.values().map(|call| call_row(view, call)).collect()
}

fn call_row(view: &View<'_>, call: &LiveCall) -> Row {
    let (stage, tone) = names::stage(call.stage, view.speech);
    let agent = call.agent.as_ref().map_or_else(String::new, |extension| {
        let extension = extension.to_string();
        let name = view.model.agents.get(&extension).map_or("", |agent| agent.name.as_str());
        format!("{extension} {name}")
    });
    let cells = vec![
        (format!("{} {stage}", lamp(tone)), tone),
        (format!("{:>7}", clock(view.now - call.stage_since)), Tone::Plain),
        (names::caller(&call.from_name, &call.from, view.speech), Tone::Plain),
        (call.to.clone(), Tone::Plain),
        (agent, Tone::Plain),
        (call.keys.clone(), Tone::Dim),
    ];
    Row { id: call.id.to_string(), cells }
}

/// The day's figures and when its calls came, in three lines.
fn draw_day(view: &View<'_>, area: Rect, buffer: &mut Buffer) {
    let Some(stats) = &view.model.figures else { return };
    let day = &stats.figures.calls;
    let percent = |rate: Option<f64>| rate.map_or("–".to_owned(), |rate| format!("{rate:.0}%"));
    let time =
        |seconds: Option<i64>| seconds.map_or("–".to_owned(), |seconds| clock(seconds * 1_000));
    let by_hour = |count: fn(&CallFigures) -> u64| {
        let hours: Vec<u64> = (0..24)
            .map(|hour| stats.figures.hours.get(&format!("{hour:02}")).map_or(0, count))
            .collect();
        bars(&hours)
    };
    let goal = |metric: Metric| {
        let of_day = |warning: &&TargetWarning| {
            warning.metric == metric && warning.within == stats.target && warning.is_whole()
        };
        view.model.below_target.iter().find(of_day).map(|warning| warning.target)
    };
    let counts = [
        ("오늘 온 전화", "calls today", day.inbound.to_string(), None),
        ("받음", "answered", day.answered.to_string(), None),
        ("부재중", "missed", day.missed.to_string(), None),
        ("건 전화", "calls made", day.outbound.to_string(), None),
        ("내선", "colleagues", day.internal.to_string(), None),
    ];
    let rates = [
        ("응답률", "answer rate", percent(stats.answer_rate), goal(Metric::AnswerRate)),
        ("20초 안에", "within 20 s", percent(stats.service_level), goal(Metric::ServiceLevel)),
        ("평균 대기", "mean wait", time(stats.average_wait), None),
        ("평균 통화", "mean talk", time(stats.average_talk), None),
    ];
    draw_figures(view, row(area, 0), &counts, buffer);
    draw_figures(view, row(area, 1), &rates, buffer);
    let (plain, dim) = (view.theme.tone(Tone::Plain), view.theme.tone(Tone::Dim));
    let pieces = [
        (view.pick("온 시간 ", "by hour ").to_owned(), dim),
        (format!("0▕{}▏24", by_hour(|calls| calls.inbound)), plain),
        (view.pick("   부재중 ", "   missed ").to_owned(), dim),
        (format!("0▕{}▏24", by_hour(|calls| calls.missed)), plain),
    ];
    run(buffer, row(area, 2), &pieces);
}

/// What it is called in both languages, what it is, and the target that it does not reach.
type Figure<'a> = (&'a str, &'a str, String, Option<u8>);

fn draw_figures(view: &View<'_>, line: Rect, figures: &[Figure<'_>], buffer: &mut Buffer) {
    let (plain, dim) = (view.theme.tone(Tone::Plain), view.theme.tone(Tone::Dim));
    let piece = |(ko, en, value, missed): &Figure<'_>| {
        // L161: a sign and the target beside the colour, for who sees no colours.
        let value = match missed {
            Some(goal) => {
                (format!("{} {value} < {goal}%   ", lamp(Tone::Bad)), view.theme.tone(Tone::Bad))
            }
            None => (format!("{value}   "), plain),
        };
        [(format!("{} ", view.speech.pick(ko, en)), dim), value]
    };
    run(buffer, line, &figures.iter().flat_map(piece).collect::<Vec<_>>());
}

/// Rows that people, trunks and phones take.
fn people_height(view: &View<'_>, rest: Rect) -> u16 {
    let columns = usize::from((rest.width / 26).max(1));
    let lines = view.model.present_agents().len().div_ceil(columns) + 3;
    u16::try_from(lines).unwrap_or(u16::MAX).min(rest.height / 2)
}

fn draw_people(view: &View<'_>, area: Rect, buffer: &mut Buffer) {
    let heading = row(area, 0);
    if heading.height == 0 {
        return;
    }
    put(buffer, (heading.x, heading.y), heading.width, "", Theme::head());
    put(
        buffer,
        (heading.x, heading.y),
        heading.width,
        view.pick("매니저", "PEOPLE"),
        Theme::head(),
    );
    let columns = usize::from((area.width / 26).max(1));
    let width = area.width / u16::try_from(columns).unwrap_or(1);
    let room = usize::from(area.height.saturating_sub(2)) * columns;
    let mut agents = view.model.present_agents();
    agents.sort_by(|one, other| one.place().cmp(&other.place()));
    for (index, agent) in agents.iter().take(room).enumerate() {
        let line = row(area, 1 + index / columns);
        let x = line.x + width * u16::try_from(index % columns).unwrap_or(0);
        let (state, tone) = names::agent(agent, view.speech);
        let text = format!("{} {} {} {state}", lamp(tone), agent.extension, agent.name);
        put(buffer, (x, line.y), width - 1, &text, view.theme.tone(tone));
    }
    draw_lines(view, row(area, usize::from(area.height) - 1), buffer);
}

fn draw_lines(view: &View<'_>, line: Rect, buffer: &mut Buffer) {
    let (all, on) = view.model.phones();
    let tone = if on == 0 && all > 0 { Tone::Warn } else { Tone::Plain };
    let phones = view.pick("전화기", "phones");
    let mut pieces = vec![(format!("{phones} {on}/{all}   "), view.theme.tone(tone))];
    for trunk in &view.model.trunks {
        let (state, tone) = names::link(trunk.link, view.speech);
        let name = if trunk.label.is_empty() { &trunk.name } else { &trunk.label };
        let text = format!("{} {name} {state}   ", lamp(tone));
        pieces.push((text, view.theme.tone(tone)));
    }
    run(buffer, line, &pieces);
}

/// For an office that has nothing yet.
fn draw_guide(view: &View<'_>, area: Rect, buffer: &mut Buffer) {
    let lines = [
        (
            "처음 오셨습니다. 세 단계면 전화를 받을 수 있습니다.",
            "Welcome. Three steps, and the office takes calls.",
        ),
        ("", ""),
        (
            "1. 4 회선: n을 눌러 통신사 회선과 번호 대역을 적습니다.",
            "1. Screen 4, Trunks: press n and tell the provider's trunk and its numbers.",
        ),
        (
            "2. 3 사람: n으로 매니저를 만들고 p에서 전화기를 더합니다.",
            "2. Screen 3, People: n makes a person, p gives them a phone.",
        ),
        (
            "3. 2 번호: n으로 번호를 골라 누가 받을지 정합니다.",
            "3. Screen 2, Numbers: n takes a number and says who answers it.",
        ),
        ("", ""),
        (
            "모든 변경은 7 실행 취소에서 되돌릴 수 있습니다. 도움말은 ?입니다.",
            "Every change can be taken back on screen 7, Undo. ? is help.",
        ),
    ];
    let mut at = 0;
    for (ko, en) in lines {
        let text = view.pick(ko, en);
        let parts = if text.is_empty() {
            vec![String::new()]
        } else {
            wrapped(text, usize::from(area.width))
        };
        for part in parts {
            let line = row(area, at);
            put(buffer, (line.x, line.y), line.width, &part, view.theme.tone(Tone::Plain));
            at += 1;
        }
    }
}

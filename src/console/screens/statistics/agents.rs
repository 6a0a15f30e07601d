//! Each agent's after-call work and time in each status, as lines of the figures (L172, L173).

use unicode_width::UnicodeWidthStr;

use crate::api::schema::stats::{AgentLine, AgentStats};
use crate::console::names;
use crate::console::text::{clock, fit};
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::line::Line;
use crate::history::agent_log::AgentStatus;

/// Columns of who it is.
const WHO: usize = 20;

/// What stands between two times.
const GAP: &str = "   ";

#[must_use]
pub fn lines(view: &View<'_>, stats: &AgentStats, width: usize) -> Vec<Line> {
    let known = stats.agents.iter().filter(|(_, line)| !line.figures.is_empty());
    let told: Vec<Line> =
        known.flat_map(|(agent, line)| of_agent(view, (agent, line), width)).collect();
    if told.is_empty() {
        return told;
    }
    let head = view.pick("매니저별 상태와 시간", "Agents: time in each status");
    [vec![Line::default(), Line::heading(head)], told].concat()
}

fn of_agent(view: &View<'_>, (agent, line): (&str, &AgentLine), width: usize) -> Vec<Line> {
    let figures = &line.figures;
    let time = |status: AgentStatus| {
        let millis = figures.time(status);
        (millis > 0).then(|| format!("{} {}", view.speech.status(status), clock(millis)))
    };
    let mut told: Vec<String> = AgentStatus::ALL.into_iter().filter_map(time).collect();
    if let Some(mean) = line.average_wrap_up {
        let (count, mean) = (figures.wrap_ups, clock(mean * 1_000));
        told.push(match view.speech {
            crate::locale::Speech::Korean => format!("후처리 {count}번, 평균 {mean}"),
            crate::locale::Speech::English => format!("{count} wrap-ups, {mean} on average"),
        });
    }
    if figures.rung > 0 {
        let (count, time) = (figures.rung, clock(figures.rung_time));
        told.push(match view.speech {
            crate::locale::Speech::Korean => format!("울린 통화 {count}건, {time}"),
            crate::locale::Speech::English => format!("rung in {count} calls, {time}"),
        });
    }
    let who = names::person(view.model, agent);
    let mut lines = Vec::new();
    for (index, row) in rows(told, width.saturating_sub(WHO)).into_iter().enumerate() {
        let who = if index == 0 { who.as_str() } else { "" };
        lines.push(Line(vec![(fit(who, WHO), Tone::Plain), (row, Tone::Dim)]));
    }
    lines
}

/// As many to a line as fit whole.
fn rows(told: Vec<String>, width: usize) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for piece in told {
        match rows.last_mut() {
            Some(row) if row.width() + GAP.len() + piece.width() <= width => {
                row.push_str(GAP);
                row.push_str(&piece);
            }
            Some(_) | None => rows.push(piece),
        }
    }
    rows
}

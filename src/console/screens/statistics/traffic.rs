//! When customers call, as charts: the last two hours, and the hours of the week (L162, L183).

use crate::api::schema::stats::Stats;
use crate::console::statistics::{Period, StatsFilter};
use crate::console::text::{fit, local};
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::bars::bars;
use crate::console::widgets::chart::{Bar, chart};
use crate::console::widgets::line::Line;
use crate::history::figures::week_hour::grid;

/// Lines of a chart's bars.
pub(crate) const HEIGHT: usize = 4;

/// Columns of a day's name.
const DAY: usize = 6;

pub(crate) fn heading(view: &View<'_>, (ko, en): (&str, &str)) -> [Line; 2] {
    [Line::default(), Line::heading(view.pick(ko, en))]
}

/// Steps of five minutes; of today alone, as other days are over.
#[must_use]
pub fn inflow(view: &View<'_>, (filter, stats): (&StatsFilter, &Stats), width: usize) -> Vec<Line> {
    let steps = &stats.figures.inflow;
    if filter.period != Period::Today || steps.is_empty() {
        return Vec::new();
    }
    let bar = |step: &crate::history::figures::inflow::Inflow| Bar {
        label: local(step.from, view.zone, "%H:%M"),
        value: step.inbound,
    };
    let bars: Vec<Bar> = steps.iter().map(bar).collect();
    let name = ("지난 2시간 수신, 5분마다", "Inbound in the last 2 hours, by 5 minutes");
    let mut lines = heading(view, name).to_vec();
    lines.extend(chart(&bars, (width, HEIGHT), Tone::Plain));
    lines
}

/// A line for each day of the week, a column for each hour; all in one measure.
#[must_use]
pub fn week(view: &View<'_>, stats: &Stats) -> Vec<Line> {
    if stats.figures.days.len() < 2 || stats.figures.week.is_empty() {
        return Vec::new();
    }
    let days = grid(&stats.figures.week, |at| at.inbound);
    let all: Vec<u64> = days.iter().flat_map(|(_, hours)| hours.iter().copied()).collect();
    let drawn: Vec<char> = bars(&all).chars().collect();
    let mut lines = heading(view, ("요일과 시간별 수신", "Inbound by weekday and hour")).to_vec();
    for ((day, hours), drawn) in days.iter().zip(drawn.chunks(24)) {
        let drawn: String = drawn.iter().flat_map(|bar| [*bar, *bar]).collect();
        let sum: u64 = hours.iter().sum();
        lines.push(Line(vec![
            (fit(&view.speech.weekday(day), DAY), Tone::Dim),
            (format!("▕{drawn}▏"), Tone::Plain),
            (format!("{sum:>6}"), Tone::Plain),
        ]));
    }
    let hours: String = (0..24).step_by(3).map(|hour| format!("{hour:<6}")).collect();
    lines.push(Line::toned(format!("{}{hours}", " ".repeat(DAY + 1)), Tone::Dim));
    lines
}

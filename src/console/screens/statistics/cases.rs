//! How long customers waited, how long cases took, and who closed most of them (L174).

use crate::api::schema::stats::Stats;
use crate::console::names;
use crate::console::text::clock;
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::line::Line;
use crate::history::figures::lengths::Lengths;

/// Places that are shown.
const MOST: usize = 10;

/// The mean of each, and the median beside it.
#[must_use]
pub fn times(view: &View<'_>, stats: &Stats) -> Line {
    let times = &stats.figures.case_times;
    let told =
        |seconds: Option<i64>| seconds.map_or("–".to_owned(), |seconds| clock(seconds * 1_000));
    let card = |ko, en, all: Lengths| {
        let median = view.pick("중앙값", "median");
        [
            (format!("{} ", view.pick(ko, en)), Tone::Dim),
            (told(all.average()), Tone::Plain),
            (format!(" ({median} {})   ", told(all.middle())), Tone::Dim),
        ]
    };
    let cards = [
        card("첫 응대까지", "first response", times.first_response),
        card("응답까지", "reply", times.reply),
        card("처리 시간", "handling", times.handling),
    ];
    Line(cards.into_iter().flatten().collect())
}

/// Those with as many share a place, and it is said.
#[must_use]
pub fn leaders(view: &View<'_>, stats: &Stats) -> Vec<Line> {
    let board = &stats.figures.leaders;
    if board.is_empty() {
        return Vec::new();
    }
    let head = view.pick("닫은 케이스 순위", "Who closed most cases");
    let mut lines = vec![Line::default(), Line::heading(head)];
    lines.extend(board.iter().take(MOST).map(|line| {
        let shared = if line.tied { view.pick("  공동", "  shared") } else { "" };
        Line(vec![
            (format!("{:>3}. ", line.place), Tone::Plain),
            (names::person(view.model, &line.agent), Tone::Plain),
            (format!("  {}{shared}", line.closed), Tone::Dim),
        ])
    }));
    lines
}

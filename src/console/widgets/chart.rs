//! Upright bars over several lines, with what they stand for below.

use unicode_width::UnicodeWidthStr;

use crate::console::text::fit;
use crate::console::theme::Tone;
use crate::console::widgets::line::Line;

const EIGHTHS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// Columns of the scale at the left.
const SCALE: usize = 6;

/// Several values that belong to one day, hour or the like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    pub label: String,
    pub value: u64,
}

/// `height` lines of bars and one of labels, at most `width` columns wide. Bars that would not fit
/// are put together; answers nothing where there is nothing to show.
#[must_use]
pub fn chart(bars: &[Bar], (width, height): (usize, usize), tone: Tone) -> Vec<Line> {
    let room = width.saturating_sub(SCALE);
    if bars.is_empty() || room == 0 || height == 0 {
        return Vec::new();
    }
    let together = bars.len().div_ceil(room);
    let bars: Vec<Bar> = bars.chunks(together).map(sum).collect();
    let each = (room / bars.len()).clamp(1, 6);
    let top = bars.iter().map(|bar| bar.value).max().unwrap_or(0);
    let mut lines: Vec<Line> =
        (0..height).map(|row| bar_line(&bars, (row, height), (each, top), tone)).collect();
    lines.push(label_line(&bars, each));
    lines
}

fn sum(bars: &[Bar]) -> Bar {
    let label = bars.first().map(|bar| bar.label.clone()).unwrap_or_default();
    Bar { label, value: bars.iter().map(|bar| bar.value).sum() }
}

fn bar_line(
    bars: &[Bar],
    (row, height): (usize, usize),
    (each, top): (usize, u64),
    tone: Tone,
) -> Line {
    let scale = match row {
        0 => top.to_string(),
        row if row + 1 == height => "0".to_owned(),
        _ => String::new(),
    };
    let below = u64::try_from((height - 1 - row) * 8).unwrap_or(0);
    let cell = |bar: &Bar| {
        let all = bar.value * 8 * u64::try_from(height).unwrap_or(1);
        // Whatever is there is seen.
        let eighths = all.checked_div(top).unwrap_or(0).max(u64::from(bar.value > 0));
        let here = usize::try_from(eighths.saturating_sub(below).min(8)).unwrap_or(0);
        let wide = each.saturating_sub(1).max(1);
        fit(&EIGHTHS[here].repeat(wide), each)
    };
    let bars: String = bars.iter().map(cell).collect();
    Line(vec![(format!("{scale:>4} ▏"), Tone::Dim), (bars, tone)])
}

fn label_line(bars: &[Bar], each: usize) -> Line {
    let mut text = " ".repeat(SCALE);
    for (index, bar) in bars.iter().enumerate() {
        let at = SCALE + index * each;
        if text.width() <= at {
            text.push_str(&" ".repeat(at - text.width()));
            text.push_str(&bar.label);
            text.push(' ');
        }
    }
    Line::toned(text, Tone::Dim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(values: &[u64], size: (usize, usize)) -> Vec<String> {
        let bar =
            |(index, value): (usize, &u64)| Bar { label: format!("{index:02}"), value: *value };
        let bars: Vec<Bar> = values.iter().enumerate().map(bar).collect();
        let lines = chart(&bars, size, Tone::Plain);
        lines
            .iter()
            .map(|line| line.0.iter().map(|(text, _)| text.as_str()).collect::<String>())
            .map(|text| text.trim_end().to_owned())
            .collect()
    }

    #[test]
    fn the_tallest_fills_all_lines_and_the_least_is_seen() {
        let seen = texts(&[8, 4, 1, 0], (18, 2));
        assert_eq!(seen, ["   8 ▏██", "   0 ▏██ ██ ▂▂", "      00 01 02 03"]);
    }

    #[test]
    fn a_long_row_is_put_together_and_nothing_is_no_chart() {
        let seen = texts(&[1; 30], (16, 1));
        assert_eq!(seen[0], "   3 ▏██████████");
        assert!(texts(&[], (40, 3)).is_empty());
        assert_eq!(texts(&[0, 0], (14, 1))[0], "   0 ▏");
    }
}

//! The day from midnight to midnight as a bar: when it is open, in cells of equal length.

const DAY: u16 = 24 * 60;

/// Open minutes of the day, and whether what is open began the day before.
pub type Span = (u16, u16, bool);

/// `█` open all the while, `▓` the same since the day before, `▄` open for a part, `·` closed.
#[must_use]
pub fn day_bar(spans: &[Span], cells: u16) -> String {
    let cells = cells.max(1);
    let cell = |index: u16| {
        let minute = |index: u16| index * (DAY / cells);
        let (from, to) = (minute(index), minute(index + 1));
        let shared = |span: &&Span| span.1.min(to).saturating_sub(span.0.max(from));
        let open: u16 = spans.iter().map(|span| shared(&span)).sum();
        let carried = spans.iter().any(|span| span.2 && shared(&span) > 0);
        match open {
            0 => '·',
            part if part < to - from => '▄',
            _ if carried => '▓',
            _ => '█',
        }
    };
    (0..cells).map(cell).collect()
}

/// The hours under such a bar, each where it begins.
#[must_use]
pub fn scale(cells: u16) -> String {
    let step = if cells >= 96 { 1 } else { 3 };
    let mut text = String::new();
    for hour in (0..24).step_by(step) {
        let at = usize::from(cells) * hour / 24;
        let missing = at.saturating_sub(text.len());
        text.push_str(&" ".repeat(missing));
        text.push_str(&hour.to_string());
    }
    text
}

/// Where a minute of the day stands in such a bar.
#[must_use]
pub fn place(minute: u16, cells: u16) -> u16 {
    (minute / (DAY / cells.max(1))).min(cells.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_is_full_and_lunch_is_a_gap() {
        let spans = [(0, 120, true), (540, 720, false), (780, 1_065, false)];
        assert_eq!(day_bar(&spans, 24), "▓▓·······███·████▄······");
        assert_eq!(day_bar(&[(0, DAY, false)], 24), "█".repeat(24));
        assert_eq!(day_bar(&[], 48).chars().count(), 48);
    }

    #[test]
    fn hours_stand_where_they_begin() {
        assert_eq!(scale(48), "0     3     6     9     12    15    18    21");
        assert!(scale(96).starts_with("0   1   2   3"));
        assert_eq!((place(0, 48), place(540, 48), place(1_439, 48)), (0, 18, 47));
    }
}

//! The keys of what is seen, at the bottom: over two lines where one has no room for all of them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use crate::console::keymap::Hint;
use crate::console::theme::{Theme, Tone};
use crate::console::widgets::paint::{row, run};
use crate::locale::Speech;

#[derive(Debug)]
pub(crate) struct Footer {
    /// From the top; the last one ends where the fixed keys begin.
    lines: Vec<Vec<Hint>>,
    fixed: Vec<Hint>,
    /// Keys that only the help has room for.
    left_out: usize,
}

impl Footer {
    /// `fixed` are seen however many keys a screen has, the help first.
    pub(crate) fn new(hints: &[Hint], fixed: Vec<Hint>, speech: Speech, width: u16) -> Self {
        let width = usize::from(width);
        let room = width.saturating_sub(wide(&fixed, speech) + MORE);
        if wide(hints, speech) <= room + MORE {
            return Self { lines: vec![hints.to_vec()], fixed, left_out: 0 };
        }
        let (first, rest) = fitting(hints, speech, width);
        let (second, rest) = fitting(rest, speech, room);
        let lines = vec![first.to_vec(), second.to_vec()];
        Self { lines, fixed, left_out: rest.len() }
    }

    pub(crate) fn height(&self) -> u16 {
        u16::try_from(self.lines.len()).unwrap_or(1)
    }

    pub(crate) fn draw(&self, theme: Theme, speech: Speech, area: Rect, buffer: &mut Buffer) {
        for (index, hints) in self.lines.iter().enumerate() {
            run(buffer, row(area, index), &pieces(hints, theme, speech));
        }
        let mut fixed = pieces(&self.fixed, theme, speech);
        if self.left_out > 0 {
            fixed.insert(2, (format!("(+{}) ", self.left_out), theme.key()));
        }
        let wide: usize = fixed.iter().map(|(text, _)| text.width()).sum();
        let line = row(area, self.lines.len() - 1);
        let wide = u16::try_from(wide).unwrap_or(0).min(line.width);
        run(buffer, Rect { x: line.right() - wide, width: wide, ..line }, &fixed);
    }
}

/// Columns of the sign that the help has more keys.
const MORE: usize = 5;

/// As many as fit whole, and the others.
fn fitting(hints: &[Hint], speech: Speech, width: usize) -> (&[Hint], &[Hint]) {
    let fits = (0..=hints.len()).rev().find(|count| wide(&hints[..*count], speech) <= width);
    hints.split_at(fits.unwrap_or(0))
}

fn wide(hints: &[Hint], speech: Speech) -> usize {
    pieces(hints, Theme::Plain, speech).iter().map(|(text, _)| text.width()).sum()
}

/// The key and what it does, for each.
fn pieces(hints: &[Hint], theme: Theme, speech: Speech) -> Vec<(String, Style)> {
    let piece = |hint: &Hint| {
        let text = format!(" {}  ", speech.pick(hint.ko, hint.en));
        [(hint.label.to_owned(), theme.key()), (text, theme.tone(Tone::Dim))]
    };
    hints.iter().flat_map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::keymap::EVERYWHERE;

    const KEY: Hint = Hint { label: "x", ko: "지우기", en: "remove" };

    fn seen(count: usize, width: u16) -> (u16, String) {
        let (fixed, hints) = (EVERYWHERE[..2].to_vec(), vec![KEY; count]);
        let footer = Footer::new(&hints, fixed, Speech::Korean, width);
        let area = Rect { x: 0, y: 0, width, height: footer.height() };
        let mut buffer = Buffer::empty(area);
        footer.draw(Theme::Plain, Speech::Korean, area, &mut buffer);
        (footer.height(), buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect())
    }

    #[test]
    fn every_key_is_seen_or_counted() {
        for (count, width, lines, is_full) in
            [(3, 80, 1, false), (9, 80, 2, false), (20, 80, 2, true)]
        {
            let (height, text) = seen(count, width);
            assert_eq!(height, lines, "{text}");
            let counted = text.split_once("(+").and_then(|(_, rest)| rest.split_once(')'));
            let left_out = counted.map_or(0, |(count, _)| count.parse().unwrap());
            assert_eq!(left_out > 0, is_full, "{text}");
            assert_eq!(text.matches('x').count() + left_out, count, "{text}");
            assert!(text.contains('q'), "{text}");
        }
    }
}

//! A line of text in pieces, each in its tone.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::console::text::fit;
use crate::console::theme::Tone;
use crate::console::view::View;
use crate::console::widgets::paint::{put, run, wrapped};

/// Columns of the labels of pairs.
const LABEL: usize = 14;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line(pub Vec<(String, Tone)>);

impl Line {
    #[must_use]
    pub fn toned(text: impl Into<String>, tone: Tone) -> Self {
        Self(vec![(text.into(), tone)])
    }

    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self::toned(text, Tone::Plain)
    }

    /// A heading within a text.
    #[must_use]
    pub fn heading(text: impl Into<String>) -> Self {
        Self::toned(text, Tone::Good)
    }

    /// What it is called, and what it is; values of one text stand under each other.
    #[must_use]
    pub fn pair(view: &View<'_>, (ko, en): (&str, &str), value: &str, tone: Tone) -> Self {
        let label = format!("{}  ", fit(view.pick(ko, en), LABEL));
        Self(vec![(label, Tone::Dim), (value.to_owned(), tone)])
    }

    /// Text over as many lines as it needs, each after `margin` blanks but the first, which begins
    /// with `head`.
    #[must_use]
    pub fn wrapped(head: &str, text: &str, width: usize, margin: usize, tone: Tone) -> Vec<Self> {
        let parts = wrapped(text, width.saturating_sub(margin));
        let line = |(index, part): (usize, String)| {
            Self::toned(format!("{}{part}", fit(if index == 0 { head } else { "" }, margin)), tone)
        };
        parts.into_iter().enumerate().map(line).collect()
    }

    pub(crate) fn draw(&self, view: &View<'_>, place: Rect, buffer: &mut Buffer) {
        if place.height == 0 {
            return;
        }
        if let [(text, tone)] = self.0.as_slice() {
            put(buffer, (place.x, place.y), place.width, text, view.theme.tone(*tone));
            return;
        }
        let piece = |(text, tone): &(String, Tone)| (text.clone(), view.theme.tone(*tone));
        run(buffer, place, &self.0.iter().map(piece).collect::<Vec<_>>());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_lines_stand_under_the_first() {
        let lines = Line::wrapped("09:00", "한 줄에 다 못 쓰는 말", 20, 7, Tone::Plain);
        let texts: Vec<&str> = lines.iter().map(|line| line.0[0].0.as_str()).collect();
        assert_eq!(texts, ["09:00  한 줄에 다 못", "       쓰는 말"]);
    }
}

//! The bar of screens: as many names as there is room for, the one that is seen always among them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use crate::console::places::BAR;
use crate::console::theme::{Theme, Tone};
use crate::console::widgets::paint::run;
use crate::locale::Speech;

pub(crate) fn draw((theme, speech): (Theme, Speech), here: usize, line: Rect, buffer: &mut Buffer) {
    let room = usize::from(line.width);
    let names: Vec<&str> = BAR.iter().map(|(ko, en)| speech.pick(ko, en)).collect();
    for pieces in [roomy(&names, speech), tight(&names)] {
        if width(&pieces) <= room {
            return paint(theme, here, pieces, line, buffer);
        }
    }
    // Names that are far from the one that is seen go first; their keys stay.
    let least = names.iter().map(|name| name.width() + 3).max().unwrap_or(0);
    let kept = (0..names.len()).rev().map(|kept| near(&names, here, kept));
    let fits = kept.into_iter().find(|pieces| width(pieces) <= room.max(least));
    paint(theme, here, fits.unwrap_or_default(), line, buffer);
}

/// Text and, if it is a screen's name, its place in the bar.
type Piece = (String, Option<usize>);

fn roomy(names: &[&str], speech: Speech) -> Vec<Piece> {
    let name = |(index, name): (usize, &&str)| (format!(" {} {name} ", index + 1), Some(index));
    let own = (speech.pick("나루 ", "naru ").to_owned(), None);
    std::iter::once(own).chain(names.iter().enumerate().map(name)).collect()
}

fn tight(names: &[&str]) -> Vec<Piece> {
    let name = |(index, name): (usize, &&str)| {
        [(format!("{} {name}", index + 1), Some(index)), (" ".to_owned(), None)]
    };
    names.iter().enumerate().flat_map(name).collect()
}

/// The names of `kept` screens beside the one that is seen; of the others the keys, each with a mark
/// that it goes without its name.
fn near(names: &[&str], here: usize, kept: usize) -> Vec<Piece> {
    let mut by_distance: Vec<usize> = (0..names.len()).filter(|index| *index != here).collect();
    by_distance.sort_by_key(|index| index.abs_diff(here));
    by_distance.truncate(kept);
    let piece = |(index, name): (usize, &&str)| {
        let is_named = index == here || by_distance.contains(&index);
        let text =
            if is_named { format!("{} {name}", index + 1) } else { format!("{}…", index + 1) };
        [(text, Some(index)), (" ".to_owned(), None)]
    };
    names.iter().enumerate().flat_map(piece).collect()
}

fn width(pieces: &[Piece]) -> usize {
    pieces.iter().map(|(text, _)| text.width()).sum()
}

fn paint(theme: Theme, here: usize, pieces: Vec<Piece>, line: Rect, buffer: &mut Buffer) {
    let style = |index: Option<usize>| -> Style {
        match index {
            None => theme.title(),
            Some(index) if index == here => Theme::selected(),
            Some(_) => theme.tone(Tone::Plain),
        }
    };
    let styled: Vec<(String, Style)> =
        pieces.into_iter().map(|(text, index)| (text, style(index))).collect();
    run(buffer, line, &styled);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(speech: Speech, here: usize, width: u16) -> String {
        let area = Rect { x: 0, y: 0, width, height: 1 };
        let mut buffer = Buffer::empty(area);
        draw((Theme::Plain, speech), here, area, &mut buffer);
        buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect()
    }

    #[test]
    fn the_bar_shows_every_key_and_the_name_that_is_seen() {
        let places = (0..BAR.len()).flat_map(|here| [40, 60, 74, 80, 140].map(|w| (here, w)));
        for (here, width) in places {
            for speech in [Speech::Korean, Speech::English] {
                let text = seen(speech, here, width);
                let name = speech.pick(BAR[here].0, BAR[here].1);
                let first = name.chars().next().unwrap();
                assert!(text.contains(&format!("{} {first}", here + 1)), "{width} {text}");
                let all = (1..=BAR.len()).all(|key| text.contains(&key.to_string()));
                assert!(all, "{width} {text}");
            }
        }
    }
}

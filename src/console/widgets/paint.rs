//! Text on the screen: always made safe, always cut to its place.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::console::text::{fit, safe};

/// One line of text in `width` columns from `(x, y)` on, the rest blank.
pub(crate) fn put(buffer: &mut Buffer, (x, y): (u16, u16), width: u16, text: &str, style: Style) {
    let area = *buffer.area();
    if y < area.bottom() && x < area.right() {
        let width = width.min(area.right() - x);
        buffer.set_stringn(x, y, fit(text, usize::from(width)), usize::from(width), style);
    }
}

/// Texts side by side from the left, as far as they fit; answers where they end.
pub(crate) fn run(buffer: &mut Buffer, area: Rect, pieces: &[(String, Style)]) -> u16 {
    let mut x = area.x;
    for (text, style) in pieces {
        let text = safe(text);
        let wide = u16::try_from(text.width()).unwrap_or(u16::MAX);
        if x >= area.right() {
            break;
        }
        let width = wide.min(area.right() - x);
        put(buffer, (x, area.y), width, &text, *style);
        x += width;
    }
    x
}

/// One row of an area; empty when the area has no such row.
pub(crate) fn row(area: Rect, index: usize) -> Rect {
    let index = u16::try_from(index).unwrap_or(u16::MAX);
    if index < area.height {
        Rect { y: area.y + index, height: 1, ..area }
    } else {
        Rect { height: 0, ..area }
    }
}

/// Text in lines of `width` columns at most, broken at blanks where there are any.
#[must_use]
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    text.lines().flat_map(|line| wrapped_line(&safe(line), width.max(2))).collect()
}

fn wrapped_line(line: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in line.split(' ') {
        let wide = word.width();
        let last = lines.last_mut();
        match last {
            Some(last) if used > 0 && used + 1 + wide <= width => {
                last.push(' ');
                last.push_str(word);
                used += 1 + wide;
            }
            Some(last) if used == 0 && wide <= width => {
                last.push_str(word);
                used = wide;
            }
            Some(_) | None => used = broken_word(&mut lines, used, word, width),
        }
    }
    lines
}

/// A word on a line of its own, or on several when it is longer than one.
fn broken_word(lines: &mut Vec<String>, used: usize, word: &str, width: usize) -> usize {
    if used > 0 {
        lines.push(String::new());
    }
    let mut used = 0;
    for c in word.chars() {
        let wide = c.width().unwrap_or(0);
        if used + wide > width {
            lines.push(String::new());
            used = 0;
        }
        if let Some(last) = lines.last_mut() {
            last.push(c);
        }
        used += wide;
    }
    used
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_blanks_and_long_words_where_they_must() {
        assert_eq!(wrapped("one two three", 8), ["one two", "three"]);
        assert_eq!(wrapped("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrapped("전화가 왔습니다", 8), ["전화가", "왔습니다"]);
        assert_eq!(wrapped("", 8), Vec::<String>::new());
    }
}

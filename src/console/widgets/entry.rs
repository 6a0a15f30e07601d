//! Text that is typed: one line, or several where that is wanted.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use unicode_width::UnicodeWidthChar;

use crate::escape::escaped;

/// Characters; longer than any value of an office.
const LONGEST: usize = 1_000;

/// Of text in lines: the longest note of a conversation.
const LONGEST_PROSE: usize = 4_000;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    text: String,
    /// In characters.
    at: usize,
    has_lines: bool,
}

impl Entry {
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), at: text.chars().count(), has_lines: false }
    }

    /// Text that may have several lines.
    #[must_use]
    pub fn prose(text: &str) -> Self {
        Self { has_lines: true, ..Self::new(text) }
    }

    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The part of the line that fits into `width` columns around the place where one writes, and
    /// the columns of it before that place.
    #[must_use]
    pub fn window(&self, width: usize) -> (String, usize) {
        let before: Vec<char> = self.text[..self.byte(self.at)].chars().collect();
        // One column is for the cursor behind the last letter.
        let room = width.saturating_sub(1).max(1);
        let mut first = before.len();
        let mut used = 0;
        while first > 0 && used + columns(before[first - 1]) <= room {
            first -= 1;
            used += columns(before[first]);
        }
        (self.text.chars().skip(first).collect(), used)
    }

    /// The text in rows of `width` columns at most, and row and column of the place where one
    /// writes. A row ends where a line does, or where it is full.
    #[must_use]
    pub fn rows(&self, width: usize) -> (Vec<String>, (usize, usize)) {
        let (places, end) = self.places(width);
        let mut rows = vec![String::new(); end.0 + 1];
        for (c, (row, _)) in self.text.chars().zip(&places).filter(|(c, _)| *c != '\n') {
            rows[*row].push(c);
        }
        (rows, places.get(self.at).copied().unwrap_or(end))
    }

    /// Goes to the row above or below, as near as can be to the column it was in; false: there is
    /// no such row.
    pub fn step_row(&mut self, width: usize, is_down: bool) -> bool {
        let (mut places, end) = self.places(width);
        places.push(end);
        let (row, column) = places[self.at.min(places.len() - 1)];
        let wanted = if is_down { Some(row + 1) } else { row.checked_sub(1) };
        let in_row = places.iter().enumerate().filter(|(_, place)| Some(place.0) == wanted);
        let nearest = in_row.min_by_key(|(_, place)| place.1.abs_diff(column));
        let found = nearest.map(|(at, _)| at);
        self.at = found.unwrap_or(self.at);
        found.is_some()
    }

    /// Row and column of every character, and of the end.
    fn places(&self, width: usize) -> (Vec<(usize, usize)>, (usize, usize)) {
        let width = width.max(2);
        let (mut row, mut column) = (0, 0);
        let mut places = Vec::new();
        for c in self.text.chars() {
            if column + columns(c) > width {
                (row, column) = (row + 1, 0);
            }
            places.push((row, column));
            (row, column) = if c == '\n' { (row + 1, 0) } else { (row, column + columns(c)) };
        }
        let end = if column >= width { (row + 1, 0) } else { (row, column) };
        (places, end)
    }

    /// Whether the key means something here.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        if key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) {
            return self.command(key.code);
        }
        let length = self.text.chars().count();
        #[expect(clippy::wildcard_enum_match_arm, reason = "a keyboard has more keys than a line")]
        match key.code {
            KeyCode::Char(c) => self.insert(c),
            KeyCode::Backspace if self.at > 0 => {
                self.at -= 1;
                self.text.remove(self.byte(self.at));
            }
            KeyCode::Delete if self.at < length => {
                self.text.remove(self.byte(self.at));
            }
            KeyCode::Left => self.at = self.at.saturating_sub(1),
            KeyCode::Right => self.at = (self.at + 1).min(length),
            KeyCode::Home => self.at = 0,
            KeyCode::End => self.at = length,
            KeyCode::Backspace | KeyCode::Delete => {}
            _ => return false,
        }
        true
    }

    fn command(&mut self, code: KeyCode) -> bool {
        #[expect(clippy::wildcard_enum_match_arm, reason = "a keyboard has more keys than a line")]
        match code {
            KeyCode::Char('u') => *self = Self { has_lines: self.has_lines, ..Self::default() },
            // Terminals send one or the other.
            KeyCode::Enter | KeyCode::Char('j') if self.has_lines => self.insert('\n'),
            _ => return false,
        }
        true
    }

    /// A line stays one line.
    pub fn paste(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let is_kept = |c: &char| !c.is_control() || (*c == '\n' && self.has_lines);
        let kept: Vec<char> = text.chars().filter(is_kept).collect();
        kept.into_iter().for_each(|c| self.insert(c));
    }

    fn insert(&mut self, c: char) {
        let is_plain = escaped(c.encode_utf8(&mut [0; 4])).len() == c.len_utf8();
        let longest = if self.has_lines { LONGEST_PROSE } else { LONGEST };
        let is_line_end = c == '\n' && self.has_lines;
        if (is_plain || is_line_end) && self.text.chars().count() < longest {
            self.text.insert(self.byte(self.at), c);
            self.at += 1;
        }
    }

    fn byte(&self, at: usize) -> usize {
        self.text.char_indices().nth(at).map_or(self.text.len(), |(byte, _)| byte)
    }
}

fn columns(c: char) -> usize {
    c.width().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_any_width_are_written_and_taken_back() {
        let mut entry = Entry::new("김지");
        for code in [KeyCode::Left, KeyCode::Char('민'), KeyCode::End, KeyCode::Backspace] {
            assert!(entry.key(KeyEvent::from(code)));
        }
        assert_eq!((entry.text(), entry.window(20).1), ("김민", 4));
        entry.paste("a\u{1b}[2J\nb\u{202e}");
        assert_eq!(entry.text(), "김민a[2Jb");
        assert!(!entry.key(KeyEvent::from(KeyCode::Enter)));
    }

    #[test]
    fn a_long_line_is_seen_where_one_writes() {
        let mut entry = Entry::new("가나다라마바사");
        assert_eq!(entry.window(9), ("라마바사".to_owned(), 8));
        (0..7).for_each(|_| assert!(entry.key(KeyEvent::from(KeyCode::Left))));
        assert_eq!(entry.window(9), ("가나다라마바사".to_owned(), 0));
    }

    #[test]
    fn prose_has_rows_that_one_steps_through() {
        let mut entry = Entry::prose("abcdef\n김민지");
        assert_eq!(
            entry.rows(4),
            (vec!["abcd".into(), "ef".into(), "김민".into(), "지".into()], (3, 2))
        );
        assert!(entry.step_row(4, false) && entry.step_row(4, false) && entry.step_row(4, false));
        assert_eq!(entry.rows(4).1, (0, 2));
        assert!(!entry.step_row(4, false) && entry.step_row(4, true));
        let enter = KeyEvent::new(KeyCode::Enter, KeyModifiers::ALT);
        assert!(entry.key(enter) && entry.text() == "abcdef\n\n김민지");
        entry.paste("1\r\n2\u{1b}");
        assert_eq!(entry.text(), "abcdef\n1\n2\n김민지");
        // A row that is full ends in the next.
        assert_eq!(Entry::prose("abcd").rows(4), (vec!["abcd".into(), String::new()], (1, 0)));
    }
}

//! One line that is typed.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use unicode_width::UnicodeWidthStr;

use crate::escape::escaped;

/// Longer than any value of an office.
const LONGEST: usize = 1_000;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    text: String,
    /// In characters.
    at: usize,
}

impl Entry {
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), at: text.chars().count() }
    }

    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Columns before the place where one writes.
    #[must_use]
    pub fn column(&self) -> usize {
        self.text[..self.byte(self.at)].width()
    }

    /// Whether the key means something here.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        if key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) {
            let clears = key.code == KeyCode::Char('u');
            if clears {
                *self = Self::default();
            }
            return clears;
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

    /// A line stays one line.
    pub fn paste(&mut self, text: &str) {
        text.chars().filter(|c| !c.is_control()).for_each(|c| self.insert(c));
    }

    fn insert(&mut self, c: char) {
        let is_plain = escaped(c.encode_utf8(&mut [0; 4])).len() == c.len_utf8();
        if is_plain && self.text.len() < LONGEST {
            self.text.insert(self.byte(self.at), c);
            self.at += 1;
        }
    }

    fn byte(&self, at: usize) -> usize {
        self.text.char_indices().nth(at).map_or(self.text.len(), |(byte, _)| byte)
    }
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
        assert_eq!((entry.text(), entry.column()), ("김민", 4));
        entry.paste("a\u{1b}[2J\nb\u{202e}");
        assert_eq!(entry.text(), "김민a[2Jb");
        assert!(!entry.key(KeyEvent::from(KeyCode::Enter)));
    }
}

//! The one filter between foreign text and a terminal or a log.

use std::borrow::Cow;

/// Replaces every control character (C0, DEL, C1) and every bidirectional or line mark by its
/// escape, so that no text from outside can steer a terminal or forge a line (goal S7).
#[must_use]
pub fn escaped(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_dangerous) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => safe.push_str("\\n"),
            '\r' => safe.push_str("\\r"),
            '\t' => safe.push_str("\\t"),
            c if is_dangerous(c) => safe.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => safe.push(c),
        }
    }
    Cow::Owned(safe)
}

/// Unicode TR9 marks that reorder text, the line and paragraph separators, and all of Cc.
fn is_dangerous(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn harmless_text_is_left_alone() {
        assert!(matches!(escaped("김민지 (101) 東京"), Cow::Borrowed(_)));
    }

    #[test]
    fn what_steers_a_terminal_is_spelled_out() {
        for (raw, safe) in [
            ("\u{1b}[2J", "\\u{1b}[2J"),
            ("a\r\nb", "a\\r\\nb"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("\u{7f}", "\\u{7f}"),
            ("1\u{202e}2", "1\\u{202e}2"),
        ] {
            assert_eq!(escaped(raw), safe);
        }
    }
}

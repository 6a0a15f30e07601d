//! Reading raw header text leniently: quotes, angle brackets, parameters.

/// Splits at `separator` where it stands outside of quotes and angle brackets, and trims.
pub fn split_outside(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = find_outside(text, separator);
        rest = end.map(|at| &text[at + separator.len_utf8()..]);
        Some(text[..end.unwrap_or(text.len())].trim())
    })
}

/// Where `wanted` first stands outside of quotes and angle brackets.
#[must_use]
pub fn find_outside(text: &str, wanted: char) -> Option<usize> {
    let (mut quoted, mut escaped, mut bracketed) = (false, false, false);
    for (at, c) in text.char_indices() {
        if escaped {
            escaped = false;
            continue;
        }
        match c {
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            _ if c == wanted && !bracketed => return Some(at),
            '<' => bracketed = true,
            '>' => bracketed = false,
            _ => {}
        }
    }
    None
}

/// The value of parameter `name` in `;a=b;c` text, quotes taken off; `""` for one without a value.
/// Names ignore case (RFC 3261 7.3.1).
#[must_use]
pub fn parameter<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    split_outside(text, ';').find_map(|part| {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        key.trim().eq_ignore_ascii_case(name).then(|| unquoted(value.trim()))
    })
}

/// Without the quotes around it; inner escapes stay.
#[must_use]
pub fn unquoted(text: &str) -> &str {
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text)
}

/// A `name-addr` or `addr-spec` with its header parameters (RFC 3261 20.10), borrowed raw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address<'a> {
    /// Display name, quotes off, escapes kept.
    pub name: &'a str,
    pub uri: &'a str,
    /// What follows the address, from its `;` on.
    pub parameters: &'a str,
}

impl<'a> Address<'a> {
    /// Reads one address; never fails, a text without sense has an empty `uri`.
    #[must_use]
    pub fn parse(text: &'a str) -> Self {
        let text = text.trim();
        let open = find_outside(text, '<');
        let Some(open) = open else {
            let end = text.find(';').unwrap_or(text.len());
            return Self { name: "", uri: text[..end].trim(), parameters: &text[end..] };
        };
        let inner = &text[open + 1..];
        let close = inner.find('>').unwrap_or(inner.len());
        Self {
            name: unquoted(text[..open].trim()),
            uri: inner[..close].trim(),
            parameters: inner.get(close + 1..).unwrap_or_default().trim_start(),
        }
    }

    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&'a str> {
        parameter(self.parameters, name)
    }

    #[must_use]
    pub fn tag(&self) -> Option<&'a str> {
        self.parameter("tag").filter(|tag| !tag.is_empty())
    }

    /// The display name with its escapes undone and control characters dropped.
    #[must_use]
    pub fn display_name(&self) -> String {
        let mut plain = String::with_capacity(self.name.len());
        let mut chars = self.name.chars();
        while let Some(c) = chars.next() {
            let c = if c == '\\' { chars.next().unwrap_or(c) } else { c };
            plain.push(c);
        }
        without_controls(&plain)
    }
}

/// Drops C0, DEL, C1 and the bidirectional controls (goal S7).
#[must_use]
pub fn without_controls(text: &str) -> String {
    let bidi = |c: char| matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(|c| !c.is_control() && !bidi(*c)).collect()
}

/// As a quoted string (RFC 3261 25.1).
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars().filter(|c| !c.is_control()) {
        if c == '"' || c == '\\' {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_its_parts_apart() {
        let address = Address::parse(r#""Kim, \"Min\" <x>" <sip:a@b;transport=tcp>;TAG=77;q=0.5"#);
        assert_eq!(address.uri, "sip:a@b;transport=tcp");
        assert_eq!(address.tag(), Some("77"));
        assert_eq!(address.display_name(), r#"Kim, "Min" <x>"#);
        let bare = Address::parse("sip:*97#1@h_x;tag=1");
        assert_eq!((bare.uri, bare.tag()), ("sip:*97#1@h_x", Some("1")));
    }

    #[test]
    fn commas_inside_quotes_and_brackets_do_not_split() {
        let parts: Vec<_> = split_outside(r#""a,b" <sip:x,y@h>, <sip:z@h>"#, ',').collect();
        assert_eq!(parts, [r#""a,b" <sip:x,y@h>"#, "<sip:z@h>"]);
    }

    #[test]
    fn no_text_panics() {
        for text in ["", "<", ">", "\"", "\\", "\"\\", "<<>;", ";;=;", "é<é>;é=é"] {
            let address = Address::parse(text);
            assert!(address.display_name().len() <= text.len());
            assert!(address.tag().is_none_or(|tag| tag.len() < text.len()));
        }
    }
}

//! Words and lists in the YAML that is printed.

pub(crate) fn list<T: AsRef<str>>(words: impl IntoIterator<Item = T>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| quoted(word.as_ref())).collect();
    format!("[{}]", words.join(", "))
}

/// JSON's strings are YAML's double-quoted ones.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

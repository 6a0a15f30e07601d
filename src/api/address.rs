//! What stands in the address of a request.

/// RFC 3986 2.3: only unreserved characters stay as they are.
#[must_use]
pub(crate) fn percent_encoded(text: &str) -> String {
    let encoded = text.bytes().map(|byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    });
    encoded.collect()
}

/// Name and value of each condition that was given.
#[must_use]
pub(crate) fn with_conditions(path: &str, conditions: &[(&str, Option<String>)]) -> String {
    let given = conditions.iter().filter_map(|(name, value)| {
        value.as_ref().map(|value| format!("{name}={}", percent_encoded(value)))
    });
    format!("{path}?{}", given.collect::<Vec<_>>().join("&"))
}

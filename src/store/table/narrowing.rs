//! The conditions of a list, each with its value.

use rusqlite::types::Value;

use crate::store::table::hours_filter::WANTED;

/// What narrows a list; without a condition it is all of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Narrowing {
    parts: Vec<String>,
    values: Vec<Value>,
    is_led: bool,
}

impl Narrowing {
    /// `?` in `part` stands for the value.
    pub(crate) fn by(&mut self, part: &str, value: impl Into<Value>) {
        self.values.push(value.into());
        self.parts.push(part.replace('?', &format!("?{}", self.values.len())));
    }

    /// A column that has an index. The first that is named decides by which index the rows are
    /// found: to SQLite, which counts no rows, one is as good as the other.
    pub(crate) fn by_column(&mut self, column: &str, value: impl Into<Value>) {
        let sign = if self.is_led { "+" } else { "" };
        self.is_led = true;
        self.by(&format!("{sign}{column} = ?"), value);
    }

    /// By the hours that SQLite has been told.
    pub(crate) fn by_wanted(&mut self, column: &str) {
        self.parts.push(format!("{WANTED}({column})"));
    }

    /// What comes after a row of a list whose newest by `column`, and then by id, is first.
    pub(crate) fn after(&mut self, column: &str, place: (i64, i64)) {
        let (at, id) = place;
        self.by(&format!("{column} <= ?"), at);
        self.by(&format!("({column} < {at} OR id < ?)"), id);
    }

    /// As it stands behind WHERE.
    pub(crate) fn text(&self) -> String {
        if self.parts.is_empty() { "1".to_owned() } else { self.parts.join(" AND ") }
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &Value> {
        self.values.iter()
    }
}

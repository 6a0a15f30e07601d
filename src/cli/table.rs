//! Columns that stay straight whatever script is in them.

use unicode_width::UnicodeWidthStr;

use crate::escape::escaped;

/// Between two columns.
const GAP: usize = 2;

/// Lines of aligned columns, the first row being the head. What comes from outside is escaped.
#[must_use]
pub fn lines(rows: &[Vec<String>]) -> Vec<String> {
    let safe: Vec<Vec<_>> =
        rows.iter().map(|row| row.iter().map(|cell| escaped(cell)).collect()).collect();
    let columns = safe.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|at| safe.iter().filter_map(|row| row.get(at)).map(|cell| cell.width()).max())
        .map(Option::unwrap_or_default)
        .collect();
    safe.iter()
        .map(|row| {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.push_str(&" ".repeat(width - cell.width() + GAP));
            }
            line.truncate(line.trim_end().len());
            line
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns() {
        let row = |name: &str, state: &str| vec![name.to_owned(), state.to_owned()];
        let rows = [row("name", "state"), row("김민지", "x"), row("Lee\u{1b}", "y")];
        assert_eq!(lines(&rows), ["name       state", "김민지     x", "Lee\\u{1b}  y"]);
    }
}

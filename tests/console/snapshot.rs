//! A screen as text, compared with the one that was agreed on.

use std::path::PathBuf;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use unicode_width::UnicodeWidthStr;

/// The screen's letters; a line in which something is selected begins with `>`.
pub(crate) fn text(buffer: &Buffer) -> String {
    let area = *buffer.area();
    let line = |y: u16| line(buffer, Rect { y, height: 1, ..area });
    (0..area.height).map(line).collect::<Vec<_>>().join("\n") + "\n"
}

fn line(buffer: &Buffer, row: Rect) -> String {
    let mut text = String::new();
    let mut is_selected = false;
    let mut skipped = 0;
    for x in row.x..row.right() {
        let cell = &buffer[(x, row.y)];
        is_selected |= cell.modifier.contains(Modifier::REVERSED);
        // The column behind a wide letter is part of it.
        if skipped > 0 {
            skipped -= 1;
            continue;
        }
        text.push_str(cell.symbol());
        skipped = cell.symbol().width().saturating_sub(1);
    }
    let mark = if is_selected { ">" } else { " " };
    format!("{mark}{text}").trim_end().to_owned()
}

/// Fails when the screen is another than `snapshots/<name>.txt`, and shows where.
pub(crate) fn compare(name: &str, text: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/console/snapshots")
        .join(format!("{name}.txt"));
    if std::env::var_os("NARU_SNAPSHOTS").is_some_and(|value| value == "write") {
        std::fs::write(&path, text).unwrap();
        return;
    }
    let agreed = std::fs::read_to_string(&path).unwrap_or_default();
    if agreed != text {
        let differs = agreed.lines().zip(text.lines()).position(|(old, new)| old != new);
        let at = differs.unwrap_or_else(|| agreed.lines().count().min(text.lines().count()));
        panic!(
            "{} differs in line {}:\n  agreed {:?}\n  now    {:?}\nthe screen now:\n{text}",
            path.display(),
            at + 1,
            agreed.lines().nth(at).unwrap_or_default(),
            text.lines().nth(at).unwrap_or_default(),
        );
    }
}

//! Which test proves which row of the behaviour that the office was promised (rows S1 to S114,
//! and L151 to L183 of its figures), and which reading of what it leaves open.
//!
//! `seed.txt` and `figures.txt` have a line a row: its id, and then the test that proves it as `file::name`, or
//! `none: ` and why there is nothing to test, or `open: ` and what is still missing.

use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;

/// The rows S1 to S114, and those of figures, L151 to L183, in the same form.
const TABLES: [(&str, char, RangeInclusive<usize>); 2] =
    [("tests/rows/seed.txt", 'S', 1..=114), ("tests/rows/figures.txt", 'L', 151..=183)];

#[test]
fn every_row_is_proved_by_a_test_that_is_there_or_says_why_not() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (file, letter, rows) in TABLES {
        let table = fs::read_to_string(root.join(file)).unwrap();
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines.len(), rows.clone().count(), "a line a row");
        for (row, line) in rows.zip(lines) {
            let (id, proof) = line.split_once(' ').unwrap();
            assert_eq!(id, format!("{letter}{row}"), "rows stand in their order");
            assert_eq!(fault(root, proof), None, "{id}");
        }
    }
}

/// None: the reason, or the test that it names, is as it should be.
fn fault(root: &Path, proof: &str) -> Option<String> {
    if let Some(reason) = proof.strip_prefix("none: ").or(proof.strip_prefix("open: ")) {
        return (reason.len() <= 5).then(|| "no reason".to_owned());
    }
    let named = proof.split_once("::").and_then(|(file, name)| {
        let source = fs::read_to_string(root.join(file)).ok()?;
        let before = source.get(..source.find(&format!("fn {name}("))?)?;
        let marks = before.rsplit('}').next()?;
        Some(marks.contains("test]") || marks.contains("proptest!"))
    });
    (named != Some(true)).then(|| format!("there is no test {proof}"))
}

/// The readings SA1 to SA7 and C1 to C15 stand in ARCHITECTURE.md, each with a test that is there.
#[test]
fn every_open_question_has_a_reading_and_its_proof() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap();
    let (_, table) = page.split_once("## Readings of the promised behaviour").unwrap();
    let rows: Vec<Vec<&str>> = table
        .lines()
        .filter(|line| line.starts_with("| SA") || line.starts_with("| C"))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    let asked: Vec<String> =
        (1..=7).map(|at| format!("SA{at}")).chain((1..=15).map(|at| format!("C{at}"))).collect();
    let told: Vec<&str> = rows.iter().map(|row| row[1].split(' ').next().unwrap()).collect();
    assert_eq!(told, asked);
    for row in rows {
        let (file, name) = row[3].trim_matches('`').split_once("::").unwrap();
        let source = fs::read_to_string(root.join(file)).unwrap_or_default();
        assert!(source.contains(&format!("fn {name}(")), "{}: {file} has no test {name}", row[1]);
    }
}

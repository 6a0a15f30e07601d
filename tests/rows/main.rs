//! Which test proves which row of the behaviour that the office was promised (rows S1 to S114).
//!
//! `seed.txt` has a line a row: its id, and then the test that proves it as `file::name`, or
//! `none: ` and why there is nothing to test, or `open: ` and what is still missing.

use std::fs;
use std::path::Path;

const ROWS: usize = 114;

#[test]
fn every_row_is_proved_by_a_test_that_is_there_or_says_why_not() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(root.join("tests/rows/seed.txt")).unwrap();
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), ROWS, "a line a row");
    for (row, line) in (1..).zip(lines) {
        let (id, proof) = line.split_once(' ').unwrap();
        assert_eq!(id, format!("S{row}"), "rows stand in their order");
        if let Some(reason) = proof.strip_prefix("none: ").or(proof.strip_prefix("open: ")) {
            assert!(reason.len() > 5, "{id} gives no reason");
            continue;
        }
        let (file, name) = proof.split_once("::").unwrap();
        let source = fs::read_to_string(root.join(file)).unwrap_or_default();
        let test = source.find(&format!("fn {name}("));
        let test = test.unwrap_or_else(|| panic!("{id}: {file} has no test {name}"));
        let before = &source[..test];
        let marks = before.rsplit('}').next().unwrap();
        assert!(marks.contains("test]") || marks.contains("proptest!"), "{id}: {name} is no test");
    }
}

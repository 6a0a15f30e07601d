//! A person who writes upon a workflow in an editor, and what the daemon says of the text.

use naru::api::refusal::Refusal;
use naru::console::setup::{Tried, WorkflowTry};
use naru::console::workflow_text::spliced;
use naru::office::change::changes::changes;
use naru::office::document::document::parse;
use naru::office::document::print::print;
use naru::office::snapshot::Office;

/// What becomes of a text in an editor.
pub(crate) type Editor = fn(&str) -> String;

/// Somebody leaves the editor with another words where the office is closed.
pub(crate) fn well(text: &str) -> String {
    text.replace("\"닫음\", say: closed", "\"닫음\", say: unavailable")
}

/// Two steps lead nowhere.
pub(crate) fn badly(text: &str) -> String {
    text.replace("next: \"시간\"", "next: \"시건\"").replace("say: closed}}", "say: closde}}")
}

/// As the daemon does, but that nothing is saved.
pub(crate) fn tried(office: &Office, wanted: &WorkflowTry) -> Result<Tried, Refusal> {
    let made = spliced(&print(office, false), wanted.name.as_deref(), &wanted.text).unwrap();
    let after = parse(&made.document, Some(office))
        .map_err(|faults| Refusal::invalid(faults.iter().map(|fault| made.own(fault)).collect()))?;
    let changes = changes(office, &after).into_iter().map(|change| change.words).collect();
    Ok(Tried { changes, compared: None })
}

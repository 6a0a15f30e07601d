//! The office as one YAML text: read whole or refused whole, with every mistake listed.

use crate::office::document::customers::read_customers;
use crate::office::document::field::read_zone;
use crate::office::document::hours::read_hours;
use crate::office::document::keys::Errors;
use crate::office::document::numbers::read_numbers;
use crate::office::document::people::{read_agents, read_teams};
use crate::office::document::recording::{read_recorded_numbers, read_recording_rules};
use crate::office::document::rules::{read_conference, read_wrap_up};
use crate::office::document::speaker::{read_bells, read_rings};
use crate::office::document::targets::read_targets;
use crate::office::document::trunks::{read_dial_out, read_trunks};
use crate::office::document::workflows::{check_workflow_routes, read_workflows};
use crate::office::library::Library;
use crate::office::snapshot::Office;
use crate::yaml::{Fault, Node, Part};

const KEYS: [&str; 9] = [
    "agents",
    "teams",
    "hours",
    "trunks",
    "numbers",
    "customers",
    "workflows",
    "policies",
    "bells",
];

/// Reads an office. A device or trunk account without a password keeps the one it has in
/// `previous`.
///
/// # Errors
/// All mistakes, in the order of their lines.
pub fn parse(text: &str, previous: Option<&Office>) -> Result<Office, Vec<Fault>> {
    parse_with(text, previous, Library::default())
}

/// The same, with the sound files that the document may name.
///
/// # Errors
/// All mistakes, in the order of their lines.
pub fn parse_with(
    text: &str,
    previous: Option<&Office>,
    library: Library,
) -> Result<Office, Vec<Fault>> {
    let library = library.after(previous);
    let tree = Node::parse(text).map_err(|error| vec![error])?;
    let mut errors = Errors::new();
    let office = read_office(&Part::whole(&tree), (previous, &library), &mut errors);
    match office {
        Some(office) if errors.is_empty() => Ok(office),
        Some(_) | None => {
            errors.sort_by_key(|error| error.line);
            Err(errors)
        }
    }
}

fn read_office(
    whole: &Part<'_>,
    (previous, library): (Option<&Office>, &Library),
    errors: &mut Errors,
) -> Option<Office> {
    let keys = whole.keys(&KEYS, errors)?;
    let mut office = Office::default();
    if let Some(policies) = keys.get("policies") {
        read_policies(policies, &mut office, errors);
    }
    let agents = keys.items("agents", errors);
    let teams = keys.items("teams", errors);
    let numbers = keys.items("numbers", errors);
    read_agents(&agents, previous, &mut office, errors);
    read_hours(&keys.items("hours", errors), &mut office, errors);
    read_teams(&teams, &mut office, errors);
    read_trunks(&keys.items("trunks", errors), previous, &mut office, errors);
    read_numbers(&numbers, library, &mut office, errors);
    let workflows = keys.items("workflows", errors);
    read_workflows(&workflows, library, &mut office, errors);
    check_workflow_routes((&numbers, &workflows), &office, errors);
    read_customers(&keys.items("customers", errors), &mut office, errors);
    read_rings((&agents, &teams, &numbers), &mut office, errors);
    read_recorded_numbers(&numbers, &mut office, errors);
    read_bells(&keys.items("bells", errors), &mut office, errors);
    if let Some(targets) = keys.get("policies").and_then(|policies| policies.under("targets")) {
        read_targets(&targets, &mut office, errors);
    }
    Some(office)
}

fn read_policies(part: &Part<'_>, office: &mut Office, errors: &mut Errors) {
    const KEYS: [&str; 6] =
        ["wrap_up", "dial_out", "recording", "conference", "timezone", "targets"];
    let Some(policies) = part.keys(&KEYS, errors) else { return };
    if let Some(rule) = policies.get("wrap_up").and_then(|part| read_wrap_up(part, errors)) {
        office.wrap_up = rule;
    }
    if let Some(part) = policies.get("recording") {
        office.recording.rules = read_recording_rules(part, errors);
    }
    if let Some(part) = policies.get("conference") {
        office.conference = read_conference(part, errors);
    }
    office.timezone = policies.get("timezone").and_then(|part| read_zone(part, errors));
    if let Some(part) = policies.get("dial_out") {
        office.dial_out = read_dial_out(part, errors);
    }
}

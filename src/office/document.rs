//! The office as one YAML text: read whole or refused whole, with every mistake listed.

use crate::office::document_error::DocumentError;
use crate::office::document_numbers::read_numbers;
use crate::office::document_people::{read_agents, read_teams};
use crate::office::document_trunks::{read_dial_out, read_trunks};
use crate::office::snapshot::Office;
use crate::office::tree::{Errors, Part, read};
use crate::office::words::Words;

const KEYS: [&str; 8] =
    ["agents", "teams", "hours", "trunks", "numbers", "customers", "workflows", "policies"];

/// Reads an office. A device or trunk account without a password keeps the one it has in
/// `previous`.
///
/// # Errors
/// All mistakes, in the order of their lines.
pub fn parse(text: &str, previous: Option<&Office>) -> Result<Office, Vec<DocumentError>> {
    let tree = read(text).map_err(|error| vec![error])?;
    let mut errors = Errors::new();
    let office = read_office(&Part::whole(text, &tree), previous, &mut errors);
    match office {
        Some(office) if errors.is_empty() => Ok(office),
        Some(_) | None => {
            errors.sort_by_key(|error| (error.line, error.column));
            Err(errors)
        }
    }
}

fn read_office(whole: &Part<'_>, previous: Option<&Office>, errors: &mut Errors) -> Option<Office> {
    let keys = whole.keys(&KEYS, errors)?;
    for later in ["hours", "customers", "workflows"] {
        if let Some(part) = keys.get(later)
            && !part.is_empty()
        {
            part.refuse(not_yet(), errors);
        }
    }
    let mut office = Office::default();
    if let Some(policies) = keys.get("policies")
        && let Some(policies) = policies.keys(&["wrap_up", "dial_out"], errors)
    {
        if let Some(part) = policies.get("wrap_up") {
            part.refuse(not_yet(), errors);
        }
        if let Some(part) = policies.get("dial_out") {
            office.dial_out = read_dial_out(part, errors);
        }
    }
    read_agents(&keys.items("agents", errors), previous, &mut office, errors);
    read_teams(&keys.items("teams", errors), &mut office, errors);
    read_trunks(&keys.items("trunks", errors), previous, &mut office, errors);
    read_numbers(&keys.items("numbers", errors), &mut office, errors);
    Some(office)
}

/// Said of what other versions of the document know.
pub(crate) fn not_yet() -> Words {
    Words::new(
        "이 버전에서는 아직 쓸 수 없는 설정입니다. 이 항목을 지우세요",
        "not available in this version; remove this key",
    )
}

/// Names of people, teams and trunks: 1 to 64 characters, no control characters.
pub(crate) fn read_name(part: &Part<'_>, errors: &mut Errors) -> Option<String> {
    let expected = Words::new(
        "이름은 제어 문자 없이 1~64자로 적습니다",
        "a name has 1 to 64 characters, none of them a control character",
    );
    part.parsed(&expected, errors, |text| {
        let fits = (1..=64).contains(&text.chars().count())
            && !text.chars().any(char::is_control)
            && text.trim() == text;
        if fits { Ok(text.to_owned()) } else { Err(()) }
    })
}

/// Something of which the office may have one only is there twice.
pub(crate) fn twice(what: &str) -> Words {
    Words::new(
        format!("'{what}' 값이 두 번 나옵니다. 사무실 전체에서 하나뿐이어야 합니다"),
        format!("'{what}' is used twice; it must be unique in the office"),
    )
}

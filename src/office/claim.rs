//! Numbers taken from a trunk's blocks, and given back (P1–P3).

use crate::office::document::document::parse_with;
use crate::office::document::print::print;
use crate::office::library::Library;
use crate::office::phone_number::PhoneNumber;
use crate::office::snapshot::Office;
use crate::office::speaker::Rung;
use crate::office::trunk::Trunk;
use crate::words::Words;
use crate::yaml::Fault;

/// Numbers of one block that are looked at; a block may be written larger than any office.
const LOOKED_AT: usize = 100_000;

/// The first free numbers of every block whose digits hold `part`, each with its trunk.
pub fn free<'a>(
    office: &'a Office,
    part: &'a str,
) -> impl Iterator<Item = (PhoneNumber, &'a Trunk)> {
    office
        .trunks
        .values()
        .flat_map(|trunk| trunk.blocks.iter().map(move |block| (trunk, block)))
        .flat_map(|(trunk, block)| {
            block.numbers().take(LOOKED_AT).map(move |number| (number, trunk))
        })
        .filter(move |(number, _)| {
            !office.numbers.contains_key(number) && number.digits().contains(part)
        })
}

/// The office with one number more. `number` is one item of the document's `numbers`, as JSON; what
/// it does not say is as in a document. One that is to be the default takes that from another.
///
/// # Errors
/// All that the document's reader has against it.
pub fn claim(
    office: &Office,
    number: &serde_json::Value,
    library: Library,
) -> Result<Office, Vec<Fault>> {
    let mut office = office.clone();
    if number.get("default").and_then(serde_json::Value::as_bool) == Some(true) {
        office.numbers.values_mut().for_each(|number| number.is_default = false);
    }
    // JSON is YAML, and on one line; the list of numbers begins at the margin.
    let item = format!("\nnumbers:\n  - {number}\n");
    let text = print(&office, true);
    let text = if text.contains("\nnumbers: []\n") {
        text.replacen("\nnumbers: []\n", &item, 1)
    } else {
        text.replacen("\nnumbers:\n", &item, 1)
    };
    parse_with(&text, None, library)
}

/// The office without a number. The default number is given back only when another takes its place
/// (P3).
///
/// # Errors
/// Why it cannot be, in words.
pub fn release(
    office: &Office,
    number: &PhoneNumber,
    default: Option<&PhoneNumber>,
) -> Result<Office, Words> {
    let mut office = office.clone();
    let Some(released) = office.numbers.remove(number) else {
        return Err(Words::new(
            format!("{number} 번은 쓰고 있는 번호가 아닙니다"),
            format!("{number} is not in use"),
        ));
    };
    match default {
        Some(next) if !office.numbers.contains_key(next) => Err(Words::new(
            format!("{next} 번은 쓰고 있는 번호가 아니라서 기본 번호가 될 수 없습니다"),
            format!("{next} is not in use and cannot be the default number"),
        )),
        None if released.is_default && !office.numbers.is_empty() => Err(Words::new(
            format!("{number} 번은 기본 번호입니다. 다른 기본 번호를 함께 정하세요"),
            format!("{number} is the default number; say which number shall be it instead"),
        )),
        Some(next) => {
            for other in office.numbers.values_mut() {
                other.is_default = other.number == *next;
            }
            Ok(forget(office, number))
        }
        None => Ok(forget(office, number)),
    }
}

/// What else spoke of the number.
fn forget(mut office: Office, number: &PhoneNumber) -> Office {
    office.speaker.rings.remove(&Rung::Number(number.clone()));
    // Without any number a target would be about all of them.
    office.targets.retain_mut(|target| {
        !target.scope.numbers.remove(number) || !target.scope.numbers.is_empty()
    });
    office
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::office::document::document::parse;

    const OFFICE: &str = "agents: [{extension: 101, name: Kim}]\ntrunks:\n  - {name: kt, label: KT, peer: 192.0.2.1, blocks: [\"+827012345600-+827012345602\", \"+82215881234\"]}\n";

    fn number(text: &str) -> PhoneNumber {
        PhoneNumber::parse(text).unwrap()
    }

    fn free_now(office: &Office, part: &str) -> Vec<String> {
        free(office, part).map(|(number, trunk)| format!("{number} {}", trunk.label)).collect()
    }

    #[test]
    fn a_free_number_is_claimed_in_one_step_and_given_back() {
        // P1–P3
        let office = parse(OFFICE, None).unwrap();
        assert_eq!(free_now(&office, "45601"), ["+827012345601 KT"]);
        let item = json!({"number": "070-1234-5601", "default": true, "route": {"agent": "101"}});
        let office = claim(&office, &item, Library::default()).unwrap();
        assert_eq!(
            free_now(&office, ""),
            ["+827012345600 KT", "+827012345602 KT", "+82215881234 KT"]
        );
        assert_eq!(office.default_number().unwrap().number, number("+827012345601"));
        let item = json!({"number": "+827012345602", "default": true});
        let office = claim(&office, &item, Library::default()).unwrap();
        assert_eq!(office.default_number().unwrap().number, number("+827012345602"));
        assert_eq!(office.numbers.len(), 2);

        let default = number("+827012345602");
        assert!(release(&office, &default, None).unwrap_err().en.contains("default"));
        assert!(release(&office, &default, Some(&default)).unwrap_err().en.contains("not in use"));
        let other = number("+827012345601");
        let office = release(&office, &default, Some(&other)).unwrap();
        assert_eq!(office.default_number().unwrap().number, other);
        let office = release(&office, &other, None).unwrap();
        assert!(office.numbers.is_empty(), "the last may go though it is the default");
        assert!(release(&office, &other, None).is_err());
    }

    #[test]
    fn what_cannot_be_claimed_is_refused_as_in_a_document() {
        let office = parse(OFFICE, None).unwrap();
        for (item, about) in [
            (json!({"number": "+827012345699"}), "blocks"),
            (json!({"number": "+827012345601", "presented": "010-1234-5678"}), "mobile"),
            (json!({"number": "+827012345601", "route": {"agent": "109"}}), "extension 109"),
            (json!({"number": "+827012345601", "colour": "red"}), "unknown key"),
            (json!({"route": "off"}), "missing"),
            (json!("x"), "keys"),
        ] {
            let errors = claim(&office, &item, Library::default()).unwrap_err();
            assert!(errors.iter().any(|e| e.message.en.contains(about)), "{item}: {errors:?}");
        }
    }
}

//! Where a workflow goes on, and how often it tries, as a document tells it.

use crate::office::document::field::read_name;
use crate::office::document::keys::{Errors, Keys};
use crate::office::workflow::name::{Next, StepName};
use crate::words::Words;
use crate::yaml::Part;

pub(crate) fn read_next(part: &Part<'_>, errors: &mut Errors) -> Option<Next> {
    let name = read_name(part, errors)?;
    Some(if name == "end" { Next::End } else { Next::Step(StepName(name)) })
}

pub(crate) fn read_optional_next(keys: &Keys<'_>, key: &str, errors: &mut Errors) -> Option<Next> {
    keys.get(key).and_then(|part| read_next(part, errors))
}

pub(crate) fn read_count(
    keys: &Keys<'_>,
    key: &str,
    (least, most): (u8, u8),
    usual: u8,
    errors: &mut Errors,
) -> u8 {
    let Some(part) = keys.get(key) else { return usual };
    let expected =
        Words::new(format!("{least}~{most}으로 적습니다"), format!("write {least} to {most}"));
    let count = part.parsed(&expected, errors, |text| match text.parse() {
        Ok(count) if (least..=most).contains(&count) => Ok(count),
        Ok(_) | Err(_) => Err(()),
    });
    count.unwrap_or(usual)
}

//! Webhooks of workflows, as a document tells them.

use std::time::Duration;

use crate::office::document::keys::{Errors, Keys};
use crate::office::document::next::read_next;
use crate::office::duration;
use crate::office::web_address::WebAddress;
use crate::office::workflow::webhook::{Patience, Webhook};
use crate::words::Words;
use crate::yaml::Part;

/// Our choice: callers who hear nothing for longer hang up.
const WAITS: std::ops::RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_secs(15);

pub(crate) fn read_webhook(part: &Part<'_>, errors: &mut Errors) -> Option<Webhook> {
    let keys = part.keys(&["url", "wait", "failed"], errors)?;
    let url = keys.need("url", errors).and_then(|part| read_url(part, errors));
    let wait = keys.get("wait").and_then(|part| read_limit(part, errors));
    let wait = read_patience(part, &keys, wait, errors);
    Some(Webhook { url: url?, wait })
}

pub(crate) fn read_url(part: &Part<'_>, errors: &mut Errors) -> Option<WebAddress> {
    let expected = Words::new(
        "주소를 \"https://crm.example/naru\"처럼 적습니다",
        "write an address as \"https://crm.example/naru\"",
    );
    part.parsed(&expected, errors, WebAddress::parse)
}

fn read_limit(part: &Part<'_>, errors: &mut Errors) -> Option<Duration> {
    let expected = Words::new("1s~15s로 적습니다", "write 1s to 15s");
    part.parsed(&expected, errors, |text| match duration::parse(text) {
        Ok(wait) if WAITS.contains(&wait) => Ok(wait),
        Ok(_) | Err(_) => Err(()),
    })
}

/// Whoever is waited for may fail, and then the caller must go somewhere.
fn read_patience(
    part: &Part<'_>,
    keys: &Keys<'_>,
    limit: Option<Duration>,
    errors: &mut Errors,
) -> Option<Patience> {
    let is_asked = keys.get("wait").is_some();
    match (is_asked, keys.get("failed")) {
        (true, Some(next)) => {
            let failed = read_next(next, errors)?;
            Some(Patience { limit: limit?, failed })
        }
        (false, None) => None,
        (true, None) | (false, Some(_)) => {
            let message = Words::new(
                "wait와 failed를 함께 적습니다. failed는 제때 답이 없거나 거절될 때 갈 단계입니다",
                "write wait and failed together; failed is the step for no answer in time, or a bad one",
            );
            part.refuse(message, errors);
            None
        }
    }
}

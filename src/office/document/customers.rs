//! The customers that an office knows, as a document tells them.

use std::collections::BTreeSet;

use crate::office::customer::Customer;
use crate::office::document::field::{read_name, twice};
use crate::office::document::keys::{Errors, Keys};
use crate::office::document::people::read_language;
use crate::office::document::trunks::read_number;
use crate::office::phone_number::PhoneNumber;
use crate::office::snapshot::Office;
use crate::office::tag::{CUSTOMER_TAGS, Tag};
use crate::words::Words;
use crate::yaml::Part;

const CUSTOMER_KEYS: [&str; 6] = ["number", "also", "name", "language", "tags", "blocked"];

pub(crate) fn read_customers(items: &[Part<'_>], office: &mut Office, errors: &mut Errors) {
    let mut taken = BTreeSet::new();
    for item in items {
        let Some(customer) = read_customer(item, &office.dial_out.home, errors) else { continue };
        let mut is_new = true;
        for number in customer.numbers() {
            if !taken.insert(number.clone()) {
                item.refuse(twice(number.as_str()), errors);
                is_new = false;
            }
        }
        if is_new {
            office.customers.insert(customer.number.clone(), customer);
        }
    }
}

fn read_customer(item: &Part<'_>, home: &str, errors: &mut Errors) -> Option<Customer> {
    let keys = item.keys(&CUSTOMER_KEYS, errors)?;
    let number = keys.need("number", errors).and_then(|part| read_number(part, home, errors));
    let also: BTreeSet<PhoneNumber> = keys
        .items("also", errors)
        .iter()
        .filter_map(|part| read_number(part, home, errors))
        .collect();
    let name = keys.get("name").and_then(|part| read_name(part, errors));
    let language = keys.get("language").and_then(|part| read_language(part, errors));
    let tags = read_tags(&keys, errors);
    let blocked = keys.get("blocked").and_then(|part| part.truth(errors));
    Some(Customer {
        number: number?,
        also,
        name: name.unwrap_or_default(),
        language,
        tags,
        blocked: blocked.unwrap_or_default(),
    })
}

fn read_tags(keys: &Keys<'_>, errors: &mut Errors) -> BTreeSet<Tag> {
    let expected = Words::new(
        "태그는 제어 문자 없이 1~32자로 적습니다",
        "a tag has 1 to 32 characters, none of them a control character",
    );
    let items = keys.items("tags", errors);
    let tags: BTreeSet<Tag> =
        items.iter().filter_map(|part| part.parsed(&expected, errors, Tag::parse)).collect();
    if tags.len() > CUSTOMER_TAGS
        && let Some(part) = keys.get("tags")
    {
        let message = Words::new(
            format!("고객 태그는 {CUSTOMER_TAGS}개까지입니다"),
            format!("a customer has at most {CUSTOMER_TAGS} tags"),
        );
        part.refuse(message, errors);
    }
    tags
}

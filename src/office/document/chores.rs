//! What workflows do in the background, as a document tells it.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::office::document::conditions::read_team_name;
use crate::office::document::keys::Errors;
use crate::office::document::people::{no_agent, read_extension, read_language};
use crate::office::duration;
use crate::office::extension::Extension;
use crate::office::snapshot::Office;
use crate::office::tag::Tag;
use crate::office::workflow::chore::{Chore, Cleared, Conversing, Target, Urgency};
use crate::words::Words;
use crate::yaml::Part;

pub(crate) const CHORE_KEYS: [&str; 11] = [
    "assign",
    "clear",
    "tag",
    "untag",
    "tag_customer",
    "priority",
    "follow",
    "note",
    "describe",
    "language",
    "conversation",
];

/// L30: a conversation holds eight tags, a customer twenty.
const MOST_TAGS: usize = 8;
const MOST_CUSTOMER_TAGS: usize = 20;
/// L30.
const LONGEST_NOTE: usize = 1_000;
/// L25.
const LONGEST_SNOOZE: Duration = Duration::from_secs(180 * 86_400);

pub(crate) fn read_chore(
    part: &Part<'_>,
    key: &str,
    office: &Office,
    errors: &mut Errors,
) -> Option<Chore> {
    match key {
        "assign" => read_target(part, office, errors).map(Chore::Assign),
        "clear" => read_cleared(part, errors).map(Chore::Clear),
        "tag" => some_tags(part, MOST_TAGS, errors).map(Chore::Tag),
        "untag" => some_tags(part, MOST_TAGS, errors).map(Chore::Untag),
        "tag_customer" => some_tags(part, MOST_CUSTOMER_TAGS, errors).map(Chore::TagCustomer),
        "priority" => read_urgency(part, errors).map(Chore::Urgency),
        "follow" => read_followers(part, office, errors).map(Chore::Follow),
        "note" => read_note(part, errors).map(Chore::Note),
        "describe" => read_note(part, errors).map(Chore::Describe),
        "language" => read_language(part, errors).map(Chore::Language),
        "conversation" => read_conversing(part, errors).map(Chore::Conversation),
        _ => None,
    }
}

fn read_target(part: &Part<'_>, office: &Office, errors: &mut Errors) -> Option<Target> {
    let keys = part.keys(&["team", "agent"], errors)?;
    match (keys.get("team"), keys.get("agent")) {
        (Some(team), None) => read_team_name(team, office, errors).map(Target::Team),
        (None, Some(agent)) => read_agent(agent, office, errors).map(Target::Agent),
        (Some(_), Some(_)) | (None, None) => {
            let message = Words::new(
                "{team: 이름} 또는 {agent: \"101\"}로 적습니다",
                "write {team: name} or {agent: \"101\"}",
            );
            part.refuse(message, errors);
            None
        }
    }
}

fn read_agent(part: &Part<'_>, office: &Office, errors: &mut Errors) -> Option<Extension> {
    let extension = read_extension(part, errors)?;
    if !office.agents.contains_key(&extension) {
        part.refuse(no_agent(&extension), errors);
    }
    Some(extension)
}

fn read_cleared(part: &Part<'_>, errors: &mut Errors) -> Option<Cleared> {
    let expected = Words::new("team, agent, both 중 하나입니다", "write team, agent or both");
    part.parsed(&expected, errors, |text| match text {
        "team" => Ok(Cleared::Team),
        "agent" => Ok(Cleared::Agent),
        "both" => Ok(Cleared::Both),
        _ => Err(()),
    })
}

fn some_tags(part: &Part<'_>, most: usize, errors: &mut Errors) -> Option<BTreeSet<String>> {
    let expected = Words::new("태그는 1~32자입니다", "a tag has 1 to 32 characters");
    let tag = |text: &str| Tag::parse(text).map(|tag| tag.to_string());
    let parts = part.each();
    let tags: BTreeSet<String> =
        parts.iter().filter_map(|part| part.parsed(&expected, errors, tag)).collect();
    if tags.len() < parts.len() && !tags.is_empty() {
        return None;
    }
    if tags.is_empty() || tags.len() > most {
        let message =
            Words::new(format!("태그는 1~{most}개입니다"), format!("write 1 to {most} tags"));
        part.refuse(message, errors);
        return None;
    }
    Some(tags)
}

fn read_urgency(part: &Part<'_>, errors: &mut Errors) -> Option<Urgency> {
    let expected = Words::new("low, medium, high 중 하나입니다", "write low, medium or high");
    part.parsed(&expected, errors, |text| match text {
        "low" => Ok(Urgency::Low),
        "medium" => Ok(Urgency::Medium),
        "high" => Ok(Urgency::High),
        _ => Err(()),
    })
}

fn read_followers(
    part: &Part<'_>,
    office: &Office,
    errors: &mut Errors,
) -> Option<BTreeSet<Extension>> {
    let parts = part.items(errors);
    let agents = parts.iter().filter_map(|part| read_agent(part, office, errors)).collect();
    if parts.is_empty() { None } else { Some(agents) }
}

fn read_note(part: &Part<'_>, errors: &mut Errors) -> Option<String> {
    let expected = Words::new("1~1000자로 적습니다", "write 1 to 1000 characters");
    part.parsed(&expected, errors, |text| {
        let fits = (1..=LONGEST_NOTE).contains(&text.chars().count());
        if fits { Ok(text.to_owned()) } else { Err(()) }
    })
}

fn read_conversing(part: &Part<'_>, errors: &mut Errors) -> Option<Conversing> {
    let expected =
        Words::new("open, close 또는 {snooze: 1h}로 적습니다", "write open, close or {snooze: 1h}");
    if part.is_section() {
        let keys = part.keys(&["snooze"], errors)?;
        let part = keys.need("snooze", errors)?;
        return read_snooze(part, errors).map(Conversing::Snooze);
    }
    part.parsed(&expected, errors, |text| match text {
        "open" => Ok(Conversing::Open),
        "close" => Ok(Conversing::Close),
        _ => Err(()),
    })
}

fn read_snooze(part: &Part<'_>, errors: &mut Errors) -> Option<Duration> {
    let expected = Words::new("1m~180d로 적습니다", "write 1m to 180d");
    part.parsed(&expected, errors, |text| match duration::parse(text) {
        Ok(time) if (Duration::from_secs(60)..=LONGEST_SNOOZE).contains(&time) => Ok(time),
        Ok(_) | Err(_) => Err(()),
    })
}

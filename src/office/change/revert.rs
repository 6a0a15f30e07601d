//! Takes one change of the office back and leaves what came after it.

use std::collections::BTreeMap;
use std::fmt::Display;

use crate::office::snapshot::Office;
use crate::words::Words;

/// The office now, without what changed from `before` to `after`.
///
/// # Errors
/// What was changed again since, each in words: taking it back would undo that as well.
pub fn revert(now: &Office, before: &Office, after: &Office) -> Result<Office, Vec<Words>> {
    let mut again = Vec::new();
    // Named one by one, so that what an office gains is not forgotten here.
    let Office {
        agents,
        teams,
        hours,
        trunks,
        numbers,
        customers,
        dial_out,
        wrap_up,
        speaker,
        recording,
        workflows,
        conference,
        timezone,
        targets,
    } = now.clone();
    let office = Office {
        agents: entries(agents, (&before.agents, &after.agents), &mut again),
        teams: entries(teams, (&before.teams, &after.teams), &mut again),
        hours: entries(hours, (&before.hours, &after.hours), &mut again),
        trunks: entries(trunks, (&before.trunks, &after.trunks), &mut again),
        numbers: entries(numbers, (&before.numbers, &after.numbers), &mut again),
        customers: entries(customers, (&before.customers, &after.customers), &mut again),
        dial_out: whole(dial_out, (&before.dial_out, &after.dial_out), "dial_out", &mut again),
        wrap_up: whole(wrap_up, (&before.wrap_up, &after.wrap_up), "wrap_up", &mut again),
        speaker: whole(speaker, (&before.speaker, &after.speaker), "speaker", &mut again),
        workflows: whole(workflows, (&before.workflows, &after.workflows), "workflows", &mut again),
        conference: whole(
            conference,
            (&before.conference, &after.conference),
            "conference",
            &mut again,
        ),
        timezone: whole(timezone, (&before.timezone, &after.timezone), "timezone", &mut again),
        targets: whole(targets, (&before.targets, &after.targets), "targets", &mut again),
        recording: whole(recording, (&before.recording, &after.recording), "recording", &mut again),
    };
    if again.is_empty() { Ok(office) } else { Err(again) }
}

fn entries<K: Ord + Clone + Display, V: Clone + PartialEq>(
    mut now: BTreeMap<K, V>,
    (before, after): (&BTreeMap<K, V>, &BTreeMap<K, V>),
    again: &mut Vec<Words>,
) -> BTreeMap<K, V> {
    let gone = before.keys().filter(|key| !after.contains_key(*key));
    for key in gone.chain(after.keys()) {
        let (old, new) = (before.get(key), after.get(key));
        if old == new || now.get(key) == old {
            continue;
        }
        if now.get(key) != new {
            again.push(changed_again(key));
            continue;
        }
        match old {
            Some(old) => now.insert(key.clone(), old.clone()),
            None => now.remove(key),
        };
    }
    now
}

fn whole<V: Clone + PartialEq>(
    now: V,
    (before, after): (&V, &V),
    name: &str,
    again: &mut Vec<Words>,
) -> V {
    if before == after || now == *before {
        return now;
    }
    if now != *after {
        again.push(changed_again(&name));
    }
    before.clone()
}

fn changed_again(what: &impl Display) -> Words {
    Words::new(
        format!("{what}: 그 뒤에 다시 바뀌었습니다. 나중 변경을 먼저 되돌리세요"),
        format!("{what}: has changed again since; take the later change back first"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office::document::document::parse;

    fn office(agents: &[(&str, &str)], home: &str) -> Office {
        let agents: String = agents
            .iter()
            .map(|(extension, name)| format!("  - {{extension: \"{extension}\", name: {name}}}\n"))
            .collect();
        let agents = if agents.is_empty() { " []\n".to_owned() } else { format!("\n{agents}") };
        let text = format!("agents:{agents}policies: {{dial_out: {{home: \"{home}\"}}}}\n");
        parse(&text, None).unwrap()
    }

    #[test]
    fn what_came_later_stays() {
        let before = office(&[("101", "Kim")], "82");
        let after = office(&[("101", "Lee"), ("102", "Choi")], "82");
        let now = office(&[("101", "Lee"), ("102", "Choi"), ("103", "Park")], "81");
        let expected = office(&[("101", "Kim"), ("103", "Park")], "81");
        assert_eq!(revert(&now, &before, &after), Ok(expected));
        assert_eq!(revert(&after, &before, &after), Ok(before));
    }

    #[test]
    fn what_is_gone_comes_back() {
        let (before, after) = (office(&[("101", "Kim")], "82"), office(&[], "82"));
        assert_eq!(revert(&after, &before, &after), Ok(before.clone()));
        // Already as it was: nothing to take back.
        assert_eq!(revert(&before, &before, &after), Ok(before));
    }

    #[test]
    fn what_changed_again_is_named() {
        let (before, after) = (office(&[("101", "Kim")], "82"), office(&[("101", "Lee")], "81"));
        let now = office(&[("101", "Choi")], "44");
        let told = revert(&now, &before, &after).unwrap_err();
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].en.starts_with("101:"), "{told:?}");
        assert!(told[1].ko.starts_with("dial_out:"), "{told:?}");
    }
}

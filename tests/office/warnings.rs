//! What may be saved and is told all the same (S27, S28, S82).

use naru::office::document::document::parse;
use naru::office::warnings::{Concern, Warning, warnings};

const OFFICE: &str = r#"
agents: [{extension: "101", name: Kim}]
teams: [{name: sales, members: ["101"]}]
trunks: [{name: t, peer: "192.0.2.1:5060", blocks: ["+827012345600-+827012345699"]}]
"#;

fn told(policies: &str, numbers: &str, workflows: &str) -> Vec<Concern> {
    let text =
        format!("{OFFICE}numbers: [{numbers}]\npolicies: {{{policies}}}\nworkflows:\n{workflows}");
    let found = warnings(&parse(&text, None).unwrap());
    let named =
        |one: &Warning| one.workflow.clone().is_some_and(|name| one.message.en.contains(&name));
    assert!(found.iter().all(named));
    assert!(found.iter().all(|one| !one.message.ko.is_empty()));
    found.into_iter().map(|one| one.concern).collect()
}

const ON: &str = "wrap_up: {enabled: true}";
const OFF: &str = "wrap_up: {enabled: false}";
const NUMBER: &str = r#"{number: "+827012345678", route: off}"#;

#[test]
fn a_workflow_after_calls_is_told_beside_wrap_up_and_keeps_nobody_from_saving() {
    // S27, S28
    let closes =
        "  - {name: c, trigger: call_ended, steps: [{name: a, conversation: close, next: end}]}\n";
    let quick = "  - {name: q, trigger: call_ended, steps: [{name: a, quick: [{when: {language: ko}, conversation: {snooze: 1h}}], next: end}]}\n";
    let tags = "  - {name: t, trigger: call_ended, steps: [{name: a, tag: x, next: end}]}\n";
    let off = closes.replace("name: c,", "name: o, active: false,");
    let all = format!("{closes}{quick}{tags}{off}");
    let twice = Concern::WrapUpTwice;
    assert_eq!(told(ON, NUMBER, &all), [twice, twice, Concern::WrapUpBeside]);
    assert_eq!(told(OFF, NUMBER, &all), [], "S26: there is no wrap-up to overlap with");
    // A rule of a number's own is enough.
    let own = NUMBER.replace("route: off", "route: off, wrap_up: {enabled: true}");
    assert_eq!(told(OFF, &own, closes), [twice]);
}

#[test]
fn a_workflow_that_no_number_leads_to_is_told() {
    // S82
    let direct = r#"{number: "+827012345678", route: {team: sales}}, {number: "+827012345679", route: {agent: "101"}}"#;
    let queued =
        "  - {name: w, trigger: call_queued, steps: [{name: a, say: greeting, next: end}]}\n";
    assert_eq!(told(OFF, direct, queued), [Concern::NeverRuns]);
    assert_eq!(told(OFF, NUMBER, queued), []);
    assert_eq!(told(OFF, &format!("{direct}, {}", NUMBER.replace("678", "677")), queued), []);
    let after = queued.replace("call_queued", "agent_called").replace("say: greeting", "tag: x");
    assert_eq!(told(OFF, direct, &after), [], "agents' own calls run it");
}

#[test]
fn an_agent_whose_phones_all_stay_silent_is_told() {
    // L6
    let phones = |devices: &str| {
        let agent = format!(r#"{{extension: "101", name: Kim, devices: [{devices}]}}"#);
        let text = OFFICE.replace(r#"{extension: "101", name: Kim}"#, &agent);
        warnings(&parse(&text, None).unwrap())
    };
    let found = phones(
        "{username: a, password: x, rings: false}, {username: b, password: x, rings: false}",
    );
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].concern, found[0].agent.as_deref()), (Concern::RingsNowhere, Some("101")));
    assert!(found[0].message.en.contains("extension 101, Kim: none of their phones rings"));
    assert!(found[0].message.ko.contains("내선 101 Kim"));
    assert_eq!(phones("{username: a, password: x, rings: false}, {username: b, password: x}"), []);
    assert_eq!(phones(""), [], "somebody without a phone is a plan, not a mistake");
}

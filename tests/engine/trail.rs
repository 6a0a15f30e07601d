//! Why a call did what it did, in words.

use naru::history::trail::trail::{Decision, TrailEntry};
use naru::leg::HangupCause;
use naru::office::language::Language;

use crate::simulation::Desk;

fn story(desk: &Desk, language: Language) -> Vec<String> {
    desk.record().trail.iter().map(|entry| entry.decision.words(language)).collect()
}

#[test]
fn a_missed_call_tells_its_story_in_both_languages() {
    let mut desk = Desk::open();
    let caller = desk.calls("+81312345678", "+827012345671");
    desk.unregisters("103");
    desk.clip_ends(caller);
    desk.rings(desk.phone("102"));
    desk.passes(20);
    desk.clip_ends(caller);
    assert_eq!(
        story(&desk, Language::En),
        [
            "+81312345678 called +827012345671; the call came in by 'carrier'.",
            "+827012345671 is one of the office's numbers.",
            "The caller's number begins with +81, so they are spoken to in Japanese.",
            "The caller hears the greeting in English.",
            "The number's calls go to team 'support'.",
            "Park (103) is not rung: none of their phones is connected.",
            "Lee Jun (102) is rung on 1 phone, for at most 20 seconds.",
            "'102' rings.",
            "Nobody answered within 20 seconds.",
            "The caller hears that all are busy in Japanese.",
            "The customer waited: greeting 0 s, queue 0 s, ringing 20 s.",
        ]
    );
    let korean = story(&desk, Language::Ko);
    assert_eq!(korean.len(), 11);
    assert!(korean.iter().all(|words| words.chars().any(|c| ('가'..='힣').contains(&c))));
}

#[test]
fn a_trail_is_kept_as_text_and_read_again() {
    let mut desk = Desk::open();
    desk.dials("101", "+12125550100");
    let trail = &desk.record().trail;
    let text = serde_json::to_string(trail).unwrap();
    assert!(text.contains(r#""kind":"country_not_allowed","number":"+12125550100""#), "{text}");
    assert_eq!(&serde_json::from_str::<Vec<TrailEntry>>(&text).unwrap(), trail);
    let failed = Decision::Refused { cause: HangupCause::Failed { status: 500 } };
    let text = serde_json::to_string(&failed).unwrap();
    assert_eq!(serde_json::from_str::<Decision>(&text).unwrap(), failed);
}

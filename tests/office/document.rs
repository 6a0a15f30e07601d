use std::time::Duration;

use naru::office::call_recording::Format;
use naru::office::change::changes::changes;
use std::collections::{BTreeMap, BTreeSet};

use naru::office::document::document::{parse, parse_with};
use naru::office::document::print::print;
use naru::office::extension::Extension;
use naru::office::library::{Library, Speakers};
use naru::office::number::Ringback;
use naru::office::recording::{Recording, SoundHash, SoundName};
use naru::office::snapshot::Office;
use naru::office::srtp::SrtpPolicy;
use naru::yaml::Fault;

const OFFICE: &str = r#"agents:
  - {extension: "101", name: 김민지, language: ko, unassigned_calls: true,
     devices: [{username: "101", password: secret-101}]}
  - {extension: 102, name: Lee Jun, devices: [{username: 102, password: 0123, digest: sha-256}]}
teams:
  - {name: support, members: ["101", "102"], assignment: manual}
trunks:
  - name: carrier
    peer: 192.0.2.10:5060
    register: {server: sip.carrier.example, username: u, password: p}
    label: KT
    blocks: ["+827012345600-+827012345699"]
    presentable: ["+8215881234"]
    format: national
numbers:
  - number: +827012345678
    default: true
    presented: 1588-1234
    route: {team: support}
    ring_time: 20s
    ringback: national
    continuation: off
    announcements:
      greeting: {ko: built-in, en: built-in}
      all_busy: {ko: built-in}
  - {number: "+827012345679", route: off}
workflows: []
policies:
  dial_out: {home: "82", countries: ["+82", 81], emergency: ["112", 119]}
"#;

fn office() -> Office {
    parse(OFFICE, None).unwrap()
}

fn refused(text: &str) -> Vec<Fault> {
    parse(text, None).unwrap_err()
}

/// The office with one part of its text replaced, which must be refused once and there.
fn refused_once(part: &str, by: &str) -> (u64, String, String) {
    assert!(OFFICE.contains(part), "{part}");
    let errors = refused(&OFFICE.replacen(part, by, 1));
    assert_eq!(errors.len(), 1, "{errors:?}");
    let error = errors.into_iter().next().unwrap();
    assert!(!error.message.ko.is_empty());
    (error.line, error.field, error.message.en)
}

#[test]
fn an_office_is_read_as_it_is_written() {
    let office = office();
    assert_eq!(office.agents.len(), 2);
    let lee = &office.agents[&Extension::parse("102").unwrap()];
    assert_eq!(lee.devices[0].password.reveal(), "0123", "digits stay as they were typed");
    assert!(!lee.unassigned_calls);
    assert_eq!(office.numbers.len(), 2);
    let default = office.default_number().unwrap();
    assert_eq!(default.shown().as_str(), "+8215881234");
    assert_eq!(default.ring_time.get().as_secs(), 20);
    assert!(office.dial_out.countries.contains("+81"));
    assert!(office.dial_out.is_emergency("119"));
}

#[test]
fn what_is_not_right_is_refused_where_it_stands() {
    for (part, by, line, field, about) in [
        ("peer: ", "pear: ", 9, "trunks[0].pear", "unknown key"),
        ("ring_time: 20s", "ring_time: 5s", 20, "numbers[0].ring_time", "10s to 120s"),
        ("ringback: national", "ringback: loud", 21, "numbers[0].ringback", "looping"),
        ("{team: support}", "{team: sales}", 19, "numbers[0].route.team", "no team 'sales'"),
        ("{team: support}", "{agent: 109}", 19, "numbers[0].route.agent", "extension 109"),
        ("members: [\"101\"", "members: [\"109\"", 6, "teams[0].members[0]", "extension 109"),
        ("1588-1234", "010-1234-5678", 18, "numbers[0].presented", "mobile"),
        ("1588-1234", "02-123-4567", 18, "numbers[0].presented", "presentable"),
        ("+827012345679", "+827012345779", 26, "numbers[1].number", "blocks"),
        ("+827012345679", "+827012345678", 26, "numbers[1]", "twice"),
        (
            "number: \"+827012345679\"",
            "default: true, number: \"+827012345679\"",
            26,
            "numbers[1]",
            "default",
        ),
        ("continuation: off", "continuation: 91d", 22, "numbers[0].continuation", "1d to 90d"),
        ("assignment: manual", "assignment: loudest", 6, "teams[0].assignment", "longest_idle"),
        ("assignment: manual", "hours: office", 6, "teams[0].hours", "no hours 'office'"),
        ("extension: 102", "extension: 119", 4, "agents[1]", "emergency"),
        ("username: 102", "username: 101", 4, "agents[1].devices[0]", "twice"),
        (", password: secret-101", "", 3, "agents[0].devices[0]", "password"),
        (
            "unassigned_calls: true",
            "unassigned_calls: maybe",
            2,
            "agents[0].unassigned_calls",
            "true or false",
        ),
        ("default: true", "default: {}", 17, "numbers[0].default", "true or false"),
        ("192.0.2.10:5060", "carrier.example", 9, "trunks[0].peer", "IP address"),
    ] {
        if by == "extension: 119" {
            let errors = refused(&OFFICE.replacen(part, by, 1));
            assert!(errors.iter().any(|e| e.message.en.contains(about) && e.field == field));
            continue;
        }
        let (at, path, message) = refused_once(part, by);
        assert_eq!((at, path.as_str()), (line, field), "{message}");
        assert!(message.contains(about), "{message}");
    }
}

#[test]
fn every_mistake_is_listed_at_once() {
    let text = OFFICE
        .replace("ring_time: 20s", "ring_time: 5s")
        .replace("language: ko", "language: kr")
        .replace("format: national", "format: loud\n    colour: red");
    let lines: Vec<u64> = refused(&text).iter().map(|error| error.line).collect();
    assert!(lines.is_sorted());
    for line in [2, 14, 15, 21] {
        assert!(lines.contains(&line), "{line} in {lines:?}");
    }
}

#[test]
fn what_is_no_yaml_is_refused_with_its_line() {
    let errors = refused("agents:\n  - {extension: [");
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].line, 2);
    assert_eq!(refused("agents: 3").len(), 1);
    assert_eq!(refused("- a list").len(), 1);
    assert!(parse("", None).unwrap().agents.is_empty());
}

#[test]
fn a_phone_without_a_password_keeps_the_one_it_has() {
    let before = office();
    let text = print(&before, false);
    assert!(!text.contains("secret-101") && !text.contains("password"), "{text}");
    assert_eq!(parse(&text, Some(&before)).unwrap(), before);
    assert_eq!(parse(&text, None).unwrap_err().len(), 3, "two phones and a trunk account");
}

#[test]
fn no_mistake_repeats_a_password() {
    let long = "x".repeat(200);
    let errors = refused(&OFFICE.replace("secret-101", &long));
    assert!(errors.iter().all(|error| !error.message.en.contains(&long)));
}

#[test]
fn what_changed_is_said_in_both_languages() {
    let before = office();
    let text = OFFICE
        .replace("ring_time: 20s", "ring_time: 90s")
        .replace("secret-101", "another-101")
        .replace("name: Lee Jun", "name: Jun Lee");
    let after = parse(&text, None).unwrap();
    let said: Vec<String> =
        changes(&before, &after).into_iter().map(|change| change.words.en).collect();
    assert_eq!(
        said,
        [
            "agent 101, phone 101, password: changed",
            "agent 102, name: Lee Jun → Jun Lee",
            "number +827012345678, ring time: 20 s → 90 s",
        ]
    );
    assert!(changes(&before, &before).is_empty());
    let ko: Vec<String> =
        changes(&before, &Office::default()).into_iter().map(|change| change.words.ko).collect();
    assert!(ko.contains(&"매니저 101 삭제".to_owned()), "{ko:?}");
}

#[test]
fn the_room_rings_for_whom_the_document_names() {
    let text = OFFICE
        .replace(
            "name: Lee Jun,",
            "name: Lee Jun, speaker: {ring: true, sound: national, volume: 30},",
        )
        .replace("assignment: manual}", "assignment: manual, speaker: {ring: false}}")
        .replace("route: off}", "route: off, speaker: {}}")
        + "bells:\n  - {at: \"08:50\", days: [mon, sat], sound: looping}\n  - {at: 18:00}\n";
    let office = parse(&text, None).unwrap();
    let rings: Vec<String> = office
        .speaker
        .rings
        .iter()
        .map(|(rung, ring)| format!("{rung:?} {} {}", ring.sound.name(), ring.volume))
        .collect();
    assert_eq!(
        rings,
        [
            r#"Number(PhoneNumber("+827012345679")) looping 80"#,
            r#"Agent(Extension("102")) national 30"#
        ]
    );
    let bells: Vec<String> =
        office.speaker.bells.iter().map(|bell| format!("{} {}", bell.at, bell.days)).collect();
    assert_eq!(bells, ["08:50 mon, sat", "18:00 mon, tue, wed, thu, fri"]);
    assert_eq!(parse(&print(&office, true), None), Ok(office.clone()));
    let told: Vec<String> =
        changes(&self::office(), &office).into_iter().map(|change| change.words.en).collect();
    let ring =
        "agent 102, loudspeaker of the room: none → the country's ringing tone 30%".to_owned();
    assert!(told.contains(&ring), "{told:?}");
    let bell = "bell added: 08:50 Mon, Sat (Asia/Seoul), music, looping 80%".to_owned();
    assert!(told.contains(&bell), "{told:?}");
}

#[test]
fn what_is_recorded_and_how_it_is_kept_is_read() {
    let text = OFFICE.replace("route: off}", "route: off, recording: on}").replace(
        "policies:",
        "policies:\n  recording: {format: wav, keep: forever, free_disk: 2500MB, limit: 30m}",
    );
    let office = parse(&text, None).unwrap();
    let numbers: Vec<&str> = office.recording.numbers.iter().map(|n| n.as_str()).collect();
    assert_eq!(numbers, ["+827012345679"]);
    let rules = office.recording.rules;
    assert_eq!((rules.format, rules.keep, rules.free_disk), (Format::Wav, None, 2_500));
    assert_eq!(rules.limit, Duration::from_secs(1_800));
    assert_eq!(parse(&print(&office, true), None), Ok(office.clone()));
    let told: Vec<String> =
        changes(&self::office(), &office).into_iter().map(|change| change.words.en).collect();
    assert!(told.contains(&"number +827012345679, recorded: no → yes".to_owned()), "{told:?}");
    assert!(told.contains(&"recordings, kept for: 90 days → for ever".to_owned()), "{told:?}");
    for (wrong, field) in [
        ("{format: mp3}", "format"),
        ("{keep: 5m}", "keep"),
        ("{free_disk: 2TB}", "free_disk"),
        ("{limit: 13h}", "limit"),
        ("{loud: 1}", "loud"),
    ] {
        let by = format!("policies:\n  recording: {wrong}");
        assert_eq!(refused_once("policies:", &by).1, format!("policies.recording.{field}"));
    }
    let (_, field, words) = refused_once("route: off}", "route: off, recording: maybe}");
    assert_eq!(field, "numbers[1].recording");
    assert_eq!(words, "'maybe': write on or off");
}

#[test]
fn encryption_is_set_for_each_phone_and_trunk() {
    let text = OFFICE
        .replacen("password: secret-101", "password: secret-101, srtp: required", 1)
        .replacen("format: national", "format: national\n    srtp: optional", 1);
    let office = parse(&text, None).unwrap();
    let devices: Vec<SrtpPolicy> =
        office.agents.values().flat_map(|agent| &agent.devices).map(|one| one.srtp).collect();
    assert_eq!(devices, [SrtpPolicy::Required, SrtpPolicy::Optional]);
    assert_eq!(office.trunks.values().next().unwrap().srtp, SrtpPolicy::Optional);
    assert_eq!(self::office().trunks.values().next().unwrap().srtp, SrtpPolicy::Off);
    assert_eq!(parse(&print(&office, true), None), Ok(office.clone()));
    let told: Vec<String> =
        changes(&self::office(), &office).into_iter().map(|change| change.words.en).collect();
    let line = "trunk 'carrier', encrypted sound: never → when the other side can".to_owned();
    assert!(told.contains(&line), "{told:?}");
    let (_, field, words) = refused_once("format: national", "srtp: always");
    assert_eq!(field, "trunks[0].srtp");
    assert_eq!(words, "'always': write off, optional or required");
}

#[test]
fn a_ring_or_bell_that_cannot_be_is_refused_where_it_stands() {
    let ring = |by: &str| refused_once("name: Lee Jun,", &format!("name: Lee Jun, speaker: {by},"));
    let (_, field, words) = ring("{volume: 0}");
    assert_eq!(
        (field.as_str(), words.as_str()),
        ("agents[1].speaker.volume", "'0': write 1 to 100")
    );
    assert_eq!(ring("{sound: drum}").1, "agents[1].speaker.sound");
    assert_eq!(ring("{loud: 1}").1, "agents[1].speaker.loud");
    assert_eq!(ring("yes please").1, "agents[1].speaker");
    let bell = |by: &str| refused_once("workflows: []", &format!("workflows: []\nbells: [{by}]"));
    assert_eq!(bell("{at: 8:50}").1, "bells[0].at");
    assert_eq!(bell("{days: [mon]}").1, "bells[0]");
    assert_eq!(bell("{at: \"08:50\", days: []}").1, "bells[0].days");
    assert_eq!(bell("{at: \"08:50\", days: [monday]}").1, "bells[0].days[0]");
    assert_eq!(bell("{at: \"08:50\", timezone: Seoul}").1, "bells[0].timezone");
}

#[test]
fn sounds_that_are_not_right_are_refused_where_they_stand() {
    for (part, by, line, field, about) in [
        (
            "ringback: national",
            "ringback: {file: a.wav}",
            21,
            "numbers[0].ringback.file",
            "there is no sound file 'a.wav'",
        ),
        (
            "ringback: national",
            "ringback: {file: ../a.wav}",
            21,
            "numbers[0].ringback.file",
            "below the folder",
        ),
        (
            "ringback: national",
            "ringback: {file: a.wav, sha256: 12}",
            21,
            "numbers[0].ringback.sha256",
            "64 hexadecimal",
        ),
        (
            "{ko: built-in, en: built-in}",
            "{ko: {text: hi}}",
            24,
            "numbers[0].announcements.greeting.ko.text",
            "'voice' is missing",
        ),
        (
            "{ko: built-in, en: built-in}",
            "{ko: {text: hi, file: a.wav}}",
            24,
            "numbers[0].announcements.greeting.ko",
            "{text: WORDS}",
        ),
    ] {
        let (found_line, found_field, message) = refused_once(part, by);
        assert_eq!((found_line, found_field.as_str()), (line, field), "{by}");
        assert!(message.contains(about), "{by}: {message}");
    }
}

/// What lies beside the document wins, then what it means exactly, then what the name last meant.
#[test]
fn a_file_is_found_in_this_order() {
    let name = SoundName::parse("인사.wav").unwrap();
    let hash = |file: &[u8]| SoundHash::of(file);
    let library = |beside: bool| Library {
        named: BTreeMap::from([(name.clone(), hash(b"named"))]),
        beside: if beside {
            BTreeMap::from([(name.clone(), hash(b"beside"))])
        } else {
            BTreeMap::new()
        },
        held: Some([&b"named"[..], b"beside", b"meant"].map(hash).into()),
        speakers: Speakers::default(),
    };
    let meant = format!("{{file: 인사.wav, sha256: {}}}", hash(b"meant"));
    for (written, beside, found) in [
        ("{file: 인사.wav}", false, &b"named"[..]),
        (&meant, false, b"meant"),
        (&meant, true, b"beside"),
    ] {
        let text = OFFICE.replacen("ringback: national", &format!("ringback: {written}"), 1);
        let office = parse_with(&text, None, library(beside)).unwrap();
        let ringback = &office.numbers.values().next().unwrap().ringback;
        let expected = Recording { name: name.clone(), sha256: hash(found) };
        assert_eq!(*ringback, Ringback::File(expected), "{written} {beside}");
        assert_eq!(parse(&print(&office, true), None), Ok(office.clone()));
        assert_eq!(parse(&print(&office, false), Some(&office)), Ok(office));
    }
    let gone = OFFICE.replacen("ringback: national", &meant, 1).replace("meant", "gone");
    assert!(
        parse_with(&gone, None, Library { held: Some(BTreeSet::new()), ..library(false) }).is_err()
    );
}

/// P8
#[test]
fn a_trunk_says_how_it_wants_numbers() {
    let form = "format: international\n    international_prefix: \"001\"\n    prefix: \"*9#\"";
    let text = OFFICE.replacen("format: national", form, 1);
    let office = parse(&text, None).unwrap();
    let printed = print(&office, true);
    let parts = ["format: international", "international_prefix: \"001\"", "prefix: \"*9#\""];
    assert!(parts.iter().all(|part| printed.contains(part)), "{printed}");
    assert_eq!(parse(&printed, None).unwrap(), office);
    for (wrong, field) in [
        ("format: loud", "trunks[0].format"),
        ("international_prefix: \"+\"", "trunks[0].international_prefix"),
        ("prefix: \"123456789\"", "trunks[0].prefix"),
    ] {
        let faults = parse(&OFFICE.replacen("format: national", wrong, 1), None).unwrap_err();
        assert_eq!(faults[0].field, field, "{wrong}");
    }
}

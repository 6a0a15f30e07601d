//! Whatever the store is given, it gives back.

#![expect(clippy::unwrap_used, reason = "test code")]

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use naru::binding::{Binding, BindingChange};
use naru::history::agent_log::{AgentLog, AgentStatus, StatusChange, WrapUpDone};
use naru::history::call_filter::CallFilter;
use naru::history::call_id::CallId;
use naru::history::call_record::{CallRecord, Clocks, Direction, LegRecord, Outcome};
use naru::history::conversation::conversation::{Case, Conversation, HeldConversation, State};
use naru::history::conversation::filter::{ConversationFilter, Place, StateName};
use naru::history::conversation::lead::Lead;
use naru::history::conversation::log::{Happening, LogEntry};
use naru::history::conversation_id::ConversationId;
use naru::history::figures::agent_figures::AgentSpan;
use naru::history::figures::hours_filter::{HoursFilter, HoursMeant};
use naru::history::hours_switch::HoursSwitch;
use naru::history::known_quality::KnownQuality;
use naru::history::leg_quality::LegQuality;
use naru::history::missed_reason::MissedReason;
use naru::history::office_change::Signature;
use naru::leg::{HangupCause, LegId};
use naru::office::agent::Agent;
use naru::office::announcement::{Situation, Voice, Voices};
use naru::office::bell::{Bell, BellTime, Days};
use naru::office::call_recording::RecordingRules;
use naru::office::customer::Customer;
use naru::office::device::{Device, DigestAlgorithm, Secret, Username};
use naru::office::dial_out::DialOut;
use naru::office::document::document::parse;
use naru::office::extension::Extension;
use naru::office::hours::day_range::DayRange;
use naru::office::hours::hours::{Hours, HoursName};
use naru::office::language::Language;
use naru::office::number::{Number, RingTime, Ringback};
use naru::office::number_form::{NumberForm, NumberFormat, Prefix};
use naru::office::phone_number::PhoneNumber;
use naru::office::priority::Priority;
use naru::office::recording::{Recording, SoundHash, SoundName};
use naru::office::room_sound::{Percent, RoomSound};
use naru::office::route::Route;
use naru::office::snapshot::Office;
use naru::office::speaker::{RoomRing, Rung, Speaker};
use naru::office::srtp::SrtpPolicy;
use naru::office::tag::Tag;
use naru::office::team::{Assignment, Team, TeamName};
use naru::office::transport::Transport;
use naru::office::trunk::{BeforeAnswer, NumberBlock, Trunk, TrunkAccount, TrunkName};
use naru::office::wrap_up::{WrapUpLimit, WrapUpRule};
use naru::store::open::open;
use naru::store::reader::Reader;
use naru::store::run::start;
use naru::store::table::sounds::NewSound;
use naru::time::from_unix_millis;
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

fn extension() -> impl Strategy<Value = Extension> {
    "[1-9][0-9]{1,5}".prop_map(|text| Extension::parse(&text).unwrap())
}

fn phone_number() -> impl Strategy<Value = PhoneNumber> {
    "\\+[1-9][0-9]{2,14}".prop_map(|text| PhoneNumber::parse(&text).unwrap())
}

/// Any script, quotes and control characters too: SQL must not care.
fn text() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{1,16}", "[가-힣'\"%;\\x00-\\x1f-]{1,16}"]
}

fn device() -> impl Strategy<Value = Device> {
    let digest = select(vec![DigestAlgorithm::Md5, DigestAlgorithm::Sha256]);
    let srtp = select(SrtpPolicy::ALL.to_vec());
    let parts = ("[A-Za-z0-9._-]{1,64}", text(), digest, srtp, any::<bool>());
    parts.prop_map(|(username, password, digest, srtp, rings)| Device {
        username: Username::parse(&username).unwrap(),
        password: Secret::new(password),
        digest,
        srtp,
        rings,
    })
}

fn agent() -> impl Strategy<Value = Agent> {
    let language = select(Language::ALL.to_vec());
    (extension(), text(), language, any::<(bool, bool, bool)>(), vec(device(), 0..3)).prop_map(
        |(extension, name, language, flags, devices)| Agent {
            extension,
            name,
            language,
            phone_calls: flags.0,
            unassigned_calls: flags.1,
            call_waiting: flags.2,
            missed_alerts: flags.0 != flags.2,
            devices,
        },
    )
}

fn trunk() -> impl Strategy<Value = Trunk> {
    let account = (text(), text(), text()).prop_map(|(server, username, password)| TrunkAccount {
        server,
        username,
        password: Secret::new(password),
    });
    let peer = any::<([u8; 16], bool, u16)>().prop_map(|(bytes, is_v4, port)| {
        let v4 = [bytes[0], bytes[1], bytes[2], bytes[3]];
        if is_v4 { SocketAddr::from((v4, port)) } else { SocketAddr::from((bytes, port)) }
    });
    let block = phone_number().prop_map(|number| NumberBlock::parse(number.as_str()).unwrap());
    let format = select(NumberFormat::ALL.to_vec());
    let prefix = || option::of("[0-9*#]{1,8}".prop_map(|text| Prefix::parse(&text).unwrap()));
    let form = (format, prefix(), prefix()).prop_map(|(format, abroad, prefix)| {
        let form = NumberForm::of(format);
        NumberForm { abroad: abroad.unwrap_or(form.abroad), prefix, format }
    });
    (
        text(),
        option::of(peer),
        option::of(account),
        text(),
        vec(block, 0..3),
        vec(phone_number(), 0..3),
        form,
    )
        .prop_map(|(name, peer, register, label, blocks, presentable, number_form)| Trunk {
            name: TrunkName(name),
            peer,
            register,
            label,
            blocks,
            presentable,
            countries: (number_form.format == NumberFormat::E164)
                .then(|| ["+82".to_owned()].into()),
            number_form,
            transport: Transport::default(),
            ringback: BeforeAnswer::default(),
            srtp: SrtpPolicy::Required,
        })
}

/// Its file must be in the store: see `sound`.
fn recording() -> impl Strategy<Value = Recording> {
    (select(vec!["a.wav", "인사 말.mp3"]), 0_u8..2).prop_map(|(name, which)| Recording {
        name: SoundName::parse(name).unwrap(),
        sha256: SoundHash::of(&[which]),
    })
}

fn sound(which: u8) -> NewSound {
    NewSound {
        sha256: SoundHash::of(&[which]),
        said: None,
        file: vec![which],
        rate: 16_000,
        samples: vec![0, -1],
        added: 1,
    }
}

fn voice() -> impl Strategy<Value = Voice> {
    prop_oneof![Just(Voice::BuiltIn), recording().prop_map(Voice::File)]
}

fn announcements() -> impl Strategy<Value = BTreeMap<Situation, Voices>> {
    let situation = select(vec![Situation::Greeting, Situation::AllBusy, Situation::Closed]);
    let voices = btree_map(select(Language::ALL.to_vec()), voice(), 0..5);
    btree_map(situation, voices, 0..3)
}

fn number() -> impl Strategy<Value = Number> {
    let ringback = prop_oneof![
        Just(Ringback::Looping),
        Just(Ringback::National),
        recording().prop_map(Ringback::File)
    ];
    (phone_number(), option::of(phone_number()), 10_u64..=120, ringback, announcements()).prop_map(
        |(number, presented, seconds, ringback, announcements)| Number {
            number,
            is_default: false,
            presented,
            hours: (seconds % 2 == 0).then(|| HoursName("밤's".to_owned())),
            route: Route::Off,
            ring_time: RingTime::new(Duration::from_secs(seconds)).unwrap(),
            ringback,
            continuation: "3h".parse().unwrap(),
            announcements,
            priority: priority(seconds),
            wrap_up: wrap_up(seconds),
            voicemail: seconds % 2 == 1,
        },
    )
}

/// Every kind of rule comes up.
fn wrap_up(seconds: u64) -> Option<WrapUpRule> {
    let limit = WrapUpLimit::new(Duration::from_secs(seconds)).ok();
    match seconds % 4 {
        0 => None,
        1 => Some(WrapUpRule::Off),
        2 => Some(WrapUpRule::On { limit: None }),
        _ => Some(WrapUpRule::On { limit }),
    }
}

fn priority(seconds: u64) -> Priority {
    match seconds % 3 {
        0 => Priority::High,
        1 => Priority::Medium,
        _ => Priority::Low,
    }
}

fn hours() -> Hours {
    let text = "hours:\n  - {name: \"밤's\", timezone: Europe/Berlin, week: {mon: [\"22:00-06:00\"]}, public_holidays: KR, holidays: [{date: 2027-01-01, name: 신정}]}";
    parse(text, None).unwrap().hours.into_values().next().unwrap()
}

fn dial_out() -> impl Strategy<Value = DialOut> {
    ("[1-9][0-9]{0,2}", btree_set("\\+[1-9][0-9]{0,3}", 0..4), btree_set("[0-9]{2,4}", 0..4))
        .prop_map(|(home, countries, emergency)| DialOut { home, countries, emergency })
}

fn room_ring() -> impl Strategy<Value = RoomRing> {
    (select(RoomSound::ALL.to_vec()), 1_u8..=100)
        .prop_map(|(sound, volume)| RoomRing { sound, volume: Percent::new(volume).unwrap() })
}

fn bell() -> impl Strategy<Value = Bell> {
    let zones = select(vec!["Asia/Seoul", "Europe/Berlin", "UTC"]);
    (0_u8..24, 0_u8..60, btree_set(select(vec!["mon", "wed", "sun"]), 1..3), zones, room_ring())
        .prop_map(|(hour, minute, days, zone, ring)| Bell {
            at: BellTime::parse(&format!("{hour:02}:{minute:02}")).unwrap(),
            days: Days::of(days).unwrap(),
            timezone: TimeZone::get(zone).unwrap(),
            sound: ring.sound,
            volume: ring.volume,
        })
}

fn speaker() -> impl Strategy<Value = Speaker> {
    let rung = prop_oneof![
        phone_number().prop_map(Rung::Number),
        text().prop_map(|name| Rung::Team(TeamName(name))),
        extension().prop_map(Rung::Agent),
    ];
    (btree_map(rung, room_ring(), 0..4), vec(bell(), 0..3))
        .prop_map(|(rings, bells)| Speaker { rings, bells })
}

/// Any office that fits together: routes and members exist, user names are unique.
fn office() -> impl Strategy<Value = Office> {
    let teams = btree_set(text(), 0..4);
    (
        vec(agent(), 0..5),
        teams,
        vec(trunk(), 0..3),
        vec(number(), 0..5),
        (dial_out(), speaker(), btree_map(phone_number(), text(), 0..3)),
        any::<u64>(),
    )
        .prop_map(|(agents, teams, trunks, numbers, (dial_out, speaker, customers), dice)| {
            let wrap_up_rule = wrap_up(10 + dice % 100).unwrap_or_default();
            let hours = hours();
            let hours = [(hours.name.clone(), hours)].into();
            let mut office =
                Office { hours, dial_out, speaker, wrap_up: wrap_up_rule, ..Office::default() };
            for (at, (number, name)) in customers.into_iter().enumerate() {
                let customer = Customer {
                    number: number.clone(),
                    also: office.customers.keys().cloned().collect(),
                    name: name.clone(),
                    language: Language::ALL.get(at).copied(),
                    tags: Tag::parse(name.trim()).into_iter().collect(),
                    blocked: at % 2 == 0,
                };
                office.customers.insert(number, customer);
            }
            let rules = RecordingRules { keep: None, free_disk: 7, ..RecordingRules::default() };
            office.recording.rules = rules;
            office.recording.numbers.insert(PhoneNumber::parse("+82212345678").unwrap());
            let mut names = BTreeSet::new();
            for mut agent in agents {
                agent.devices.retain(|device| names.insert(device.username.clone()));
                let taken = office.agents.insert(agent.extension.clone(), agent);
                names.extend(taken.into_iter().flat_map(|a| a.devices).map(|d| d.username));
            }
            let extensions: Vec<_> = office.agents.keys().cloned().collect();
            for (at, name) in teams.into_iter().enumerate() {
                let members = extensions.iter().skip(at % 2).cloned().collect();
                let name = TeamName(name);
                let assignment = Assignment::ALL[at % Assignment::ALL.len()];
                let wrap_up = wrap_up(10 + dice % 50);
                let hours = (at % 2 == 0).then(|| HoursName("밤's".to_owned()));
                let team = Team { name: name.clone(), members, assignment, hours, wrap_up };
                office.teams.insert(name, team);
            }
            office.trunks = trunks.into_iter().map(|trunk| (trunk.name.clone(), trunk)).collect();
            let names: Vec<_> = office.teams.keys().cloned().collect();
            for (at, mut number) in numbers.into_iter().enumerate() {
                number.is_default = office.numbers.is_empty() && dice % 2 == 0;
                number.route = match at % 3 {
                    1 if !extensions.is_empty() => {
                        Route::Agent(extensions[at % extensions.len()].clone())
                    }
                    2 if !names.is_empty() => Route::Team(names[at % names.len()].clone()),
                    _ => Route::Off,
                };
                office.numbers.entry(number.number.clone()).or_insert(number);
            }
            office
        })
}

fn cause() -> impl Strategy<Value = HangupCause> {
    prop_oneof![
        Just(HangupCause::Normal),
        Just(HangupCause::AnsweredElsewhere),
        any::<u16>().prop_map(|status| HangupCause::Failed { status }),
    ]
}

fn leg() -> impl Strategy<Value = LegRecord> {
    let times = (any::<i64>(), option::of(any::<i64>()), option::of(any::<i64>()));
    (any::<bool>(), 0_u64..1 << 40, text(), option::of(extension()), times, option::of(cause()))
        .prop_map(|(arrived, count, party, agent, (started, ringing, ended), cause)| LegRecord {
            leg: if arrived { LegId::arrived(count) } else { LegId::placed(count) },
            party,
            agent,
            started,
            ringing,
            answered: ringing,
            ended,
            cause,
            quality: None,
        })
}

fn call() -> impl Strategy<Value = CallRecord> {
    let ends = (
        select(vec![Outcome::Answered, Outcome::Missed, Outcome::NoAnswer, Outcome::Failed]),
        option::of(select(vec![MissedReason::UserLeft, MissedReason::RingTimeOver])),
        cause(),
        option::of(extension()),
    );
    let direction = select(vec![Direction::Inbound, Direction::Outbound, Direction::Internal]);
    (
        1_u64..1 << 50,
        direction,
        text(),
        text(),
        option::of(phone_number()),
        any::<i64>(),
        ends,
        vec(leg(), 0..4),
    )
        .prop_map(|(id, direction, from, to, number, started, ends, legs)| CallRecord {
            id: CallId(id),
            direction,
            from_name: to.clone(),
            from,
            to,
            conversation: number.as_ref().map(|_| ConversationId(id)),
            presented: number.clone(),
            number,
            started,
            first_waiting: None,
            first_ring: Some(started),
            engaged: None,
            ended: Some(started),
            outcome: Some(ends.0),
            missed_reason: ends.1,
            voicemail: false,
            cause: Some(ends.2),
            agent: ends.3,
            clocks: Clocks::default(),
            legs,
            trail: Vec::new(),
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_office_comes_back_equal(before in office(), after in office()) {
        let folder = tempfile::tempdir().unwrap();
        let (handle, threads) = start(open(folder.path()).unwrap().database).unwrap();
        for which in 0..2 {
            handle.add_sound(sound(which), None).blocking_recv().unwrap().unwrap();
        }
        for office in [before, after.clone()] {
            handle.save_office(Arc::new(office), by()).blocking_recv().unwrap().unwrap();
        }
        threads.close();
        prop_assert_eq!(open(folder.path()).unwrap().office, after);
    }

    #[test]
    fn any_call_comes_back_equal(call in call()) {
        let folder = tempfile::tempdir().unwrap();
        let (handle, threads) = start(open(folder.path()).unwrap().database).unwrap();
        handle.call_ended(call.clone());
        threads.close();
        let opened = open(folder.path()).unwrap();
        prop_assert_eq!(opened.next_call, CallId(call.id.0 + 1));
        let (handle, threads) = start(opened.database).unwrap();
        prop_assert_eq!(handle.call(call.id).blocking_recv().unwrap(), Ok(Some(call)));
        threads.close();
    }
}

#[test]
fn workflows_and_the_numbers_that_lead_to_them_come_back_equal() {
    let text = "trunks: [{name: t, peer: \"192.0.2.1:5060\", blocks: [\"+827012345678\"]}]
numbers: [{number: \"+827012345678\", route: {workflow: main}}]
workflows:
  - {name: main, trigger: customer_called, only: {days: [mon], country: \"+82\"}, steps: [{name: a, menu: {say: greeting, keys: {\"1\": b, \"2\": end}, wait: 7s}}, {name: b, say: closed}]}
  - {name: after, trigger: call_ended, missed: [user_left], steps: [{name: a, conversation: {snooze: 1h}, next: end}]}
";
    let office = Arc::new(parse(text, None).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let (handle, threads) = start(open(folder.path()).unwrap().database).unwrap();
    for office in [Arc::clone(&office), Arc::default(), Arc::clone(&office)] {
        handle.save_office(office, by()).blocking_recv().unwrap().unwrap();
    }
    threads.close();
    assert_eq!(open(folder.path()).unwrap().office, *office);
}

fn switched(open: Option<bool>, at: i64) -> HoursSwitch {
    let hours = HoursName("office".to_owned());
    HoursSwitch { hours, open, at, until: Some(at + 1), who: "admin".to_owned() }
}

#[test]
fn the_last_hand_on_a_switch_outlives_the_daemon() {
    let folder = tempfile::tempdir().unwrap();
    let (handle, threads) = start(open(folder.path()).unwrap().database).unwrap();
    handle.hours_switched(switched(Some(true), 1));
    handle.hours_switched(switched(Some(false), 2));
    threads.close();
    assert_eq!(open(folder.path()).unwrap().remembered.switches, [switched(Some(false), 2)]);
}

#[test]
fn what_hours_were_and_which_numbers_were_given_back_is_kept() {
    // C9, P3
    let office = |week: &str, number: &str| {
        let text = format!(
            "hours: [{{name: office, week: {{{week}}}}}]\ntrunks: [{{name: c, peer: 192.0.2.1, \
             blocks: [\"+827012345600-+827012345699\"]}}]\nnumbers: [{{number: \"{number}\"}}]"
        );
        Arc::new(parse(&text, None).unwrap())
    };
    let folder = tempfile::tempdir().unwrap();
    let (handle, threads) = start(open(folder.path()).unwrap().database).unwrap();
    let save = |office: Arc<Office>, at: i64| {
        let by = Signature { who: "admin".to_owned(), at };
        handle.save_office(office, by).blocking_recv().unwrap().unwrap();
    };
    save(office("mon: [\"09:00-18:00\"]", "+827012345600"), 10);
    save(office("mon: [\"09:00-18:00\"]", "+827012345601"), 20);
    save(office("mon: [\"10:00-18:00\"]", "+827012345600"), 30);
    save(Arc::new(Office::default()), 40);
    let name = HoursName("office".to_owned());
    let versions = handle.hours_versions(name).blocking_recv().unwrap().unwrap();
    assert_eq!(versions.iter().map(|version| version.since).collect::<Vec<_>>(), [10, 30, 40]);
    assert!(versions[1].definition.as_ref().unwrap().contains("10:00-18:00"));
    assert_eq!(versions[2].definition, None);
    threads.close();
    let released = open(folder.path()).unwrap().remembered.released;
    assert_eq!(
        released.iter().map(PhoneNumber::as_str).collect::<Vec<_>>(),
        ["+827012345600", "+827012345601"]
    );
}

fn bound(device: &str, contact: &str, cseq: u32) -> Binding {
    Binding {
        device: Username::parse(device).unwrap(),
        contact: contact.to_owned(),
        path: vec!["<sip:edge.example;lr>".to_owned()],
        source: "[2001:db8::1]:5060".parse().unwrap(),
        transport: Transport::Tcp,
        instance: Some("<urn:uuid:1>".to_owned()),
        call_id: "a@b".to_owned(),
        cseq,
        user_agent: "phone".to_owned(),
        expires: from_unix_millis(1_800_000_000_123),
    }
}

#[test]
fn bindings_outlive_the_daemon() {
    let folder = tempfile::tempdir().unwrap();
    let (handle, threads) = start(open(folder.path()).unwrap().database).unwrap();
    handle.bindings_changed(vec![
        BindingChange::Bound(bound("101", "sip:101@10.0.0.1", 1)),
        BindingChange::Bound(bound("101", "sip:101@10.0.0.2", 1)),
    ]);
    handle.bindings_changed(vec![
        BindingChange::Bound(bound("101", "sip:101@10.0.0.1", 2)),
        BindingChange::Unbound {
            device: Username::parse("101").unwrap(),
            contact: "sip:101@10.0.0.2".to_owned(),
        },
    ]);
    threads.close();
    let opened = open(folder.path()).unwrap();
    assert_eq!(opened.bindings, vec![bound("101", "sip:101@10.0.0.1", 2)]);
}

fn plain_call(id: u64, direction: Direction, from: &str, to: &str) -> CallRecord {
    CallRecord {
        id: CallId(id),
        direction,
        from: from.to_owned(),
        from_name: "Lee 100%_Jun".to_owned(),
        to: to.to_owned(),
        number: PhoneNumber::parse(to).ok(),
        conversation: None,
        presented: None,
        started: i64::try_from(id).unwrap() * 1000,
        first_waiting: None,
        first_ring: None,
        engaged: None,
        ended: Some(99_000),
        outcome: Some(if id.is_multiple_of(2) { Outcome::Answered } else { Outcome::Missed }),
        missed_reason: None,
        voicemail: false,
        cause: Some(HangupCause::Normal),
        agent: Extension::parse("101").ok().filter(|_| id == 4),
        clocks: Clocks::default(),
        legs: Vec::new(),
        trail: Vec::new(),
    }
}

/// P30: it is told a moment after the call's record, and is read with it.
#[test]
fn how_legs_sounded_is_kept_with_their_call() {
    let folder = tempfile::tempdir().unwrap();
    let (handle, threads) = start(open(folder.path()).unwrap().database).unwrap();
    let leg = LegId::arrived(7);
    let part = LegRecord {
        leg,
        party: "carrier".to_owned(),
        agent: None,
        started: 1,
        ringing: None,
        answered: Some(2),
        ended: Some(9),
        cause: None,
        quality: None,
    };
    let call = CallRecord {
        legs: vec![part],
        ..plain_call(1, Direction::Inbound, "+8215881234", "+827012345678")
    };
    handle.call_ended(call.clone());
    let quality = LegQuality {
        packets: 900,
        lost: 9,
        round_trip_ms: Some(12),
        mos_hundredths: Some(431),
        ..LegQuality::default()
    };
    handle.leg_sounded(KnownQuality { call: CallId(1), leg, quality });
    // Of a call that is not there nothing is kept, and nothing is harmed.
    handle.leg_sounded(KnownQuality { call: CallId(99), leg, quality });
    // A record that is written once more keeps it.
    handle.call_ended(call);
    threads.close();
    let opened = open(folder.path()).unwrap();
    let (handle, threads) = start(opened.database).unwrap();
    let found = handle.call(CallId(1)).blocking_recv().unwrap().unwrap().unwrap();
    assert_eq!(found.legs[0].quality, Some(quality));
    threads.close();
}

#[test]
fn lists_are_narrowed_and_paged() {
    let folder = tempfile::tempdir().unwrap();
    let (handle, threads) = start(open(folder.path()).unwrap().database).unwrap();
    for id in 1..=4 {
        handle.call_ended(plain_call(id, Direction::Inbound, "+82212345678", "+827012345678"));
    }
    handle.call_ended(plain_call(5, Direction::Internal, "101", "102"));
    handle.save_office(Arc::new(Office::default()), by()).blocking_recv().unwrap().unwrap();
    let all = CallFilter::default();
    let cases = [
        (all.clone(), vec![5, 4, 3, 2, 1]),
        (CallFilter { limit: Some(2), ..all.clone() }, vec![5, 4]),
        (CallFilter { limit: Some(2), before: Some(CallId(4)), ..all.clone() }, vec![3, 2]),
        (CallFilter { from: Some(2000), to: Some(4000), ..all.clone() }, vec![3, 2]),
        (CallFilter { direction: Some(Direction::Internal), ..all.clone() }, vec![5]),
        (CallFilter { outcome: Some(Outcome::Answered), ..all.clone() }, vec![4, 2]),
        (
            CallFilter {
                number: PhoneNumber::parse("+827012345678").ok(),
                limit: Some(1),
                ..all.clone()
            },
            vec![4],
        ),
        (CallFilter { agent: Extension::parse("101").ok(), ..all.clone() }, vec![4]),
        (CallFilter { party: Some("2212".to_owned()), ..all.clone() }, vec![4, 3, 2, 1]),
        (CallFilter { party: Some("0%_j".to_owned()), limit: Some(1), ..all.clone() }, vec![5]),
        (CallFilter { party: Some("' OR 1 --".to_owned()), ..all.clone() }, vec![]),
    ];
    for (filter, expected) in cases {
        let calls = handle.calls(filter.clone()).blocking_recv().unwrap().unwrap();
        let ids: Vec<_> = calls.iter().map(|call| call.id.0).collect();
        assert_eq!(ids, expected, "{filter:?}");
    }
    threads.close();
}

#[test]
fn a_lead_is_kept_once_with_its_first_day_and_its_newest_name() {
    // L21
    let folder = tempfile::tempdir().unwrap();
    let (handle, threads) = start(open(folder.path()).unwrap().database).unwrap();
    let number = PhoneNumber::parse("+821012345678").unwrap();
    let met = |name: &str, at| Lead {
        number: number.clone(),
        name: name.to_owned(),
        first_met: at,
        last_met: at,
    };
    for lead in [met("Kim", 5), met("김", 7), met("", 9)] {
        handle.lead_met(lead);
        handle.save_office(Arc::new(Office::default()), by()).blocking_recv().unwrap().unwrap();
    }
    let kept = Lead { name: "김".to_owned(), first_met: 5, ..met("", 9) };
    let listed = |part: &str| handle.leads(part.to_owned(), 10).blocking_recv().unwrap().unwrap();
    assert_eq!(listed("김"), std::slice::from_ref(&kept));
    assert_eq!(listed("1234"), [kept]);
    assert!(listed("999").is_empty());
    threads.close();
}

fn conversation(id: u64, state: State) -> Conversation {
    Conversation {
        id: ConversationId(id),
        customer: PhoneNumber::parse("+821012345678").ok(),
        name: "이서연".to_owned(),
        number: PhoneNumber::parse("+827012345678").ok(),
        direction: Direction::Inbound,
        created: 1,
        state,
        team: None,
        assignee: Some(Extension::parse("101").unwrap()),
        followers: BTreeSet::new(),
        tags: [Tag::parse("vip").unwrap()].into(),
        description: "환불".to_owned(),
        priority: Default::default(),
        last_call: 10 + i64::try_from(id).unwrap(),
        last_note: None,
        handled: None,
        reminded: Some(7),
        case: Case { seq: 1, opened: 1, missed: 1, ..Case::default() },
    }
}

#[test]
fn conversations_outlive_the_daemon_with_their_cases_and_their_log() {
    // S47, S68, L27, L177
    let folder = tempfile::tempdir().unwrap();
    let (handle, threads) = start(open(folder.path()).unwrap().database).unwrap();
    let missed = State::Missed { since: 5, reason: MissedReason::UserLeft };
    let closed = State::Closed { at: 9, reason: Some(MissedReason::RingTimeOver) };
    let all = [conversation(1, closed), conversation(2, missed), conversation(3, closed)];
    for one in &all {
        let whole = HeldConversation::whole(one.clone());
        handle.conversation_changed(whole);
    }
    let what = Happening::Note { text: "내일".to_owned() };
    let line = LogEntry { conversation: ConversationId(2), at: 6, who: None, what };
    handle.conversation_logged(line.clone());
    let now = |id| handle.conversation_now(ConversationId(id)).blocking_recv().unwrap().unwrap();
    assert_eq!(now(2).as_ref(), Some(&all[1]));
    let list = |filter| handle.conversations(filter).blocking_recv().unwrap().unwrap();
    let none = ConversationFilter::default();
    let of = |state| ConversationFilter { state: Some(state), ..none.clone() };
    assert_eq!(list(of(StateName::Missed)), [all[1].clone()]);
    let before = Some(Place { active: 13, id: ConversationId(3) });
    assert_eq!(
        list(ConversationFilter { before, limit: Some(1), ..none.clone() }),
        [all[1].clone()]
    );
    assert!(list(ConversationFilter { party: Some("9999".to_owned()), ..none.clone() }).is_empty());
    let again = Conversation {
        tags: BTreeSet::new(),
        description: String::new(),
        state: State::Opened,
        case: Case { seq: 2, opened: 20, ..Case::default() },
        ..all[2].clone()
    };
    handle.conversation_changed(HeldConversation::by_id(again));
    let opened = now(3).unwrap();
    assert_eq!((opened.description.as_str(), opened.tags.len(), opened.case.seq), ("환불", 1, 2));
    let file = handle.conversation(ConversationId(3)).blocking_recv().unwrap().unwrap().unwrap();
    assert_eq!(file.cases.iter().map(|case| case.seq).collect::<Vec<_>>(), [1, 2]);
    let file = handle.conversation(ConversationId(2)).blocking_recv().unwrap().unwrap().unwrap();
    assert_eq!(file.log, [line]);
    threads.close();
    let memory = open(folder.path()).unwrap().remembered.conversations;
    assert_eq!(memory.next, ConversationId(4));
    assert_eq!(memory.open, [all[1].clone(), opened]);
    let shelved: Vec<_> = memory.shelved.iter().map(|one| (one.id.0, one.closed)).collect();
    assert_eq!(shelved, [(1, 9)]);
}

fn by() -> Signature {
    Signature { who: "admin".to_owned(), at: 1 }
}

/// L172, L173: a status that was open when naru was killed ends with the last that is known of
/// anything; one that was open when it stopped ends there.
#[test]
fn what_agents_were_outlives_a_crash_and_ends_with_the_last_that_is_known() {
    use AgentStatus::{Offline, Talking, Waiting, WrappingUp};
    let folder = tempfile::tempdir().unwrap();
    let agent = Extension::parse("101").unwrap();
    let is = |status, at| {
        AgentLog::Status(StatusChange { agent: agent.clone(), status: Some(status), at })
    };
    let other = StatusChange {
        agent: Extension::parse("102").unwrap(),
        status: Some(AgentStatus::Eat),
        at: 9_000,
    };
    let run = |entries: Vec<AgentLog>| {
        let (handle, threads) = start(open(folder.path()).unwrap().database).unwrap();
        entries.into_iter().for_each(|entry| handle.agent_logged(entry));
        threads.close();
    };
    let done = |since, until| {
        AgentLog::WrapUp(WrapUpDone { agent: agent.clone(), call: CallId(1), since, until })
    };
    run(vec![
        is(Offline, 1_000),
        is(Waiting, 1_000),
        is(Talking, 2_000),
        is(WrappingUp, 5_000),
        done(5_000, 6_500),
        is(Waiting, 6_500),
        done(7_000, 7_500),
        AgentLog::Status(other),
    ]);
    // No word of a stop: it was killed. The last known is what 102 did.
    run(vec![is(Waiting, 20_000), AgentLog::Over { at: 21_000 }]);
    run(Vec::new());
    let reader = Reader::open(folder.path()).unwrap();
    let figures = |from, to, now| reader.agent_figures(AgentSpan { from, to, now }, None).unwrap();
    let all = figures(0, 100_000, Some(100_000));
    let mine = &all["101"];
    assert_eq!(
        mine.statuses,
        [(Talking, 3_000), (WrappingUp, 1_500), (Waiting, 1_000 + 2_500 + 1_000)].into(),
        "a word of the same moment counts alone"
    );
    assert_eq!(mine.known(), 8_000 + 1_000, "all that naru ran");
    assert_eq!((mine.wrap_ups, mine.wrapped_up, mine.average_wrap_up()), (2, 2_000, Some(1)));
    assert!(!all.contains_key("102"), "nothing is known of them but a moment (L171)");
    let part = figures(1_500, 5_500, None);
    assert_eq!(
        part["101"].statuses,
        [(Waiting, 500), (Talking, 3_000), (WrappingUp, 500)].into(),
        "cut at both ends"
    );
    assert!(figures(10_000, 19_000, None).is_empty(), "naru was down");

    // A quiet minute before a power cut is not lost: somebody was there, and the log says so.
    run(vec![is(Waiting, 30_000), AgentLog::Still { at: 31_000 }, AgentLog::Still { at: 32_000 }]);
    run(Vec::new());
    let quiet = figures(30_000, 60_000, Some(60_000));
    assert_eq!(quiet["101"].statuses, [(Waiting, 2_000)].into());

    // L171: in certain hours of the day alone.
    let at_midnight = |outside| {
        let within = HoursMeant::Daily(DayRange::parse("00:00-00:01").unwrap());
        let span = AgentSpan { from: 0, to: 100_000, now: Some(100_000) };
        let hours = HoursFilter { within, outside };
        let mut all = reader.agent_figures(span, Some(&hours)).unwrap();
        all.remove("101").map(|mine| (mine.known(), mine.wrap_ups))
    };
    let midnight = naru::history::figures::span::midnight(0, &TimeZone::system()) == 0;
    let (inside, outside) = (at_midnight(false), at_midnight(true));
    let whole = Some((9_000 + 2_000, 2));
    assert_eq!((inside, outside), if midnight { (whole, None) } else { (None, whole) });
}

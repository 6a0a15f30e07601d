use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::tz::TimeZone;
use naru::office::agent::Agent;
use naru::office::announcement::{Situation, Voice};
use naru::office::bell::{Bell, BellTime, Days};
use naru::office::change::changes::changes;
use naru::office::customer::Customer;
use naru::office::device::{Device, DigestAlgorithm, Secret, Username};
use naru::office::document::document::parse;
use naru::office::document::print::print;
use naru::office::extension::Extension;
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
use naru::office::spoken::{Spoken, SpokenText};
use naru::office::srtp::SrtpPolicy;
use naru::office::tag::Tag;
use naru::office::team::{Assignment, Team, TeamName};
use naru::office::transport::Transport;
use naru::office::trunk::{BeforeAnswer, NumberBlock, Trunk, TrunkAccount, TrunkName};
use naru::office::wrap_up::{WrapUpLimit, WrapUpRule};
use proptest::prelude::*;

fn name() -> impl Strategy<Value = String> {
    "\\PC{1,20}".prop_filter("no space at the ends", |name| {
        name.trim() == name && !name.chars().any(char::is_control)
    })
}

fn language() -> impl Strategy<Value = Language> {
    prop::sample::select(Language::ALL.to_vec())
}

fn agent(index: u32) -> impl Strategy<Value = Agent> {
    let device = (name(), any::<bool>());
    (name(), language(), any::<(bool, bool, bool)>(), prop::collection::vec(device, 0..3)).prop_map(
        move |(name, language, (phone_calls, unassigned_calls, call_waiting), devices)| {
            let device = |(count, (password, sha)): (usize, (String, bool))| Device {
                username: Username::parse(&format!("{}-{count}", 100 + index)).unwrap(),
                password: Secret::new(password),
                digest: if sha { DigestAlgorithm::Sha256 } else { DigestAlgorithm::Md5 },
                srtp: if sha { SrtpPolicy::Required } else { SrtpPolicy::Optional },
                rings: !sha || count > 0,
            };
            Agent {
                extension: Extension::parse(&(200 + index).to_string()).unwrap(),
                name,
                language,
                phone_calls,
                unassigned_calls,
                call_waiting,
                missed_alerts: phone_calls != call_waiting,
                devices: devices.into_iter().enumerate().map(device).collect(),
            }
        },
    )
}

fn trunk(index: u32) -> impl Strategy<Value = Trunk> {
    (name(), prop::option::of(name()), any::<bool>(), any::<bool>()).prop_map(
        move |(label, password, national, labelled)| Trunk {
            name: TrunkName(format!("trunk: {index}")),
            peer: Some(format!("192.0.2.{index}:5060").parse().unwrap()),
            register: password.map(|password| TrunkAccount {
                server: "sip.example:5061".to_owned(),
                username: format!("#{index}"),
                password: Secret::new(password),
            }),
            label: if labelled { label } else { String::new() },
            blocks: vec![
                NumberBlock::parse(&format!("+8270{index}2345600-+8270{index}2345699")).unwrap(),
            ],
            presentable: vec![PhoneNumber::parse("+8215881234").unwrap()],
            number_form: NumberForm {
                format: if national { NumberFormat::National } else { NumberFormat::Digits },
                abroad: Prefix::parse(if labelled { "001" } else { "00" }).unwrap(),
                prefix: labelled.then(|| Prefix::parse("*9#").unwrap()),
            },
            transport: if labelled { Transport::Tls } else { Transport::Udp },
            ringback: if labelled { BeforeAnswer::Provider } else { BeforeAnswer::Answered },
            srtp: if labelled { SrtpPolicy::Optional } else { SrtpPolicy::Off },
            countries: labelled.then(|| ["+82".to_owned(), "+1".to_owned()].into()),
        },
    )
}

fn recording() -> impl Strategy<Value = Recording> {
    prop::sample::select(vec!["인사 말.wav", "a \"b\".mp3", "소리/c: d.amr"]).prop_map(|name| {
        let sha256 = SoundHash::of(name.as_bytes());
        Recording { name: SoundName::parse(name).unwrap(), sha256 }
    })
}

fn voice() -> impl Strategy<Value = Voice> {
    let text = prop::sample::select(vec!["안녕하세요. \"나루\"입니다.", "a: b\n- c #d"]);
    let spoken = (text, "[a-z:-]{1,8}").prop_map(|(text, voice)| {
        Voice::Text(Spoken { text: SpokenText::parse(text).unwrap(), voice })
    });
    prop_oneof![Just(Voice::BuiltIn), recording().prop_map(Voice::File), spoken]
}

fn ringback() -> impl Strategy<Value = Ringback> {
    prop_oneof![
        Just(Ringback::Looping),
        Just(Ringback::National),
        recording().prop_map(Ringback::File)
    ]
}

fn announcements() -> impl Strategy<Value = BTreeMap<Situation, BTreeMap<Language, Voice>>> {
    let situation =
        prop::sample::select(vec![Situation::Greeting, Situation::AllBusy, Situation::Closed]);
    let voices = prop::collection::btree_map(language(), voice(), 0..4);
    prop::collection::btree_map(situation, voices, 0..3)
}

fn number(trunk: u32, route: u32) -> impl Strategy<Value = Number> {
    (10..=120_u64, ringback(), any::<bool>(), announcements()).prop_map(
        move |(seconds, ringback, presented, announcements)| Number {
            number: PhoneNumber::parse(&format!("+8270{trunk}2345678")).unwrap(),
            is_default: trunk == 1,
            hours: None,
            presented: presented.then(|| PhoneNumber::parse("+8215881234").unwrap()),
            route: match route {
                0 => Route::Agent(Extension::parse("201").unwrap()),
                1 => Route::Team(TeamName("first: 팀".to_owned())),
                _ => Route::Off,
            },
            ring_time: RingTime::new(Duration::from_secs(seconds)).unwrap(),
            continuation: ["off", "always", "99m", "3h", "90d"][(seconds % 5) as usize]
                .parse()
                .unwrap(),
            ringback,
            announcements,
            priority: priority(seconds),
            wrap_up: wrap_up(seconds),
            voicemail: seconds % 2 == 0,
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

fn customer() -> impl Strategy<Value = Customer> {
    let tags = prop::collection::btree_set("[가-힣a-z:#]{1,32}", 0..20);
    (prop::option::of(name()), prop::option::of(language()), tags, any::<(bool, bool)>()).prop_map(
        |(name, language, tags, (blocked, also))| Customer {
            number: PhoneNumber::parse("+81312345678").unwrap(),
            also: also.then(|| PhoneNumber::parse("+81312345679").unwrap()).into_iter().collect(),
            name: name.unwrap_or_default(),
            language,
            tags: tags.iter().map(|tag| Tag::parse(tag).unwrap()).collect(),
            blocked,
        },
    )
}

fn office() -> impl Strategy<Value = Office> {
    let agents = (agent(1), agent(2), agent(3));
    let trunks = (trunk(1), trunk(2));
    let numbers = (0..3_u32, 0..3_u32).prop_flat_map(|(one, two)| (number(1, one), number(2, two)));
    (agents, trunks, numbers, customer()).prop_map(|(agents, trunks, numbers, customer)| {
        let agents = BTreeMap::from(
            [agents.0, agents.1, agents.2].map(|agent| (agent.extension.clone(), agent)),
        );
        let team = Team {
            name: TeamName("first: 팀".to_owned()),
            members: agents.keys().cloned().collect::<BTreeSet<_>>(),
            assignment: Assignment::LongestIdle,
            wrap_up: wrap_up(11),
            hours: None,
        };
        Office {
            wrap_up: WrapUpRule::On { limit: Some(WrapUpLimit::default()) },
            agents,
            teams: BTreeMap::from([(team.name.clone(), team)]),
            trunks: BTreeMap::from([trunks.0, trunks.1].map(|trunk| (trunk.name.clone(), trunk))),
            numbers: BTreeMap::from(
                [numbers.0, numbers.1].map(|number| (number.number.clone(), number)),
            ),
            speaker: Speaker {
                rings: BTreeMap::from([(
                    Rung::Agent(Extension::parse("201").unwrap()),
                    RoomRing { sound: RoomSound::National, volume: Percent::new(7).unwrap() },
                )]),
                bells: vec![Bell {
                    at: BellTime::parse("08:50").unwrap(),
                    days: Days::of(["mon", "sun"]).unwrap(),
                    timezone: TimeZone::get("Europe/Berlin").unwrap(),
                    sound: RoomSound::Chime,
                    volume: Percent::default(),
                }],
            },
            customers: BTreeMap::from([(customer.number.clone(), customer)]),
            ..Office::default()
        }
    })
}

proptest! {
    #[test]
    fn a_printed_office_is_read_as_the_same_office(office in office()) {
        let open = print(&office, true);
        let read = parse(&open, None);
        prop_assert_eq!(read.as_ref(), Ok(&office), "{}", open);
        let kept = parse(&print(&office, false), Some(&office));
        prop_assert_eq!(kept.as_ref(), Ok(&office));
        prop_assert!(changes(&office, &kept.unwrap()).is_empty());
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,200}", lines in prop::collection::vec("[ a-z\\-:{}\\[\\]\"'&*!|>%@`,#0-9]{0,20}", 0..20)) {
        for text in [text, lines.join("\n")] {
            if let Err(errors) = parse(&text, None) {
                prop_assert!(!errors.is_empty());
            }
        }
    }
}

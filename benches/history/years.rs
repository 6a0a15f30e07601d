//! Years of an office, made up from the count of each call, and written the fast way.

use std::path::Path;

use naru::history::trail::trail::{Chosen, Decision, Person, TrailEntry};
use naru::leg::HangupCause;
use naru::office::extension::Extension;
use naru::office::phone_number::PhoneNumber;
use naru::office::team::TeamName;
use naru::office::trunk::TrunkName;
use rusqlite::{Connection, Transaction, params};

/// 30 November 2026, the evening of the last day, in milliseconds since 1970.
pub(crate) const END: i64 = 1_796_050_800_000;
pub(crate) const DAY: i64 = 86_400_000;
/// Three years.
const SPAN: i64 = 3 * 365 * DAY;
/// One customer for so many calls, and one conversation.
const CALLS_A_CUSTOMER: u64 = 12;
const CALLS_A_CONVERSATION: u64 = 3;
const AGENTS: u64 = 60;
const OWN_NUMBERS: u64 = 20;
/// How many conversations of each kind nobody has closed yet, of all.
const NOT_CLOSED: u64 = 30_000;
const SURNAMES: [&str; 8] = ["김", "이", "박", "최", "정", "강", "조", "윤"];
const NAMES: [&str; 10] =
    ["민지", "서준", "하윤", "지호", "예은", "도현", "수아", "은우", "Lee Jun", "채원"];

pub(crate) struct Years {
    pub(crate) calls: u64,
}

/// Chance that a count tells again.
fn dice(count: u64, salt: u64) -> u64 {
    let mut mixed = count.wrapping_add(salt << 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed ^= mixed >> 29;
    mixed = mixed.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed ^ (mixed >> 32)
}

fn sql(number: u64) -> i64 {
    i64::try_from(number).unwrap()
}

pub(crate) fn own_number(count: u64) -> String {
    format!("+8270123456{:02}", count % OWN_NUMBERS)
}

fn extension(count: u64) -> String {
    (101 + count % AGENTS).to_string()
}

struct Customer {
    number: String,
    name: String,
}

struct Made {
    direction: &'static str,
    outcome: &'static str,
    reason: Option<&'static str>,
    cause: &'static str,
    is_answered: bool,
}

impl Years {
    pub(crate) fn new(calls: u64) -> Self {
        Self { calls }
    }

    pub(crate) fn conversations(&self) -> u64 {
        self.calls / CALLS_A_CONVERSATION
    }

    fn customers(&self) -> u64 {
        self.calls / CALLS_A_CUSTOMER
    }

    /// Some call every week, many once. One in six has a name.
    fn customer(&self, count: u64) -> Customer {
        let roll = dice(count, 1) % 10_000;
        let at = self.customers() * roll / 10_000 * roll / 10_000;
        Self::known(at + dice(count, 2) % (self.customers() / 10_000 + 1))
    }

    fn known(at: u64) -> Customer {
        // 7,919 has no divisor in common with a power of ten: each number is one customer's.
        let digits = (at * 7_919 + 12_345) % 100_000_000;
        let surname = SURNAMES[usize::try_from(at % 8).unwrap()];
        let given = NAMES[usize::try_from(at / 8 % 10).unwrap()];
        let name = match at % 6 {
            0 => format!("{surname}{given}{}", at / 480),
            _ => String::new(),
        };
        Customer { number: format!("+8210{digits:08}"), name }
    }

    /// Parts of numbers and names that people type, and whom they mean.
    pub(crate) fn parties(&self) -> Vec<(&'static str, String)> {
        let seldom = Self::known(self.customers() * 9 / 10 / 6 * 6);
        let number = seldom.number.clone();
        vec![
            ("a whole number", number.clone()),
            ("the last four digits", number[number.len() - 4..].to_owned()),
            ("the last six digits", number[number.len() - 6..].to_owned()),
            ("the middle of a number", self.middle_of_a_number()),
            ("two digits", "42".to_owned()),
            ("a head that all have", "+8210".to_owned()),
            ("one of our numbers", own_number(4)),
            ("no number", "000000000".to_owned()),
            ("a whole name", seldom.name),
            ("a name that many have", "김민지".to_owned()),
            ("a given name", "민지".to_owned()),
            ("a name in Latin letters", "lee jun".to_owned()),
            ("no name", "홍길동전".to_owned()),
            ("two letters of no name", "가갸".to_owned()),
        ]
    }

    pub(crate) fn middle_of_a_number(&self) -> String {
        let number = Self::known(self.customers() / 2).number;
        number[5..10].to_owned()
    }

    /// Makes the store of an office that never was.
    pub(crate) fn fill(&self, folder: &Path) {
        drop(naru::store::open::open(folder).unwrap());
        let mut connection = Connection::open(folder.join("naru.db")).unwrap();
        connection
            .execute_batch(
                "PRAGMA journal_mode = off; PRAGMA synchronous = off;
                 PRAGMA cache_size = -400000; PRAGMA temp_store = memory;",
            )
            .unwrap();
        let indexes = without_indexes(&connection);
        let transaction = connection.transaction().unwrap();
        self.write_calls(&transaction);
        self.write_conversations(&transaction);
        self.write_customers(&transaction);
        transaction.commit().unwrap();
        for index in indexes {
            connection.execute_batch(&index).unwrap();
        }
    }

    fn started(&self, count: u64) -> i64 {
        let share = i128::from(SPAN) * i128::from(count) / i128::from(self.calls);
        END - SPAN + i64::try_from(share).unwrap()
    }

    fn write_calls(&self, transaction: &Transaction<'_>) {
        let mut call = transaction
            .prepare(
                "INSERT INTO calls (id, direction, caller, caller_name, called, number, presented,
                     started, first_ring, engaged, ended, outcome, missed_reason, cause, agent,
                     trail, first_waiting, greeting_ms, queue_ms, ringing_ms, conversation)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
                     4000, ?18, 6000, ?19)",
            )
            .unwrap();
        let mut leg = transaction
            .prepare("INSERT INTO call_legs VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'normal')")
            .unwrap();
        let trails: Vec<String> = (0..AGENTS).map(|count| trail(&extension(count))).collect();
        for count in 1..=self.calls {
            let made = made(dice(count, 3) % 1_000);
            let customer = self.customer(self.conversation_of(count));
            let own = own_number(dice(count, 4));
            let agent = extension(dice(count, 5));
            let started = self.started(count);
            let waiting = started + 4_000;
            let ring = waiting + 1_000 * i64::try_from(dice(count, 6) % 30).unwrap();
            let engaged = made.is_answered.then_some(ring + 5_000);
            let ended = ring + 5_000 + 1_000 * i64::try_from(dice(count, 7) % 400).unwrap();
            let (from, name, to) = match made.direction {
                "inbound" => (customer.number.clone(), customer.name.clone(), own.clone()),
                "outbound" => (agent.clone(), format!("A{agent}"), customer.number.clone()),
                _ => (agent.clone(), format!("A{agent}"), extension(dice(count, 8))),
            };
            let with_customer = made.direction != "internal";
            let trail = &trails[usize::try_from(dice(count, 5) % AGENTS).unwrap()];
            call.execute(params![
                sql(count),
                made.direction,
                from,
                name,
                to,
                with_customer.then_some(&own),
                with_customer.then_some(&own),
                started,
                ring,
                engaged,
                ended,
                made.outcome,
                made.reason,
                made.cause,
                made.is_answered.then_some(&agent),
                trail,
                (made.direction == "inbound").then_some(waiting),
                ring - waiting,
                with_customer.then(|| sql(self.conversation_of(count))),
            ])
            .unwrap();
            for (position, party, whose) in
                [(0, "carrier", None), (1, agent.as_str(), Some(agent.as_str()))]
            {
                let id = sql(2 * count) + position;
                leg.execute(params![
                    sql(count),
                    position,
                    id,
                    party,
                    whose,
                    started,
                    ring,
                    engaged,
                    ended
                ])
                .unwrap();
            }
        }
    }

    fn conversation_of(&self, count: u64) -> u64 {
        // A customer's calls of one matter lie close together.
        (count / CALLS_A_CONVERSATION + 1).min(self.conversations())
    }

    fn write_conversations(&self, transaction: &Transaction<'_>) {
        let mut conversation = transaction
            .prepare(
                "INSERT INTO conversations (id, customer, name, number, direction, created, state,
                     since, until, reason, closed, team, assignee, followers, tags, description,
                     last_call, last_note, active, handled, seq)
                 VALUES (?1, ?2, ?3, ?4, 'inbound', ?5, ?6, ?7, ?8, ?9, ?10, 'support', ?11, '[]',
                     ?12, '', ?5, NULL, ?5, NULL, 1)",
            )
            .unwrap();
        let mut case = transaction
            .prepare(
                "INSERT INTO cases (conversation, seq, opened, answered, closed, snoozed_ms, snoozed,
                     missed, tags, number, team, assignee)
                 VALUES (?1, 1, ?2, ?2, ?3, 0, 0, 0, '[]', ?4, 'support', ?5)",
            )
            .unwrap();
        let mut log = transaction
            .prepare(
                r#"INSERT INTO conversation_log (conversation, at, who, what)
                   VALUES (?1, ?2, NULL, '{"kind": "opened"}')"#,
            )
            .unwrap();
        let all = self.conversations();
        for id in 1..=all {
            let customer = self.customer(id);
            let at = self.started(((id - 1) * CALLS_A_CONVERSATION).max(1));
            let state = match (all - id < NOT_CLOSED, id % 3) {
                (false, _) => "closed",
                (true, 0) => "missed",
                (true, 1) => "snoozed",
                (true, _) => "opened",
            };
            let closed = (state == "closed").then_some(at + 600_000);
            let assignee = extension(dice(id, 9));
            let tags = if id % 50 == 0 { r#"["vip"]"# } else { "[]" };
            conversation
                .execute(params![
                    sql(id),
                    customer.number,
                    customer.name,
                    own_number(dice(id, 4)),
                    at,
                    state,
                    (state == "missed" || state == "snoozed").then_some(at),
                    (state == "snoozed").then_some(END + DAY),
                    (state == "missed").then_some("userLeft"),
                    closed,
                    assignee,
                    tags,
                ])
                .unwrap();
            case.execute(params![sql(id), at, closed, own_number(id), assignee]).unwrap();
            log.execute(params![sql(id), at]).unwrap();
        }
    }

    /// What the store makes of each name and number when it is first seen.
    fn write_customers(&self, transaction: &Transaction<'_>) {
        let mut lead = transaction.prepare("INSERT INTO leads VALUES (?1, ?2, ?3, ?4)").unwrap();
        for at in 0..self.customers() {
            let Customer { number, name } = Self::known(at);
            let met = self.started(at * CALLS_A_CUSTOMER);
            lead.execute(params![number, name, met, met]).unwrap();
        }
        let mut party =
            transaction.prepare("INSERT INTO parties (number, name) VALUES (?1, ?2)").unwrap();
        for count in 0..OWN_NUMBERS {
            party.execute([own_number(count), String::new()]).unwrap();
        }
        for count in 0..AGENTS {
            party.execute([extension(count), format!("A{}", extension(count))]).unwrap();
        }
        transaction
            .execute_batch(
                "INSERT INTO parties (number, name) SELECT number, name FROM leads;
                 INSERT INTO party_words (party_words) VALUES ('rebuild');",
            )
            .unwrap();
    }
}

/// As an office has them, of a thousand.
fn made(roll: u64) -> Made {
    let (direction, outcome, reason, cause) = match roll {
        0..620 => ("inbound", "answered", None, "normal"),
        620..700 => ("inbound", "missed", Some("userLeftInQueued"), "cancelled"),
        700..740 => ("inbound", "missed", Some("ringTimeOver"), "no_answer"),
        740..760 => ("inbound", "missed", Some("notInOperation"), "normal"),
        760..790 => ("inbound", "not_entered", None, "normal"),
        790 => ("inbound", "interrupted", None, "interrupted"),
        791..900 => ("outbound", "answered", None, "normal"),
        900..940 => ("outbound", "no_answer", None, "no_answer"),
        940..949 => ("outbound", "busy", None, "busy"),
        949 => ("outbound", "failed", None, "forbidden"),
        _ => ("internal", "answered", None, "normal"),
    };
    Made { direction, outcome, reason, cause, is_answered: outcome == "answered" }
}

fn trail(agent: &str) -> String {
    let number = PhoneNumber::parse(&own_number(1)).unwrap();
    let extension = Extension::parse(agent).unwrap();
    let person = || Person { extension: extension.clone(), name: format!("A{agent}") };
    let decisions = [
        Decision::CameByTrunk {
            trunk: TrunkName("carrier".to_owned()),
            caller: "+821012345678".to_owned(),
            dialled: own_number(1),
        },
        Decision::NumberFound { number },
        Decision::RoutedToTeam { team: TeamName("support".to_owned()) },
        Decision::RingTimeOver { seconds: 30 },
        Decision::GivenTo { agent: person(), because: Chosen::LongestIdle },
        Decision::CallerLeft { cause: HangupCause::Normal },
    ];
    let entries: Vec<TrailEntry> =
        decisions.into_iter().map(|decision| TrailEntry { at: END, decision }).collect();
    serde_json::to_string(&entries).unwrap()
}

/// Rows come faster where no index is kept; returns how to make each again.
fn without_indexes(connection: &Connection) -> Vec<String> {
    let mut question = connection
        .prepare(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL
             AND tbl_name IN ('calls', 'conversations', 'cases', 'conversation_log', 'leads')",
        )
        .unwrap();
    let found = question.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let found: Vec<(String, String)> = found.map(Result::unwrap).collect();
    for (name, _) in &found {
        connection.execute_batch(&format!("DROP INDEX {name}")).unwrap();
    }
    found.into_iter().map(|(_, sql)| sql).collect()
}

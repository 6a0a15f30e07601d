//! Finds rows by a part of a number or name: first among the newest, then by whoever has such a
//! number or name. Either alone is slow on years of calls: what few have lies far apart, and what
//! many have, many have.

use std::collections::BTreeSet;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::office::sought::Sought;
use crate::store::error::StoreError;
use crate::store::table::narrowing::Narrowing;
use crate::store::table::parties::{Party, holding, home};

/// So many of the newest are looked at one by one: some thousandths of a second.
pub(crate) const WALKED: usize = 4_000;

/// A table whose rows have parties; its newest by `order` comes first.
pub(crate) struct Searched {
    pub(crate) table: &'static str,
    pub(crate) order: &'static str,
    /// How many of the newest are looked at one by one.
    pub(crate) walked: usize,
    /// Each side's number and name, and the index of the number.
    pub(crate) sides: &'static [Side],
}

pub(crate) struct Side {
    pub(crate) number: &'static str,
    /// None that is kept.
    pub(crate) name: Option<&'static str>,
    pub(crate) index: &'static str,
}

/// A row: when it was, and its id.
type Place = (i64, i64);

impl Searched {
    /// The ids of the newest `most` rows.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn newest(
        &self,
        connection: &Connection,
        narrowed: &Narrowing,
        most: usize,
    ) -> Result<Vec<i64>, StoreError> {
        let mut question = connection.prepare_cached(&self.listing(narrowed, most))?;
        let mut rows = question.query(params_from_iter(narrowed.values()))?;
        let mut ids = Vec::new();
        while let Some(row) = rows.next()? {
            ids.push(row.get(0)?);
        }
        Ok(ids)
    }

    /// The question of [`Self::newest`].
    pub(crate) fn listing(&self, narrowed: &Narrowing, most: usize) -> String {
        let Self { table, order, .. } = self;
        let narrowed = narrowed.text();
        format!(
            "SELECT id FROM {table} WHERE {narrowed} ORDER BY {order} DESC, id DESC LIMIT {most}"
        )
    }

    /// The ids of the newest `most` rows that hold `party`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn find(
        &self,
        connection: &Connection,
        narrowed: &Narrowing,
        party: &str,
        most: usize,
    ) -> Result<Vec<i64>, StoreError> {
        let sought = Sought::new(party, Some(&home(connection)?));
        let mut found = Vec::new();
        let Some(last) =
            self.walk(connection, narrowed, &sought, (most, self.walked), &mut found)?
        else {
            return Ok(found);
        };
        let mut older = narrowed.clone();
        older.after(self.order, last);
        match holding(connection, &sought)? {
            Some(parties) => {
                let left = most - found.len();
                found.extend(self.of_parties(
                    connection,
                    &older,
                    (sought.typed(), &parties),
                    left,
                )?);
            }
            None => {
                self.walk(connection, &older, &sought, (most, usize::MAX), &mut found)?;
            }
        }
        Ok(found)
    }

    /// Looks at rows one by one; returns the last one if there are more that may hold it.
    fn walk(
        &self,
        connection: &Connection,
        narrowed: &Narrowing,
        sought: &Sought,
        limits: (usize, usize),
        found: &mut Vec<i64>,
    ) -> Result<Option<Place>, StoreError> {
        let (most, walked) = limits;
        let mut question = connection.prepare_cached(&self.walking(narrowed))?;
        let columns = self.texts();
        let mut rows = question.query(params_from_iter(narrowed.values()))?;
        let mut last = None;
        for _ in 0..walked {
            let Some(row) = rows.next()? else { return Ok(None) };
            let place: Place = (row.get(0)?, row.get(1)?);
            for (column, (_, is_name)) in (2..).zip(&columns) {
                let text = row.get_ref(column)?.as_str_or_null().unwrap_or_default();
                let is_in = |text| match is_name {
                    true => sought.is_in_name(text),
                    false => sought.is_in_number(text),
                };
                if text.is_some_and(is_in) {
                    found.push(place.1);
                    break;
                }
            }
            if found.len() >= most {
                return Ok(None);
            }
            last = Some(place);
        }
        Ok(last)
    }

    /// The question of [`Self::walk`]: when each row was, its id, and every text of its parties.
    pub(crate) fn walking(&self, narrowed: &Narrowing) -> String {
        let Self { table, order, .. } = self;
        let texts: Vec<&str> = self.texts().into_iter().map(|(text, _)| text).collect();
        format!(
            "SELECT {order}, id, {} FROM {table} WHERE {} ORDER BY {order} DESC, id DESC",
            texts.join(", "),
            narrowed.text()
        )
    }

    /// The columns of its parties, and whether each is a name.
    fn texts(&self) -> Vec<(&'static str, bool)> {
        let of = |side: &Side| [Some((side.number, false)), side.name.map(|name| (name, true))];
        self.sides.iter().flat_map(of).flatten().collect()
    }

    /// The newest rows of these parties, on whichever side they were.
    fn of_parties(
        &self,
        connection: &Connection,
        narrowed: &Narrowing,
        (part, parties): (&str, &[Party]),
        most: usize,
    ) -> Result<Vec<i64>, StoreError> {
        let mut newest: BTreeSet<Place> = BTreeSet::new();
        for side in self.sides {
            let mut question = connection.prepare_cached(&self.of_party(side, narrowed, most))?;
            for party in parties.iter().filter(|party| party.is_by_number || side.name.is_some()) {
                let name = if party.is_by_number { "" } else { part };
                let theirs = [Value::from(party.number.clone()), Value::from(name.to_owned())];
                let values = narrowed.values().chain(&theirs);
                let mut rows = question.query(params_from_iter(values))?;
                while let Some(row) = rows.next()? {
                    newest.insert((row.get(0)?, row.get(1)?));
                }
                while newest.len() > most {
                    newest.pop_first();
                }
            }
        }
        Ok(newest.into_iter().rev().map(|(_, id)| id).collect())
    }

    /// The question of [`Self::of_parties`]; its last values are a number and a part of a name.
    pub(crate) fn of_party(&self, side: &Side, narrowed: &Narrowing, most: usize) -> String {
        let Self { table, order, .. } = self;
        let mut of_one = narrowed.clone();
        of_one.by(&format!("{} = ?", side.number), Value::Null);
        of_one.by(&format!("instr(lower({}), ?)", side.name.unwrap_or("''")), Value::Null);
        format!(
            "SELECT {order}, id FROM {table} INDEXED BY {} WHERE {}
             ORDER BY {order} DESC, id DESC LIMIT {most}",
            side.index,
            of_one.text()
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::history::call_filter::CallFilter;
    use crate::history::call_id::CallId;
    use crate::history::call_record::{Direction, Outcome};
    use crate::history::conversation::case_record::{CaseFilter, CasePlace};
    use crate::history::conversation::filter::{ConversationFilter, Place as Turn, StateName};
    use crate::history::conversation_id::ConversationId;
    use crate::office::extension::Extension;
    use crate::office::phone_number::PhoneNumber;
    use crate::office::tag::Tag;
    use crate::office::team::TeamName;
    use crate::store::schema;
    use crate::store::table::agent_figures;
    use crate::store::table::calls;
    use crate::store::table::case_figures;
    use crate::store::table::cases;
    use crate::store::table::conversations;
    use crate::store::table::figures;

    fn database() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        schema::at_version(&connection, schema::known());
        connection
    }

    fn number() -> PhoneNumber {
        PhoneNumber::parse("+827012345678").unwrap()
    }

    /// Every filter of calls alone, and some together.
    fn call_filters() -> Vec<CallFilter> {
        let all = CallFilter::default;
        let agent = Extension::parse("101").ok();
        let one = |filter| vec![filter];
        let (outcome, direction) = (Some(Outcome::Failed), Some(Direction::Internal));
        [
            one(all()),
            one(CallFilter { from: Some(1), to: Some(2), ..all() }),
            one(CallFilter { before: Some(CallId(1)), ..all() }),
            one(CallFilter { number: Some(number()), ..all() }),
            one(CallFilter { conversation: Some(ConversationId(1)), ..all() }),
            one(CallFilter { agent: agent.clone(), ..all() }),
            one(CallFilter { outcome, ..all() }),
            one(CallFilter { direction, ..all() }),
            one(CallFilter { outcome, agent, number: Some(number()), direction, ..all() }),
            one(CallFilter { outcome, from: Some(1), to: Some(2), ..all() }),
        ]
        .concat()
    }

    fn conversation_filters() -> Vec<ConversationFilter> {
        let all = ConversationFilter::default;
        let (assignee, team) = (Extension::parse("101").ok(), Some(TeamName("a".to_owned())));
        let before = Some(Turn { active: 5, id: ConversationId(1) });
        let state = Some(StateName::Missed);
        vec![
            all(),
            ConversationFilter { before, ..all() },
            ConversationFilter { state, ..all() },
            ConversationFilter { state: Some(StateName::Closed), ..all() },
            ConversationFilter { state, before, ..all() },
            ConversationFilter { number: Some(number()), ..all() },
            ConversationFilter { assignee: assignee.clone(), ..all() },
            ConversationFilter { team: team.clone(), ..all() },
            ConversationFilter { tag: Tag::parse("vip").ok(), ..all() },
            ConversationFilter { state, assignee, team, number: Some(number()), ..all() },
        ]
    }

    fn case_filters() -> impl Iterator<Item = CaseFilter> {
        let all = CaseFilter::default;
        let conversation = ConversationId(1);
        let before = Some(CasePlace { opened: 5, conversation, seq: 1 });
        let (number, team) = (Some(number()), Some(TeamName("a".to_owned())));
        [
            all(),
            CaseFilter { before, ..all() },
            CaseFilter { from: Some(1), to: Some(2), before, ..all() },
            CaseFilter { number, team, tag: Tag::parse("vip").ok(), ..all() },
        ]
        .into_iter()
    }

    /// What SQLite would do: no look at all rows, no sorting.
    fn goes_by_index(connection: &Connection, question: &str) {
        let mut explain = connection.prepare(&format!("EXPLAIN QUERY PLAN {question}")).unwrap();
        let empty = vec![Value::Null; explain.parameter_count()];
        let mut rows = explain.query(params_from_iter(empty)).unwrap();
        let mut steps = 0;
        while let Some(row) = rows.next().unwrap() {
            let step: String = row.get("detail").unwrap();
            let of_table = step.starts_with("SCAN") || step.starts_with("SEARCH");
            assert!(!of_table || step.contains(" USING "), "{step} in {question}");
            assert!(!step.contains("TEMP B-TREE"), "{step} in {question}");
            steps += usize::from(of_table);
        }
        assert!(steps > 0, "{question}");
    }

    #[test]
    fn every_list_goes_by_an_index_and_none_is_sorted() {
        let connection = database();
        let narrowed = call_filters()
            .into_iter()
            .map(|filter| (&calls::SEARCHED, calls::narrowed(&connection, &filter).unwrap()));
        let others = conversation_filters()
            .into_iter()
            .map(|filter| (&conversations::SEARCHED, conversations::narrowed(&filter).unwrap()));
        for (searched, narrowed) in narrowed.chain(others) {
            goes_by_index(&connection, &searched.listing(&narrowed, 100));
            goes_by_index(&connection, &searched.walking(&narrowed));
            for side in searched.sides {
                goes_by_index(&connection, &searched.of_party(side, &narrowed, 100));
            }
        }
        for cases in case_filters().map(|filter| cases::narrowed(&filter).unwrap()) {
            goes_by_index(&connection, &cases::listing(&cases, 100));
        }
        let at_start = conversations::AT_START.iter().chain([&calls::HANDLED]);
        let figures = figures::QUESTIONS.iter().chain(&case_figures::QUESTIONS);
        let figures = figures.chain(&agent_figures::QUESTIONS);
        for question in figures.chain(at_start) {
            goes_by_index(&connection, question);
        }
    }

    type Row = (i64, &'static str, &'static str, &'static str, &'static str);

    fn rows() -> impl Strategy<Value = Vec<Row>> {
        let text = || select(vec!["", "+821012345678", "+8210", "101", "Kim 민지", "KIM", "\"*'"]);
        let outcome = select(vec!["answered", "missed"]);
        vec((0..6_i64, text(), text(), text(), outcome), 0..40)
    }

    proptest! {
        /// However few of the newest are looked at one by one, the answer is the same.
        #[test]
        fn a_search_finds_the_newest_of_all_that_hold_the_part(
            rows in rows(),
            part in select(vec![
                "1", "82", "821", "+8210", "kim", "민지", "m 민", "\"*'", "zzz", "010-1234", "(010) 12",
            ]),
            walked in 1..5_usize,
            most in 1..6_usize,
            missed in any::<bool>(),
            before in option::of(1..40_u64),
            to in option::of(0..6_i64),
        ) {
            let connection = database();
            for (id, (at, caller, name, called, outcome)) in (1..).zip(&rows) {
                connection.execute(
                    "INSERT INTO calls (id, direction, caller, caller_name, called, started, outcome,
                         trail, greeting_ms, queue_ms, ringing_ms)
                     VALUES (?1, 'inbound', ?2, ?3, ?4, ?5, ?6, '[]', 0, 0, 0)",
                    (id, caller, name, called, at, outcome),
                ).unwrap();
                crate::store::table::parties::remember(&connection, caller, name).unwrap();
                crate::store::table::parties::remember(&connection, called, "").unwrap();
            }
            let outcome = missed.then_some(Outcome::Missed);
            let filter = CallFilter { outcome, to, before: before.map(CallId), ..CallFilter::default() };
            let narrowed = calls::narrowed(&connection, &filter).unwrap();
            let searched = Searched { walked, ..calls::SEARCHED };
            let found = searched.find(&connection, &narrowed, part, most).unwrap();

            let place = |id: u64| {
                let row = rows.get(usize::try_from(id).unwrap() - 1);
                (row.map_or(i64::MAX, |row| row.0), i64::try_from(id).unwrap())
            };
            let held = |text: &str| text.to_ascii_lowercase().contains(part);
            let is_dialled = |text: &str| part.contains("010") && text == "+821012345678";
            let mut expected: Vec<(i64, i64)> = (1_u64..)
                .zip(&rows)
                .filter(|(_, row)| {
                    [row.1, row.2, row.3].into_iter().any(held)
                        || [row.1, row.3].into_iter().any(is_dialled)
                })
                .filter(|(_, row)| !missed || row.4 == "missed")
                .map(|(id, _)| place(id))
                .filter(|own| before.is_none_or(|before| *own < place(before)))
                .filter(|own| to.is_none_or(|to| own.0 < to))
                .collect();
            expected.sort_unstable();
            let expected: Vec<i64> = expected.iter().rev().take(most).map(|(_, id)| *id).collect();
            prop_assert_eq!(found, expected);
        }
    }
}

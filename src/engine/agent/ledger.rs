//! Who was given a call when, and who has talked with whom.

use std::collections::{BTreeMap, VecDeque};

use crate::history::handled::Handled;
use crate::office::extension::Extension;
use crate::time::Moment;

/// Customers whose agents are remembered; months of a small office. The oldest give way.
const MOST_CUSTOMERS: usize = 50_000;

#[derive(Clone, Debug, Default)]
pub struct Ledger {
    given: BTreeMap<Extension, i64>,
    talked: BTreeMap<String, Talked>,
    /// In the order in which they first called.
    customers: VecDeque<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Talked {
    With(Extension),
    WithSeveral,
}

impl Ledger {
    /// Takes back what the history tells, newest first.
    pub(crate) fn recall(&mut self, handled: &[Handled]) {
        for Handled { customer, agent, at } in handled.iter().rev() {
            self.given.insert(agent.clone(), *at);
            self.talked(customer, agent);
        }
    }

    /// The agent is given a call, whether or not they take it.
    pub(crate) fn given(&mut self, agent: &Extension, now: Moment) {
        self.given.insert(agent.clone(), now.unix_millis());
    }

    pub(crate) fn last_given(&self, agent: &Extension) -> Option<i64> {
        self.given.get(agent).copied()
    }

    /// A customer whose number is withheld is nobody in particular.
    pub(crate) fn talked(&mut self, customer: &str, agent: &Extension) {
        if customer.is_empty() {
            return;
        }
        match self.talked.get_mut(customer) {
            Some(Talked::With(other)) if other == agent => {}
            Some(talked) => *talked = Talked::WithSeveral,
            None => {
                self.talked.insert(customer.to_owned(), Talked::With(agent.clone()));
                self.customers.push_back(customer.to_owned());
                if self.customers.len() > MOST_CUSTOMERS
                    && let Some(oldest) = self.customers.pop_front()
                {
                    self.talked.remove(&oldest);
                }
            }
        }
    }

    /// The one agent who has talked with the customer; several count as nobody (L127).
    /// `numbers` are the customer's own.
    pub(crate) fn agent_of<'a>(
        &self,
        numbers: impl IntoIterator<Item = &'a str>,
    ) -> Option<&Extension> {
        let mut one = None;
        for talked in numbers.into_iter().filter_map(|number| self.talked.get(number)) {
            match (talked, one) {
                (Talked::With(agent), None) => one = Some(agent),
                (Talked::With(agent), Some(other)) if agent == other => {}
                (Talked::With(_) | Talked::WithSeveral, _) => return None,
            }
        }
        one
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_agent_is_known_several_are_nobody() {
        let agent = |extension: &str| Extension::parse(extension).unwrap();
        let handled = |customer: &str, extension: &str, at: i64| Handled {
            customer: customer.to_owned(),
            agent: agent(extension),
            at,
        };
        let mut ledger = Ledger::default();
        ledger.recall(&[
            handled("+8210", "102", 5),
            handled("", "101", 4),
            handled("+8211", "101", 3),
            handled("+8210", "101", 2),
            handled("+8211", "101", 1),
        ]);
        let of = |numbers: &[&str]| ledger.agent_of(numbers.iter().copied()).cloned();
        assert_eq!(of(&["+8211"]), Some(agent("101")));
        assert_eq!(of(&["+8210"]), None, "several");
        assert_eq!(of(&[""]), None, "withheld");
        assert_eq!(of(&["+8212"]), None, "never called");
        assert_eq!(of(&["+8212", "+8211"]), Some(agent("101")), "by another number");
        assert_eq!(of(&["+8211", "+8210"]), None, "several by another");
        ledger.talked("+8213", &agent("102"));
        assert_eq!(ledger.agent_of(["+8211", "+8213"]), None, "one by each number");
        assert_eq!(ledger.last_given(&agent("101")), Some(4), "the newest");
    }

    #[test]
    fn the_oldest_customers_give_way() {
        let agent = Extension::parse("101").unwrap();
        let mut ledger = Ledger::default();
        for count in 0..=MOST_CUSTOMERS {
            ledger.talked(&count.to_string(), &agent);
        }
        assert_eq!(ledger.talked.len(), MOST_CUSTOMERS);
        assert_eq!(ledger.agent_of(["0"]), None);
        assert_eq!(ledger.agent_of(["1"]), Some(&agent));
    }
}

//! Tags that workflows put on customers: a change of the office like any other, made in its turn.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::sync::{OwnedMutexGuard, oneshot};
use tracing::warn;

use crate::office::customer::Customer;
use crate::office::snapshot::Office;
use crate::office::tag::{CUSTOMER_TAGS, add_tag};
use crate::switchboard::answering::later;
use crate::switchboard::event::Found;
use crate::switchboard::run::Switchboard;
use crate::switchboard::tagged::Tagged;

/// Customers who may wait for their tags while somebody else changes the office.
const MOST_WAITING: usize = 1_000;
/// Strangers that workflows may give a profile; whoever is beyond is not worth a slower office.
const MOST_CUSTOMERS: usize = 10_000;
/// Of a name, in characters, as the document allows it.
const LONGEST_NAME: usize = 64;

impl Switchboard {
    pub(crate) fn tag_customer(&mut self, tagged: Tagged) {
        if self.tagging.waiting.len() >= MOST_WAITING {
            warn!(limit = MOST_WAITING, "too many customers wait for tags; one goes without");
            return;
        }
        self.tagging.waiting.push(tagged);
        if self.tagging.asked {
            return;
        }
        self.tagging.asked = true;
        let (turn, found) = (Arc::clone(&self.parts.office_turn), self.found.clone());
        later(async move {
            let turn = turn.lock_owned().await;
            // The loop has ended only if the daemon has.
            drop(found.send(Found::Turn(turn)).await);
        });
    }

    /// Nobody else changes the office until `turn` is given back.
    pub(crate) fn tag_in_turn(&mut self, turn: OwnedMutexGuard<()>) {
        self.tagging.asked = false;
        let mut office = Office::clone(&self.office);
        let waiting = std::mem::take(&mut self.tagging.waiting);
        let Some(who) = waiting.first().map(|tagged| tagged.who.clone()) else { return };
        waiting.into_iter().for_each(|tagged| apply(tagged, &mut office));
        if office == *self.office {
            return;
        }
        let (reply, saved) = oneshot::channel();
        self.save(Arc::new(office), who, reply);
        later(async move {
            match saved.await {
                Ok(Ok(())) => {}
                Ok(Err(refusal)) => {
                    warn!(why = refusal.message.en, "customers' tags could not be saved");
                }
                Err(_) => warn!("customers' tags could not be saved"),
            }
            drop(turn);
        });
    }
}

/// Whoever has no profile gets one (L21).
fn apply(tagged: Tagged, office: &mut Office) {
    let known = office.customer(&tagged.number).map(|customer| customer.number.clone());
    if known.is_none() && office.customers.len() >= MOST_CUSTOMERS {
        warn!(
            limit = MOST_CUSTOMERS,
            "workflows have made too many customers; one goes without tags"
        );
        return;
    }
    let number = known.unwrap_or(tagged.number);
    let customer = office.customers.entry(number.clone()).or_insert_with(|| Customer {
        number,
        also: BTreeSet::new(),
        name: tagged.name.trim().chars().take(LONGEST_NAME).collect::<String>().trim().to_owned(),
        language: None,
        tags: BTreeSet::new(),
        blocked: false,
    });
    for tag in tagged.tags {
        if !add_tag(&mut customer.tags, tag, CUSTOMER_TAGS) {
            warn!(limit = CUSTOMER_TAGS, "a customer has all the tags they can have");
            return;
        }
    }
}

//! What the message lamps of phones show (RFC 3842).

use std::collections::BTreeMap;

use crate::engine::command::Command;
use crate::engine::mailbox::Mailbox;
use crate::leg::MessageCount;
use crate::office::device::Username;
use crate::office::extension::Extension;
use crate::office::snapshot::Office;

/// What every phone was last told; those without a message were told nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lamps {
    shown: BTreeMap<Username, MessageCount>,
}

impl Lamps {
    /// After whatever may have changed a box, or whose it is.
    pub(crate) fn light(&mut self, mailbox: &mut Mailbox, office: &Office) -> Vec<Command> {
        if !mailbox.take_change() {
            return Vec::new();
        }
        let told = self.look(mailbox, office).into_iter();
        told.map(|(device, count)| Command::Lamp { device, count }).collect()
    }

    /// What is to be told now, phone by phone.
    fn look(&mut self, mailbox: &Mailbox, office: &Office) -> Vec<(Username, MessageCount)> {
        let counts = mailbox.counts(office);
        let of_agent = |agent: &Extension| counts.get(agent).copied().unwrap_or_default();
        let devices = office.agents.values().flat_map(|agent| {
            agent.devices.iter().map(move |device| (device.username.clone(), &agent.extension))
        });
        let now: BTreeMap<Username, MessageCount> = devices
            .map(|(device, agent)| (device, of_agent(agent)))
            .filter(|(_, count)| *count != MessageCount::default())
            .collect();
        let before = std::mem::replace(&mut self.shown, now);
        let dark = before.keys().filter(|device| !self.shown.contains_key(device));
        let dark = dark.map(|device| (device.clone(), MessageCount::default()));
        let lit = self.shown.iter().filter(|(device, count)| before.get(device) != Some(count));
        dark.chain(lit.map(|(device, count)| (device.clone(), *count))).collect()
    }
}

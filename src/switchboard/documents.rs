//! Documents that are kept with numbers, asked of the store.

use crate::api::refusal::Refusal;
use crate::api::request::{DocumentFile, Reply};
use crate::clock;
use crate::office::number_document::{HeldDocument, NumberDocument};
use crate::office::phone_number::PhoneNumber;
use crate::switchboard::answering::{answer, later, settled};
use crate::switchboard::run::Switchboard;

impl Switchboard {
    pub(crate) fn keep_document(&self, file: DocumentFile, reply: Reply<HeldDocument>) {
        let DocumentFile { number, name, media_type, content, who } = file;
        let (octets, added) = (content.len() as u64, clock::now().unix_millis());
        let held = HeldDocument { number, name, media_type, octets, added, who };
        let document = NumberDocument { held: held.clone(), content: content.to_vec() };
        let kept = self.parts.store.keep_document(document);
        later(async move { answer(reply, settled(kept).await.map(|()| held)) });
    }

    pub(crate) fn document(&self, number: PhoneNumber, reply: Reply<NumberDocument>) {
        let found = self.parts.store.document(number);
        later(async move {
            let found = settled(found).await;
            answer(reply, found.and_then(|document| document.ok_or_else(Refusal::not_found)));
        });
    }

    pub(crate) fn remove_document(&self, number: PhoneNumber, reply: Reply<()>) {
        let removed = self.parts.store.remove_document(number);
        later(async move {
            let found = settled(removed).await;
            let found = found.and_then(|found| found.then_some(()).ok_or_else(Refusal::not_found));
            answer(reply, found);
        });
    }
}

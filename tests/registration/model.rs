//! Any sequence of registrations against a model of a few lines.

use std::collections::BTreeMap;
use std::time::SystemTime;

use naru::binding::BindingChange;
use naru::clock;
use naru::sip::registrar::registrar::{Registrar, RegistrarEvent};
use naru::sip::syntax::header::Name;
use naru::sip::syntax::token::Tokens;
use proptest::prelude::*;

use crate::phone::{Phone, flow, seconds, user};

#[derive(Clone, Debug)]
enum Step {
    Bind { contact: u8, expires: u64 },
    RemoveAll,
    Wait { seconds: u64 },
    Copy,
}

fn step() -> impl Strategy<Value = Step> {
    let expires = prop_oneof![Just(0), Just(5), 10..100_u64, Just(9000)];
    prop_oneof![
        6 => (0..14_u8, expires).prop_map(|(contact, expires)| Step::Bind { contact, expires }),
        1 => Just(Step::RemoveAll),
        3 => (0..70_u64).prop_map(|seconds| Step::Wait { seconds }),
        1 => Just(Step::Copy),
    ]
}

/// Contacts with their ends and the order of their last registration.
#[derive(Default)]
struct Model {
    now: u64,
    steps: u64,
    contacts: BTreeMap<String, (u64, u64)>,
}

impl Model {
    fn bind(&mut self, contact: String, expires: u64) {
        if expires == 0 {
            self.contacts.remove(&contact);
            return;
        }
        if (1..10).contains(&expires) {
            return;
        }
        if !self.contacts.contains_key(&contact) && self.contacts.len() == 10 {
            let oldest = self.contacts.iter().min_by_key(|(_, (_, order))| *order);
            let oldest = oldest.map(|(contact, _)| contact.clone()).unwrap();
            self.contacts.remove(&oldest);
        }
        self.contacts.insert(contact, (self.now + expires.min(7200), self.steps));
    }

    fn wait(&mut self, seconds: u64) {
        self.now += seconds;
        self.contacts.retain(|_, (end, _)| *end > self.now);
    }
}

fn stored(store: &mut BTreeMap<String, SystemTime>, changes: Vec<BindingChange>) {
    for change in changes {
        match change {
            BindingChange::Bound(binding) => {
                store.insert(binding.contact, binding.expires);
            }
            BindingChange::Unbound { contact, .. } => {
                store.remove(&contact);
            }
        }
    }
}

proptest! {
    #[test]
    fn the_registrar_the_store_and_the_model_agree(steps in prop::collection::vec(step(), 1..60)) {
        let mut now = clock::now();
        let mut registrar = Registrar::new(Vec::new(), Tokens::new([9; 32]), now);
        let (mut phone, mut model) = (Phone::new("101"), Model::default());
        let mut store: BTreeMap<String, SystemTime> = BTreeMap::new();
        let mut registered = false;
        let home = flow("198.51.100.7:5060");
        for step in steps {
            model.steps += 1;
            // Time passes between any two requests, so that the oldest is one and the same.
            now = now.after(seconds(1));
            model.wait(1);
            registrar.handle_timeout(now);
            match step {
                Step::Bind { contact, expires } => {
                    let contact = format!("sip:{contact}@h");
                    let mut request = phone.register();
                    request.headers.push(Name::Contact, format!("<{contact}>;expires={expires}"));
                    registrar.handle_register(&user("101"), &request, &home, now);
                    model.bind(contact, expires);
                }
                Step::RemoveAll => {
                    let mut request = phone.register();
                    request.headers.push(Name::Contact, "*");
                    request.headers.push(Name::Expires, "0");
                    registrar.handle_register(&user("101"), &request, &home, now);
                    model.contacts.clear();
                }
                Step::Copy => {
                    let mut twice = phone.register();
                    twice.headers.push(Name::Contact, "<sip:0@h>;expires=60");
                    registrar.handle_register(&user("101"), &twice, &home, now);
                    model.bind("sip:0@h".to_owned(), 60);
                    let once = registrar.bindings();
                    registrar.handle_register(&user("101"), &twice, &home, now);
                    prop_assert_eq!(registrar.bindings(), once);
                }
                Step::Wait { seconds: n } => {
                    now = now.after(seconds(n));
                    model.wait(n);
                    registrar.handle_timeout(now);
                }
            }
            let live: BTreeMap<_, _> = registrar
                .bindings()
                .into_iter()
                .map(|binding| (binding.contact, binding.expires))
                .collect();
            prop_assert!(live.keys().eq(model.contacts.keys()), "{:?} {:?}", live, model.contacts);
            prop_assert_eq!(registrar.contacts(&user("101"), now).len(), live.len());
            while let Some(event) = registrar.poll_event() {
                match event {
                    RegistrarEvent::Registered { registered: is, .. } => {
                        prop_assert_ne!(is, registered, "told twice");
                        registered = is;
                    }
                    RegistrarEvent::Changed(changes) => stored(&mut store, changes),
                }
            }
            prop_assert_eq!(registered, !live.is_empty());
            prop_assert!(store.keys().eq(live.keys()), "what is new or gone is stored at once");
            while registrar.poll_probe().is_some() {}
        }
        now = now.after(seconds(1));
        registrar.handle_timeout(now);
        while let Some(event) = registrar.poll_event() {
            let RegistrarEvent::Changed(changes) = event else { continue };
            stored(&mut store, changes);
        }
        let live: BTreeMap<_, _> =
            registrar.bindings().into_iter().map(|b| (b.contact, b.expires)).collect();
        prop_assert_eq!(store, live, "a second later refreshes are stored too");
    }

    #[test]
    fn no_register_panics(
        contact in "[ -~é]{0,80}", expires in "[0-9a-z*]{0,24}", path in "[ -~]{0,40}",
    ) {
        let now = clock::now();
        let mut registrar = Registrar::new(Vec::new(), Tokens::new([9; 32]), now);
        let mut request = Phone::new("101").register();
        request.headers.push(Name::Contact, contact);
        request.headers.push(Name::Expires, expires);
        request.headers.push(Name::Path, path);
        let home = flow("198.51.100.7:5060");
        let response = registrar.handle_register(&user("101"), &request, &home, now);
        prop_assert!([200, 400, 416, 423].contains(&response.status));
        let left = registrar.contacts(&user("101"), now).len();
        prop_assert!(response.status == 200 || left == 0);
    }
}

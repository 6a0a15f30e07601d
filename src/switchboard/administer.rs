//! Does what the API asks: reads at once, writes through the store, calls through the engine.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::request as api;
use crate::api::request::{
    ApiRequest, Health, Reply, SpeakerCard, SpeakerState, StoreState, TrunkLink, TrunkState,
};
use crate::binding::Binding;
use crate::clock;
use crate::duty::DutyWish;
use crate::engine::input::{Input, RoomWish};
use crate::history::call_id::CallId;
use crate::history::call_record::CallRecord;
use crate::history::office_change::Signature;
use crate::live::LiveAgent;
use crate::office::extension::Extension;
use crate::office::phone_number::PhoneNumber;
use crate::office::room_sound::Percent;
use crate::office::snapshot::Office;
use crate::office::trunk::Trunk;
use crate::office::zone::zone_name;
use crate::sip::handle::SipRequest;
use crate::sip::trunk::registration::TrunkStatus;
use crate::speaker::card::CardState;
use crate::speaker::score::Purpose;
use crate::switchboard::answering::{answer, forward, later, settled};
use crate::switchboard::event::Stored;
use crate::switchboard::library::clips;
use crate::switchboard::run::Switchboard;
use crate::switchboard::sounds::wanted;
use crate::switchboard::zone::zone_of;
use crate::words::Words;

impl Switchboard {
    pub(crate) fn administer(&mut self, request: ApiRequest) {
        let store = &self.parts.store;
        match request {
            ApiRequest::Health { reply } => self.health(reply),
            ApiRequest::Live { reply } => answer(reply, Ok(self.engine.live())),
            ApiRequest::Calls { filter, reply } => forward(store.calls(filter), reply),
            ApiRequest::Call { id, reply } => self.call(id, reply),
            ApiRequest::CallSip { id, reply } => self.call_sip(id, reply),
            ApiRequest::Conversations { filter, reply } => {
                forward(store.conversations(filter), reply);
            }
            ApiRequest::Cases { filter, reply } => forward(store.cases(filter), reply),
            ApiRequest::Conversation { id, reply } => self.conversation(id, reply),
            ApiRequest::Wish { id, wish, agent, who, reply } => {
                self.wish(id, wish, (agent, who), reply);
            }
            ApiRequest::CallBack { id, agent, again, reply } => {
                self.call_back(id, agent, again, reply);
            }
            ApiRequest::Leads { part, rows, reply } => forward(store.leads(part, rows), reply),
            ApiRequest::Office { reply } => answer(reply, Ok(Arc::clone(&self.office))),
            ApiRequest::SaveOffice { office, who, reply } => self.save(office, who, reply),
            ApiRequest::OfficeChanges { before, rows, reply } => {
                forward(store.changes(before, rows), reply);
            }
            ApiRequest::Simulate { call, reply } => self.simulate(call, reply),
            ApiRequest::Compare { office, reply } => self.compare(office, reply),
            ApiRequest::Hours { reply } => answer(reply, Ok(self.hours())),
            ApiRequest::SwitchHours { name, open, who, reply } => {
                self.switch_hours(&name, open, who, reply);
            }
            ApiRequest::HoursVersions { name, reply } => forward(store.hours_versions(name), reply),
            ApiRequest::Sounds { reply } => forward(store.sounds(), reply),
            ApiRequest::AddSound { file, name, trial, reply } => {
                self.add_sound((file, name), trial, reply);
            }
            ApiRequest::Speakers { reply } => answer(reply, Ok(self.parts.speech.speakers())),
            ApiRequest::Speak { language, spoken, reply } => self.speak(language, spoken, reply),
            ApiRequest::RemoveSound { name, reply } => self.remove_sound(name, reply),
            ApiRequest::SoundFile { sha256, reply } => self.sound_file(sha256, reply),
            ApiRequest::Documents { reply } => forward(store.documents(), reply),
            ApiRequest::KeepDocument { file, reply } => self.keep_document(file, reply),
            ApiRequest::Document { number, reply } => self.document(number, reply),
            ApiRequest::RemoveDocument { number, reply } => self.remove_document(number, reply),
            ApiRequest::Workflows { reply } => forward(store.workflows(), reply),
            ApiRequest::Stats { asked, reply } => self.stats(asked, reply),
            ApiRequest::AgentStats { from, to, hours, reply } => {
                self.agent_stats((from, to), hours, reply);
            }
            ApiRequest::Registrations { reply } => self.registrations(reply),
            ApiRequest::Bans { reply } => self.bans(reply),
            ApiRequest::Pardon { source, reply } => self.pardon(source, reply),
            ApiRequest::Trunks { reply } => self.trunks(reply),
            ApiRequest::TestTrunk { trunk, reply } => self.test_trunk(trunk, reply),
            ApiRequest::Originate { agent, to, number, reply } => {
                self.originate(agent, to, number, reply);
            }
            ApiRequest::Agent { agent, wishes, reply } => self.agent(&agent, wishes, reply),
            ApiRequest::SoundRoom { sound, volume, reply } => {
                self.sound_by_request(sound, volume, reply);
            }
            ApiRequest::Speaker { reply } => answer(reply, Ok(self.cards())),
            ApiRequest::Recordings { call, reply } => self.recordings(call, reply),
            ApiRequest::PlaySound { sound, agent, language, reply } => {
                self.play_to(sound, agent, language, reply);
            }
            ApiRequest::RecordingPath { name, reply } => self.recording_path(name, reply),
            ApiRequest::DeleteRecording { name, reply } => self.delete_recording(name, reply),
            ApiRequest::Messages { agent, reply } => self.messages(agent.as_ref(), reply),
            ApiRequest::MessageWish { name, wish, who, reply } => {
                self.wish_message(name, wish, who, reply);
            }
            ApiRequest::Record { call, wish, reply } => self.record(call, wish, reply),
            ApiRequest::Queue { call, wish, who, reply } => self.queue_wish(call, wish, who, reply),
            ApiRequest::Conference { id, wish, reply } => self.conference(id, wish, reply),
            ApiRequest::HangUp { id, reply } => self.hang_up(id, reply),
            ApiRequest::Backup { path, reply } => forward(store.backup(path), reply),
            ApiRequest::Restore { path, reply } => self.restore(path, reply),
        }
    }

    fn health(&self, reply: Reply<Health>) {
        let store = self.parts.store.health();
        let calls = self.engine.live().calls.len();
        let (started, timezone) = (self.started, zone_name(&zone_of(&self.office)));
        let bindings = self.ask_bindings();
        later(async move {
            let registrations = bindings.await.map(|bindings| bindings.len());
            let health = Health {
                ok: store.writable && registrations.is_ok(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
                started,
                calls,
                registrations: registrations.unwrap_or_default(),
                timezone,
                store: StoreState {
                    writable: store.writable,
                    waiting: store.waiting,
                    lost: store.lost,
                },
            };
            answer(reply, Ok(health));
        });
    }

    fn call(&self, id: CallId, reply: Reply<CallRecord>) {
        // The store has only the beginning of a call that goes on.
        if let Some(call) = self.engine.call_so_far(id) {
            return answer(reply, Ok(call));
        }
        let found = self.parts.store.call(id);
        later(async move {
            let found = settled(found).await;
            answer(reply, found.and_then(|call| call.ok_or_else(Refusal::not_found)));
        });
    }

    pub(crate) fn save(&self, office: Arc<Office>, who: String, reply: Reply<()>) {
        let by = Signature { who, at: clock::now().unix_millis() };
        let saved = self.parts.store.save_office(Arc::clone(&office), by);
        let missing = self.sounds.missing(&office);
        let (store, stored) = (self.parts.store.clone(), self.stored.clone());
        later(async move {
            let clips = match settled(saved).await {
                Ok(()) => clips(&store, missing).await,
                Err(refusal) => Err(refusal),
            };
            match clips {
                Ok(clips) => {
                    go_live(stored, Stored { office, clips, remembered: None, reply }).await;
                }
                Err(refusal) => answer(reply, Err(refusal)),
            }
        });
    }

    fn restore(&self, path: PathBuf, reply: Reply<()>) {
        let restored = self.parts.store.restore(path);
        let (store, stored) = (self.parts.store.clone(), self.stored.clone());
        later(async move {
            let office = match settled(restored).await {
                Ok(office) => Arc::new(office),
                Err(refusal) => return answer(reply, Err(refusal)),
            };
            let remembered = settled(store.remembered()).await.ok().map(Box::new);
            match clips(&store, wanted(&office)).await {
                Ok(clips) => go_live(stored, Stored { office, clips, remembered, reply }).await,
                Err(refusal) => answer(reply, Err(refusal)),
            }
        });
    }

    fn registrations(&self, reply: Reply<Vec<Binding>>) {
        let bindings = self.ask_bindings();
        later(async move {
            answer(reply, bindings.await.map_err(|_| Refusal::unavailable()));
        });
    }

    fn trunks(&self, reply: Reply<Vec<TrunkState>>) {
        let (ask, statuses) = oneshot::channel();
        self.parts.sip.send(SipRequest::Trunks(ask));
        let office = Arc::clone(&self.office);
        later(async move {
            let states = statuses.await.map_err(|_| Refusal::unavailable());
            answer(reply, states.map(|statuses| trunk_states(&office, &statuses)));
        });
    }

    fn ask_bindings(&self) -> oneshot::Receiver<Vec<Binding>> {
        let (ask, bindings) = oneshot::channel();
        self.parts.sip.send(SipRequest::Bindings(ask));
        bindings
    }

    fn originate(
        &mut self,
        agent: Extension,
        to: String,
        number: Option<PhoneNumber>,
        reply: Reply<()>,
    ) {
        if !self.office.agents.contains_key(&agent) {
            return answer(reply, Err(Refusal::not_found()));
        }
        self.tell(Input::Originate { agent, dialled: to, number });
        answer(reply, Ok(()));
    }

    fn agent(&mut self, agent: &Extension, wishes: Vec<DutyWish>, reply: Reply<LiveAgent>) {
        let now = clock::now().unix_millis();
        if let Some(Err(reason)) = wishes.iter().map(|wish| wish.check(now)).find(Result::is_err) {
            return answer(reply, Err(Refusal::new(RefusalKind::BadRequest, reason)));
        }
        for wish in wishes {
            self.tell(Input::Agent { agent: agent.clone(), wish });
        }
        let agents = self.engine.live().agents;
        let found = agents.into_iter().find(|live| live.extension == *agent);
        answer(reply, found.ok_or_else(Refusal::not_found));
    }

    fn sound_by_request(&mut self, sound: api::RoomWish, volume: Percent, reply: Reply<()>) {
        match self.parts.speaker.state(Purpose::Announce) {
            None | Some(CardState::Away) => answer(reply, Err(no_voice())),
            Some(CardState::Idle | CardState::Playing) => {
                let sound = match sound {
                    api::RoomWish::Sound(sound) => RoomWish::Sound(sound),
                    api::RoomWish::Words { situation, language } => {
                        RoomWish::Words { situation, language }
                    }
                };
                self.tell(Input::SoundRoom { sound, volume });
                answer(reply, Ok(()));
            }
        }
    }

    fn cards(&self) -> Vec<SpeakerCard> {
        let cards = self.parts.speaker.states().map(|(card, state)| SpeakerCard {
            card: card.to_owned(),
            state: match state {
                CardState::Idle => SpeakerState::Idle,
                CardState::Playing => SpeakerState::Playing,
                CardState::Away => SpeakerState::Away,
            },
        });
        cards.collect()
    }

    fn hang_up(&mut self, call: CallId, reply: Reply<()>) {
        if !self.engine.live().calls.iter().any(|live| live.id == call) {
            return answer(reply, Err(Refusal::not_found()));
        }
        self.tell(Input::HangUp { call });
        answer(reply, Ok(()));
    }
}

fn no_voice() -> Refusal {
    let message = Words::new(
        "지금 쓸 수 있는 스피커가 없습니다. 사운드 카드와 config.yaml의 speaker 설정을 확인하세요",
        "there is no loudspeaker now; look at the sound card and at speaker in config.yaml",
    );
    Refusal::new(RefusalKind::Conflict, message)
}

fn trunk_states(office: &Office, statuses: &[TrunkStatus]) -> Vec<TrunkState> {
    let state = |trunk: &Trunk| TrunkState {
        name: trunk.name.to_string(),
        label: trunk.label.clone(),
        peer: trunk.peer.map(|peer| peer.to_string()),
        server: trunk.register.as_ref().map(|account| account.server.clone()),
        transport: trunk.transport,
        link: link(trunk, statuses.iter().find(|status| status.trunk == trunk.name)),
    };
    office.trunks.values().map(state).collect()
}

fn link(trunk: &Trunk, status: Option<&TrunkStatus>) -> TrunkLink {
    match (trunk.register.is_some(), status) {
        (false, _) => TrunkLink::Address,
        (true, Some(status)) if status.registered_until.is_some() => TrunkLink::Registered,
        (true, Some(status)) if status.last_error.is_some() => TrunkLink::Failed,
        (true, _) => TrunkLink::Registering,
    }
}

/// The office is on disk: the loop takes it live and answers.
async fn go_live(stored: mpsc::Sender<Stored>, office: Stored) {
    // The loop has ended only if the daemon has; then nobody waits for the answer either.
    drop(stored.send(office).await);
}

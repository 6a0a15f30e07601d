//! A sound played to an agent's phone because somebody asked for it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::task::spawn_blocking;

use crate::api::refusal::{Refusal, RefusalKind};
use crate::api::request::{HeardSound, Reply};
use crate::audio::clip::Clip;
use crate::audio::import::{MAX_HEARD, recorded};
use crate::clock;
use crate::engine::dialling::WantedSound;
use crate::engine::input::Input;
use crate::history::recording_name::RecordingName;
use crate::history::trail::trail::Skip;
use crate::office::announcement::{Situation, Sound};
use crate::office::extension::Extension;
use crate::office::language::Language;
use crate::office::recording::{SoundHash, SoundName};
use crate::recording::handle::Answer;
use crate::store::handle::StoreHandle;
use crate::switchboard::answering::{answer, later, settled};
use crate::switchboard::conversing::go_on;
use crate::switchboard::event::Found;
use crate::switchboard::library::clips;
use crate::switchboard::recordings::kept;
use crate::switchboard::run::Switchboard;
use crate::words::Words;

/// Octets of the largest recording that is read: half an hour of WAV in two channels.
const LARGEST: u64 = 128 * 1024 * 1024;

impl Switchboard {
    /// Finds the sound, and says at once why it cannot be heard.
    pub(crate) fn play_to(
        &mut self,
        wanted: HeardSound,
        agent: Extension,
        language: Option<Language>,
        reply: Reply<()>,
    ) {
        if let Err(refusal) = self.can_listen(&agent) {
            return answer(reply, Err(refusal));
        }
        let own = self.office.agents.get(&agent).map_or(Language::En, |agent| agent.language);
        let (name, found) = match wanted {
            HeardSound::BuiltIn(situation) => {
                let language = language.unwrap_or(own);
                let listening = self.built_in(situation, language);
                return self.let_hear(agent, listening, None, reply);
            }
            HeardSound::Held(sha256) => (sha256.short(), Wanted::Held(sha256)),
            HeardSound::Named(name) => {
                let recording = name.as_str().parse().ok();
                let find = |name| self.parts.recording.find(name);
                let path = recording.map(|name: RecordingName| find(name));
                (name.to_string(), Wanted::Named { name, path })
            }
        };
        let (store, back) = (self.parts.store.clone(), self.found.clone());
        later(async move {
            match found.find(&store).await {
                Ok((sha256, clip)) => {
                    let (sound, length) = (Sound::Recorded(sha256), clip.duration());
                    let listening = WantedSound { sound, name, length };
                    go_on(&back, Found::Sound { agent, listening, clip: Some(clip), reply }).await;
                }
                Err(refusal) => answer(reply, Err(refusal)),
            }
        });
    }

    /// The sound is ready: the phone rings.
    pub(crate) fn let_hear(
        &mut self,
        agent: Extension,
        listening: WantedSound,
        clip: Option<Arc<Clip>>,
        reply: Reply<()>,
    ) {
        // Finding it took a while.
        if let Err(refusal) = self.can_listen(&agent) {
            return answer(reply, Err(refusal));
        }
        if let (Sound::Recorded(sha256), Some(clip)) = (&listening.sound, clip)
            && !self.sounds.lend(*sha256, clip, clock::now().ticks)
        {
            return answer(
                reply,
                Err(conflict(
                    "다른 사람이 긴 소리를 듣고 있습니다. 잠시 뒤에 다시 해 보세요",
                    "others are listening to long sounds; try again in a while",
                )),
            );
        }
        self.tell(Input::PlayTo { agent, listening });
        answer(reply, Ok(()));
    }

    fn built_in(&mut self, situation: Situation, language: Language) -> WantedSound {
        let sound = Sound::BuiltIn { situation, language };
        let length = self.sounds.clip(&sound).duration();
        let word = serde_json::to_value(situation).ok();
        let word = word.as_ref().and_then(|word| word.as_str()).unwrap_or_default();
        WantedSound { sound, name: format!("built-in:{word}"), length }
    }

    fn can_listen(&self, agent: &Extension) -> Result<(), Refusal> {
        let Some(found) = self.engine.own_phones(agent) else {
            let words = Words::new(
                format!("내선 {agent} 번이 없습니다"),
                format!("there is no extension {agent}"),
            );
            return Err(Refusal::new(RefusalKind::NotFound, words));
        };
        found.map_err(|because| match because {
            Skip::NoPhone => conflict(
                "등록된 전화기가 없습니다. 전화기의 전원과 등록 상태를 확인하세요",
                "no phone of theirs is registered; look at its power and registration",
            ),
            Skip::Ringing
            | Skip::Talking
            | Skip::WrappingUp
            | Skip::NoPhoneCalls
            | Skip::SeatEmpty
            | Skip::Away
            | Skip::DoNotDisturb
            | Skip::PhonesOff
            | Skip::DidNotTake => conflict(
                "지금 통화 중입니다. 통화가 끝난 뒤에 다시 해 보세요",
                "they are on a call; try again when it is over",
            ),
        })
    }
}

/// Where a sound is looked for.
enum Wanted {
    Held(SoundHash),
    /// The office's own sounds come first.
    Named {
        name: SoundName,
        path: Option<Answer<PathBuf>>,
    },
}

impl Wanted {
    async fn find(self, store: &StoreHandle) -> Result<(SoundHash, Arc<Clip>), Refusal> {
        let (name, path) = match self {
            Self::Held(sha256) => return held(store, sha256).await,
            Self::Named { name, path } => (name, path),
        };
        let sounds = settled(store.sounds()).await?;
        if let Some(sound) = sounds.iter().find(|sound| sound.name.as_ref() == Some(&name)) {
            return held(store, sound.sha256).await;
        }
        let path = kept(path.ok_or_else(Refusal::not_found)?).await?;
        let read = spawn_blocking(move || heard(&path)).await;
        read.unwrap_or_else(|_| Err(Refusal::unavailable()))
    }
}

async fn held(store: &StoreHandle, sha256: SoundHash) -> Result<(SoundHash, Arc<Clip>), Refusal> {
    let found = clips(store, [sha256].into()).await?;
    found.into_iter().next().ok_or_else(|| {
        let words = Words::new(
            "그 소리가 없습니다. 글이면 음성 합성을 설정하고(config.yaml의 speech) 다시 저장하세요",
            "that sound is not there; for a text, set up a speech engine (speech in config.yaml) and \
             save it again",
        );
        Refusal::new(RefusalKind::NotFound, words)
    })
}

fn heard(path: &Path) -> Result<(SoundHash, Arc<Clip>), Refusal> {
    let invalid = |words| Refusal::new(RefusalKind::Invalid, words);
    let octets = fs::metadata(path).map_err(|_| Refusal::not_found())?.len();
    if octets > LARGEST {
        let minutes = MAX_HEARD.as_secs() / 60;
        return Err(invalid(Words::new(
            format!("{minutes}분보다 긴 녹음은 전화기로 들을 수 없습니다. 파일로 받아 들으세요"),
            format!(
                "a recording of more than {minutes} minutes is not played to a phone; fetch it"
            ),
        )));
    }
    let file = fs::read(path).map_err(|_| Refusal::not_found())?;
    let clip =
        recorded(&file).map_err(|error| invalid(Words::new(error.korean(), error.to_string())))?;
    clip.prepare();
    Ok((SoundHash::of(&file), Arc::new(clip)))
}

fn conflict(ko: &str, en: &str) -> Refusal {
    Refusal::new(RefusalKind::Conflict, Words::new(ko, en))
}

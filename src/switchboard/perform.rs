//! Does what the engine commands, by handing it on.

use crate::engine::command::Command;
use crate::media::handle::MediaCommand;
use crate::sip::handle::SipRequest;
use crate::switchboard::run::Switchboard;

impl Switchboard {
    pub(crate) fn perform(&mut self, command: Command) {
        let parts = &self.parts;
        match command {
            Command::Ringing { leg } => parts.sip.send(SipRequest::Ringing { leg }),
            Command::EarlyMedia { leg, like } => {
                parts.sip.send(SipRequest::EarlyMedia { leg, like });
            }
            Command::Answer { leg, like } => parts.sip.send(SipRequest::Answer { leg, like }),
            Command::Ring(request) => parts.sip.send(SipRequest::Ring(request)),
            Command::HangUp { leg, cause } => parts.sip.send(SipRequest::HangUp { leg, cause }),
            Command::Join { one, other } => parts.media.send(MediaCommand::Join { one, other }),
            Command::Part { leg } => parts.media.send(MediaCommand::Part { leg }),
            Command::Echo { leg } => parts.media.send(MediaCommand::Echo { leg }),
            Command::Play { leg, play, sound, repeat } => {
                let clip = self.sounds.clip(&sound);
                parts.media.send(MediaCommand::Play { leg, play, clip, repeat });
            }
            Command::CallStarted(record) => parts.store.call_started(*record),
            Command::CallEnded(record) => parts.store.call_ended(*record),
            Command::Publish(update) => {
                // Nobody may be watching.
                drop(parts.updates.send(update));
            }
        }
    }
}

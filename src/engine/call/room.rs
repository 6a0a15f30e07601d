//! What the room's loudspeaker has to do with a call.

use crate::engine::call::desk::Desk;
use crate::engine::routing::Phone;
use crate::engine::voices::room_sound;
use crate::leg::PlayId;
use crate::office::announcement::Sound;
use crate::office::number::Number;
use crate::office::room_sound::Percent;
use crate::office::route::Route;
use crate::office::speaker::Rung;

/// How the room rings for one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RoomCue {
    pub(crate) play: PlayId,
    pub(crate) sound: Sound,
    pub(crate) volume: Percent,
}

/// Whether the room rings beside these phones: for the number that was called, else for the team
/// behind it, else for the first of the agents that rings in the room.
pub(crate) fn room_ring(
    number: Option<&Number>,
    phones: &[Phone],
    desk: &mut Desk<'_>,
) -> Option<RoomCue> {
    let called = number.map(|number| Rung::Number(number.number.clone()));
    let team = number.and_then(|number| match &number.route {
        Route::Team(team) => Some(Rung::Team(team.clone())),
        Route::Agent(_) | Route::Workflow(_) | Route::Off => None,
    });
    let agents = phones.iter().map(|phone| Rung::Agent(phone.agent.extension.clone()));
    let rings = &desk.office.speaker.rings;
    let ring = called.into_iter().chain(team).chain(agents).find_map(|rung| rings.get(&rung))?;
    let sound = room_sound(ring.sound, &desk.office.dial_out.home);
    Some(RoomCue { play: desk.ids.play(), sound, volume: ring.volume })
}

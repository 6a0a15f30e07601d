//! What the trail says of sound that comes from nowhere, or that moves.

use crate::leg::SoundTrouble;
use crate::words::Words;

impl SoundTrouble {
    /// One sentence of `party`, whose sound it is, and what it means.
    #[must_use]
    pub fn words(&self, party: &str) -> Words {
        match self {
            Self::Unheard { described, stranger: None, seconds } => Words::new(
                format!(
                    "'{party}' 쪽의 소리가 들리지 않습니다. 받은 지 {seconds}초가 지나도 알려 준 주소 {described}에서 아무것도 \
                     오지 않았습니다. 중간의 방화벽이나 NAT가 막거나, 전화기가 소리를 다른 곳으로 보냅니다."
                ),
                format!(
                    "'{party}' is not heard: {seconds} seconds after the answer nothing has come from {described}, \
                     the address that was named for its sound. A firewall or NAT between drops it, or the phone \
                     sends it elsewhere."
                ),
            ),
            Self::Unheard { described, stranger: Some(from), seconds } => Words::new(
                format!(
                    "'{party}' 쪽의 소리가 들리지 않습니다. 받은 지 {seconds}초가 지나도 알려 준 주소 {described}에서 아무것도 \
                     오지 않았고, {from}에서 온 것은 그 전화의 것으로 볼 수 없어 버렸습니다."
                ),
                format!(
                    "'{party}' is not heard: {seconds} seconds after the answer nothing has come from {described}, \
                     the address that was named for its sound; what came from {from} could be anybody's and was dropped."
                ),
            ),
            Self::Moved { before, from } => Words::new(
                format!(
                    "통화 중에 '{party}' 쪽의 소리가 {before}이(가) 아니라 {from}에서 오기 시작했습니다. 우리 소리도 그리로 보냅니다."
                ),
                format!(
                    "In the middle of the call the sound of '{party}' began to come from {from} and no longer from \
                     {before}; ours goes there, too."
                ),
            ),
        }
    }
}

//! The sound of one leg as SIP settles it: ports, descriptions, hold.

use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};

use bytes::Bytes;

use crate::leg::{LegEvent, LegId};
use crate::media::codec::Codec;
use crate::media::handle::{MediaCommand, MediaHandle, Tuning};
use crate::office::srtp::SrtpPolicy;
use crate::sip::leg::negotiation::{Negotiation, Security};
use crate::sip::syntax::sdp::{Sdp, SdpError};

/// One leg's ports and what has been agreed about them. Dropping it does not close the leg.
#[derive(Debug)]
pub struct LegMedia {
    leg: LegId,
    handle: MediaHandle,
    /// Bound, but not yet handed to media.
    sockets: Option<(UdpSocket, UdpSocket)>,
    local: IpAddr,
    negotiation: Negotiation,
    /// Where the far end's SIP comes from; a phone behind NAT sends its sound from there too.
    signalling: Option<IpAddr>,
    /// From the answer on the far end must send.
    answered: bool,
    held: bool,
    encrypted: bool,
}

impl LegMedia {
    /// Binds a pair of ports on `local` that the far end is told as `advertised`.
    ///
    /// # Errors
    /// When no ports are left; the leg is refused with 503.
    pub fn bind(
        leg: LegId,
        handle: &MediaHandle,
        local: IpAddr,
        advertised: IpAddr,
        first: Option<Codec>,
        security: Security,
    ) -> io::Result<Self> {
        let sockets = handle.bind(local)?;
        let advertised = SocketAddr::new(advertised, sockets.0.local_addr()?.port());
        Ok(Self {
            leg,
            handle: handle.clone(),
            sockets: Some(sockets),
            local,
            negotiation: Negotiation::new(leg.get() + 1, advertised, first, security),
            signalling: None,
            answered: false,
            held: false,
            encrypted: false,
        })
    }

    /// The far end signals from `host`.
    pub fn signalled_from(&mut self, host: IpAddr) {
        self.signalling = Some(host);
    }

    /// The leg is answered: from now on silence counts.
    pub fn leg_answered(&mut self) {
        self.answered = true;
        if let Some(tuning) = self.negotiation.tuning() {
            self.tune(*tuning);
        }
    }

    /// Hands the ports to media, which knows the leg from then on.
    pub fn open(&mut self) {
        if let Some((rtp, rtcp)) = self.sockets.take() {
            self.handle.send(MediaCommand::Open { leg: self.leg, rtp, rtcp });
        }
    }

    #[must_use]
    pub fn is_open(&self) -> bool {
        self.sockets.is_none()
    }

    #[must_use]
    pub fn local(&self) -> IpAddr {
        self.local
    }

    #[must_use]
    pub fn codec(&self) -> Option<Codec> {
        self.negotiation.tuning().map(|tuning| tuning.codec)
    }

    pub fn offer(&mut self) -> Bytes {
        self.negotiation.offer()
    }

    /// An offer without keys, after one with them was refused; `None` where they are a must, or
    /// were not offered.
    pub fn plain_offer(&mut self) -> Option<Bytes> {
        let may = self.negotiation.policy() == SrtpPolicy::Optional;
        may.then(|| self.negotiation.plain_offer())
    }

    /// What was said last, for a refresh.
    #[must_use]
    pub fn repeated(&self) -> Option<Bytes> {
        self.negotiation.repeated()
    }

    /// Answers an offer and tunes the stream to it.
    ///
    /// # Errors
    /// When the offer is of no use; all stays as it was.
    pub fn answer(&mut self, offer: &[u8], like: Option<Codec>) -> Result<Bytes, SdpError> {
        let (answer, tuning) =
            self.negotiation.answer(&Sdp::parse(offer, self.negotiation.policy())?, like)?;
        self.tune(tuning);
        Ok(answer)
    }

    /// Takes the answer to our offer and tunes the stream to it.
    ///
    /// # Errors
    /// When the answer is of no use; all stays as it was.
    pub fn take_answer(&mut self, answer: &[u8]) -> Result<(), SdpError> {
        let tuning = self.negotiation.answered(&Sdp::parse(answer, self.negotiation.policy())?)?;
        self.tune(tuning);
        Ok(())
    }

    /// Whether the far end has put us on hold, or taken us back, since the last question.
    pub fn poll_hold(&mut self) -> Option<LegEvent> {
        let held = self.negotiation.tuning().is_some_and(|tuning| !tuning.send);
        if held == self.held {
            return None;
        }
        self.held = held;
        let leg = self.leg;
        Some(if held { LegEvent::Held { leg } } else { LegEvent::Resumed { leg } })
    }

    /// Whether the sound has become encrypted, or is so no longer, since the last question.
    pub fn poll_encryption(&mut self) -> Option<LegEvent> {
        let encrypted = self.negotiation.tuning().is_some_and(|tuning| tuning.srtp.is_some());
        if encrypted == self.encrypted {
            return None;
        }
        self.encrypted = encrypted;
        Some(LegEvent::Encrypted { leg: self.leg, encrypted })
    }

    /// The far end has told of a key by INFO.
    pub fn pressed(&self, digit: char) {
        self.handle.send(MediaCommand::Digit { leg: self.leg, digit });
    }

    /// Gives the ports back.
    pub fn close(&mut self) {
        if self.sockets.take().is_none() {
            self.handle.send(MediaCommand::Close { leg: self.leg });
        }
    }

    fn tune(&mut self, tuning: Tuning) {
        self.open();
        let signalling = self.signalling.unwrap_or(tuning.signalling);
        let tuning = Tuning { signalling, answered: self.answered, ..tuning };
        self.handle.send(MediaCommand::Tune { leg: self.leg, tuning });
    }
}

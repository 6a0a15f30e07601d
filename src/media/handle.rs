//! What the other parts hold of media: cheap to clone, sends messages, never waits.

use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::{Arc, OnceLock, mpsc};

use nix::sys::eventfd::{EfdFlags, EventFd};
use tracing::{debug, warn};

use crate::audio::clip::Clip;
use crate::audio::pipe::Writer;
use crate::leg::{LegId, PlayId, RoomId, SoundTrouble};
use crate::media::codec::{Codec, OpusTerms};
use crate::media::ports::Ports;
use crate::media::report::extended::ExtendedTerms;
use crate::media::report::quality::Quality;
use crate::media::srtp::keys::SrtpTerms;
use crate::media::tape::TapeWriter;

/// What a leg's RTP shall be like, as offer and answer have settled it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tuning {
    /// The far end's host as signalling sees it: a phone behind NAT sends from there.
    pub signalling: IpAddr,
    /// Whether the call is answered: only then must the far end send, and is silence told.
    pub answered: bool,
    /// Where the session description says sound is to be sent.
    pub remote: SocketAddr,
    /// Where reports are to be sent; `None` is the port above.
    pub remote_rtcp: Option<SocketAddr>,
    pub codec: Codec,
    pub payload_type: u8,
    /// What the far end asks of Opus; of no meaning to other codecs.
    pub opus: OpusTerms,
    /// Payload type of RFC 4733 events, if agreed.
    pub telephone_event: Option<u8>,
    /// Ticks a second of those events' durations: 8,000 or 48,000.
    pub event_clock: u32,
    /// Milliseconds of sound a packet: 10 to 60.
    pub ptime: u8,
    /// Whether the far end wants to hear us (false while it holds).
    pub send: bool,
    /// Whether we listen to the far end.
    pub receive: bool,
    /// Which extended reports it asks for.
    pub extended: ExtendedTerms,
    /// How sound and reports are encrypted; `None` sends and takes them in clear.
    pub srtp: Option<SrtpTerms>,
}

#[derive(Debug)]
pub enum MediaCommand {
    Open {
        leg: LegId,
        rtp: UdpSocket,
        rtcp: UdpSocket,
    },
    Tune {
        leg: LegId,
        tuning: Tuning,
    },
    Join {
        one: LegId,
        other: LegId,
    },
    Part {
        leg: LegId,
    },
    Play {
        leg: LegId,
        play: PlayId,
        clip: Arc<Clip>,
        repeat: bool,
    },
    Echo {
        leg: LegId,
    },
    /// Also write what the leg says, as samples at 8 kHz, until it is parted or gone.
    Page {
        leg: LegId,
        into: Writer,
    },
    /// Also write what the leg says on this tape, packet by packet, until the leg is gone or nobody
    /// reads it any more.
    Record {
        leg: LegId,
        tape: TapeWriter,
    },
    OpenRoom {
        room: RoomId,
        /// Who gets what the others press.
        keys_to: Option<LegId>,
    },
    /// Whoever is still in it hears nothing.
    CloseRoom {
        room: RoomId,
    },
    /// In the place of what the leg heard; `announced` if the others shall hear it come and go.
    JoinRoom {
        room: RoomId,
        leg: LegId,
        announced: bool,
    },
    LeaveRoom {
        leg: LegId,
    },
    /// The others hear the leg no more, or again.
    MuteInRoom {
        leg: LegId,
        muted: bool,
    },
    /// The leg has pressed a key, as signalling says (SIP INFO).
    Digit {
        leg: LegId,
        digit: char,
    },
    /// What the leg presses from a star on is not sent on before `PassKeys`.
    HoldBackStar {
        leg: LegId,
    },
    /// What was held back is sent on, or forgotten.
    PassKeys {
        leg: LegId,
        forget: bool,
    },
    /// Presses keys towards the leg, in the form it understands.
    Dial {
        leg: LegId,
        digits: String,
    },
    Close {
        leg: LegId,
    },
    Stop,
}

/// What media tells the switchboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaEvent {
    /// A clip that was not repeated has been played to its end.
    PlayEnded { leg: LegId, play: PlayId },
    /// Nothing has come from the leg for the time allowed, though it should send.
    Silent { leg: LegId },
    /// Where its sound comes from, or that none does; each at most once a leg.
    Trouble { leg: LegId, trouble: SoundTrouble },
    /// The leg has pressed a key, once, however often and in whatever form that was told.
    Digit { leg: LegId, digit: char },
    /// The leg is closed, and this is how it was.
    Quality { leg: LegId, quality: Quality },
}

#[derive(Clone, Debug)]
pub struct MediaHandle {
    commands: mpsc::SyncSender<MediaCommand>,
    ports: Arc<Ports>,
    waker: Arc<Waker>,
}

/// Ends the media thread's wait for packets. There is nothing to end before it runs.
#[derive(Debug, Default)]
pub struct Waker {
    event: OnceLock<EventFd>,
}

impl Waker {
    /// What the thread waits on, made by the first who asks.
    ///
    /// # Errors
    /// When the process has no descriptor left.
    pub fn event(&self) -> io::Result<&EventFd> {
        if let Some(event) = self.event.get() {
            return Ok(event);
        }
        let fresh = EventFd::from_flags(EfdFlags::EFD_NONBLOCK | EfdFlags::EFD_CLOEXEC)?;
        Ok(self.event.get_or_init(|| fresh))
    }

    fn wake(&self) {
        if let Some(event) = self.event.get()
            && let Err(error) = event.write(1)
        {
            debug!(%error, "media is being woken already");
        }
    }
}

impl MediaHandle {
    /// A handle, and the end that `media/run` reads.
    #[must_use]
    pub fn channel(capacity: usize, ports: Ports) -> (Self, mpsc::Receiver<MediaCommand>) {
        let (commands, received) = mpsc::sync_channel(capacity);
        (Self { commands, ports: Arc::new(ports), waker: Arc::default() }, received)
    }

    /// Binds a pair of ports on `local` for `leg` and returns the RTP address to advertise.
    ///
    /// # Errors
    /// When no pair of the configured range can be bound, or media takes no more commands.
    pub fn open(&self, leg: LegId, local: IpAddr) -> io::Result<SocketAddr> {
        let (rtp, rtcp) = self.bind(local)?;
        let address = rtp.local_addr()?;
        let opened = self.commands.try_send(MediaCommand::Open { leg, rtp, rtcp });
        opened.map_err(|refused| io::Error::other(refused.to_string()))?;
        self.waker.wake();
        Ok(address)
    }

    /// Binds a pair of ports (RTP, RTCP) that a leg may be opened with later: a placed leg that
    /// rings phones on several of our addresses needs a pair on each.
    ///
    /// # Errors
    /// When no pair of the configured range can be bound.
    pub fn bind(&self, local: IpAddr) -> io::Result<(UdpSocket, UdpSocket)> {
        self.ports.bind_pair(local)
    }

    /// Sends without waiting; a full channel costs the command and is said aloud.
    pub fn send(&self, command: MediaCommand) {
        if let MediaCommand::Play { clip, .. } = &command {
            // Coding a clip takes longer than a packet may wait.
            clip.prepare();
        }
        if let Err(refused) = self.commands.try_send(command) {
            warn!(%refused, "media takes no more commands");
        }
        self.waker.wake();
    }

    #[must_use]
    pub fn waker(&self) -> Arc<Waker> {
        Arc::clone(&self.waker)
    }
}

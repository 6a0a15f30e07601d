//! The media thread: waits for packets, commands and the next tick, and owns every socket.
//!
//! Every packet is handled and sent on before the next is read. Nothing on that way allocates,
//! locks or waits; a packet that makes us fail costs its leg, never the thread.

use std::collections::BTreeMap;
use std::io;
use std::net::UdpSocket;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use tokio::sync::mpsc::Sender;
use tracing::{debug, error, info, trace, warn};

use crate::clock;
use crate::leg::LegId;
use crate::media::handle::{MediaCommand, MediaEvent, MediaHandle, Waker};
use crate::media::outbox::Channel;
use crate::media::packet::LARGEST;
use crate::media::patchbay::Patchbay;
use crate::time::Moment;

/// How long an answered leg may say nothing (R12 allows a minute in all).
pub const SILENCE: Duration = Duration::from_secs(45);
/// With legs open the thread wakes at least this often, so that standing still is noticed.
const HEARTBEAT: Duration = Duration::from_millis(100);
/// A heartbeat this late means that the process or the machine stood still (R18).
const STALL: Duration = Duration::from_millis(400);
/// Packets read from one socket before the others have their turn.
const FAIR_SHARE: usize = 16;
/// Packets thrown away from one socket after a stall; the kernel keeps fewer.
const MOST_STALE: usize = 4_096;
/// The token of the waker; sockets have twice their slot, plus one for RTCP.
const WAKER: u64 = u64::MAX;

/// Starts the thread. It ends at [`MediaCommand::Stop`], and closes what is open then.
///
/// # Errors
/// When the process has no descriptor, no thread or no random numbers left.
pub fn run(
    handle: &MediaHandle,
    commands: Receiver<MediaCommand>,
    events: Sender<MediaEvent>,
    silence: Duration,
) -> io::Result<JoinHandle<()>> {
    let desk = desk(handle, commands, events, silence)?;
    thread::Builder::new().name("media".to_owned()).spawn(move || desk.work())
}

fn desk(
    handle: &MediaHandle,
    commands: Receiver<MediaCommand>,
    events: Sender<MediaEvent>,
    silence: Duration,
) -> io::Result<Desk> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| io::Error::other(error.to_string()))?;
    let waker = handle.waker();
    let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
    epoll.add(waker.event()?, EpollEvent::new(EpollFlags::EPOLLIN, WAKER))?;
    let patchbay = Patchbay::new(seed, silence, clock::now());
    let sockets = Sockets { epoll, slots: Vec::new(), of: BTreeMap::new() };
    Ok(Desk { patchbay, sockets, commands, events, waker, faults: 0 })
}

struct Desk {
    patchbay: Patchbay,
    sockets: Sockets,
    commands: Receiver<MediaCommand>,
    events: Sender<MediaEvent>,
    waker: Arc<Waker>,
    faults: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Work {
    GoesOn,
    Done,
}

impl Desk {
    fn work(mut self) {
        let mut ready = [EpollEvent::empty(); 256];
        let mut datagram = [0; LARGEST + 1];
        let mut last = clock::now();
        // Commands from before the first wait.
        let mut work = self.obey(last);
        while work == Work::GoesOn {
            let timeout = self.timeout(last);
            let count = match self.sockets.epoll.wait(&mut ready, timeout) {
                Ok(count) => count,
                Err(Errno::EINTR) => 0,
                Err(error) => {
                    error!(%error, "media cannot wait for packets any more");
                    break;
                }
            };
            let now = clock::now();
            self.notice_stall(last, now, &mut datagram);
            last = now;
            self.guarded(|desk| desk.patchbay.handle_timeout(now));
            self.flush();
            for event in &ready[..count] {
                if event.data() == WAKER {
                    work = self.obey(now);
                } else {
                    self.receive(event.data(), now, &mut datagram);
                }
            }
        }
        info!(faults = self.faults, "media has ended");
    }

    /// Rounded up: waking before a tick is due would make the loop spin.
    fn timeout(&self, now: Moment) -> EpollTimeout {
        let due = self.patchbay.poll_timeout();
        let heartbeat = (!self.sockets.of.is_empty()).then_some(HEARTBEAT);
        // The clock is read anew: handling what came in has taken its time.
        let waits = due.map(|due| due.saturating_duration_since(clock::now().ticks.max(now.ticks)));
        let Some(wait) = waits.into_iter().chain(heartbeat).min() else {
            return EpollTimeout::NONE;
        };
        u16::try_from(wait.as_micros().div_ceil(1_000))
            .map_or(EpollTimeout::MAX, EpollTimeout::from)
    }

    /// What piled up while we stood still is too old to be heard (R18).
    fn notice_stall(&mut self, last: Moment, now: Moment, datagram: &mut [u8]) {
        let stood = now.ticks.saturating_duration_since(last.ticks);
        if self.sockets.of.is_empty() || stood < HEARTBEAT + STALL {
            return;
        }
        let stale = self.sockets.discard(datagram);
        warn!(stood_ms = stood.as_millis(), stale, "media stood still; old packets are dropped");
        self.patchbay.handle_stall(now);
    }

    fn obey(&mut self, now: Moment) -> Work {
        if let Ok(event) = self.waker.event()
            && let Err(error) = event.read()
        {
            trace!(%error, "media was woken without a command");
        }
        loop {
            match self.commands.try_recv() {
                Ok(MediaCommand::Stop) | Err(TryRecvError::Disconnected) => return Work::Done,
                Ok(command) => self.guarded(|desk| desk.perform(command, now)),
                Err(TryRecvError::Empty) => break,
            }
        }
        self.flush();
        Work::GoesOn
    }

    fn perform(&mut self, command: MediaCommand, now: Moment) {
        debug!(?command, "media is told");
        match command {
            MediaCommand::Open { leg, rtp, rtcp } => match self.sockets.open(leg, rtp, rtcp) {
                Ok(()) => self.patchbay.open(leg, now),
                Err(error) => warn!(%leg, %error, "a leg's sockets cannot be watched"),
            },
            MediaCommand::Tune { leg, tuning } => self.patchbay.tune(leg, tuning, now),
            MediaCommand::Join { one, other } => self.patchbay.join(one, other),
            MediaCommand::Part { leg } => self.patchbay.part(leg),
            MediaCommand::Play { leg, play, clip, repeat } => {
                self.patchbay.play(leg, play, (clip, repeat), now);
            }
            MediaCommand::Echo { leg } => self.patchbay.echo(leg),
            MediaCommand::Page { leg, into } => self.patchbay.page(leg, into),
            MediaCommand::Record { leg, tape } => self.patchbay.record(leg, tape),
            MediaCommand::OpenRoom { room, keys_to } => {
                self.patchbay.open_room(room);
                if let Some(to) = keys_to {
                    self.patchbay.send_keys_to(room, to);
                }
            }
            MediaCommand::HoldBackStar { leg } => self.patchbay.hold_back_star(leg),
            MediaCommand::PassKeys { leg, forget } => self.patchbay.pass_keys(leg, forget, now),
            MediaCommand::CloseRoom { room } => self.patchbay.close_room(room),
            MediaCommand::JoinRoom { room, leg, announced } => {
                self.patchbay.join_room(room, leg, announced, now);
            }
            MediaCommand::LeaveRoom { leg } => self.patchbay.leave_room(leg),
            MediaCommand::MuteInRoom { leg, muted } => self.patchbay.mute(leg, muted),
            MediaCommand::Digit { leg, digit } => self.patchbay.digit(leg, digit, now),
            MediaCommand::Dial { leg, digits } => self.patchbay.dial(leg, &digits, now),
            MediaCommand::Close { leg } => {
                self.patchbay.close(leg, now);
                self.flush();
                self.sockets.close(leg);
            }
            MediaCommand::Stop => {}
        }
    }

    fn receive(&mut self, token: u64, now: Moment, datagram: &mut [u8]) {
        let channel = if token.is_multiple_of(2) { Channel::Rtp } else { Channel::Rtcp };
        for _ in 0..FAIR_SHARE {
            let Some((leg, socket)) = self.sockets.at(token / 2, channel) else { return };
            match socket.recv_from(datagram) {
                Ok((length, _)) if length > LARGEST => trace!(%leg, "a datagram is too long"),
                Ok((length, from)) => {
                    let data = &datagram[..length];
                    self.guarded(|desk| match channel {
                        Channel::Rtp => desk.patchbay.handle_rtp(leg, from, data, now),
                        Channel::Rtcp => desk.patchbay.handle_rtcp(leg, from, data, now),
                    });
                    self.flush();
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                Err(error) => trace!(%leg, %error, "a datagram could not be read"),
            }
        }
    }

    fn flush(&mut self) {
        while let Some(transmit) = self.patchbay.poll_transmit() {
            let Some(socket) = self.sockets.of(transmit.leg, transmit.channel) else { continue };
            if let Err(error) = socket.send_to(transmit.data, transmit.to) {
                trace!(leg = %transmit.leg, to = %transmit.to, %error, "a datagram was not sent");
            }
        }
        while let Some(event) = self.patchbay.poll_event() {
            if let Err(refused) = self.events.try_send(event) {
                warn!(%refused, "nobody takes what media tells");
            }
        }
    }

    /// One bad packet must not silence the office: the leg it came for is closed instead.
    fn guarded(&mut self, step: impl FnOnce(&mut Self)) {
        if catch_unwind(AssertUnwindSafe(|| step(self))).is_ok() {
            return;
        }
        self.faults += 1;
        let dropped = self.patchbay.drop_faulty(clock::now());
        if let Some(leg) = dropped {
            self.sockets.close(leg);
        }
        error!(?dropped, faults = self.faults, "media has failed; the leg is given up");
    }
}

/// The sockets of the legs, by the slot that epoll knows and by leg.
struct Sockets {
    epoll: Epoll,
    slots: Vec<Option<Pair>>,
    of: BTreeMap<LegId, usize>,
}

struct Pair {
    leg: LegId,
    rtp: UdpSocket,
    rtcp: UdpSocket,
}

impl Pair {
    fn socket(&self, channel: Channel) -> &UdpSocket {
        match channel {
            Channel::Rtp => &self.rtp,
            Channel::Rtcp => &self.rtcp,
        }
    }
}

impl Sockets {
    fn open(&mut self, leg: LegId, rtp: UdpSocket, rtcp: UdpSocket) -> io::Result<()> {
        self.close(leg);
        let slot = self.slots.iter().position(Option::is_none).unwrap_or(self.slots.len());
        let token = slot as u64 * 2;
        self.epoll.add(&rtp, EpollEvent::new(EpollFlags::EPOLLIN, token))?;
        self.epoll.add(&rtcp, EpollEvent::new(EpollFlags::EPOLLIN, token + 1))?;
        let pair = Some(Pair { leg, rtp, rtcp });
        match self.slots.get_mut(slot) {
            Some(free) => *free = pair,
            None => self.slots.push(pair),
        }
        self.of.insert(leg, slot);
        Ok(())
    }

    /// Closing a descriptor that nobody else holds ends epoll's interest in it.
    fn close(&mut self, leg: LegId) {
        if let Some(slot) = self.of.remove(&leg).and_then(|slot| self.slots.get_mut(slot)) {
            *slot = None;
        }
    }

    /// A token may be a moment old: its slot empty, or another leg's with nothing to read.
    fn at(&self, slot: u64, channel: Channel) -> Option<(LegId, &UdpSocket)> {
        let pair = self.slots.get(usize::try_from(slot).ok()?)?.as_ref()?;
        Some((pair.leg, pair.socket(channel)))
    }

    fn of(&self, leg: LegId, channel: Channel) -> Option<&UdpSocket> {
        let pair = self.slots.get(*self.of.get(&leg)?)?.as_ref()?;
        Some(pair.socket(channel))
    }

    /// Empties every socket and returns how many datagrams there were.
    fn discard(&self, datagram: &mut [u8]) -> usize {
        let sockets = self.slots.iter().flatten().flat_map(|pair| [&pair.rtp, &pair.rtcp]);
        let emptied = sockets.map(|socket| {
            let unread = (0..MOST_STALE).take_while(|_| socket.recv_from(datagram).is_ok());
            unread.count()
        });
        emptied.sum()
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use tokio::sync::mpsc;

    use super::*;
    use crate::media::ports::Ports;

    #[test]
    fn a_failure_costs_the_leg_it_came_for_and_no_other() {
        let (handle, commands) = MediaHandle::channel(8, Ports::new(47_200..=47_203));
        let (events, mut told) = mpsc::channel(8);
        let mut desk = desk(&handle, commands, events, SILENCE).unwrap();
        let (good, bad) = (LegId::arrived(1), LegId::arrived(2));
        for leg in [good, bad] {
            handle.open(leg, IpAddr::V4(Ipv4Addr::LOCALHOST)).unwrap();
        }
        let now = clock::now();
        assert_eq!(desk.obey(now), Work::GoesOn);
        desk.guarded(|desk| {
            desk.patchbay.handle_rtp(bad, "192.0.2.1:4000".parse().unwrap(), &[], now);
            panic!("as a parser might");
        });
        desk.flush();
        assert!(matches!(told.try_recv(), Ok(MediaEvent::Quality { leg, .. }) if leg == bad));
        assert_eq!(told.try_recv(), Ok(MediaEvent::Silent { leg: bad }));
        assert!(desk.patchbay.quality(bad).is_none() && desk.patchbay.quality(good).is_some());
        assert!(desk.sockets.of(bad, Channel::Rtp).is_none());
        assert!(desk.sockets.of(good, Channel::Rtp).is_some());
        assert_eq!(desk.faults, 1);
    }

    #[test]
    fn what_waited_while_we_stood_still_is_not_sent() {
        let (handle, commands) = MediaHandle::channel(8, Ports::new(47_210..=47_211));
        let (events, _told) = mpsc::channel(8);
        let mut desk = desk(&handle, commands, events, SILENCE).unwrap();
        let address = handle.open(LegId::arrived(1), IpAddr::V4(Ipv4Addr::LOCALHOST)).unwrap();
        let now = clock::now();
        desk.obey(now);
        let phone = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        for _ in 0..30 {
            phone.send_to(&[0x80; 172], address).unwrap();
        }
        let mut datagram = [0; LARGEST + 1];
        desk.notice_stall(now, now.after(HEARTBEAT), &mut datagram);
        let (_, socket) = desk.sockets.at(0, Channel::Rtp).unwrap();
        assert!(socket.recv_from(&mut datagram).is_ok(), "a late wake-up is no stall");
        desk.notice_stall(now, now.after(Duration::from_secs(12)), &mut datagram);
        let (_, socket) = desk.sockets.at(0, Channel::Rtp).unwrap();
        assert_eq!(socket.recv_from(&mut datagram).unwrap_err().kind(), io::ErrorKind::WouldBlock);
    }
}

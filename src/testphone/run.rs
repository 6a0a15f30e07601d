//! The loop of one test phone: sockets, orders and timers round its user agent.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use tokio::time::{Interval, MissedTickBehavior, interval, sleep_until};
use tracing::{debug, trace};

use crate::clock;
use crate::testphone::event::Event;
use crate::testphone::heard::Heard;
use crate::testphone::order::Order;
use crate::testphone::rtp::{Piece, Voice};
use crate::testphone::user_agent::UserAgent;

const DATAGRAM: usize = 65_535;
/// One packet of sound (RFC 3551 4.2).
const TICK: Duration = Duration::from_millis(20);

/// Everything of a test phone that does IO.
#[derive(Debug)]
pub struct Line {
    pub sip: UdpSocket,
    pub media: UdpSocket,
    pub server: SocketAddr,
    pub orders: mpsc::Receiver<Order>,
    pub events: mpsc::Sender<Event>,
}

/// Runs until the holder is gone.
pub async fn run(mut agent: UserAgent, mut line: Line, ssrc: u32) {
    let mut sound = Sound { voice: Voice::new(ssrc), heard: Heard::default() };
    let mut ticks = every_20_ms();
    let mut message = vec![0; DATAGRAM];
    let mut packet = vec![0; DATAGRAM];
    loop {
        flush(&mut agent, &line).await;
        let due = agent.poll_timeout();
        tokio::select! {
            received = line.sip.recv_from(&mut message) => match received {
                Ok((length, from)) => {
                    trace!(%from, "datagram for a test phone");
                    agent.handle_datagram(&message[..length], clock::now().ticks);
                }
                Err(error) => debug!(%error, "a test phone's port"),
            },
            received = line.media.recv_from(&mut packet) => {
                if let Ok((length, _)) = received
                    && let Some(piece) = Piece::parse(&packet[..length])
                {
                    sound.heard.take_in(&piece);
                }
            },
            order = line.orders.recv() => match order {
                Some(order) => obey(order, &mut agent, &mut sound),
                None => return,
            },
            () = until(due), if due.is_some() => agent.handle_timeout(clock::now().ticks),
            _ = ticks.tick(), if agent.is_talking() => speak(&agent, &line, &mut sound).await,
        }
    }
}

struct Sound {
    voice: Voice,
    heard: Heard,
}

fn obey(order: Order, agent: &mut UserAgent, sound: &mut Sound) {
    let now = clock::now().ticks;
    match order {
        Order::Register { expires } => agent.register(expires, now),
        Order::Dial { number } => agent.dial(&number, now),
        Order::HangUp => agent.hang_up(now),
        Order::Say(tone) => sound.voice.set_tone(tone),
        Order::TellHeard(tell) => {
            if tell.send(std::mem::take(&mut sound.heard)).is_err() {
                debug!("nobody waits any more for what was heard");
            }
        }
    }
}

/// Sends what the agent wants sent, and passes on what it says.
async fn flush(agent: &mut UserAgent, line: &Line) {
    while let Some(datagram) = agent.poll_transmit() {
        if let Err(error) = line.sip.send_to(&datagram, line.server).await {
            debug!(%error, "a test phone cannot send");
        }
    }
    while let Some(event) = agent.poll_event() {
        debug!(?event, "test phone");
        if line.events.try_send(event).is_err() {
            debug!("nobody listens to a test phone");
        }
    }
}

async fn speak(agent: &UserAgent, line: &Line, sound: &mut Sound) {
    let Some(session) = agent.session().filter(|session| session.wants_sound) else { return };
    let packet = sound.voice.packet(session.law);
    if let Err(error) = line.media.send_to(&packet, session.remote).await {
        debug!(%error, "a test phone's sound is lost");
    }
}

/// At once when there is nothing to wait for: the caller looks first.
async fn until(due: Option<Instant>) {
    if let Some(due) = due {
        sleep_until(due.into()).await;
    }
}

fn every_20_ms() -> Interval {
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    ticks
}

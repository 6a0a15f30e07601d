//! What a relayed packet costs: `cargo bench --bench relay`.
//!
//! Prints CPU and allocations a packet for the patchbay alone, and CPU a packet of the media
//! thread over 100 sockets on loopback, beside the 6.7 us that an epoll forwarder without any of
//! this needs for 1,000 sockets on the machine where naru was planned.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench speaks on stdout")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::fs;
use std::hint::black_box;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use naru::clock;
use naru::leg::LegId;
use naru::media::codec::{Codec, OpusTerms};
use naru::media::handle::{MediaCommand, MediaHandle, Tuning};
use naru::media::packet::{LARGEST, Packet};
use naru::media::patchbay::Patchbay;
use naru::media::ports::Ports;
use naru::media::report::extended::ExtendedTerms;
use naru::media::run::{SILENCE, run};
use naru::media::srtp::keys::{MASTER, MasterKey, SrtpTerms, Suite};
use naru::media::srtp::srtp::Srtp;
use tokio::sync::mpsc;

const PLAIN_FORWARDER_MICROS: f64 = 6.7;
const LEGS: u64 = 100;

struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

#[expect(unsafe_code, reason = "an allocator that counts has no other way")]
// SAFETY: every call is handed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

fn main() {
    patchbay_alone();
    patchbay_encrypted();
    whole_thread();
}

fn patchbay_alone() {
    const PACKETS: u32 = 1_000_000;
    let mut now = clock::now();
    let mut patchbay = Patchbay::new([1; 32], SILENCE, now);
    let phone: SocketAddr = "192.0.2.1:4000".parse().unwrap();
    let (one, other) = (LegId::arrived(1), LegId::arrived(2));
    for (leg, codec) in [(one, Codec::Pcmu), (other, Codec::Pcma)] {
        patchbay.open(leg, now);
        patchbay.tune(leg, tuning(phone, codec), now);
    }
    patchbay.join(one, other);
    let mut datagram = [0; LARGEST];
    let mut pass = |count: u32| {
        now = now.after(Duration::from_millis(20));
        let length = packet(count).write(&mut datagram);
        patchbay.handle_rtp(one, phone, &datagram[..length], now);
        while let Some(transmit) = patchbay.poll_transmit() {
            black_box(transmit.data);
        }
    };
    pass(0);
    let (started, allocated) = (clock::now().ticks, ALLOCATIONS.load(Ordering::Relaxed));
    (1..=PACKETS).for_each(&mut pass);
    let took = (clock::now().ticks - started).as_secs_f64() * 1e9 / f64::from(PACKETS);
    let allocations = ALLOCATIONS.load(Ordering::Relaxed) - allocated;
    println!(
        "patchbay, transcoding: {took:.0} ns a packet, {allocations} allocations in {PACKETS}"
    );
}

/// Both legs encrypted: every packet is opened and sealed again.
fn patchbay_encrypted() {
    const PACKETS: u32 = 60_000;
    let keys = |name: u8| MasterKey::new([name; MASTER]);
    let terms = |ours, theirs| SrtpTerms { suite: Suite::Sha1Of80, ours, theirs, mki: 0 };
    let mut now = clock::now();
    let mut patchbay = Patchbay::new([1; 32], SILENCE, now);
    let phone: SocketAddr = "192.0.2.1:4000".parse().unwrap();
    let (one, other) = (LegId::arrived(1), LegId::arrived(2));
    for (leg, srtp) in [(one, terms(keys(1), keys(2))), (other, terms(keys(3), keys(4)))] {
        patchbay.open(leg, now);
        patchbay.tune(leg, Tuning { srtp: Some(srtp), ..tuning(phone, Codec::Pcmu) }, now);
    }
    patchbay.join(one, other);
    let mut far = Srtp::new(terms(keys(2), keys(1)));
    let said: Vec<Vec<u8>> = (0..PACKETS)
        .map(|count| {
            let mut datagram = [0; LARGEST];
            let length = packet(count).write(&mut datagram);
            let length = far.seal_sound(&mut datagram, length);
            datagram[..length].to_vec()
        })
        .collect();
    let mut sent = 0;
    let mut pass = |datagram: &Vec<u8>| {
        now = now.after(Duration::from_millis(20));
        patchbay.handle_rtp(one, phone, datagram, now);
        while let Some(transmit) = patchbay.poll_transmit() {
            sent += black_box(transmit.data).len();
        }
    };
    pass(&said[0]);
    let (started, allocated) = (clock::now().ticks, ALLOCATIONS.load(Ordering::Relaxed));
    said[1..].iter().for_each(&mut pass);
    let took = (clock::now().ticks - started).as_secs_f64() * 1e9 / f64::from(PACKETS);
    let allocations = ALLOCATIONS.load(Ordering::Relaxed) - allocated;
    assert_eq!(sent, said.len() * said[0].len(), "all went through");
    println!("patchbay, encrypted: {took:.0} ns a packet, {allocations} allocations in {PACKETS}");
}

fn whole_thread() {
    const ROUNDS: u32 = 500;
    let (handle, commands) = MediaHandle::channel(1_024, Ports::new(48_000..=48_999));
    let (events, _told) = mpsc::channel(64);
    let thread = run(&handle, commands, events, SILENCE).unwrap();
    let phones: Vec<_> = (0..LEGS).map(|count| phone(&handle, LegId::arrived(count))).collect();
    for count in (0..LEGS).step_by(2) {
        let (one, other) = (LegId::arrived(count), LegId::arrived(count + 1));
        handle.send(MediaCommand::Join { one, other });
    }
    let mut datagram = [0; LARGEST];
    let mut round = |count: u32| {
        let length = packet(count).write(&mut datagram);
        for (socket, naru) in &phones {
            socket.send_to(&datagram[..length], naru).unwrap();
        }
        for (socket, _) in &phones {
            socket.recv_from(&mut datagram).unwrap();
        }
    };
    round(0);
    let spent = media_cpu();
    (1..=ROUNDS).for_each(&mut round);
    let packets = u64::from(ROUNDS) * LEGS;
    let micros = (media_cpu() - spent) as f64 / 1_000.0 / packets as f64;
    handle.send(MediaCommand::Stop);
    thread.join().unwrap();
    let ratio = micros / PLAIN_FORWARDER_MICROS;
    println!(
        "media thread, {LEGS} sockets: {micros:.2} us a packet, {ratio:.2} of a plain forwarder"
    );
}

fn phone(handle: &MediaHandle, leg: LegId) -> (UdpSocket, SocketAddr) {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let naru = handle.open(leg, IpAddr::V4(Ipv4Addr::LOCALHOST)).unwrap();
    let tuning = tuning(socket.local_addr().unwrap(), Codec::Pcmu);
    handle.send(MediaCommand::Tune { leg, tuning });
    (socket, naru)
}

fn tuning(remote: SocketAddr, codec: Codec) -> Tuning {
    Tuning {
        signalling: remote.ip(),
        answered: true,
        remote,
        remote_rtcp: None,
        codec,
        payload_type: codec.payload_type(),
        opus: OpusTerms::default(),
        event_clock: codec.clock(),
        telephone_event: None,
        ptime: 20,
        send: true,
        receive: true,
        extended: ExtendedTerms::default(),
        srtp: None,
    }
}

fn packet(count: u32) -> Packet<'static> {
    Packet {
        marker: false,
        payload_type: 0,
        sequence: count as u16,
        timestamp: count.wrapping_mul(160),
        ssrc: 5,
        payload: &[0x55; 160],
    }
}

/// Nanoseconds that the thread called `media` has run.
fn media_cpu() -> u64 {
    let tasks = fs::read_dir("/proc/self/task").unwrap().map(|task| task.unwrap().path());
    let named = |task: &std::path::PathBuf| {
        fs::read_to_string(task.join("comm")).is_ok_and(|name| name.trim() == "media")
    };
    let task = tasks.into_iter().find(named).unwrap();
    let figures = fs::read_to_string(task.join("schedstat")).unwrap();
    figures.split(' ').next().unwrap().parse().unwrap()
}

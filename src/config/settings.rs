//! The settings of one daemon, and what they are unless told.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;

use tracing::level_filters::LevelFilter;

use crate::office::transport::Transport;
use crate::words::Words;

/// The settings of one daemon. `config.example.yaml` says the same as the default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Holds the database; a relative path starts where the daemon was started.
    pub data_dir: PathBuf,
    pub log: LogLevel,
    pub sip: SipConfig,
    pub media: MediaConfig,
    pub speaker: SpeakerConfig,
    pub speech: SpeechConfig,
    pub api: ApiConfig,
    pub tls: TlsConfig,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SipConfig {
    pub listen: Vec<(Transport, SocketAddr)>,
    /// The domain in our addresses; none: the address a phone used.
    pub domain: Option<String>,
    /// Our public address behind NAT.
    pub external_address: Option<IpAddr>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaConfig {
    /// UDP ports for RTP and RTCP, both ends included.
    pub ports: RangeInclusive<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpeakerConfig {
    /// ALSA PCM names; none: the box stays silent there. A card for everything that names none.
    pub device: Option<String>,
    pub ring: Option<String>,
    pub announce: Option<String>,
    pub page: Option<String>,
}

/// Who speaks the office's own texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpeechConfig {
    /// A program and its arguments: text on standard input, WAV on standard output.
    pub command: Vec<String>,
    /// A server that is asked instead: `POST /v1/audio/speech`.
    pub url: Option<String>,
    /// Where the key is that the server asks for; never in this file itself.
    pub key: Option<KeyPlace>,
    /// What the server is asked for.
    pub model: String,
    /// The engine's voice by language code; a language without one is not spoken.
    pub voices: BTreeMap<String, String>,
    /// How long one text may take.
    pub seconds: u64,
}

/// Where a secret is kept that another server asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyPlace {
    /// The first line of a file.
    File(PathBuf),
    /// A variable of the daemon's environment.
    Variable(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiConfig {
    pub socket: PathBuf,
    /// Plain HTTP with a token; for loopback or behind a proxy.
    pub listen: Option<SocketAddr>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsConfig {
    /// Both in PEM; without them naru makes a certificate of its own when it listens to TLS.
    pub certificate: Option<PathBuf>,
    pub key: Option<PathBuf>,
    /// Authorities that trunks may be signed by, beside the machine's: a PEM file.
    pub ca: Option<PathBuf>,
}

/// How much the diary tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogLevel {
    Error,
    Warn,
    #[default]
    Info,
    Debug,
    Trace,
}

impl LogLevel {
    #[must_use]
    pub fn filter(self) -> LevelFilter {
        match self {
            Self::Error => LevelFilter::ERROR,
            Self::Warn => LevelFilter::WARN,
            Self::Info => LevelFilter::INFO,
            Self::Debug => LevelFilter::DEBUG,
            Self::Trace => LevelFilter::TRACE,
        }
    }
}

impl FromStr for LogLevel {
    type Err = Words;

    fn from_str(text: &str) -> Result<Self, Words> {
        Ok(match text {
            "error" => Self::Error,
            "warn" => Self::Warn,
            "info" => Self::Info,
            "debug" => Self::Debug,
            "trace" => Self::Trace,
            other => {
                return Err(Words::new(
                    format!(
                        "'{other}'은(는) 없는 단계입니다. error, warn, info, debug, trace 중 하나를 쓰세요"
                    ),
                    format!("'{other}' is no level; write one of error, warn, info, debug, trace"),
                ));
            }
        })
    }
}

impl Default for Config {
    fn default() -> Self {
        let any = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 5060));
        Self {
            data_dir: PathBuf::from("/var/lib/naru"),
            log: LogLevel::default(),
            sip: SipConfig {
                listen: vec![(Transport::Udp, any), (Transport::Tcp, any)],
                domain: None,
                external_address: None,
            },
            media: MediaConfig { ports: 16384..=32767 },
            speaker: SpeakerConfig::of(Some("default".to_owned())),
            speech: SpeechConfig::default(),
            api: ApiConfig { socket: PathBuf::from("/run/naru/api.sock"), listen: None },
            tls: TlsConfig::default(),
        }
    }
}

impl SpeakerConfig {
    /// One card for everything.
    pub(crate) fn of(device: Option<String>) -> Self {
        let (ring, announce, page) = (device.clone(), device.clone(), device.clone());
        Self { device, ring, announce, page }
    }
}

impl Default for SpeechConfig {
    fn default() -> Self {
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        let voices = [("en", "en-us"), ("es", "es")];
        Self {
            command: words(&["espeak-ng", "--stdin", "--stdout", "-v", "{voice}"]),
            url: None,
            key: None,
            model: "tts-1".to_owned(),
            voices: voices.map(|(code, voice)| (code.to_owned(), voice.to_owned())).into(),
            seconds: 30,
        }
    }
}

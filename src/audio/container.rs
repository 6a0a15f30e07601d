//! Sound files of containers and codecs that are known by their content, never by their name.

use std::io::{Cursor, ErrorKind};

use opus::{Channels, Decoder};
use symphonia::core::codecs::audio::well_known::CODEC_ID_OPUS;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;

use crate::audio::clip::MASTER_RATE;
use crate::audio::import_error::ImportError;
use crate::audio::pieces::Pieces;

/// Samples of the longest Opus packet, 120 ms (RFC 6716 section 2.1.4), at 16 kHz.
const LONGEST_OPUS: usize = 1_920;
/// Damaged packets in a row after which nothing more is to be expected.
const PATIENCE: usize = 200;

/// # Errors
/// When it is no sound file, or one of a kind that is not read, or nothing of it can be decoded.
pub(crate) fn decode(file: &[u8], pieces: &mut Pieces) -> Result<(), ImportError> {
    let source = MediaSourceStream::new(Box::new(Cursor::new(file.to_vec())), Default::default());
    let mut format = symphonia::default::get_probe()
        .probe(&Hint::new(), source, FormatOptions::default(), MetadataOptions::default())
        .map_err(|error| refused_by_probe(&error))?;
    let track = format.default_track(TrackType::Audio).ok_or(ImportError::NoTrack)?;
    let id = track.id;
    let parameters = track.codec_params.as_ref().and_then(|parameters| parameters.audio());
    let parameters = parameters.ok_or(ImportError::NoTrack)?.clone();
    let mut track = Track::open(&parameters)?;
    let mut failures = 0;
    while failures < PATIENCE {
        let packet = match next(format.as_mut()) {
            Ok(Some(packet)) => packet,
            Ok(None) => break,
            // Cut short: what was decoded stays.
            Err(_) if !pieces.is_empty() => break,
            Err(error) => return Err(ImportError::Damaged(error.to_string())),
        };
        if packet.track_id != id {
            continue;
        }
        match track.decode(&packet, pieces) {
            Ok(()) => failures = 0,
            Err(Failed::Packet) => failures += 1,
            Err(Failed::Whole(error)) => return Err(error),
        }
    }
    if pieces.is_empty() {
        return Err(ImportError::Damaged("no part of it can be decoded".to_owned()));
    }
    Ok(())
}

fn refused_by_probe(error: &Error) -> ImportError {
    if let Error::IoError(error) = error
        && error.kind() != ErrorKind::UnexpectedEof
    {
        return ImportError::Damaged(error.to_string());
    }
    if matches!(error, Error::IoError(_) | Error::Unsupported(_)) {
        ImportError::NotSound
    } else {
        ImportError::Damaged(error.to_string())
    }
}

fn refused_by_decoder(error: &Error) -> ImportError {
    if let Error::Unsupported(what) = error {
        ImportError::Unsupported((*what).to_owned())
    } else {
        ImportError::Damaged(error.to_string())
    }
}

fn next(format: &mut dyn FormatReader) -> Result<Option<Packet>, Error> {
    format.next_packet()
}

/// What a packet cannot be decoded for.
enum Failed {
    /// This one alone.
    Packet,
    /// The whole sound is refused.
    Whole(ImportError),
}

/// The decoder of one track.
enum Track {
    Common(Box<dyn AudioDecoder>),
    /// `skip`: samples at the start that are no sound yet (RFC 7845 section 4.2).
    Opus {
        decoder: Decoder,
        skip: usize,
    },
}

impl Track {
    fn open(parameters: &AudioCodecParameters) -> Result<Self, ImportError> {
        if parameters.codec == CODEC_ID_OPUS {
            return Self::open_opus(parameters.extra_data.as_deref().unwrap_or_default());
        }
        let decoder = symphonia::default::get_codecs()
            .make_audio_decoder(parameters, &AudioDecoderOptions::default())
            .map_err(|error| refused_by_decoder(&error))?;
        Ok(Self::Common(decoder))
    }

    /// `head` is the identification header of RFC 7845 section 5.1.
    fn open_opus(head: &[u8]) -> Result<Self, ImportError> {
        let mapping = head.get(18).copied().unwrap_or(0);
        let channels = head.get(9).copied().unwrap_or(1);
        if mapping != 0 || channels > 2 {
            return Err(ImportError::Unsupported("Opus surround sound".to_owned()));
        }
        let skip = match head.get(10..12) {
            Some(&[low, high]) => usize::from(u16::from_le_bytes([low, high])),
            Some(_) | None => 0,
        };
        let decoder = Decoder::new(MASTER_RATE, Channels::Mono)
            .map_err(|error| ImportError::Damaged(error.to_string()))?;
        Ok(Self::Opus { decoder, skip: skip * MASTER_RATE as usize / 48_000 })
    }

    fn decode(&mut self, packet: &Packet, pieces: &mut Pieces) -> Result<(), Failed> {
        match self {
            Self::Common(decoder) => {
                let heard = decoder.decode(packet).map_err(|_| Failed::Packet)?;
                let (rate, channels) = (heard.spec().rate(), heard.spec().channels().count());
                let mut samples: Vec<f32> = Vec::new();
                heard.copy_to_vec_interleaved(&mut samples);
                pieces.push(rate, channels, &samples).map_err(Failed::Whole)
            }
            Self::Opus { decoder, skip } => {
                let mut samples = [0.0; LONGEST_OPUS];
                let count = decoder
                    .decode_float(&packet.data, &mut samples, false)
                    .map_err(|_| Failed::Packet)?;
                let skipped = count.min(*skip);
                *skip -= skipped;
                pieces.push(MASTER_RATE, 1, &samples[skipped..count]).map_err(Failed::Whole)
            }
        }
    }
}

//! The file that a recording is written to. Whatever is there of it can be played.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::audio::ogg::OggOpus;
use crate::audio::opus::{Effort, OpusEncoder};
use crate::office::call_recording::Format;
use crate::recording::track::{FRAME, RATE};

/// Bits a second for each channel; speech in wideband is clear from 20,000 on.
const BITRATE: u32 = 24_000;
/// Half of libopus's default: a third of its time, and not to be heard at this rate.
const COMPLEXITY: u8 = 4;
/// The largest packet (RFC 6716 3.4).
const PACKET: usize = 1_275;
/// Frames after which a WAV file's header tells its length anew.
const HEADER_EVERY: u64 = 50;
const WAV_HEADER: usize = 44;

#[derive(Debug)]
pub struct Sheet {
    file: File,
    channels: u8,
    frames: u64,
    form: Form,
}

#[derive(Debug)]
enum Form {
    Opus { encoder: Box<OpusEncoder>, stream: OggOpus },
    Wav,
}

impl Sheet {
    /// # Errors
    /// When there is such a file, or it cannot be made.
    pub fn create(
        path: &Path,
        format: Format,
        channels: u8,
        serial: u32,
        comments: &[String],
    ) -> io::Result<Self> {
        // What people say is nobody else's business on this machine.
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        let form = match format {
            Format::Opus => {
                let encoder = OpusEncoder::with_channels(RATE, channels);
                let mut encoder = encoder.map_err(|error| io::Error::other(error.to_string()))?;
                let bitrate = BITRATE * u32::from(channels);
                encoder.set(Effort { bitrate, complexity: COMPLEXITY, loss: 0, dtx: false });
                let (stream, head) = OggOpus::begin(serial, channels, RATE, comments);
                file.write_all(&head)?;
                Form::Opus { encoder: Box::new(encoder), stream }
            }
            Format::Wav => {
                file.write_all(&wav_header(channels, 0))?;
                Form::Wav
            }
        };
        Ok(Self { file, channels, frames: 0, form })
    }

    /// Frames of 20 ms written.
    #[must_use]
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// Appends 20 ms, the channels' samples in turn.
    ///
    /// # Errors
    /// When the disk takes no more.
    pub fn write(&mut self, samples: &[i16]) -> io::Result<()> {
        self.frames += 1;
        match &mut self.form {
            Form::Opus { encoder, stream } => {
                let mut packet = [0; PACKET];
                let length = encoder.encode(samples, &mut packet);
                let octets = stream.packet(&packet[..length], FRAME as u64, RATE);
                self.file.write_all(&octets)
            }
            Form::Wav => {
                let octets: Vec<u8> = samples.iter().flat_map(|s| s.to_le_bytes()).collect();
                self.file.write_all(&octets)?;
                if self.frames.is_multiple_of(HEADER_EVERY) { self.tell_length() } else { Ok(()) }
            }
        }
    }

    /// # Errors
    /// When the disk takes no more; what is there can be played all the same.
    pub fn finish(mut self) -> io::Result<()> {
        match self.form {
            Form::Opus { stream, .. } => self.file.write_all(&stream.finish())?,
            Form::Wav => self.tell_length()?,
        }
        self.file.sync_data()
    }

    fn tell_length(&mut self) -> io::Result<()> {
        let octets = self.frames * FRAME as u64 * u64::from(self.channels) * 2;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&wav_header(self.channels, octets))?;
        self.file.seek(SeekFrom::End(0)).map(drop)
    }
}

fn wav_header(channels: u8, octets: u64) -> [u8; WAV_HEADER] {
    let octets = u32::try_from(octets).unwrap_or(u32::MAX - WAV_HEADER as u32);
    let block = u16::from(channels) * 2;
    let fields: [&[u8]; 13] = [
        b"RIFF",
        &(octets + WAV_HEADER as u32 - 8).to_le_bytes(),
        b"WAVE",
        b"fmt ",
        &16_u32.to_le_bytes(),
        &1_u16.to_le_bytes(),
        &u16::from(channels).to_le_bytes(),
        &RATE.to_le_bytes(),
        &(RATE * u32::from(block)).to_le_bytes(),
        &block.to_le_bytes(),
        &16_u16.to_le_bytes(),
        b"data",
        &octets.to_le_bytes(),
    ];
    let mut header = [0; WAV_HEADER];
    let octets = fields.into_iter().flatten();
    header.iter_mut().zip(octets).for_each(|(at, octet)| *at = *octet);
    header
}

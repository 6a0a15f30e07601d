#!/usr/bin/env python3
"""Writes the sound files that tests/sounds.rs imports: 1 kHz for half a second in every kind that offices have.

    v/bin/pip install av==18.* numpy     # FFmpeg's coders;  apt-get install sox libsox-fmt-all
    v/bin/python make.py

The files are small and committed, so that the tests need neither.
"""

import fractions
import pathlib
import subprocess

import av
import numpy as np

HERE = pathlib.Path(__file__).parent / "files"
SECONDS = 0.5


def tone(rate, channels):
    wave = 0.25 * np.sin(2 * np.pi * 1000 * np.arange(int(rate * SECONDS)) / rate)
    return np.repeat(wave.astype(np.float32)[None, :], channels, axis=0)


def coded(name, codec, rate, channels=1, container=None, options=None, **settings):
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[channels]
    with av.open(str(HERE / name), "w", format=container, options=options or {}) as file:
        stream = file.add_stream(codec, rate=rate, layout=layout)
        for key, value in settings.items():
            setattr(stream.codec_context, key, value)
        frame = av.AudioFrame.from_ndarray(tone(rate, channels), format="fltp", layout=layout)
        frame.rate, frame.time_base = rate, fractions.Fraction(1, rate)
        resampler = av.AudioResampler(format=stream.format, layout=layout, rate=rate,
                                      frame_size=stream.codec_context.frame_size or 1024)
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            file.mux(stream.encode(part))
        file.mux(stream.encode(None))


def by_sox(name, rate, channels, *arguments):
    subprocess.run(["sox", "-D", "-n", "-r", str(rate), "-c", str(channels), *arguments, str(HERE / name),
                    "synth", str(SECONDS), "sine", "1000", "vol", "0.25"], check=True)


def main():
    HERE.mkdir(exist_ok=True)
    by_sox("8k-16bit.wav", 8_000, 1, "-b", "16")
    by_sox("11k-8bit.wav", 11_025, 1, "-b", "8")
    by_sox("48k-24bit-stereo.wav", 48_000, 2, "-b", "24")
    by_sox("22k-32bit.wav", 22_050, 1, "-b", "32", "-e", "signed-integer")
    by_sox("44k-float.wav", 44_100, 1, "-e", "floating-point", "-b", "32")
    by_sox("8k-a-law.wav", 8_000, 1, "-e", "a-law")
    by_sox("8k-mu-law.wav", 8_000, 1, "-e", "mu-law")
    by_sox("16k-ima-adpcm.wav", 16_000, 1, "-e", "ima-adpcm")
    by_sox("16k-ms-adpcm.wav", 16_000, 1, "-e", "ms-adpcm")
    by_sox("44k-16bit.flac", 44_100, 1, "-b", "16")
    by_sox("96k-24bit.flac", 96_000, 1, "-b", "24")
    by_sox("narrow.amr", 8_000, 1, "-t", "amr-nb", "-C", "7")
    by_sox("안내 음성.wav", 32_000, 1, "-b", "16")
    coded("44k-stereo.mp3", "libmp3lame", 44_100, 2, bit_rate=64_000)
    coded("22k.mp3", "libmp3lame", 22_050, 1, bit_rate=32_000)
    coded("44k.m4a", "aac", 44_100, 1, "ipod", bit_rate=48_000)
    coded("48k-stereo.mp4", "aac", 48_000, 2, "mp4", bit_rate=160_000)
    coded("32k-fragmented.mp4", "aac", 32_000, 1, "mp4",
          {"movflags": "frag_keyframe+empty_moov"}, bit_rate=48_000)
    coded("44k.aac", "aac", 44_100, 1, "adts", bit_rate=48_000)
    coded("44k-5.1.m4a", "aac", 44_100, 6, "ipod", bit_rate=96_000)
    coded("alac.m4a", "alac", 44_100, 1, "ipod")
    coded("48k-stereo.opus", "libopus", 48_000, 2, "ogg", bit_rate=32_000)
    coded("16k.opus", "libopus", 16_000, 1, "ogg", bit_rate=24_000)
    by_sox("44k.ogg", 44_100, 1, "-t", "vorbis")


main()

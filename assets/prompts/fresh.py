#!/usr/bin/env python3
"""Fails if a sound is missing, is left over, or was spoken from another text than the one of now.

Needs Python alone, 3.11 or later; `packaging/test` runs it.
"""

import json
import pathlib
import sys
import tarfile
import tomllib

import pieces

HERE = pathlib.Path(__file__).parent


def faults(language, lines, spoken):
    with tarfile.open(HERE / f"{language}.tar") as tar:
        sounds = {member.name.removesuffix(".opus") for member in tar}
    for name in sorted(lines.keys() - sounds):
        yield f"{language} {name}: there is no sound"
    for name in sorted(sounds - lines.keys()):
        yield f"{language} {name}: nothing says this any more"
    for name in sorted(sounds & lines.keys()):
        if spoken.get(name) != pieces.text_hash(lines[name]):
            yield f"{language} {name}: it was spoken from another text"


def main():
    texts = tomllib.loads((HERE / "texts.toml").read_text())
    manifest = json.loads((HERE / "manifest.json").read_text())
    found = []
    for language, lines in texts.items():
        lines = {name: text for name, text in lines.items() if name != "voice"}
        lines |= pieces.PIECES[language]()
        found += faults(language, lines, manifest.get(language, {}))
        print(f"{language}: {len(lines)} texts")
    sys.exit("\n".join(found + ["run make.py"]) if found else 0)


main()

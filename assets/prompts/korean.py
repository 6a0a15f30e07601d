"""Korean spelling to IPA, in the symbols that Kokoro knows.

Kokoro was never trained on Korean. These rules (liaison, nasalisation, liquids, tensification,
aspiration of the Standard Pronunciation) make a Japanese voice of it understood, with an accent.
"""

import re

LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
TAILS = ["", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"]
PAIRS = {
    "ㄳ": "ㄱㅅ", "ㄵ": "ㄴㅈ", "ㄶ": "ㄴㅎ", "ㄺ": "ㄹㄱ", "ㄻ": "ㄹㅁ", "ㄼ": "ㄹㅂ",
    "ㄽ": "ㄹㅅ", "ㄾ": "ㄹㅌ", "ㄿ": "ㄹㅍ", "ㅀ": "ㄹㅎ", "ㅄ": "ㅂㅅ",
}
STOPS = {
    **dict.fromkeys("ㄱㄲㅋ", "ㄱ"), **dict.fromkeys("ㄷㅅㅆㅈㅊㅌㅎ", "ㄷ"), **dict.fromkeys("ㅂㅍ", "ㅂ"),
}
NASAL = {"ㄱ": "ㅇ", "ㄷ": "ㄴ", "ㅂ": "ㅁ"}
TENSE = {"ㄱ": "ㄲ", "ㄷ": "ㄸ", "ㅂ": "ㅃ", "ㅅ": "ㅆ", "ㅈ": "ㅉ"}
ASPIRATED = {"ㄱ": "ㅋ", "ㄷ": "ㅌ", "ㅂ": "ㅍ", "ㅈ": "ㅊ"}
# Lenis stops are voiced everywhere and ㅓ is an open o: of the spellings tried, this one was
# understood best by two recognisers.
LEAD_SOUNDS = {
    "ㄱ": "ɡ", "ㄲ": "k", "ㄴ": "n", "ㄷ": "d", "ㄸ": "t", "ㄹ": "ɾ", "ㅁ": "m", "ㅂ": "b",
    "ㅃ": "p", "ㅅ": "s", "ㅆ": "s", "ㅇ": "", "ㅈ": "ʥ", "ㅉ": "ʨ", "ㅊ": "ʨʰ", "ㅋ": "kʰ",
    "ㅌ": "tʰ", "ㅍ": "pʰ", "ㅎ": "h",
}
VOWEL_SOUNDS = dict(zip(VOWELS, [
    "a", "ɛ", "ja", "jɛ", "ɔ", "e", "jɔ", "je", "o", "wa", "wɛ", "we", "jo", "u", "wɔ", "we",
    "wi", "ju", "ɯ", "ɯi", "i",
]))
TAIL_SOUNDS = {"": "", "ㄱ": "k", "ㄴ": "n", "ㄷ": "t", "ㄹ": "l", "ㅁ": "m", "ㅂ": "p", "ㅇ": "ŋ"}


def syllable(letter):
    number = ord(letter) - 0xAC00
    return [LEADS[number // 588], VOWELS[number % 588 // 28], TAILS[number % 28]]


def liaison(this, following):
    """The tail moves into the silent lead of the next syllable."""
    tail, pair = this[2], PAIRS.get(this[2])
    if tail == "ㅇ":
        return
    this[2], moved = (pair[0], pair[1]) if pair else ("", tail)
    if moved == "ㅎ":
        if pair:
            following[0] = pair[0]
        this[2] = ""
        return
    if following[1] == "ㅣ":
        moved = {"ㄷ": "ㅈ", "ㅌ": "ㅊ"}.get(moved, moved)
    following[0] = moved


def assimilate(tail, this, following):
    """A closed tail meets a spoken lead."""
    lead = following[0]
    if lead == "ㅎ" and tail in NASAL:
        following[0] = ASPIRATED[tail]
        tail = ""
    elif tail in NASAL and lead in "ㄴㅁ":
        tail = NASAL[tail]
    elif tail in NASAL and lead == "ㄹ":
        tail, following[0] = NASAL[tail], "ㄴ"
    elif tail in NASAL and lead in TENSE:
        following[0] = TENSE[lead]
    elif tail == "ㄴ" and lead == "ㄹ":
        tail = "ㄹ"
    elif tail == "ㄹ" and lead == "ㄴ":
        following[0] = "ㄹ"
    elif tail in "ㅁㅇ" and lead == "ㄹ":
        following[0] = "ㄴ"
    this[2] = tail


def pronounced(word):
    syllables = [syllable(letter) for letter in word]
    for at, this in enumerate(syllables):
        tail = this[2]
        following = syllables[at + 1] if at + 1 < len(syllables) else None
        if not tail:
            continue
        if following and following[0] == "ㅇ":
            liaison(this, following)
        elif following and tail in "ㅎㄶㅀ" and following[0] in ASPIRATED:
            following[0] = ASPIRATED[following[0]]
            this[2] = {"ㅎ": "", "ㄶ": "ㄴ", "ㅀ": "ㄹ"}[tail]
        else:
            pair = PAIRS.get(tail)
            closed = (pair[1] if tail in "ㄺㄻㄿ" else pair[0]) if pair else tail
            closed = STOPS.get(closed, closed)
            if following:
                assimilate(closed, this, following)
            else:
                this[2] = closed
    return syllables


def ipa(text):
    words = []
    for token in re.findall(r"[가-힣]+|[.,!?]", text):
        if token in ".,!?":
            words[-1] += token
            continue
        word = ""
        for lead, vowel, tail in pronounced(token):
            sound = LEAD_SOUNDS[lead]
            if lead == "ㄹ" and word.endswith("l"):
                sound = "l"
            if lead in "ㅅㅆ" and VOWEL_SOUNDS[vowel][0] in "ij":
                sound = "ɕ"
            word += sound + VOWEL_SOUNDS[vowel] + TAIL_SOUNDS.get(tail, "")
        words.append(word)
    return " ".join(words)

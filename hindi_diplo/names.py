"""Names across spellings and scripts: a readable Latin form, and a key that variant spellings share.

The key follows the idea of Soundex-like keys for Indian names (e.g. Raghavan & Allan 2004): consonant
classes without vowels, since vowels are what transliterations into Devanagari differ in.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from .files import read_table
from .text import fold

__all__ = ["key", "latin"]

_CLASSES: Final = ("कखगघक़", "चछजझ", "टठतथडढदध", "णनङञं", "पफबभव", "रड़", "लळ", "शषस", "म", "य", "ह")


@lru_cache(maxsize=1)
def _letters() -> dict[str, tuple[str, str]]:
    return {row["letter"]: (row["latin"], row["kind"]) for _, row in read_table("lexicon/latin.tsv")}


@lru_cache(maxsize=1 << 14)
def latin(name: str) -> str:
    """A readable Latin transliteration of a name in Devanagari; schwas at the end of a word and before
    a syllable with a vowel are left out, each word begins with a capital.  Latin stays as it is."""
    return " ".join(_word(word) for word in name.split())


def _word(word: str) -> str:
    table, word = _letters(), fold(word) if not word.isascii() else word
    if word.isascii():
        return word
    units: list[list[str]] = []  # [consonants, vowel]; a vowel of "-" is an inherent schwa
    for at, char in enumerate(word):
        letter, kind = table.get(char, (char, "other"))
        if kind == "consonant":
            units.append([letter, "-"])
        elif kind == "sign" and units:
            units[-1][1] = letter
        elif kind == "virama" and units:
            units[-1][1] = ""
        elif kind == "mark" and units:
            labial = word[at + 1 : at + 2] in "पफबभम" and at + 1 < len(word)
            units[-1][1] += "m" if labial and letter == "n" else letter
        else:
            units.append(["", letter])
    for at, unit in enumerate(units):
        if unit[1] == "-":
            last = at == len(units) - 1
            inner = 0 < at < len(units) - 1 and units[at - 1][1] not in ("", ) and units[at + 1][1] not in ("-", "")
            unit[1] = "" if (last and len(units) > 1) or inner else "a"
        unit[1] = unit[1].replace("-", "a")
    made = "".join(a + b for a, b in units)
    return made[:1].upper() + made[1:]


@lru_cache(maxsize=1 << 14)
def key(name: str) -> str:
    """The classes of a name's consonants, word by word; equal for most variant spellings of one name."""
    words = []
    for word in fold(name).split():
        code = ""
        for char in word:
            n = next((i for i, letters in enumerate(_CLASSES) if char in letters), None)
            if n is not None and n != 9 and (not code or code[-1] != chr(97 + n)):
                code += chr(97 + n)
        words.append(code or word[:1])
    return " ".join(words)

"""Names across spellings and scripts: a readable Latin form, and a key that variant spellings share.

The key follows the idea of Soundex-like keys for Indian names (e.g. Raghavan & Allan 2004): consonant
classes without vowels, since vowels are what transliterations into Devanagari differ in.  The skeleton
is a coarser key, made alike from Devanagari and from Latin, so that a name can be found across scripts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import Final

from .files import read_table
from .text import fold

__all__ = ["Spellings", "alike", "key", "latin", "plain", "skeleton"]

_CLASSES: Final = ("कखगघक़", "चछजझ", "टठतथडढदध", "णनङञं", "पफबभव", "रड़", "लळ", "शषस", "म", "य", "ह")
_CLASS_OF: Final = {letter: chr(97 + n) for n, letters in reversed([*enumerate(_CLASSES)]) if n != 9
                    for letter in letters}


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
            n = _CLASS_OF.get(char, "")
            if code[-1:] != n:
                code += n
        words.append(code or word[:1])
    return " ".join(words)


# Consonant classes that both scripts can be brought to; h and y are left out like the vowels.
_SKELETON: Final = {letter: code for code, letters in {
    "k": "कखगघ", "s": "चछजझशषस", "t": "टठतथडढदध", "n": "णनङञंम", "p": "पफबभव", "r": "र", "l": "लळ",
}.items() for letter in letters}
# Letters whose sound plain Latin letters would not tell, then spellings of more than one letter.
_MARKED: Final = str.maketrans({"ç": "ch", "ş": "sh", "ș": "sh", "š": "sh", "ś": "sh", "č": "ch", "ć": "ch", "ž": "zh",
                                "ł": "v", "ñ": "n", "đ": "d", "ð": "d", "þ": "t", "ğ": "", "ı": "i", "ø": "o", "æ": "e",
                                "ß": "s"})
# Spellings of more than one letter, in this order, each with what a name must hold to have it; then single letters.
_SOUNDS: Final = tuple((mark, re.compile(pattern), sound) for mark, pattern, sound in (
    ("x", r"\bx", "s"), ("x", r"x", "ks"), ("chr", r"chr", "kr"), ("ch", r"t?sch|tch", "s"), ("ph", r"ph", "p"),
    ("c", r"c(?=[eiy])|ch", "s"), ("t", r"ts|tz", "s"), ("d", r"dz|dj", "s"),
))
_LETTERS: Final[dict[int, str | None]] = dict.fromkeys(range(128)) | {ord(letter): sound for letters, sound in (
    ("cqgk", "k"), ("jzs", "s"), ("dt", "t"), ("mn", "n"), ("pbfvw", "p"), ("r", "r"), ("l", "l"), (" ", " "),
) for letter in letters}
_DOUBLED: Final = re.compile(r"(.)\1+")


@lru_cache(maxsize=1 << 15)
def plain(name: str) -> str:
    """A Latin name in lower case, without marks and points."""
    made = unicodedata.normalize("NFKD", name.replace("-", " ")).encode("ascii", "ignore").decode()
    return " ".join("".join(c for c in made.lower() if c.isalnum() or c == " ").split())


@lru_cache(maxsize=1 << 15)
def skeleton(name: str) -> str:
    """The consonant classes of a name in either script, without spaces; equal or nearly so for a name in
    Devanagari and the same name in Latin."""
    if any("\u0900" <= char <= "\u097f" for char in name):
        words = ["".join(_SKELETON.get(char, "") for char in word) for word in fold(name).split()]
        return "".join(_DOUBLED.sub(r"\1", word) for word in words)
    made = plain(name.lower().translate(_MARKED))
    for mark, pattern, sound in _SOUNDS:
        if mark in made:
            made = pattern.sub(sound, made)
    return _DOUBLED.sub(r"\1", made.translate(_LETTERS)).replace(" ", "")


@cache
def _similarity() -> Callable[[str, str], float]:
    """How alike two strings are (Jaro-Winkler); the library is loaded when it is first needed."""
    from rapidfuzz.distance import JaroWinkler

    return JaroWinkler.normalized_similarity


def alike(one: str, other: str) -> float:
    """How alike two spellings in one script are, from 0 to 1 (Jaro-Winkler): 0 where one of their words is
    like none of the other's at its place.  Where one has more words, initials and middle names are passed
    over: the first and the last word must agree; or else words written together must be the same but for a
    letter or two.  Spellings with the same consonants are more alike than their letters tell."""
    similarity = _similarity()
    words = [text.replace("-", " ").split() for text in (one, other)]
    if len(words[0]) == len(words[1]) == 1:
        score = float(similarity(words[0][0], words[1][0]))
        return score if score >= 0.75 else 0.0
    longer = 0.0
    if len(words[0]) != len(words[1]):
        joined = _joined(*words)
        words = [[w for w in row if len(w) > 1 or len(row) == 1] for row in words]
        if len(words[0]) != len(words[1]):
            if joined or min(len(row) for row in words) < 2:
                return joined
            words, longer = [[row[0], row[-1]] for row in words], 0.03
    if any(similarity(a, b) < 0.75 for a, b in zip(*words, strict=True)):
        return 0.0
    score = float(similarity(" ".join(words[0]), " ".join(words[1])))
    if score < 1.0 and len(words[0]) > 1 and not one.isascii() and _same_sounds(*words):
        score += 0.4 * (1.0 - score)
    return score - longer


def _joined(one: list[str], other: list[str]) -> float:
    """How alike two names are without their spaces, where their words differ in nothing else."""
    if min(len(one), len(other)) < 2:
        return 0.0
    here, there = "".join(one), "".join(other)
    score = float(_similarity()(here, there))
    return score - 0.01 if score >= 0.93 and abs(len(here) - len(there)) < 3 and key(here) == key(there) else 0.0


def _same_sounds(one: list[str], other: list[str]) -> bool:
    """Whether two names have the same consonants word by word, and enough of them to tell something."""
    keys = [key(" ".join(row)) for row in (one, other)]
    return keys[0] == keys[1] and len(keys[0]) > 5


class Spellings:
    """Names of several words by their skeletons, to find those that an unlisted spelling can mean."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """``names`` gives (name in either script, id)."""
        self._index: dict[str, list[tuple[str, str]]] = {}
        for name, ident in names:
            rows = self._index.setdefault(skeleton(name), [])
            if (name, ident) not in rows:
                rows.append((name, ident))
        self._keys = list(self._index)

    def near(self, name: str) -> dict[str, float]:
        """The ids whose names are spelt like ``name`` (folded), with scores below 1: the skeletons differ by
        one class at most (two in long names; neighbours that changed places are one), and the spellings are
        alike.  Where nobody is found so, the middle names are left out, and of two words the family name may
        come first."""
        found = self._near(name)
        words = name.split()
        if not found and len(words) == 3:
            found = {ident: score - 0.03 for ident, score in self._near(f"{words[0]} {words[2]}").items()}
        if not found and len(words) == 2:
            found = {ident: score - 0.03 for ident, score in self._near(f"{words[1]} {words[0]}").items()}
        return found

    def _near(self, name: str) -> dict[str, float]:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        wanted = skeleton(name)
        if len(wanted) < 3:
            return {}
        bound = 1 if len(wanted) < 9 else 2
        written = plain(latin(name))
        scored: dict[str, float] = {}
        for found, distance, _ in process.extract(wanted, self._keys, scorer=OSA.distance,
                                                  score_cutoff=bound, limit=None):
            if distance and len(wanted) < 5:
                continue
            for form, ident in self._index[found]:
                across = form.isascii() or not any("\u0900" <= c <= "\u097f" for c in form)
                score = alike(plain(form), written) if across else alike(form, name)
                if score >= (0.8 if across else 0.84):
                    scored[ident] = max(scored.get(ident, 0.0), min(score, 0.99) - 0.05 * distance)
        return scored

"""Folding, tokens and sentences of Devanagari text; tokens and sentences keep offsets into the raw text.

indic-nlp-library's Devanagari normaliser (Kunchukuttan, 2020) does the part of the folding that it
does well: nukta, half nasals before their own class, zero-width and other stray characters.  Its
tokenizer and sentence splitter return strings without offsets (and the latter imports pandas), so
tokens and sentences are found here with regular expressions over the raw text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from sys import intern
from typing import Final, TypeVar

import regex
from indicnlp.normalize.indic_normalize import DevanagariNormalizer

from .files import read_table
from .records import Sentence, Span, Token, Zone, tokens_of

__all__ = ["CLOSING", "LETTER", "OPENING", "Memo", "fold", "phrase", "sentences", "hardly_devanagari", "tokens",
           "windows"]

_Value = TypeVar("_Value")

# Letters, vowel signs and marks of Devanagari, without danda (0964-65) and digits (0966-6F).
LETTER: Final = r"\u0900-\u0963\u0970-\u097F"
DIGIT: Final = r"0-9\u0966-\u096F"
_SHORT: Final = 24  # characters of a text that is likely to come again: a word or two
LONGEST: Final = 300  # tokens; a longer "sentence" is no sentence, and is cut so that cost stays linear
JOINERS: Final = r"\u200B-\u200D\u2060\uFEFF\u00AD"
OPENING: Final = "‘“«(["
CLOSING: Final = "’”»)]"

_WORD = rf"[{LETTER}][{LETTER}{JOINERS}\u0300-\u036F]*"
_NUMBER = rf"[{DIGIT}]+(?:[.,:/][{DIGIT}]+)*"
_LATIN = r"[@#]?\p{Latin}[\p{Latin}\p{M}\d_'’]*(?<!['’])"
_TOKEN = regex.compile(rf"{_WORD}|{_NUMBER}|{_LATIN}|[^\W_]+|[^\s\x1C-\x1F]")  # those are white space in Python alone
# Words, a space between two, that folding leaves as they are: letters with one spelling, no half of a nasal, no sign in
# two strokes, no glide and no future at the end.  Most names and words are such, and this takes a fifth of the time.
_PLAIN = re.compile(
    r"(?:[\u0902\u0903\u0907-\u090B\u090F\u0910\u0913-\u0916\u0918\u091A-\u091D\u091F-\u0922\u0924-\u0927\u092A-\u092D\u0930"
    r"\u0932\u0935-\u0939\u093F-\u0943\u0947\u0948\u094B-\u094D]|[\u0919\u091E\u0923\u0928\u092E](?!\u094D)"
    r"|[\u0905\u0906\u093E](?![\u093E\u0947\u0948\u094B\u094C])|[\u0917\u092F](?![\u0940\u0947])"
    r"|(?<=.) (?=[\u0900-\u097F]))+")
_DEVANAGARI_WORD = regex.compile(rf"[{LETTER}{JOINERS}]+")
_PARAGRAPH = regex.compile(r"\S[^\n]*(?:\n(?!\s*\n)[^\n]*)*")
_LETTERS = regex.compile(r"\p{L}")
_FREQUENT: Final = "करनसतमहवपदलयजबगभशचटथअइउएआ"  # the letters that make up most of a text: they are counted first
_DEVANAGARI_LETTERS: Final = _FREQUENT + "".join(
    c for c in map(chr, range(0x900, 0x980)) if c.isalpha() and c not in _FREQUENT)
_DIGITS: Final = {0x0966 + value: str(value) for value in range(10)}
_DROPPED: Final = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD, 0x093C])
_SIGNS: Final = str.maketrans("ँॉऑॅऍ", "ंाआेए")
# Signs typed in two strokes where there is one of their own: काे / को, डाॅ / डॉ, अाज / आज.
_STROKES: Final = {"अाे": "ओ", "अाै": "औ", "ाे": "ो", "ाै": "ौ", "ाॅ": "ॉ", "अा": "आ", "अो": "ओ", "अौ": "औ", "आे": "ओ",
                   "आै": "औ"}
_TWO_STROKES: Final = re.compile("|".join(_STROKES))
_GLIDES: Final = regex.compile(r"(?<=[\u0904-\u0939\u093E-\u094C])य(?:े$|ी$)|(?<=[ाआ])ये")
_FUTURE: Final = re.compile(r"(?<=[\u0947\u094B\u090F])\u0902?(\u0917\u0947)\u0902?$")
_NORMALIZER = DevanagariNormalizer(remove_nuktas=True, nasals_mode="to_anusvaara_strict")
# Letters that have several spellings (all but those with one), and half consonants that are nasals.
_VARIED: Final = re.compile(
    r"[^\u0901-\u0903\u0905-\u090B\u090F\u0910\u0913-\u0928\u092A-\u0930\u0932\u0935-\u0939"
    r"\u093E-\u0943\u0947-\u0949\u094B-\u094D]|[\u0919\u091E\u0923\u0928\u092E]\u094D")


class Memo(dict[str, _Value]):
    """What ``of`` says of words, as a table that works it out where it is first asked: a look-up costs half of a call.
    Beside what is ``listed`` only ``most`` words are remembered."""

    def __init__(self, of: Callable[[str], _Value], listed: Mapping[str, _Value] | None = None, *,
                 most: int = 1 << 14) -> None:
        super().__init__(listed or {})
        self._of, self._most = of, len(self) + most

    def __missing__(self, word: str) -> _Value:
        value = self._of(word)
        if len(self) < self._most:
            self[word] = value
        return value


@lru_cache(maxsize=1 << 16)
def _fold_word(word: str) -> str:
    word = unicodedata.normalize("NFC", word).translate(_DROPPED)
    word = _TWO_STROKES.sub(lambda m: _STROKES[m[0]], word)
    if _VARIED.search(word):  # the normaliser leaves plain words as they are, and takes its time
        word = str(_NORMALIZER.normalize(word))
    word = word.translate(_SIGNS)
    if "य" in word:  # both spellings of the glide are standard: गये / गए, नयी / नई, जायेंगे / जाएंगे
        word = str(_GLIDES.sub(lambda m: "ई" if m[0].endswith("ी") else "ए", word))
    # The polite future with its nasal left out or said again: करेगे, करेंगें for करेंगे.
    return _FUTURE.sub("\u0902\\1", word)


def fold(text: str) -> str:
    """The folded form in which words are compared: one form for the usual variant spellings.

    NFC; joiners and nukta dropped; signs of two strokes to one; candrabindu to anusvara; candra o to aa;
    half nasal before its own stop class to anusvara; final ye / yi to the bare vowel; digits to ASCII; Latin
    to lower case.
    Idempotent.  Offsets are not kept: fold words, never a text that spans point into.
    """
    return _fold_short(text) if len(text) <= _SHORT else _fold(text)


def _fold(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    if text.isascii():
        return text.casefold()
    if _DEVANAGARI_WORD.fullmatch(text):
        return _fold_word(text)
    text = unicodedata.normalize("NFC", text)
    return str(_DEVANAGARI_WORD.sub(lambda m: _fold_word(m[0]), text)).translate(_DIGITS).casefold()


_fold_short = lru_cache(maxsize=1 << 16)(_fold)


def tokens(text: str, start: int = 0, stop: int | None = None) -> list[Token]:
    """Words, numbers and single marks of ``text[start:stop]``, with offsets into ``text``."""
    found = _TOKEN.findall(text, start, len(text) if stop is None else stop)
    return tokens_of(map(_WORDS.__getitem__, found), text, start)


def _word(word: str) -> tuple[str, str]:
    """A word and its folded form, each the one string of its content that is kept: tables find it without comparing."""
    return intern(word), intern(fold(word) or word)


_WORDS: Final = Memo(_word, most=1 << 16)


@lru_cache(maxsize=1 << 14)
def phrase(form: str) -> str:
    """A listed form as rows hold it: its folded tokens, joined by spaces."""
    if _PLAIN.fullmatch(form):
        return intern(form)
    if form.isascii() and form.replace(" ", "").isalpha():
        return intern(" ".join(form.casefold().split()))
    return intern(" ".join([_WORDS[word][1] for word in _TOKEN.findall(form)]))


@lru_cache(maxsize=2)
def _before_dot(what: str) -> frozenset[str]:
    """The listed words behind which a dot belongs to an ``abbreviation``, or is the ``end`` of a sentence."""
    return frozenset(fold(row["form"]) for _, row in read_table("lexicon/abbreviations.tsv") if row["dot"] == what)


_END = regex.compile(
    rf"(?P<end>[।॥|?!]+|\.(?![.{DIGIT}\p{{L}}])|\.(?=[{LETTER}]))(?P<close>\s?[’”»]+|[\"']+(?!\w))?"
)
_LAST_WORD = regex.compile(rf"[{LETTER}{JOINERS}]+$|[\p{{L}}{DIGIT}]+$")


def _ends_with_dot(text: str, line_start: int, dot: int) -> bool:
    """Whether the dot at ``dot`` ends a sentence: not after an initial or a listed abbreviation, nor
    glued to the next word where a short word stands before it that is no listed verb."""
    word = _LAST_WORD.search(text[max(line_start, dot - 40) : dot])
    if word is None:
        return True
    glued = dot + 1 < len(text) and not text[dot + 1].isspace()
    if glued and len(word[0]) < 3:
        return fold(word[0]) in _before_dot("end")
    return fold(word[0]) not in _before_dot("abbreviation") and not (word[0].isascii() and len(word[0]) == 1)


def _blocks(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Lines of ``text[start:stop]``, the lines of a hard-wrapped paragraph taken as one."""
    for paragraph in _PARAGRAPH.finditer(text[start:stop]):
        at = start + paragraph.start()
        lines = paragraph[0].split("\n")
        lengths = [len(line.rstrip()) for line in lines]
        body = lengths[:-1]
        even = len(lines) > 2 and max(body) - min(body) <= 20 and min(body) >= 40
        wrapped = even and lengths[-1] <= max(body)
        if wrapped and sum(line.rstrip()[-1:] in "।?!|." for line in lines[:-1]) <= len(body) / 2:
            yield at, at + len(paragraph[0])
            continue
        for line in lines:
            if line.strip():
                yield at, at + len(line)
            at += len(line) + 1


def sentences(text: str, zones: Iterable[Zone]) -> list[tuple[Span, str]]:
    """Sentence spans with the kind of their zone, in order; furniture has no sentences.

    A danda (also ``|``), ``?`` or ``!`` ends one; so does a dot that follows no initial and no listed
    abbreviation, and the end of a line.  Closing quotation marks stay with the sentence they close.
    """
    found: list[tuple[Span, str]] = []
    for zone in zones:
        if zone.kind == "furniture":
            continue
        for start, stop in _blocks(text, zone.span.start, zone.span.stop):
            at = start
            for match in _END.finditer(text, start, stop):
                if match["end"] == "." and not _ends_with_dot(text, start, match.start()):
                    continue
                _add(found, text, at, match.end(), zone.kind)
                at = match.end()
            _add(found, text, at, stop, zone.kind)
    return found


def _add(found: list[tuple[Span, str]], text: str, start: int, stop: int, kind: str) -> None:
    while start < stop and text[start].isspace():
        start += 1
    while start < stop and text[stop - 1].isspace():
        stop -= 1
    if start < stop:
        found.append((Span(start, stop), kind))


def tokenized(text: str, zones: Iterable[Zone]) -> tuple[tuple[Sentence, ...], tuple[Token, ...]]:
    """The sentence and token layers of a document."""
    all_tokens: list[Token] = []
    all_sentences: list[Sentence] = []
    for span, kind in sentences(text, zones):
        found = tokens(text, span.start, span.stop)
        for at in range(0, len(found), LONGEST):
            piece = found[at : at + LONGEST]
            part = span if len(found) <= LONGEST else Span(piece[0].span.start, piece[-1].span.stop)
            all_sentences.append(Sentence(part, len(all_tokens), len(all_tokens) + len(piece), kind))
            all_tokens.extend(piece)
    return tuple(all_sentences), tuple(all_tokens)


def hardly_devanagari(text: str, least: float) -> bool:
    """Whether the share of Devanagari among the letters of the first 20,000 characters is below ``least``."""
    start = text[:20_000]
    own = 0
    for letter in _DEVANAGARI_LETTERS:
        own += start.count(letter)
        if own >= least * len(start):  # whatever the other characters are
            return False
    letters = len(_LETTERS.findall(start))
    return letters > 0 and own / letters < least


def windows(text: str, size: int) -> Iterator[tuple[int, int]]:
    """Where a text is cut into parts of at most ``size`` characters, which cover it all: at the last blank line in the
    second half of a part, else at the end of a line, of a sentence, of a word."""
    start = 0
    while len(text) - start > size:
        half, stop = start + size // 2, start + size
        ends = (text.rfind(mark, half, stop) + len(mark) for mark in ("\n\n", "\n", "।", ". ", " "))
        start, before = next((end for end in ends if end > half), stop), start
        yield before, start
    if start < len(text):
        yield start, len(text)


def is_abbreviation(norm: str) -> bool:
    """Whether a folded word is a listed abbreviation or the name of a letter (एस, डॉ)."""
    return norm in _before_dot("abbreviation") or (len(norm) == 1 and norm.isascii())

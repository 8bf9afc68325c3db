"""Folding, tokens and sentences, in pictures: | marks where one piece ends."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hindi_diplo import text
from hindi_diplo.files import SCHEMAS, read_table
from hindi_diplo.text import fold, hardly_devanagari, tokenized, tokens, windows
from hindi_diplo.types import Span, Zone

LETTERS = [chr(code) for code in range(0x900, 0x964)]
HINDI = st.text(st.sampled_from("कखगनमयरलवसह्ाि़ीुेोंँ॥। ॉ\u200d\u200c.?!|\n‘’“”\"'१२9,-()aZआएयढ़ड़"), max_size=60)


@pytest.mark.parametrize("one, other", [
    ("सितम्बर", "सितंबर"), ("हिन्दी", "हिंदी"), ("फ़रवरी", "फरवरी"), ("पाँच", "पांच"), ("मॉस्को", "मास्को"),
    ("गये", "गए"), ("नयी", "नई"), ("जायेंगे", "जाएंगे"), ("ज़ेलेंस्की", "जेलेंस्की"), ("२०२०", "2020"),
    ("क्\u200dया", "क्या"), ("SCO", "sco"), ("काे", "को"), ("आैर", "और"), ("डाॅ", "डॉ"), ("अाज", "आज"), ("अाेली", "ओली"),
    ("करेगें", "करेंगे"), ("जायेगे", "जाएंगे"),
])
def test_fold_unites_spellings(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize("word", ["जन्म", "सम्मेलन", "उन्नति", "अम्मा", "ये"])
def test_fold_leaves_alone(word: str) -> None:
    assert fold(word) == word


def test_words_taken_for_plain_are_what_folding_makes_of_them() -> None:
    """The quick look that leaves most words alone knows every rule of folding."""
    forms = {value for name in SCHEMAS for _, row in read_table(name) for value in row.values()}
    words = {word for form in forms for part in form.split("|") for word in (part, *part.split())}
    words |= {one + other + last for one in LETTERS for other in LETTERS for last in ("", "े", "्", "क")}
    plain = [word for word in words if text._PLAIN.fullmatch(word)]
    assert len(plain) > 20_000
    assert [w for w in plain if " ".join(map(text._fold_word, w.split(" "))) != w or len(text._TOKEN.findall(w)) != (
        w.count(" ") + 1)] == []


@given(HINDI)
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=80))
def test_fold_is_idempotent_on_anything(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("picture", [
    "एस|.|जयशंकर|ने|कहा|।", "जी|-|20|में", "मोदी|-|पुतिन", "4,500|छात्र", "9/11|के|बाद", "‘|‘|वार्ता|हुई|।|’|’",
    "@narendramodi|ने", "पीएम|मोदी|(|PM|Modi|)",
])
def test_tokens(picture: str) -> None:
    text = picture.replace("|", " ")
    assert [t.text for t in tokens(text)] == picture.split("|")


def test_separators_are_no_tokens() -> None:
    text = "वे \x1c मिले\x1f।\x1d"
    assert [t.text for t in tokens(text)] == ["वे", "मिले", "।"]


@given(HINDI)
def test_tokens_index_the_text(text: str) -> None:
    found = tokens(text)
    assert all(t.span.of(text) == t.text for t in found)
    covered = "".join(t.text for t in found)
    joiners = "\u200d\u200c"
    assert "".join(c for c in covered if c not in joiners) == "".join(
        c for c in text if not c.isspace() and c not in joiners)


def split(text: str) -> list[str]:
    sentences, _ = tokenized(text, (Zone(Span(0, len(text)), "body"),))
    return [s.span.of(text) for s in sentences]


@pytest.mark.parametrize("picture", [
    "मोदी आए। |पुतिन गए।",
    "मोदी आए।|पुतिन गए।",
    "डॉ. एस. जयशंकर आए। |वे गए।",
    "वे एस.सी.ओ. की बैठक में थे। |फिर गए।",
    "मोदी आए| |पुतिन गए|",
    "उन्होंने कहा, ‘‘खुशी हुई। ’’ |वे गए।",
    "उन्होंने कहा, \"खुशी हुई।\" |वे गए।",
    "मोदी दिल्ली पहुंचे. |पुतिन मॉस्को गए.",
    "मोदी दिल्ली में है.|पुतिन मॉस्को में थे.|वे लौटे.",
    "क्या वार्ता होगी? |नहीं!",
    "शीर्षक\n|पहली पंक्ति है।",
    "दर 4.5 प्रतिशत रही। |ठीक है।",
])
def test_sentences(picture: str) -> None:
    pieces = list((picture.replace("आए| |", "आए\x00 |").replace("गए|", "गए\x00")).split("|"))
    pieces = [p.replace("\x00", "|") for p in pieces]
    assert split("".join(pieces)) == [p.strip() for p in pieces if p.strip()]


def test_hard_wrapped_paragraph_is_one_text() -> None:
    line = "विदेश मंत्री ने सोमवार को यहां अपने समकक्ष के साथ"
    text = f"{line}\n{line}\n{line}\nबैठक की।"
    assert len(split(text)) == 1


@given(HINDI)
def test_sentences_are_in_order_and_hold_every_token(text: str) -> None:
    if not text.strip():
        return
    sentences, found = tokenized(text, (Zone(Span(0, len(text)), "body"),))
    assert all(a.span.stop <= b.span.start for a, b in pairwise(sentences))
    for s in sentences:
        assert all(s.span.covers(t.span) for t in found[s.first : s.last])
    assert sum(s.last - s.first for s in sentences) == len(found)


def test_furniture_has_no_sentences() -> None:
    text = "मोदी आए।\nपढ़ें- कुछ और"
    zones = (Zone(Span(0, 8), "body"), Zone(Span(9, len(text)), "furniture"))
    sentences, _ = tokenized(text, zones)
    assert [s.span.of(text) for s in sentences] == ["मोदी आए।"]


def test_hardly_devanagari() -> None:
    assert not hardly_devanagari("मोदी आए", 0.3)
    assert hardly_devanagari("Modi met Putin", 0.3)
    assert not hardly_devanagari("123", 0.3)
    assert hardly_devanagari("Modi met Putin, मोदी", 0.3) and not hardly_devanagari("Modi, मोदी", 0.3)
    assert not hardly_devanagari("मोदी " + " " * 400, 0.3)  # a share of the letters, not of the text


def test_five_megabytes_on_one_line() -> None:
    text = "मोदी ने पुतिन से मुलाकात की " * 60_000
    sentences, found = tokenized(text, (Zone(Span(0, len(text)), "body"),))
    assert len(found) == 360_000
    assert max(s.last - s.first for s in sentences) <= 400


@pytest.mark.parametrize("text", ["", "क", "क" * 95, "पहला अनुच्छेद।\n\nदूसरा।\nतीसरा।\n\n" * 9,
                                  "वह आया। वह गया। " * 20, "\n" * 70])
@pytest.mark.parametrize("size", [1, 2, 7, 30, 1000])
def test_windows_cover_a_text(text: str, size: int) -> None:
    found = list(windows(text, size))
    assert "".join(text[start:stop] for start, stop in found) == text
    assert all(0 < stop - start <= size for start, stop in found)


def test_windows_end_where_a_paragraph_ends() -> None:
    text = "पहला अनुच्छेद। दूसरा वाक्य।\n\nदूसरा अनुच्छेद।\nउसकी दूसरी पंक्ति। उसका दूसरा वाक्य।"
    first, second = [text[a:b] for a, b in windows(text, 40)][:2]
    assert first == "पहला अनुच्छेद। दूसरा वाक्य।\n\n" and second == "दूसरा अनुच्छेद।\nउसकी दूसरी पंक्ति।"

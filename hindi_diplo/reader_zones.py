"""Cuts the raw text of a page into zones: title, dateline, body and furniture (all that is no story).

Zones are in order, never overlap, and every character that is not white space lies in one.  What
furniture looks like is written in ``lexicon/furniture.tsv``, what a dateline may hold beside a place in
``lexicon/datelines.tsv``.  Precision goes first: a line that no form describes stays in the story.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, zip_longest
from typing import Final, NamedTuple

import regex

from .dates import calendar, parse_date_line
from .files import read_table
from .text import fold
from .types import Span, Zone

__all__ = ["Cut", "cut"]

DASH: Final = "[-\u2010-\u2015\u2212]"
END: Final = "।॥|?!.…"  # what a sentence of the story ends with
CLOSING: Final = "’”»'\")]}"
LONGEST_FURNITURE: Final = 600  # a longer line is a story, whatever it begins with
LONGEST_TITLE: Final = 220
LONGEST_WHOLE: Final = 80  # the longest line that is compared with whole lines
NUKTA: Final = "\u093c"
# ka, kha, ga, ja, dda, ddha, pha, ya, and each with nukta as one character
_WITH_NUKTA: Final = dict(zip("\u0915\u0916\u0917\u091c\u0921\u0922\u092b\u092f",
                              map(chr, range(0x958, 0x960)), strict=True))

_LINE = regex.compile(r"[^\r\n\u2028\u2029]+")
_LETTER = regex.compile(r"\p{L}")
_ENDS = re.compile(f"[{re.escape(END + CLOSING)}]")
_WORDS = regex.compile(r"[\p{L}\p{M}\u200B-\u200D]+")
_EDGES = " \t\u00a0()[]{}<>|:：*•·●▪■►▶→»«.,।/-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_CLOCK = frozenset({"am", "pm", "ist", "gmt", "utc", "a", "p", "m", "at"})


# ---------------------------------------------------------------- furniture


def _loose(form: str) -> str:
    """A regular expression for ``form`` whatever its nukta, joiners, spaces and kind of dash."""
    made = []
    for char in unicodedata.normalize("NFD", form):
        if char == NUKTA:
            continue
        if char in _WITH_NUKTA:
            made.append(f"(?:{char}{NUKTA}?|{_WITH_NUKTA[char]})")
        elif char in "\u0901\u0902":  # candrabindu, anusvara
            made.append("[\u0901\u0902]")
        elif char == " ":
            made.append(r"\s+")
        elif char == ":":
            made.append(r"\s*[:：]")
        elif char == "-":
            made.append(rf"\s*{DASH}+")
        else:
            made.append(regex.escape(char))
    boundary = r"(?![\p{L}\p{M}])" if _WORDS.search(form[-1]) else ""
    return "".join(made) + boundary


def _line_key(line: str) -> str:
    """The words of a line, folded, without bullets before and marks after them."""
    return " ".join(fold(line).strip(_EDGES).split())


class _Furniture(NamedTuple):
    whole: frozenset[str]  # keys of whole lines
    pattern: regex.Pattern[str]
    start: regex.Pattern[str]
    inline: regex.Pattern[str]
    label: regex.Pattern[str]
    section: frozenset[str]


@lru_cache(maxsize=1)
def _furniture() -> _Furniture:
    forms: dict[str, list[str]] = {"start": [], "inline": [], "label": [], "pattern": []}
    whole: set[str] = set()
    sections: set[str] = set()
    dates: dict[str, list[str]] = {"published": [], "updated": []}
    for _, row in read_table("lexicon/furniture.tsv"):
        if row["where"] == "whole":
            whole.add(_line_key(row["form"]))
            if row["what"] == "section":
                sections.add(_line_key(row["form"]))
            continue
        form = row["form"] if row["where"] == "pattern" else _loose(row["form"])
        forms[row["where"]].append(form)
        if row["where"] == "label":
            dates[row["what"]].append(form)

    def either(parts: list[str]) -> str:
        return "(?:" + "|".join(sorted(parts, key=len, reverse=True)) + ")"

    flags = regex.IGNORECASE
    lead = r"[^\p{L}\p{M}\p{N}#(\[©]*"  # bullets, arrows, white space
    inline = either(forms["inline"])
    return _Furniture(
        start=regex.compile(rf"{lead}(?:[(\[]\s*{inline}|{either(forms['start'] + forms['inline'])})", flags),
        whole=frozenset(whole),
        pattern=regex.compile(rf"{lead}{either(forms['pattern'])}\s*", flags),
        inline=regex.compile(rf"(?<=[{END}{regex.escape(CLOSING)}])\s*(?P<at>(?P<open>[(\[])?\s*{inline})",
                             flags),
        label=regex.compile(rf"(?<!\p{{Latin}})(?<![\u0900-\u097F](?=[\u0900-\u097F]))(?:(?P<published>{either(dates['published'])})"
                            rf"|(?P<updated>{either(dates['updated'])}))", flags),
        section=frozenset(sections),
    )


@dataclass(slots=True)
class _Line:
    """A line that is not blank, trimmed: where, its text, what it is, and whether a blank line follows."""

    start: int
    stop: int
    text: str
    kind: str = ""
    gap: bool = True

    @property
    def ended(self) -> bool:
        """Whether the line ends as a sentence of a story does."""
        return self.text.rstrip(CLOSING + " \u00a0\u200b")[-1:] in tuple("।॥|.")


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    for match in _LINE.finditer(text):
        raw = match[0]
        stripped = raw.strip()
        if not stripped:
            continue
        start = match.start() + len(raw) - len(raw.lstrip())
        if lines:
            between = text[lines[-1].stop : start].replace("\r\n", "\n")
            lines[-1].gap = sum(c in "\n\r\u2028\u2029" for c in between) > 1
        lines.append(_Line(start, start + len(stripped), stripped))
    return lines


def _only_date(text: str) -> str | None:
    """The date of a line that is nothing but a date (and a time of day)."""
    if len(text) > 60 or len([w for w in _WORDS.findall(text) if w.casefold() not in _CLOCK]) > 2:
        return None
    return parse_date_line(text)


LONGEST_BYLINE: Final = 100  # characters of a line that says who wrote and on what day, at what hour
_HOUR = regex.compile(r"(?<!\d)[0-2]?\d[:.][0-5]\d(?![\d.])")


def _mark_furniture(lines: list[_Line]) -> dict[str, str]:
    """Mark the lines that are no story; the dates that they tell, by label."""
    forms = _furniture()
    dates: dict[str, str] = {}
    story = False  # whether a line of the story has been seen
    links, waiting = 0, ""  # headline-like lines that may still follow; a date label without its date
    for line in lines:
        text = line.text
        if len(text) > LONGEST_FURNITURE:
            links, waiting = 0, ""
            continue
        if waiting and len(text) <= 80 and (found := parse_date_line(text)):
            dates.setdefault(waiting, found)
            line.kind, waiting = "furniture", ""
            continue
        waiting = ""
        if len(text) <= 160 and not line.ended:
            found_here = False
            labels = list(forms.label.finditer(text))
            for label, following in zip_longest(labels, labels[1:]):
                before = _WORDS.findall(text[: labels[0].start()])
                rest = text[label.end() : following.start() if following else len(text)]
                kind = label.lastgroup or "published"
                if len(before) <= 6 and (value := parse_date_line(rest)):
                    dates.setdefault(kind, value)
                    found_here = True
                elif not before and not _WORDS.search(rest) and not regex.search(r"\d", rest):
                    waiting, found_here = kind, True
            if found_here:
                line.kind, links = "furniture", 0
                continue
        if len(text) <= LONGEST_BYLINE and not line.ended and _HOUR.search(text) and (day := parse_date_line(text)):
            dates.setdefault("updated", day)
            line.kind = "furniture"
            continue
        story = story or line.ended
        if not story and (day := _only_date(text)):
            dates.setdefault("plain", day)
            line.kind = "furniture"
            continue
        if not _LETTER.search(text):
            line.kind = "furniture"
            continue
        key = _line_key(text) if len(text) <= LONGEST_WHOLE else ""
        if key in forms.whole or forms.pattern.fullmatch(text):
            line.kind = "furniture"
            links = 40 if key in forms.section else 0
        elif match := forms.start.match(text):
            line.kind = "furniture"
            # A bare "read also" is followed by the headline it points at.
            links = 1 if not _WORDS.search(text[match.end() :]) and text[-1:] not in CLOSING else 0
        elif links and not line.ended and len(text) <= LONGEST_TITLE:
            line.kind = "furniture"
            links -= 1
        else:
            links = 0
    return dates


def _links(text: str) -> Iterator[regex.Match[str]]:
    """Links to other stories: each begins behind the end of a sentence; nowhere else need be looked."""
    match, stop = _furniture().inline.match, 0
    for end in _ENDS.finditer(text):
        if end.end() >= stop and (found := match(text, end.end())):
            yield found
            stop = found.end()


def _inline(line: _Line) -> Iterator[tuple[int, int, str]]:
    """The body line in pieces, links to other stories within it cut out (to the line's end)."""
    at = 0
    for match in _links(line.text):
        start, size = match.start("at"), len(line.text)
        if start < at:
            continue
        stop = size
        if match["open"]:
            close = line.text.find(")" if match["open"] == "(" else "]", start, start + 300)
            stop = close + 1 if close > 0 else size
        if stop - start > 300:  # paragraphs run together: only the headline that follows
            end = regex.compile(rf"[{END}]+").search(line.text, match.end(), start + 300)
            if end is None:
                continue
            stop = end.end()
        yield at, start, "body"
        yield start, stop, "furniture"
        at = stop
    yield at, len(line.text), "body"


# ---------------------------------------------------------------- dateline

_NAME = r"[\p{L}\p{M}\u200B-\u200D][\p{L}\p{M}\u200B-\u200D'’.-]*(?<![.-])|(?:\p{L}\p{M}*\.\s?){1,4}"
_PLACE = rf"(?:{_NAME})(?:[ \u00a0](?:{_NAME})){{0,3}}"
_DATE = (rf"(?:\d{{1,2}}[ \u00a0](?:{_NAME})(?:\s*,?\s*\d{{4}}|(?=\W|$))"
         rf"|(?:{_NAME})[ \u00a0]\d{{1,2}}(?=\W|$)"
         rf"|(?:{_NAME})[ \u00a0](?:{_NAME})(?:\s*,?\s*\d{{4}}|(?=\s*,?\s*[(\[।॥|:])))")
_DATELINE = regex.compile(
    rf"(?P<place>{_PLACE}(?:\s*/\s*{_PLACE}){{0,2}}(?:\s*,\s*(?P<second>(?>{_PLACE}))(?!\s*,?\s*\d{{1,4}}\b))?)"
    rf"(?:\s*[(\[]\s*(?P<note>[^()\[\]]{{1,40}}?)\s*[)\]])?"
    rf"(?:\s*[,.]?\s*[(\[]?(?P<date>{_DATE})[)\]]?)?"
    rf"(?:\s*[,/]?\s*[(\[]\s*(?P<agency>[^()\[\]]{{1,40}}?)\s*[)\]]|\s*,\s*(?P<last>{_PLACE}))?"
    rf"\s*(?P<end>[।॥|:：](?:\s*{DASH}+)?|{DASH}+(?=\s|$)|\.(?=\s|$)|$)?",
)


_COMMA = regex.compile(rf"(?P<place>{_PLACE}),[ \u00a0]+(?=\p{{L}})")
SHORTEST_STORY: Final = 100  # characters of a line before which a place and a comma can be a dateline
_VISARGA = regex.compile(r"(?<=^[\p{L}\p{M} -]{2,40})\u0903(?=\s)")  # typed for a colon after a place
_DESK = regex.compile(r"(?P<desk>[^,।:()]{2,40}),\s*(?=[^,।:()]{2,40}[,।:])")
_ONE_WORD = regex.compile(r"[\u0900-\u0963\u0970-\u097F\u200B-\u200D]{3,}")
_SITE = regex.compile(r"[a-z0-9-]{3,}\.(?:com|in|co\.in|org|net|news|live)")  # a site that signs a story
_YEAR = regex.compile(r"\d{4}")
_MARKS: Final = " \u00a0*:\uff1a|\u2013\u2014-"
_LISTS: Final = ",:/\u2013\u2014-"  # what stands behind a place that is one of several
_GLOSS = regex.compile(r"\s*\([^()]{1,40}\)$")
_TWICE = regex.compile(r"(?:\p{Lu}\p{Ll}+\s+){1,3}(?=\p{Devanagari})")  # a place in Latin script, then in Devanagari


@lru_cache(maxsize=1)
def _dateline_words() -> dict[str, frozenset[str]]:
    """Keys of the names of agencies, of the last words of such names, of odd places, of particles."""
    words: dict[str, set[str]] = {"agency": set(), "desk": set(), "place": set(), "particle": set()}
    for _, row in read_table("lexicon/datelines.tsv"):
        words[row["kind"]].add(_key(row["form"]))
    return {kind: frozenset(keys) for kind, keys in words.items()}


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    """Keys of the names of the places that the knowledge base knows; read when first needed."""
    names = (name for _, row in read_table("kb/places.tsv")
             for name in (row["name_hi"], row["name_latin"], *row["aliases"].split("|")) if name)
    return _dateline_words()["place"] | {_key(name) for name in names}


def _key(text: str) -> str:
    return " ".join(fold(text).split()).strip(" .")


def _is_agency(words: str | None) -> bool:
    if not words:
        return False
    key = _key(words)
    words_of = _dateline_words()
    return bool(_SITE.fullmatch(key)) or key in words_of["agency"] or key.split(" ")[-1] in words_of["desk"]


def _without_particle(words: list[str]) -> list[str]:
    return words[:-1] if len(words) > 1 and _key(words[-1]) in _particles() else words


def _particles() -> frozenset[str]:
    return _dateline_words()["particle"]


def _is_place(words: str) -> bool:
    return all(_key(part) in _places() for part in regex.split(r"[/,]", words))


def _alone(line: str) -> str | None:
    """The place that is all a line holds, but for marks and a gloss in brackets."""
    place = _GLOSS.sub("", line.strip(_MARKS)).strip(_MARKS)
    return place if place and _is_place(place) else None


def _day(words: str | None) -> str | None:
    """The day that ``words`` ("9 सितंबर", with or without a year) name: with year 2000 where none is given."""
    if not words:
        return None
    first, *others = words.split()
    if others and others[0].isdecimal() and len(others[0]) < 3:  # the month first
        first, others = others[0], [first, *others[1:]]
    number = calendar()["number"].get(fold(first), first)
    year = [] if _YEAR.search(words) else ["2000"]
    return parse_date_line(" ".join([str(number), *others, *year]))


def _opens_story(place: str, end: str, rest: str) -> bool:
    """Whether a place before a mark is a dateline: a story follows, no list, no saying, no second place."""
    if not _is_place(place) or rest[0] in "\"'\u2018\u201c\u00ab":
        return False
    if end[0] in "।॥|":
        return True
    word, _, more = rest.partition(" ")
    listed = not more or word[-1] in _LISTS or more.lstrip()[:1] in _LISTS
    return any(mark in rest for mark in END) and not (listed and _is_place(word.rstrip(_LISTS)))


class _Dateline(NamedTuple):
    place: str | None
    published: str | None
    stop: int


def _before_comma(line: str) -> _Dateline | None:
    """A place with nothing but a comma behind it, where a story follows: no list of places, no clause about it."""
    match = _COMMA.match(line)
    if match is None or len(line) < SHORTEST_STORY or not _is_place(match["place"]):
        return None
    word, _, more = line[match.end() :].partition(" ")
    listed = word[-1] in _LISTS or _is_place(word) or _is_place(f"{word} {more.partition(' ')[0]}".rstrip(_LISTS))
    if listed or _key(word) in _particles() or not any(mark in more for mark in END):
        return None
    return _Dateline(match["place"], None, match.end())


def _dateline(line: str) -> _Dateline | None:
    """The dateline that opens a story's first line, or None."""
    return _full_dateline(line) or _before_comma(line)


def _full_dateline(line: str) -> _Dateline | None:
    """A place with a day, an agency, or a mark that only a dateline has."""
    line = _VISARGA.sub(":", line)
    if (twice := _TWICE.match(line)) and (inner := _dateline(line[twice.end() :])):
        return inner._replace(stop=inner.stop + twice.end())
    desk = _DESK.match(line)
    if desk and _is_agency(desk["desk"]) and (inner := _dateline(line[desk.end() :])):
        return inner._replace(stop=inner.stop + desk.end())
    match = _DATELINE.match(line[:200])
    if match is None:
        return None
    place, second, last, end = match["place"], match["second"], match["last"], match["end"]
    note, agency, day, stop = match["note"], match["agency"], match["date"], match.end()
    first = place[: match.start("second")].rstrip(" ,") if second else place
    if second and day is None and _day(second):  # a day in words
        place, second, day = first, None, second
    elif second and day is None and end is None:
        words = regex.match(r"\S+\s+\S+", second)
        if words and _day(words[0]):
            place, second, day, stop = first, None, words[0], match.start("second") + words.end()
    on = _day(day)
    if day and on is None:
        return None
    named = False
    if _is_agency(first) and (second or last or end):  # the agency comes first, or alone
        place, named = second or last or "", True
    elif second and _is_agency(second):
        place, named = first, True
    named = named or _is_agency(note) or _is_agency(agency) or _is_agency(last)
    if last and not _is_agency(last) and place != last:
        return None
    rest = line[stop:].strip()
    bracketed = ((_is_agency(note) or _is_agency(agency))
                 and (bool(end) or on is not None or place.count(" ") < 2 or _is_place(place)))
    if not (bracketed or (on and (end or agency)) or (named and end)):
        if not end or not rest:  # "place, day", and the story follows without a mark, or on the next line
            opens = bool(on) and _is_place(place) and _key(rest.partition(" ")[0]) not in _particles()
        else:  # one word before a danda is no sentence; with a colon it may be who speaks
            word = _ONE_WORD.fullmatch(place.strip()) and end[0] in "।॥|" and rest.count(" ") > 2
            opens = bool(word) or _opens_story(place, end, rest)
        if not opens:
            return None
    place = " ".join(_without_particle(regex.split("[/,]", place)[0].split()))
    return _Dateline(place or None, on if day and _YEAR.search(day) else None, stop)


# ---------------------------------------------------------------- title


def _ends_block(lines: list[_Line], index: int) -> bool:
    """Whether no line from here to the next blank line ends as a sentence does: wrapped paragraphs do."""
    for line in lines[index : index + 6]:
        if line.ended:
            return False
        if line.gap:
            return True
    return False


def _mark_titles(lines: list[_Line], title: str | None) -> str | None:
    """Mark the headline(s) among the first lines; the title."""
    content = [line for line in lines if not line.kind]
    if title is not None:
        wanted = _key(title)
        for line in content[:8]:
            if _key(line.text) == wanted:
                line.kind = "title"
        return title
    found: list[_Line] = []
    for index, (line, following) in enumerate(pairwise(content)):
        if len(line.text) > LONGEST_TITLE or line.ended or len(found) >= 5 or _dateline(line.text) or _alone(line.text):
            break
        if not _ends_block(content, index) and not _dateline(following.text):
            longer = len(following.text) > 1.5 * len(line.text) and len(following.text) > 100
            if not longer and _key(following.text) != _key(line.text):
                break
        found.append(line)
    if not any(line.ended for line in content):
        return None
    for line in found:
        line.kind = "title"
    if not found:
        return None
    keys = [_key(line.text) for line in found]
    for line, key in zip(found, keys, strict=True):
        if keys.count(key) > 1:
            return line.text
    return next((line.text for line in found if line.text.count(" ") >= 3), found[0].text)


def _mark_tail(lines: list[_Line]) -> None:
    """Mark what an agency signs its story with: its name and those of the desk, after the last sentence."""
    tail: list[_Line] = []
    for line in reversed(lines):
        if line.kind == "furniture":
            continue
        if line.kind or line.ended or len(line.text) > 60 or line.text.count(" ") > 4:
            break
        tail.append(line)
    else:
        return
    for index in range(len(tail) - 1, -1, -1):
        words = tail[index].text.strip(" ()[]-\u2013\u2014/.")
        if _is_agency(words) or _is_agency(_WORDS.split(words)[0]) or _is_agency(words.split(" ")[0]):
            for line in tail[: index + 1]:
                line.kind = "furniture"
            return


# ---------------------------------------------------------------- the whole


class Cut(NamedTuple):
    """What :func:`cut` finds: zones, title, place words of the dateline, and dates by what tells them
    (``published``, ``plain`` for a line that is only a date, ``dateline``, ``updated``)."""

    zones: tuple[Zone, ...]
    title: str | None
    dateline: str | None
    dates: dict[str, str]


def cut(text: str, title: str | None = None) -> Cut:
    """Cut ``text`` into zones; ``title`` is believed where it is given, else looked for."""
    lines = _lines(text)
    dates = _mark_furniture(lines)
    name = _mark_titles(lines, title)
    _mark_tail(lines)
    repeated = _key(name) if name else None
    found: _Dateline | None = None
    pieces: list[tuple[int, int, str]] = []
    seen = 0
    for line in lines:
        if line.kind:
            pieces.append((line.start, line.stop, line.kind))
            continue
        if repeated and len(line.text) <= LONGEST_TITLE and _key(line.text) == repeated:
            pieces.append((line.start, line.stop, "title"))
            continue
        story = 0  # where the story begins in this line
        wanted = seen < 4 and (found is None or found.place is None)
        if wanted and (one := _dateline(line.text)):
            found, story = one, one.stop
            pieces.append((line.start, line.start + story, "dateline"))
            if found.published:
                dates["dateline"] = found.published
        elif wanted and not line.ended and (place := _alone(line.text)):  # on a line of its own
            found = _Dateline(place, None, len(line.text))
            pieces.append((line.start, line.stop, "dateline"))
            continue
        seen += 1
        for start, stop, kind in _inline(line):
            if stop > story:
                pieces.append((line.start + max(start, story), line.start + stop, kind))
    return Cut(_zones(text, pieces), name, found.place if found else None, dates)


def _zones(text: str, pieces: list[tuple[int, int, str]]) -> tuple[Zone, ...]:
    """Zones of the pieces, trimmed; neighbouring pieces of body, and of furniture, become one."""
    merged: list[tuple[int, int, str]] = []
    for start, stop, kind in pieces:
        part = text[start:stop]
        size = len(part.strip())
        if not size:
            continue
        first = start + len(part) - len(part.lstrip())
        if merged and merged[-1][2] == kind and kind in ("body", "furniture"):
            merged[-1] = (merged[-1][0], first + size, kind)
        else:
            merged.append((first, first + size, kind))
    return tuple(Zone(Span(start, stop), kind) for start, stop, kind in merged)

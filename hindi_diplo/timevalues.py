"""What a time expression means: from the words that a rule caught to an ISO value and grain.

What a clause is about decides the direction of weekdays and of the word for both yesterday and tomorrow: a future
verb makes them future.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

import regex

from .dates import calendar, week_of

__all__ = ["MAKERS", "Context", "words"]

FAR: Final = 240  # days so far ahead a date without a year is taken to be the one gone by, even of what was to be
_AHEAD: Final = 3  # years "after" something, beyond which no future verb tells of the year that many years from now
_SUNDAY: Final = 6
_NEWS: Final = timedelta(3)  # how long ago what a text reports as news can have been
SOON: Final = 45  # days within which a date without a year is taken to lie ahead, whatever the verb
Made = tuple[str | None, str, str] | None  # value, grain, anchored


def words(name: str) -> str:
    """The forms of a class of the calendar as alternatives of a pattern, the longest first."""
    return "|".join(sorted(map(regex.escape, calendar()[name]), key=len, reverse=True))


@dataclass(slots=True)
class Context:
    """What a value is counted from: publication, the day the story is at, whether the clause is future; ``year`` is
    the only year that a text names of whose publication nothing is known, ``before`` the value told last."""

    published: date | None
    story: date | None
    line: str
    stop: int
    year: int | None = None
    before: str | None = None

    @property
    def told(self) -> int | None:
        """The year of the time told last."""
        return int(self.before[:4]) if self.before is not None else None

    @property
    def future(self) -> bool:
        return _future(self.line, self.stop)


@lru_cache(maxsize=1)
def _future_words() -> Any:
    endings = words("future_ending")
    return regex.compile(rf" (?:[^ ]*(?:ू|े|ए|ो|ं|ा|ी)ं?(?:{endings})|{words('future_phrase')}) ")


@lru_cache(maxsize=1)
def _future_signs() -> tuple[tuple[str, ...], dict[str, list[str]]]:
    """How a word ends, or which phrases a word begins, where something is in the future: looked at first."""
    classes = calendar()
    begun: dict[str, list[str]] = {}
    for form in classes["future_phrase"]:
        begun.setdefault(form.split()[0], []).append(form)
    return tuple(classes["future_ending"]), begun


@lru_cache(maxsize=1)
def _past_words() -> Any:
    return regex.compile(rf" (?:{words('past_verb')}) ")


@lru_cache(maxsize=1)
def _clause() -> Any:
    return regex.compile(rf" (?:[।?!|;]|{words('clause')}) ")


def _future(line: str, at: int) -> bool:
    """Whether the first verb that tells the time in the clause after ``at`` is a future one."""
    end = _clause().search(line, at)
    stop = end.start() + 1 if end else len(line)
    endings, begun = _future_signs()
    clause = line[at:stop]
    if not any(word.endswith(endings) or (word in begun and any(form in clause for form in begun[word]))
               for word in clause.split()):
        return False
    ahead, past = _future_words().search(line, at, stop), _past_words().search(line, at, stop)
    return ahead is not None and (past is None or ahead.start() <= past.start())


@lru_cache(maxsize=1)
def _listed() -> Any:
    """What stands behind a month of a list of which only the last has a year: "April and June 2018"."""
    months, between = words("month"), words("and")
    return regex.compile(rf"(?: (?:{between}|,|-|–)(?: [0-3]?\d)? (?:{months}))+(?: ,)? (?P<y>(?:19|20)\d\d)(?= )")


@lru_cache(maxsize=1)
def _that_year() -> Any:
    return regex.compile(rf" (?:{words('same')}) (?:{words('years')}) ")


def _year_told(m: Any, c: Context) -> int | None:
    """The year that the rest of the sentence gives a month without one: that of a list which the month begins, or
    the year told last where "in that year" stands before."""
    listed = _listed().match(c.line, m.end())
    if listed is not None:
        return int(listed["y"])
    return c.told if c.told is not None and _that_year().search(c.line, 0, m.start() + 1) else None


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else calendar()["number"][text]


def _get(m: Any, name: str) -> str | None:
    found: dict[str, str | None] = m.groupdict()
    return found.get(name)


def _safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _direction(m: Any) -> int:
    return next((v for name in ("last", "next", "this") if (w := _get(m, name))
                 for v in [calendar()[name][w]]), 0)


def _year_for(month: int, day: int, c: Context) -> int | None:
    """The year of a date without one: the latest on or before publication, or the next in a future clause."""
    if c.published is None:
        return c.year
    year = c.published.year
    here = (month, day) > (c.published.month, c.published.day)
    if c.future:
        if here or (month, day) == (c.published.month, c.published.day):
            return year
        # "was to be on the 15th", and was put off: so far ahead nothing is planned without its year.
        ahead = _safe(year + 1, month, min(day, 28))
        return year if ahead is not None and (ahead - c.published).days > FAR else year + 1
    # A little ahead without a future verb is still ahead ("15 सितंबर को होने" in a headline).
    coming = _safe(year if here else year + 1, month, min(day, 28))
    soon = coming is not None and (coming - c.published).days <= SOON
    return year - (not soon) if here else year + soon


def _day_in_month(m: Any, c: Context) -> Made:
    month = calendar()["month"][m["month"]]
    day = _number(_get(m, "d") or m["number"])
    told = int(m["y"]) if _get(m, "y") else _year_told(m, c)
    year = told or _year_for(month, day, c)
    if year is None:
        return None, "day", "none"
    made = _safe(year, month, day)
    return (made.isoformat(), "day", "absolute" if told else "published") if made else None


def _range_in_month(m: Any, c: Context) -> Made:
    month = calendar()["month"][m["month"]]
    # A range that is under way is no range of next year.
    coming = _number(m["d2"] if c.future else m["d1"])
    year = int(m["y"]) if _get(m, "y") else _year_for(month, coming, c)
    if year is None:
        return None, "range", "none"
    first, last = _safe(year, month, _number(m["d1"])), _safe(year, month, _number(m["d2"]))
    if first is None or last is None or last <= first:
        return None
    return f"{first.isoformat()}/{last.isoformat()}", "range", "absolute" if _get(m, "y") else "published"


def _range_over_months(m: Any, c: Context) -> Made:
    months = calendar()["month"]
    one, other = months[m["month"]], months[m["month2"]]
    year = int(m["y"]) if _get(m, "y") else _year_for(one, _number(m["d1"]), c)
    if year is None:
        return None, "range", "none"
    start_year = year - 1 if other < one and _get(m, "y") else year
    first = _safe(start_year, one, _number(m["d1"]))
    last = _safe(start_year + (other < one), other, _number(m["d2"]))
    if first is None or last is None or last <= first:
        return None
    return f"{first.isoformat()}/{last.isoformat()}", "range", "absolute" if _get(m, "y") else "published"


def _range_from_here(m: Any, c: Context) -> Made:
    made = _weekday(m, c) if _get(m, "weekday") else _adjacent(m, c) if _get(m, "adjacent") else _today(m, c)
    year = int(m["y"]) if _get(m, "y") else c.published.year if c.published else None
    if made is None or made[0] is None or year is None:
        return None, "range", "none"
    first, last = date.fromisoformat(made[0]), _safe(year, calendar()["month"][m["month"]], _number(m["d2"]))
    if last is None or not first < last:
        return None
    return f"{first.isoformat()}/{last.isoformat()}", "range", "published"


def _month_meant(m: Any, c: Context, day: int) -> tuple[int, int] | None:
    """Year and month of a bare day: the month named as last, this or next, else that of the story if it is
    at another one, else the one that makes the day the latest before publication, or the next after it."""
    if c.published is None:
        return None
    if _get(m, "months"):
        return _shifted(c.published, _direction(m))
    if c.story is not None and (c.story.year, c.story.month) != (c.published.year, c.published.month):
        return c.story.year, c.story.month
    if c.future:
        return _shifted(c.published, 0 if day >= c.published.day else 1)
    return _shifted(c.published, 0 if day <= c.published.day else -1)


def _day_of_month(m: Any, c: Context) -> Made:
    meant = _month_meant(m, c, int(m["d"]))
    if meant is None:
        return None, "day", "none"
    made = _safe(*meant, int(m["d"]))
    return (made.isoformat(), "day", "published") if made else None


def _range_of_days(m: Any, c: Context) -> Made:
    meant = _month_meant(m, c, int(m["d1"]))
    if meant is None:
        return None, "range", "none"
    first, last = _safe(*meant, int(m["d1"])), _safe(*meant, int(m["d2"]))
    if first is None or last is None or last <= first:
        return None
    return f"{first.isoformat()}/{last.isoformat()}", "range", "published"


def _numeric(m: Any, c: Context) -> Made:
    day, month, year = (int(part) for part in regex.split(r"[/.]", m["dmy"]))
    made = _safe(year + 2000 if year < 100 else year, month, day)
    return (made.isoformat(), "day", "absolute") if made else None


def _month_of_relative_year(m: Any, c: Context) -> Made:
    month = calendar()["month"][m["month"]]
    if c.published is None:
        return None, "month", "none"
    year = c.published.year + _direction(m)
    if day := _get(m, "d") or _get(m, "number"):
        made = _safe(year, month, _number(day))
        return (made.isoformat(), "day", "published") if made else None
    return f"{year}-{month:02}", "month", "published"


def _month_of_told_year(m: Any, c: Context) -> Made:
    month, day = calendar()["month"][m["month"]], _get(m, "d")
    if c.told is None:
        return None, "day" if day else "month", "none"
    if day is None:
        return f"{c.told}-{month:02}", "month", "story"
    made = _safe(c.told, month, int(day))
    return (made.isoformat(), "day", "story") if made else None


def _unit_told(m: Any, c: Context) -> Made:
    # "in that month": the one that was told last, if one was.
    month = _get(m, "months") is not None
    if c.before is None or (month and (len(c.before) < len("2020-09") or "W" in c.before)):
        return None, "month" if month else "year", "none"
    return (c.before[:7], "month", "story") if month else (c.before[:4], "year", "story")


def _month(m: Any, c: Context) -> Made:
    month = calendar()["month"][m["month"]]
    if _get(m, "y"):
        return f"{m['y']}-{month:02}", "month", "absolute"
    plain = not any(_get(m, name) for name in ("last", "next", "this"))
    if plain and (told := _year_told(m, c)) is not None:
        return f"{told}-{month:02}", "month", "story"
    if c.published is None:
        return None, "month", "none"
    year, here = c.published.year, c.published.month
    if _get(m, "next") or (c.future and not _get(m, "last")):
        year += (month < here and (bool(_get(m, "next")) or (month - here) % 12 * 30 <= FAR)) or (
            bool(_get(m, "next")) and month == here)
    elif not _get(m, "this"):
        year -= month > here or (bool(_get(m, "last")) and month == here)
    return f"{year}-{month:02}", "month", "published"


def _weekday(m: Any, c: Context) -> Made:
    if c.published is None:
        return None, "day", "none"
    wanted = calendar()["weekday"][m["weekday"]]
    if c.future:
        ahead = (wanted - c.published.weekday()) % 7
        return (c.published + timedelta(ahead)).isoformat(), "day", "published"
    back = (c.published.weekday() - wanted) % 7
    return (c.published - timedelta(back)).isoformat(), "day", "published"


def _range_of_weekdays(m: Any, c: Context) -> Made:
    made = _weekday(m, c)
    if made is None or made[0] is None or c.published is None:
        return None, "range", "none"
    first, days = date.fromisoformat(made[0]), calendar()["weekday"]
    last = first + timedelta((days[m["weekday2"]] - days[m["weekday"]]) % 7)
    back = timedelta(7 if not c.future and last > c.published and _get(m, "weekday2") else 0)
    return f"{(first - back).isoformat()}/{(last - back).isoformat()}", "range", "published"


def _relative_weekday(m: Any, c: Context) -> Made:
    if c.published is None:
        return None, "day", "none"
    wanted, way = calendar()["weekday"][m["weekday"]], _direction(m)
    if _get(m, "week"):
        monday = c.published - timedelta(c.published.weekday()) + timedelta(7 * way)
        return (monday + timedelta(wanted)).isoformat(), "day", "published"
    if way > 0:
        ahead = (wanted - c.published.weekday() - 1) % 7 + 1
        return (c.published + timedelta(ahead)).isoformat(), "day", "published"
    if way == 0:
        return _weekday(m, c)
    back = (c.published.weekday() - wanted - 1) % 7 + 1
    return (c.published - timedelta(back)).isoformat(), "day", "published"


def _shifted(base: date, months: int) -> tuple[int, int]:
    at = base.year * 12 + base.month - 1 + months
    return at // 12, at % 12 + 1


def _relative_unit(m: Any, c: Context) -> Made:
    grain = "week" if _get(m, "week") else "month" if _get(m, "months") else "year"
    if c.published is None:
        return None, grain, "none"
    count, way = (_number(m["n"]) if _get(m, "n") else 1), _direction(m)
    if count > 1:  # "in the last three years": a stretch up to now, no point
        return None
    if grain == "week":
        # On a Sunday what will be "this week" is in the one that begins on the next day.
        ahead = way == 0 and c.future and c.published.weekday() == _SUNDAY
        return week_of(c.published + timedelta(7 * (way + ahead))), grain, "published"
    if grain == "month":
        year, month = _shifted(c.published, way)
        return f"{year}-{month:02}", grain, "published"
    return str(c.published.year + way), grain, "published"


def _unit(m: Any) -> str:
    """The grain of what is counted."""
    return next(g for n, g in (("day", "day"), ("week", "week"), ("months", "month"), ("years", "year")) if _get(m, n))


def _ago(m: Any, c: Context) -> Made:
    grain = _unit(m)
    base, anchored = c.published, "published"
    way = -1 if _get(m, "ago") else 1
    if _get(m, "of_other"):  # counted from something else that the sentence tells: no day of the calendar
        return None, grain, "event"
    if way > 0 and not _get(m, "of_that") and grain in ("month", "year") and (
            not c.future or (grain == "year" and _number(m["n"]) > _AHEAD)):
        return None, grain, "event"  # "came after two years", "goes after 17 years": counted from what came before
    if _get(m, "of_that") or (way > 0 and c.story is not None and not c.future):
        base, anchored = c.story, "story"
    if base is None and grain == "day":
        base, anchored = c.published, "published"
    if base is None:
        return None, grain, "none"
    count = way * _number(m["n"])
    if grain == "day":
        return (base + timedelta(count)).isoformat(), grain, anchored
    if grain == "week":
        return week_of(base + timedelta(7 * count)), grain, anchored
    if grain == "month":
        year, month = _shifted(base, count)
        return f"{year}-{month:02}", grain, anchored
    return str(base.year + count), grain, anchored


def _counted(m: Any, c: Context) -> Made:
    return None, _unit(m), "event"  # counted from something that the sentence tells


def _hours(m: Any, c: Context) -> Made:
    if c.published is None:
        return None, "day", "none"
    back = _number(m["n"]) // calendar()["hours"][m["hours"]] if _get(m, "n") else 0
    return (c.published - timedelta(back)).isoformat(), "day", "published"


def _today(m: Any, c: Context) -> Made:
    return (c.published.isoformat(), "day", "published") if c.published else (None, "day", "none")


def _that_day(m: Any, c: Context) -> Made:
    """Earlier in the day: that of which the story last told, if the text can be its news."""
    if c.published and c.story and timedelta(0) <= c.published - c.story <= _NEWS:
        return c.story.isoformat(), "day", "story"
    return _today(m, c)


def _adjacent(m: Any, c: Context) -> Made:
    if c.published is None or _get(m, "today"):
        return _today(m, c)
    days = calendar()["adjacent"][m["adjacent"]] * (1 if c.future else -1)
    return (c.published + timedelta(days)).isoformat(), "day", "published"


def _story_day(m: Any, c: Context) -> Made:
    hour = any(_get(m, name) for name in ("part", "hour")) and not any(_get(m, name) for name in ("same", "next"))
    if hour and c.published and (c.story is None or (c.story < c.published if c.future else c.story > c.published)):
        return c.published.isoformat(), "day", "published"
    if c.story is None:
        return None, "day", "none"
    return (c.story + timedelta(1 if _get(m, "next") else 0)).isoformat(), "day", "story"


def _last_night(m: Any, c: Context) -> Made:
    return ((c.published - timedelta(1)).isoformat(), "day", "published") if c.published else (None, "day", "none")


def _moment(m: Any, c: Context) -> Made:
    # "a little later" of what has been is counted from something that the text tells.
    return _today(m, c) if c.future or _get(m, "ago") else None


def _year(m: Any, c: Context) -> Made:
    return str(m["y"]), "year", "absolute"


MAKERS: Mapping[str, Callable[[Any, Context], Made]] = {
    "day_of_month": _day_of_month, "range_from_here": _range_from_here, "range_of_days": _range_of_days,
    "day_in_month": _day_in_month, "range_in_month": _range_in_month, "range_over_months": _range_over_months,
    "numeric": _numeric, "month_of_relative_year": _month_of_relative_year, "month": _month,
    "month_of_told_year": _month_of_told_year, "unit_told": _unit_told,
    "weekday": _weekday, "relative_weekday": _relative_weekday,
    "range_of_weekdays": _range_of_weekdays, "relative_unit": _relative_unit, "ago": _ago, "counted": _counted,
    "hours": _hours, "today": _today, "that_day": _that_day, "adjacent": _adjacent,
    "story_day": _story_day, "moment": _moment, "last_night": _last_night, "year": _year,
}

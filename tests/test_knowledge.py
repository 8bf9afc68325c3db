"""The knowledge base: an invented world for the engine, the packaged tables for what is promised of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from hindi_diplo import kbtools
from hindi_diplo.errors import DataError, HindiDiploError
from hindi_diplo.knowledge import KnowledgeBase
from hindi_diplo.text import fold

WORLD = Path(__file__).parent / "world"


@pytest.fixture(scope="module")
def world() -> KnowledgeBase:
    return KnowledgeBase.load(folder=WORLD)


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return KnowledgeBase.load()


def overlay(tmp_path: Path, **tables: str) -> Path:
    for name, text in tables.items():
        (tmp_path / f"{name}.tsv").write_text(text, encoding="utf-8")
    return tmp_path


def test_forms_of_all_kinds(world: KnowledgeBase) -> None:
    names = set(world.names())
    assert ("आर्दियाई", "ADJ", "QA") in names
    assert ("आर्दिया", "COUNTRY", "QA") in names
    assert ("एबीएस", "ORG", "abs") in names
    assert ("विदेशमंत्री", "OFFICE", "foreign-minister") in names
    assert any(form == "आर्दियाई बुखार" and kind == "BLOCK" for form, kind, _ in names)


@pytest.mark.parametrize(("day", "person", "sure"), [
    ("2000-01-01", None, 0), ("2001-03-01", "qaa-arun-tarkeev", 1.0), ("2010-06-30", "qaa-arun-tarkeev", 1.0),
    ("2010-07-01", "qaa-sona-lemi", 0.9), ("2017-01-01", "qaa-sona-lemi", 0.7),
    ("2025-01-01", "qaa-sona-lemi", 0.5),
])
def test_holder_by_day(world: KnowledgeBase, day: str, person: str | None, sure: float) -> None:
    found = world.holder("QA", "foreign-minister", day)
    assert [h.person for h in found] == ([person] if person else [])
    assert [h.sure for h in found] == ([sure] if person else [])


def test_partial_dates_count_whole(world: KnowledgeBase) -> None:
    assert world.holder("QB", "foreign-minister", "2012-12-31")
    assert not world.holder("QB", "foreign-minister", "2013-01-01")
    assert not world.holder("QB", "foreign-minister", None)


def test_offices_that_are_the_same_job(world: KnowledgeBase) -> None:
    assert world.holder("QB", "prime-minister", "2010-05-05")[0].person == "qbb-david-moss"


def test_counterpart_by_person_and_by_office(world: KnowledgeBase) -> None:
    assert world.counterpart("qaa-arun-tarkeev", "QB", "2007-07-07")[0].person == "qbb-jorel-banik"
    assert world.counterpart("foreign-minister", "QB", "2007-07-07")[0].person == "qbb-jorel-banik"
    assert world.counterpart("qaa-arun-tarkeev", "QB", "2020-01-01") == ()


def test_members_and_capital(world: KnowledgeBase) -> None:
    assert world.members("abs", "2010-01-01") == ("QA", "QB")
    assert world.members("abs", "2016-01-01") == ("QA",)
    assert world.capital_of("QA") == "qa-nilpur"
    assert world.holder("abs", "secretary-general", "2013-01-01")[0].person == "qaa-mira-tarkeev"


def test_find_by_alias_variant_and_latin(world: KnowledgeBase) -> None:
    assert world.find("तारकेव") == [("qaa-arun-tarkeev", 1.0)]
    assert world.find("अरूण तारकेव")[0][0] == "qaa-arun-tarkeev"
    assert world.find("Jorel Banik") == [("qbb-jorel-banik", 1.0)]
    assert {ident for ident, _ in world.find("डेविड मॉस")} == {"qbb-david-moss", "qaa-david-moss"}
    assert world.find("कोई और") == []


def test_overlay_wins_adds_and_reports(tmp_path: Path) -> None:
    folder = overlay(
        tmp_path,
        people="id\tname_hi\tname_latin\taliases\tgender\tcountry\twikidata\tsource\n"
               "rus-sergey-lavrov\tसेर्गेइ लावरोफ\tSergey Lavrov\t\tmale\tRU\t\tmine\n"
               "rus-nayi-mantri\tनई मंत्री\tNayi Mantri\t\tfemale\tRU\t\tmine\n",
        terms="person\toffice\tcountry\tfrom\tto\tsource\nrus-nayi-mantri\tforeign-minister\tRU\t2030-01-01\t\tmine\n")
    kb = KnowledgeBase.load(overlay=folder)
    entry = kb.entry("rus-sergey-lavrov")
    assert entry is not None and entry.name_hi == "सेर्गेइ लावरोफ"
    assert kb.holder("RU", "foreign-minister", "2031-01-01")[0].person == "rus-nayi-mantri"
    assert kb.holder("RU", "foreign-minister", "2029-01-01")[0].person == "rus-sergey-lavrov"
    assert any("rus-sergey-lavrov" in conflict for conflict in kb.conflicts)


@pytest.mark.parametrize(("table", "text", "field"), [
    ("terms", "person\toffice\tcountry\tfrom\tto\tsource\nnobody-here\tpresident\tRU\t2001\t\tx\n", "person"),
    ("terms", "person\toffice\tcountry\tfrom\tto\tsource\nrus-sergey-lavrov\tjester\tRU\t2001\t\tx\n", "office"),
    ("terms", "person\toffice\tcountry\tfrom\tto\tsource\nrus-sergey-lavrov\tpresident\tRU\tsoon\t\tx\n", "from"),
    ("people", "id\tname_hi\tname_latin\taliases\tgender\tcountry\twikidata\tsource\n"
               "rus-x\t\tX\t\t\tRU\t\tx\n", "name_hi"),
])
def test_broken_rows_are_named(tmp_path: Path, table: str, text: str, field: str) -> None:
    with pytest.raises(DataError) as error:
        KnowledgeBase.load(overlay=overlay(tmp_path, **{table: text}))
    assert error.value.field == field


def test_overlay_that_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such folder"):
        KnowledgeBase.load(overlay=tmp_path / "none")


def test_twice_the_same_id(tmp_path: Path) -> None:
    (tmp_path / "kb").mkdir()
    row = "qa-x\tक\tK\t\tQA\t\t\tcity\t\tx\n"
    (tmp_path / "kb" / "places.tsv").write_text(
        "id\tname_hi\tname_latin\taliases\tcountry\tlat\tlon\tkind\tcity\tsource\n" + row + row, encoding="utf-8")
    with pytest.raises(DataError, match="twice"):
        KnowledgeBase.load(folder=tmp_path)


# ---------------------------------------------------------------- the packaged tables


def test_sizes(kb: KnowledgeBase) -> None:
    kinds = [entry.kind for entry in kb.entries.values()]
    assert kinds.count("COUNTRY") >= 249
    assert kinds.count("ORG") >= 200
    assert kinds.count("PERSON") >= 1500
    assert kinds.count("PLACE") >= 4500
    assert len(kb.terms) >= 2000
    assert len({t.country for t in kb.terms if len(t.country) == 2}) >= 80


def test_every_row_has_a_source(kb: KnowledgeBase) -> None:
    assert all(t.source for t in kb.terms)
    assert all(e.source for e in kb.entries.values())


@pytest.mark.parametrize("form", [
    "सिंह", "शर्मा", "खान", "शाह", "ली", "किम", "गांधी", "राम", "कर", "आम", "सूर्य", "नाम", "पार्क", "वांग", "खन्ना",
    "कुमार", "मलिक", "अली", "हसन",
])
def test_common_words_and_names_stand_for_nobody(kb: KnowledgeBase, form: str) -> None:
    assert not [owner for owner in kb.lookup(form) if owner[0] in ("PERSON", "PLACE", "ORG")]


@pytest.mark.parametrize(("form", "country"), [
    ("अमरीका", "US"), ("द. कोरिया", "KR"), ("साउथ अफ्रीका", "ZA"), ("यूएई", "AE"), ("हिंदुस्तान", "IN"),
    ("एस्तोनिया", "EE"), ("तुर्किये", "TR"), ("यूके", "GB"), ("फिलिस्तीन", "PS"), ("कजाखस्तान", "KZ"),
])
def test_countries_as_news_writes_them(kb: KnowledgeBase, form: str, country: str) -> None:
    assert ("COUNTRY", country) in kb.lookup(form)


@pytest.mark.parametrize(("form", "country"), [
    ("रूसी", "RU"), ("चीनी", "CN"), ("अमेरिकी", "US"), ("किर्गिज", "KG"), ("श्रीलंकाई", "LK"), ("पाकिस्तानी", "PK"),
    ("ब्रितानी", "GB"), ("फ्रांसीसी", "FR"), ("इजरायली", "IL"),
])
def test_adjectives(kb: KnowledgeBase, form: str, country: str) -> None:
    assert ("ADJ", country) in kb.lookup(form)


def test_folded_forms(kb: KnowledgeBase) -> None:
    assert all(fold(form) == form for form, _, _ in kb.names())


def test_venues_stand_in_known_cities(kb: KnowledgeBase) -> None:
    venues = [e for e in kb.entries.values() if e.type == "venue"]
    assert len(venues) >= 40
    assert all(e.city is None or e.city in kb.entries for e in venues)


def test_terms_end_after_they_begin(kb: KnowledgeBase) -> None:
    assert [t for t in kb.terms if t.stop and t.start and t.stop < t.start[: len(t.stop)]] == []


# ---------------------------------------------------------------- kbtools


def test_show(kb: KnowledgeBase, world: KnowledgeBase) -> None:
    lines = kbtools.show(kb, "rus-sergey-lavrov", "2020-09-09")
    assert "Sergey Lavrov" in lines[0] and any("foreign-minister of RU" in line for line in lines)
    assert any("capital: qa-nilpur" in line for line in kbtools.show(world, "QA"))
    assert any("members: QA QB" in line for line in kbtools.show(world, "abs", "2010-01-01"))
    with pytest.raises(HindiDiploError, match="kb find"):
        kbtools.show(kb, "no-such-id")


def test_find_stats_and_stale(world: KnowledgeBase) -> None:
    assert "qaa-arun-tarkeev" in kbtools.find(world, "तारकेव")[0]
    assert "OFFICE" in kbtools.find(world, "विदेश मंत्री")[0]
    assert "nothing" in kbtools.find(world, "क्ष्त्र")[0]
    assert "     6 PERSON" in kbtools.stats(world)
    assert any("qaa-sona-lemi" in line for line in kbtools.stale(world, "2026-01-01"))
    assert kbtools.stale(world, "2010-08-01") == ["nothing looks out of date on 2010-08-01"]

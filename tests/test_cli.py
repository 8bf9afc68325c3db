"""The command, run as a user runs it: exit codes, formats, messages."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from hindi_diplo.cli import main

TEXT = "मोदी ने पुतिन से मुलाकात की।"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    def call(*arguments: str) -> tuple[int, str, str]:
        code = main([*arguments, "--tagger", "none"] if arguments[0] in ("extract", "explain", "evaluate")
                    else list(arguments))
        out = capsys.readouterr()
        return code, out.out, out.err

    return call


def test_extract_into_a_pipe_gives_json_lines(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "a.txt"
    file.write_text(TEXT, encoding="utf-8")
    code, out, _ = run("extract", str(file), "--published", "2024-07-09")
    (line,) = out.splitlines()
    record = json.loads(line)
    assert code == 0 and record["id"] == "a" and record["published"] == "2024-07-09"
    assert [p["id"] for p in record["events"][0]["participants"]] == ["ind-narendra-modi", "rus-vladimir-putin"]


@pytest.mark.parametrize("form, sign", [("table", "with whom"), ("json", '"schema"'), ("html", "<html")])
def test_formats(run, tmp_path: Path, form: str, sign: str) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "a.txt"
    file.write_text(TEXT, encoding="utf-8")
    code, out, _ = run("extract", str(file), "--format", form)
    assert code == 0 and sign in out


def test_what_cannot_be_read_is_named_and_the_rest_is_done(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    good, bad = tmp_path / "good.txt", tmp_path / "bad.txt"
    good.write_text(TEXT, encoding="utf-8")
    bad.write_bytes(b"\xff\xfe\xfd\x00\x80abc\xc0")
    code, out, err = run("extract", str(tmp_path / "missing.txt"), str(bad), str(good))
    assert code == 1 and len(out.splitlines()) == 1
    assert "missing.txt" in err and "bad.txt" in err and "Traceback" not in err


def test_a_broken_line_of_jsonl(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "rows.jsonl"
    rows = [json.dumps({"id": "1", "text": TEXT}), "{broken", json.dumps({"id": "3", "text": TEXT})]
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    code, out, err = run("extract", str(file))
    assert code == 1 and [json.loads(line)["id"] for line in out.splitlines()] == ["1", "3"]
    assert "rows.jsonl:2" in err


def test_standard_input(run, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    class Stdin(io.TextIOWrapper):
        pass

    monkeypatch.setattr(sys, "stdin", Stdin(io.BytesIO(TEXT.encode())))
    code, out, _ = run("extract", "-")
    assert code == 0 and json.loads(out)["events"]


def test_min_confidence(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "a.txt"
    file.write_text(TEXT, encoding="utf-8")
    _, out, _ = run("extract", str(file), "--min-confidence", "1")
    assert json.loads(out)["events"] == []


@pytest.mark.parametrize("arguments", [
    ["nonsense"], ["extract"], ["extract", "a", "--format", "pdf"], [], ["extract", "a", "--min-confidence", "high"],
    ["schema", "x"],
])
def test_wrong_use_is_two(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2


@pytest.mark.parametrize("date", ["yesterday", "2020-13-01", "9 सितंबर 2020"])
@pytest.mark.parametrize("command", ["extract", "explain", "report"])
def test_a_date_that_is_none_is_wrong_use(date: str, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([command, "a.txt", "--published", date])
    told = capsys.readouterr()
    assert stop.value.code == 2 and told.out == ""
    assert f"expected YYYY-MM-DD (2020-09-09) or an ISO time, got {date!r}" in told.err


@pytest.mark.parametrize("arguments, reason", [
    (["kb", "show"], "needs an id or a name"), (["annotate", "export", "a.txt"], "needs --out"),
    (["annotate", "agreement", "a.jsonl"], "two gold files, got 1"),
    (["annotate", "adjudicate", "a", "b", "c"], "two gold files, got 3"),
    (["extract", "a.txt", "--tagger", "best"], "expected compact, stanza"),
])
def test_wrong_use_says_what_is_right(arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.startswith("hindi-diplo: ") and reason in told.err and told.err.count("\n") == 1


def test_tables_stand_apart(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(json.dumps({"id": n, "text": TEXT}) + "\n" for n in "ab"), encoding="utf-8")
    _, out, _ = run("extract", str(file), "--format", "table")
    one, other = out.split("\n\n")
    assert one.startswith("a\nwho") and other.startswith("b\nwho")


def test_a_folder_is_named_as_one(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    code, _, err = run("extract", str(tmp_path))
    assert code == 1 and "is a folder" in err and "hindi-diplo batch" in err


def test_another_script_is_warned_of_once(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    for name in ("one", "two"):
        (tmp_path / f"{name}.txt").write_text("They met in Moscow.", encoding="utf-8")
    code, out, err = run("extract", str(tmp_path / "one.txt"), str(tmp_path / "two.txt"))
    assert code == 0 and len(out.splitlines()) == 2
    assert err == ("hindi-diplo: warning: the text 'one' is hardly in Devanagari: no events are looked for in it, "
                   "nor in others like it\n")


def test_two_labellers_from_end_to_end(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Export, label, compare, decide: the round that two people make."""
    article = tmp_path / "a.txt"
    article.write_text(TEXT, encoding="utf-8")
    here = {name: str(tmp_path / name) for name in ("labels", "anna.jsonl", "binod.jsonl", "decide", "gold.jsonl")}
    assert main(["annotate", "export", str(article), "--out", here["labels"], "--tagger", "none"]) == 0
    for name in ("anna", "binod"):
        labelled = here[f"{name}.jsonl"]
        assert main(["annotate", "import", here["labels"], "--annotator", name, "--out", labelled]) == 0
    binod = json.loads(Path(here["binod.jsonl"]).read_text(encoding="utf-8"))
    binod["events"][0]["status"] = "planned"
    Path(here["binod.jsonl"]).write_text(json.dumps(binod) + "\n", encoding="utf-8")
    code, out, _ = run("annotate", "agreement", here["anna.jsonl"], here["binod.jsonl"])
    assert code == 0 and "1 documents labelled by both" in out
    code, _, err = run("annotate", "adjudicate", here["anna.jsonl"], here["binod.jsonl"], "--out", here["decide"])
    assert code == 0 and "1 conflicts" in err
    conflicts = Path(here["decide"]) / "conflicts.jsonl"
    assert main(["annotate", "resolve", here["decide"], "--out", here["gold.jsonl"]]) == 1  # nothing is decided yet
    conflict = json.loads(conflicts.read_text(encoding="utf-8"))
    conflicts.write_text(json.dumps({**conflict, "take": "other"}) + "\n", encoding="utf-8")
    code, _, err = run("annotate", "resolve", here["decide"], "--out", here["gold.jsonl"])
    gold = json.loads(Path(here["gold.jsonl"]).read_text(encoding="utf-8"))
    assert code == 0 and [e["status"] for e in gold["events"]] == ["planned"]


@pytest.mark.parametrize("command", ["extract", "explain", "check", "evaluate", "schema", "report", "annotate", "kb"])
def test_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"])
    assert stop.value.code == 0 and "usage" in capsys.readouterr().out


def test_explain_and_schema(run) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = run("explain", TEXT)
    assert code == 0 and "events/ne-se" in out
    code, out, _ = run("schema")
    assert code == 0 and json.loads(out)["properties"]["events"]


def test_evaluate_and_its_floor(run) -> None:  # type: ignore[no-untyped-def]
    seed = str(Path(__file__).parents[1] / "seeds" / "seed.jsonl")
    assert run("evaluate", seed, "--fail-under", "events=0.9")[0] == 0
    code, _, err = run("evaluate", seed, "--fail-under", "topics=1.01")
    assert code == 1 and "topics" in err


def test_an_overlay(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """A newcomer adds a leader without Python: two lines of TSV."""
    kb = tmp_path / "kb"
    kb.mkdir()
    head = "id\tname_hi\tname_latin\taliases\tgender\tcountry\twikidata\tsource\n"
    (kb / "people.tsv").write_text(head + "rus-nova-petrova\tनोवा पेत्रोवा\tNova Petrova\t\tfemale\tRU\t\ttest\n",
                                   encoding="utf-8")
    (kb / "terms.tsv").write_text("person\toffice\tcountry\tfrom\tto\tsource\n"
                                  "rus-nova-petrova\tforeign-minister\tRU\t2031-01-01\t\ttest\n", encoding="utf-8")
    file = tmp_path / "a.txt"
    file.write_text("मोदी ने रूस की विदेश मंत्री से मुलाकात की।", encoding="utf-8")
    code, out, _ = run("extract", str(file), "--published", "2031-05-01", "--kb", str(tmp_path))
    assert code == 0 and json.loads(out)["events"][0]["participants"][1]["id"] == "rus-nova-petrova"

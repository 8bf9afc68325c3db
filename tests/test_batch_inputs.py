"""What a batch reads: plans, parts, and files made to break it."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hindi_diplo import reader
from hindi_diplo.batch import inputs, parquet
from hindi_diplo.batch.guard import Guard
from hindi_diplo.batch.inputs import Item, expand, fingerprint, plan, read
from hindi_diplo.errors import InputError, UnfinishedError, UsageError
from hindi_diplo.types import Article

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
MB = 2**20
TEXT = "मोदी ने पुतिन से मुलाकात की।"


def items(*paths: Path, rows: int = 3, largest: int = MB) -> list[Item]:
    sources = [fingerprint(str(path)) for path in paths]
    parts = plan(sources, rows, largest)
    assert [part.number for part in parts] == list(range(len(parts)))
    assert all(part.rows <= rows for part in parts)
    shuffled = random.Random(1).sample(parts, len(parts))  # parts may be read in any order, by anybody
    found = {part.number: list(read(part, sources, largest)) for part in shuffled}
    return [item for number in sorted(found) for item in found[number]]


def shown(got: Article | InputError) -> tuple[str, str]:
    return ("error", got.reason) if isinstance(got, InputError) else (got.id, got.text)


def write(path: Path, texts: list[str]) -> Path:
    """The texts as rows of a file of the form that its name says."""
    rows = [{"id": f"r{n}", "text": text} for n, text in enumerate(texts)]
    name = path.name.removesuffix(".gz")
    if name.endswith(".jsonl"):
        data = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    elif name.endswith(".csv"):
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, ["id", "text"])
        writer.writeheader()
        writer.writerows(rows)
        data = out.getvalue().encode()
    else:
        pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=4)
        return path
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


@pytest.mark.parametrize("form", inputs.FORMS)
@settings(max_examples=20, deadline=None)
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30),
                      min_size=1, max_size=12), rows=st.integers(1, 13))
def test_parts_hold_each_row_once_and_in_order(
    form: str, texts: list[str], rows: int, tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = write(tmp_path_factory.mktemp("in") / f"a{form}", texts)
    got = items(path, rows=rows)
    whole = path
    if form.endswith(".gz"):
        whole = path.with_suffix("")
        whole.write_bytes(gzip.decompress(path.read_bytes()))
    expected = [shown(article) for article in reader.articles(whole)]
    assert [shown(item.got) for item in got] == expected and len(expected) == len(texts)


def test_small_files_share_a_part(tmp_path: Path) -> None:
    paths = [write(tmp_path / f"{n}.jsonl", [TEXT]) for n in range(5)]
    sources = [fingerprint(str(path)) for path in paths]
    assert [len(part.slices) for part in plan(sources, 2, MB)] == [2, 2, 1]
    assert [item.file for item in items(*paths, rows=2)] == [str(path) for path in paths]


def test_rows_are_numbered_as_messages_name_them(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f'{{"text": "{TEXT}"}}\n\n{{broken\n{{"id": "x", "text": "{TEXT}"}}', encoding="utf-8")
    first, second, third = items(path, rows=1)
    assert (first.row, second.row, third.row) == (1, 3, 4)
    assert isinstance(first.got, Article) and first.got.id == "a:1" and isinstance(third.got, Article)
    assert isinstance(second.got, InputError) and "no JSON" in second.got.reason
    path = tmp_path / "a.csv"
    path.write_text('\ufeffid;text\n1;"a\nb"\n2;c;d\n3;e\n', encoding="utf-8")
    assert [(item.row, shown(item.got)[0]) for item in items(path, rows=1)] == [(2, "1"), (4, "error"), (5, "3")]


def test_what_paths_name(tmp_path: Path) -> None:
    for name in ("b.jsonl", "a.csv", ".hidden.jsonl", "_SUCCESS", "note.txt", "deep/c.parquet", "_work/d.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = [str(Path(p).relative_to(tmp_path)) for p in expand([tmp_path, tmp_path / "*.jsonl"])]
    assert found == ["a.csv", "b.jsonl", "deep/c.parquet"]
    for wrong in ("missing.jsonl", "note.txt", "*.parquet"):
        with pytest.raises(UsageError, match=r"expected a file named|no such file"):
            expand([tmp_path / wrong])
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="holds no file"):
        expand([tmp_path / "empty"])


def test_a_line_of_fifty_megabytes_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        file.write(b'{"text": "a"}\n{"text": "' + b"x" * 50 * MB + b'"}\n{"text": "b"}\n')
    tracemalloc.start()
    first, second, third = items(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert shown(first.got)[1] == "a" and shown(third.got)[1] == "b" and third.row == 3
    assert "50.0 MB" in shown(second.got)[1] and "--largest-row" in shown(second.got)[1]
    assert peak < 8 * MB


def test_a_quotation_mark_that_is_never_closed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,text\n1,a\n2,"b\n' + "".join(f"{n},c\n" for n in range(3, 2000)), encoding="utf-8")
    got = items(path, rows=500, largest=2000)
    assert shown(got[0].got) == ("1", "a") and "--largest-row" in shown(got[1].got)[1]
    assert shown(got[-1].got) == ("1999", "c")
    path.write_text('id,text\n1,a\n2,"b', encoding="utf-8")
    assert [shown(item.got)[0] for item in items(path)] == ["1", "error"]


def test_a_gz_that_was_cut(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl.gz", [f"{TEXT} {random.Random(n).random()}" for n in range(400)])
    path.write_bytes(path.read_bytes()[:-2000])
    *whole, last = items(path, rows=50)
    assert len(whole) > 50 and all(isinstance(item.got, Article) for item in whole)
    assert last.row == len(whole) + 1 and "cut or broken" in shown(last.got)[1]


@pytest.mark.parametrize("name, data, reason", [
    ("a.parquet", b"PAR1 nothing", "no Parquet"), ("a.jsonl.gz", b"no gzip", "cut or broken"),
    ("a.csv", b"a,b\n1,2\n", "column 'text'"), ("a.jsonl", '{"text": "a"}\n'.encode("utf-16"), "iconv"),
])
def test_a_file_that_cannot_be_read_is_an_error_and_no_end(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(data)
    good = write(tmp_path / "good.jsonl", [TEXT])
    bad, article = items(tmp_path / name, good)
    assert reason in shown(bad.got)[1] and isinstance(article.got, Article)


def test_a_parquet_that_was_cut(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", [TEXT] * 20)
    path.write_bytes(path.read_bytes()[:-100])
    (item,) = items(path)
    assert item.row is None and "no Parquet" in shown(item.got)[1]


def test_a_parquet_with_other_columns(tmp_path: Path) -> None:
    for columns in ({"body": ["a"]}, {"text": [1]}):
        pq.write_table(pa.table(columns), tmp_path / "a.parquet")
        (item,) = items(tmp_path / "a.parquet")
        assert "expected a column 'text' of strings" in shown(item.got)[1]


def test_a_page_of_parquet_that_unpacks_to_too_much(tmp_path: Path) -> None:
    """40 MB of one letter are a few kB: refused by what the page itself says, before it is unpacked."""
    path = tmp_path / "bomb.parquet"
    pq.write_table(pa.table({"text": ["x" * 40 * MB]}), path, compression="zstd")
    assert path.stat().st_size < MB
    tracemalloc.start()
    with pytest.raises(InputError, match="unpacks to 40 MB and the limit is 16 MB"):
        parquet.check(str(path), MB)
    assert tracemalloc.get_traced_memory()[1] < MB
    tracemalloc.stop()


def test_a_parquet_that_claims_more_rows_than_it_has(tmp_path: Path) -> None:
    """A footer that says 10^15 rows would make a plan without end."""
    path = write(tmp_path / "a.parquet", ["a"] * 100)
    raw = path.read_bytes()
    metadata = raw[-8 - int.from_bytes(raw[-8:-4], "little") : -8]
    assert pq.read_metadata(path).num_rows == 100 and b"\xc8\x01" in metadata  # 100, as Thrift writes it
    for places in (1, 2, 3, 4):
        path.write_bytes(raw[: -8 - len(metadata)] + metadata.replace(b"\xc8\x01", b"\xc8\x7f", places) + raw[-8:])
        with pytest.raises(InputError, match=r"no Parquet|says that it has"):
            parquet.check(str(path), MB)


def test_rows_of_parquet_above_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": ["a", "x" * 2 * MB, "b", None]}), path)
    got = [shown(item.got) for item in items(path)]
    assert "2.0 MB" in got[1][1] and got[2][1] == "b" and "expected a string" in got[3][1]


def test_a_check_that_ends_its_process(tmp_path: Path) -> None:
    """pyarrow aborts on some broken footers; then the process that checks ends, and the next file is checked."""
    good = write(tmp_path / "good.parquet", [TEXT] * 5)
    with Guard() as guard:
        assert guard.check(str(good), MB) == 5
        guard._process.kill()
        with pytest.raises(InputError, match="ended a process"):
            guard.check(str(good), MB)
        assert guard.check(str(good), MB) == 5
        (tmp_path / "bad.parquet").write_bytes(b"PAR1")
        with pytest.raises(InputError, match="no Parquet"):
            guard.check(str(tmp_path / "bad.parquet"), MB)


def test_a_file_that_changes_while_it_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [TEXT] * 3)
    source = fingerprint(str(path))
    (part,) = plan([source], 5, MB)
    path.write_text("", encoding="utf-8")
    with pytest.raises(UnfinishedError, match=r"had .* when the batch began"):
        list(read(part, [source], MB))
    path.unlink()
    with pytest.raises(UnfinishedError, match="Put it back"):
        list(read(part, [source], MB))

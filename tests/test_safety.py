"""Model and data files cannot run code, are what the manifest says, and nothing asks the network at run time."""

from __future__ import annotations

import ast
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from hindi_diplo.errors import DataError, HindiDiploError
from hindi_diplo.taggers.compact import CompactTagger

ROOT = Path(__file__).parents[1]
SOURCES = [p for folder in ("hindi_diplo", "benchmarks") for p in sorted((ROOT / folder).rglob("*.py"))]
UNSAFE = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "jsonpickle"}


@pytest.mark.parametrize("source", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_pickle_is_read(source: Path) -> None:
    """No module imports a format that runs code; ``torch.load`` takes weights only, ``numpy.load`` no objects."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert UNSAFE.isdisjoint(a.name.split(".")[0] for a in node.names), ast.unparse(node)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            assert (node.module or "").split(".")[0] not in UNSAFE, ast.unparse(node)
        elif isinstance(node, ast.Call):
            called, given = ast.unparse(node.func), {k.arg: ast.unparse(k.value) for k in node.keywords}
            assert called not in ("eval", "exec", "__import__"), ast.unparse(node)
            if called == "torch.load":
                assert given.get("weights_only") == "True", ast.unparse(node)
            if called in ("np.load", "numpy.load"):
                assert given.get("allow_pickle") == "False", ast.unparse(node)
            if called.endswith((".read_pickle", ".to_pickle")):
                pytest.fail(ast.unparse(node))


def test_what_ships_is_data() -> None:
    kinds = {p.suffix for p in (ROOT / "hindi_diplo" / "data").rglob("*") if p.is_file()}
    assert kinds <= {".tsv", ".toml", ".json", ".css", ".js", ".html", ".md"}


def test_models_are_what_the_manifest_says() -> None:
    manifest = json.loads((ROOT / "models" / "manifest.json").read_text(encoding="utf-8"))
    entries = [entry for entry in manifest.values() if isinstance(entry, dict) and "file" in entry]
    files = {entry["file"]: entry["sha256"] for entry in entries}
    assert "compact.npz" in files
    for name, expected in files.items():
        if (ROOT / "models" / name).exists():
            assert hashlib.sha256((ROOT / "models" / name).read_bytes()).hexdigest() == expected
    shipped = {p.name for p in (ROOT / "models").iterdir() if p.suffix in (".npz", ".pt", ".safetensors", ".onnx")}
    assert shipped <= files.keys()


def _model(folder: Path, data: bytes, *, told: bytes | None = None) -> Path:
    (folder / "compact.npz").write_bytes(data)
    entry = {"compact": {"file": "compact.npz", "sha256": hashlib.sha256(told or data).hexdigest()}}
    (folder / "manifest.json").write_text(json.dumps(entry))
    return folder


@pytest.mark.parametrize("spoil", [lambda d: d[:-1], lambda d: d[:1000], lambda d: b"", lambda d: d + b"x",
                                   lambda d: d[:5000] + bytes([d[5000] ^ 1]) + d[5001:]])
def test_a_tampered_model_is_refused(spoil, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    good = (ROOT / "models" / "compact.npz").read_bytes()
    with pytest.raises(DataError, match=r"compact\.npz: sha256 is .*, the manifest says .*: the file was"):
        CompactTagger.load(_model(tmp_path, spoil(good), told=good))


class _Bomb:
    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (Path("ran-code"),))


def test_objects_in_a_model_do_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where somebody writes the manifest too."""
    monkeypatch.chdir(tmp_path)
    with zipfile.ZipFile(ROOT / "models" / "compact.npz") as good:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as bad:
            for name in good.namelist():
                if name != "members.npy":
                    bad.writestr(name, good.read(name))
            one = io.BytesIO()
            np.save(one, np.array([_Bomb()], dtype=object), allow_pickle=True)
            bad.writestr("members.npy", one.getvalue())
    with pytest.raises((HindiDiploError, ValueError)):
        CompactTagger.load(_model(tmp_path, made.getvalue()))
    assert not (tmp_path / "ran-code").exists()


GUARDED = """
import sys

UNWANTED = ("pickle.find_class", "urllib.Request")

def guard(event, args):
    if event.startswith("socket.") and event != "socket.gethostname" or event in UNWANTED:
        raise RuntimeError(f"{event} {args}")

sys.addaudithook(guard)
import json, pathlib
import hindi_diplo as hd
from hindi_diplo.cli import main
from hindi_diplo.report import write_report

nlp = hd.load()
lines = pathlib.Path(sys.argv[1], "dev.jsonl").read_text(encoding="utf-8").splitlines()
rows = [json.loads(line) for line in lines[:3]]
docs = list(nlp.pipe(rows))
write_report(docs, "report.html")
assert hd.evaluate(nlp, rows).scores
pathlib.Path("a.html").write_text("<p>" + rows[0]["text"] + "</p>", encoding="utf-8")
assert main(["extract", "a.html", "--out", "out.jsonl"]) == 0
assert main(["report", "out.jsonl", "--out", "again.html"]) == 0
print(sum(len(d.events) for d in docs))
"""


def test_nothing_asks_the_network_or_unpickles(tmp_path: Path) -> None:
    """With every socket forbidden (an audit hook raises): load, nlp, pipe, report, evaluate and the commands work.

    The hook also raises where anything is unpickled."""
    done = subprocess.run([sys.executable, "-c", GUARDED, str(ROOT / "seeds")], cwd=tmp_path, capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.splitlines()[-1]) > 0


def test_the_guard_would_see_a_socket(tmp_path: Path) -> None:
    program = GUARDED.split("import json, pathlib", maxsplit=1)[0] + "import socket\nsocket.socket()\n"
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "socket.__new__" in done.stderr

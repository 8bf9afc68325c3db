"""The Stanza tagger (extra ``[stanza]``): a ``stanza.Pipeline`` NER model over our own tokens.

``stanza`` is the model trained with Stanza that ships in ``models/``; ``stanza:PATH`` one from a file,
offline: a ``.npz`` that ``hindi-diplo train stanza`` wrote, or a ``.pt`` that Stanza saved;
``stanza:hub`` the official Hindi package, ``stanza:hub:PACKAGE`` a chosen one, which ``stanza.download``
brings where there is a network.  Nothing is downloaded here: what is missing raises MissingModelError with
the command to run.

Stanza's own files are pickles, so none ships.  A ``.npz`` holds the same weights as plain arrays and the
configuration and vocabularies as JSON; its checksum is verified, and a file for Stanza is made from it in
a temporary folder.  A foreign ``.pt`` is read by Stanza with torch's ``weights_only=True``.
"""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from ..errors import DataError, MissingModelError
from ..files import packaged

__all__ = ["StanzaTagger", "packed", "unpacked"]

INSTALL: Final = "pip install 'hindi-diplo[stanza]'"
TRAIN: Final = "hindi-diplo train stanza --train TRAIN.tsv --dev DEV.tsv --out models/"
DOWNLOAD: Final = "python -c \"import stanza; stanza.download('hi'%s)\""
_LABELS: Final = {"PER": "PER", "PERSON": "PER", "NEP": "PER", "LOC": "LOC", "LOCATION": "LOC", "GPE": "LOC",
                  "NEL": "LOC", "ORG": "ORG", "ORGANIZATION": "ORG", "NEO": "ORG"}
_NUMBERED: Final = "\u0000numbered"  # marks a table whose keys are numbers, which JSON does not know


class StanzaTagger:
    """See the module; load with :meth:`load`."""

    def __init__(self, pipeline: Any, name: str, sha256: str) -> None:
        self.name = name
        self.made_by: Mapping[str, str] = {"name": name, "sha256": sha256}
        self._pipeline = pipeline

    @classmethod
    def load(cls, which: str | None = None, *, resources: str | Path | None = None) -> StanzaTagger:
        """The model ``which``: a path, ``hub``, ``hub:PACKAGE``, or None for the one in ``models/``.

        ``resources`` is the folder that ``stanza.download`` filled, by default Stanza's own.  Raises
        MissingModelError where a package or a model is missing, DataError where a checksum is wrong.
        """
        try:
            import stanza
        except ImportError:
            raise MissingModelError("stanza", "the package stanza is not installed", INSTALL) from None
        options: dict[str, Any] = {
            "lang": "hi", "tokenize_pretokenized": True, "download_method": None, "verbose": False, "use_gpu": False,
        }
        if which is not None and (which == "hub" or which.startswith("hub:")):
            package = which.partition(":")[2]
            processors = {"tokenize": "default", "ner": package or "default"}
            where = {} if resources is None else {"dir": str(resources)}
            command = DOWNLOAD % (f", processors={{'ner': '{package}'}}, package=None" if package else "")
            try:
                pipeline = stanza.Pipeline(**options, **where, processors=processors, package=None)
            except Exception as error:  # stanza raises its own and torch's errors for a missing package
                raise MissingModelError(f"stanza:{which}", f"the hub's Hindi package is not there ({error})",
                                        command) from error
            # Stanza only warns of a package that it does not know, and goes on without.
            paths = pipeline.config.get("ner_model_path") or ""
            loaded = Path(paths if isinstance(paths, str) else paths[0])
            if "ner" not in pipeline.processors or (package and loaded.stem != package):
                raise MissingModelError(f"stanza:{which}", f"the hub gave {loaded.stem!r} instead of that package",
                                        command)
            return cls(pipeline, f"stanza:{which}", hashlib.sha256(loaded.read_bytes()).hexdigest())
        path = Path(which) if which else packaged("models") / "stanza.npz"
        if not path.is_file():
            raise MissingModelError("stanza", f"no model file {path}", TRAIN)
        data = path.read_bytes()
        found = hashlib.sha256(data).hexdigest()
        if path.suffix == ".npz":
            _verify(path, found)
        # A model of our own needs nothing from the hub; an empty list of resources keeps Stanza from asking for it.
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "resources.json").write_text("{}", encoding="utf-8")
            if path.suffix == ".npz":
                import torch

                path = Path(folder) / "ner.pt"
                torch.save(unpacked(data), path)
            pipeline = stanza.Pipeline(**options, processors="tokenize,ner", dir=folder, ner_model_path=str(path),
                                       allow_unknown_language=True, ner_forward_charlm_path=None,
                                       ner_backward_charlm_path=None)
        return cls(pipeline, "stanza", found)

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[tuple[int, int, str, float]]]:
        """Spans of each sentence (first token, last token exclusive, PER LOC or ORG, score 1.0)."""
        out: list[list[tuple[int, int, str, float]]] = [[] for _ in sentences]
        full = [n for n, sentence in enumerate(sentences) if sentence]
        if not full:
            return out
        doc = self._pipeline([list(sentences[n]) for n in full])
        for n, sentence in zip(full, doc.sentences, strict=True):
            start: int | None = None
            label = ""
            for at, token in enumerate([*(t.ner for t in sentence.tokens), "O"]):
                kind = _LABELS.get(token[2:], "")
                if start is not None and (token[:2] in ("B-", "S-") or token == "O" or kind != label):
                    out[n].append((start, at, label, 1.0))
                    start = None
                if start is None and kind:
                    start, label = at, kind
        return out


def packed(checkpoint: Mapping[str, Any]) -> bytes:
    """A Stanza checkpoint as the bytes of a .npz without pickle: weights in 16 bits, all else as JSON."""
    arrays = {f"model/{name}": weight.numpy().astype(np.float16) for name, weight in checkpoint["model"].items()}
    for part in ("config", "vocab"):
        text = json.dumps(_plain(checkpoint[part]), ensure_ascii=False)
        arrays[part] = np.frombuffer(text.encode(), dtype=np.uint8)
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def unpacked(data: bytes) -> dict[str, Any]:
    """The checkpoint that :func:`packed` packed, as Stanza reads it; nothing in it can run code."""
    import torch

    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        parts = {part: _numbered(json.loads(bytes(arrays[part]).decode())) for part in ("config", "vocab")}
        model = {name[6:]: torch.from_numpy(arrays[name].astype(np.float32)) for name in arrays.files
                 if name.startswith("model/")}
    return {"model": model, **parts}


def _plain(value: Any) -> Any:
    """A value as JSON can say it: tables keyed by numbers become marked lists of pairs."""
    if isinstance(value, Mapping):
        if value and all(isinstance(key, int) for key in value):
            return {_NUMBERED: [[key, _plain(one)] for key, one in value.items()]}
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value


def _numbered(value: Any) -> Any:
    """The inverse of :func:`_plain`."""
    if isinstance(value, dict):
        if _NUMBERED in value:
            return {key: _numbered(one) for key, one in value[_NUMBERED]}
        return {key: _numbered(one) for key, one in value.items()}
    return [_numbered(one) for one in value] if isinstance(value, list) else value


def _verify(path: Path, found: str) -> None:
    """Raises DataError where the checksum of a packed model is not that of the manifest beside it."""
    manifest_file = path.parent / "manifest.json"
    manifest = json.loads(manifest_file.read_text(encoding="utf-8")) if manifest_file.exists() else {}
    expected = manifest.get("stanza", {}).get("sha256")
    if found != expected:
        raise DataError(f"sha256 is {found}, the manifest beside it says {expected}: the file was changed or cut "
                        f"short; train it anew: {TRAIN}", file=path)

"""The Stanza tagger (extra ``[stanza]``): a ``stanza.Pipeline`` NER model over our own tokens.

``stanza:PATH`` loads a model trained with Stanza from a file, offline; ``stanza:hub`` the official Hindi
package, which ``stanza.download("hi")`` brings where there is a network; ``stanza`` the file
``models/stanza-ner.pt`` where one was built.  Nothing is downloaded here: what is missing raises
MissingModelError with the command to run.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ..errors import DataError, MissingModelError
from ..files import packaged

__all__ = ["StanzaTagger"]

INSTALL: Final = "pip install 'hindi-diplo[stanza]'"
TRAIN: Final = "hindi-diplo train stanza --train TRAIN.tsv --dev DEV.tsv --out models/"
DOWNLOAD: Final = "python -c \"import stanza; stanza.download('hi')\""
_LABELS: Final = {"PER": "PER", "PERSON": "PER", "NEP": "PER", "LOC": "LOC", "LOCATION": "LOC", "GPE": "LOC",
                  "NEL": "LOC", "ORG": "ORG", "ORGANIZATION": "ORG", "NEO": "ORG"}


class StanzaTagger:
    """See the module; load with :meth:`load`."""

    def __init__(self, pipeline: Any, name: str, sha256: str) -> None:
        self.name = name
        self.made_by: Mapping[str, str] = {"name": name, "sha256": sha256}
        self._pipeline = pipeline

    @classmethod
    def load(cls, which: str | None = None) -> StanzaTagger:
        """The model ``which``: a path, ``hub``, or None for the one in ``models/``."""
        try:
            import stanza
        except ImportError:
            raise MissingModelError("stanza", "the package stanza is not installed", INSTALL) from None
        options: dict[str, Any] = {
            "lang": "hi", "processors": "tokenize,ner", "tokenize_pretokenized": True, "download_method": None,
            "verbose": False,
        }
        if which == "hub":
            try:
                return cls(stanza.Pipeline(**options), "stanza:hub", "")
            except Exception as error:  # stanza raises its own and torch's errors for a missing package
                raise MissingModelError("stanza:hub", f"the hub's Hindi package is not there ({error})",
                                        DOWNLOAD) from error
        path = Path(which) if which else packaged("models") / "stanza-ner.pt"
        if not path.is_file():
            raise MissingModelError("stanza", f"no model file {path}", TRAIN)
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if which is None:
            _verify(path, found)
        # A model of our own needs nothing from the hub; an empty list of resources keeps Stanza from asking for it.
        with tempfile.TemporaryDirectory() as empty:
            (Path(empty) / "resources.json").write_text("{}", encoding="utf-8")
            pipeline = stanza.Pipeline(**options, dir=empty, ner_model_path=str(path), allow_unknown_language=True,
                                       ner_forward_charlm_path=None, ner_backward_charlm_path=None)
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


def _verify(path: Path, found: str) -> None:
    """Raises DataError where the checksum of the shipped model is not the manifest's."""
    manifest_file = path.parent / "manifest.json"
    manifest = json.loads(manifest_file.read_text(encoding="utf-8")) if manifest_file.exists() else {}
    expected = manifest.get("stanza", {}).get("sha256")
    if found != expected:
        raise DataError(f"sha256 is {found}, the manifest says {expected}: the file was changed or cut short; "
                        f"train it anew: {TRAIN}", file=path)

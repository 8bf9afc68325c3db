"""Training of the Stanza tagger by Stanza's own trainer, without any file from its hub."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import InputError, MissingModelError
from ..taggers.stanza import INSTALL, StanzaTagger, packed
from .data import Sentence, f1, read_tsv

__all__ = ["train_stanza"]


def train_stanza(
    train: Sequence[str | Path], dev: Sequence[str | Path], out: str | Path, *, seed: int = 1, steps: int = 2400,
    rate: float = 0.003, hidden: int = 192, dimensions: int = 64, every: int = 400,
) -> dict[str, Any]:
    """Train a Stanza NER model (character LSTM, BiLSTM, CRF) on ``train``; write ``stanza.npz`` to ``out``.

    The step that is best on ``dev`` is kept (evaluated ``every`` so many).  Returns the manifest entry.
    """
    try:
        import torch
        from stanza.models import ner_tagger
    except ImportError:
        raise MissingModelError("stanza", "training needs the package stanza", INSTALL) from None
    corpora = {name: [s for path in paths for s in read_tsv(path)] for name, paths in (("train", train), ("dev", dev))}
    for name, sentences in corpora.items():
        if not sentences:
            raise InputError(f"no sentences to read, expected some in --{name}")
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "stanza.npz"
    torch.manual_seed(seed)
    torch.set_num_threads(1)  # the sums of several threads differ from run to run
    with tempfile.TemporaryDirectory() as work:
        for name, sentences in corpora.items():
            (Path(work) / f"{name}.json").write_text(json.dumps(_rows(sentences), ensure_ascii=False), encoding="utf-8")
        ner_tagger.main([
            "--mode", "train", "--shorthand", "hi_diplo", "--cpu", "--no_pretrain",
            "--train_file", f"{work}/train.json", "--eval_file", f"{work}/dev.json",
            "--save_dir", work, "--save_name", "ner.pt", "--seed", str(seed),
            "--optim", "adam", "--lr", str(rate), "--batch_size", "32", "--max_steps", str(steps),
            "--eval_interval", str(min(every, steps)), "--hidden_dim", str(hidden),
            "--word_emb_dim", str(dimensions), "--char_emb_dim", "32", "--char_hidden_dim", "64",
        ])
        data = packed(torch.load(f"{work}/ner.pt", map_location="cpu", weights_only=True))
    file.write_bytes(data)
    made: dict[str, Any] = {
        "file": file.name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data),
        "licence": "CC BY-SA 4.0", "labels": ["PER", "LOC", "ORG"], "seed": seed, "steps": steps,
        "train": [Path(p).name for p in train],
    }
    manifest_file = folder / "manifest.json"
    manifest = json.loads(manifest_file.read_text(encoding="utf-8")) if manifest_file.exists() else {}

    def write() -> None:
        manifest["stanza"] = made
        manifest_file.write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    write()  # the checksum first: loading verifies it
    tagger = StanzaTagger.load(str(file))
    made["dev"] = {Path(p).stem: {k: round(v, 2) for k, v in f1(tagger, read_tsv(p)).items()} for p in dev}
    write()
    return made


def _rows(sentences: Sequence[Sentence]) -> list[list[dict[str, str]]]:
    """Sentences as Stanza's trainer reads them."""
    return [[{"text": word, "ner": tag} for word, tag in zip(*sentence, strict=True)] for sentence in sentences]

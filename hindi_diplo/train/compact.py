"""Training of the compact tagger in PyTorch; the weights go to a .npz that numpy reads alone.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, Final

import numpy as np

from ..errors import InputError, MissingModelError
from . import fixed, member, network, phases
from . import large as transformers
from . import pretrain as pretraining
from .corpora import MORE, VOCABULARY, Corpora
from .joining import joined
from .packing import Weights, scored, together

__all__ = ["train_compact"]

OWN: Final = 2  # how often pretraining reads the labelled files for each time that it reads the texts


def train_compact(
    train: Sequence[str | Path], dev: Sequence[str | Path], out: str | Path, *, extra: Sequence[str | Path] = (),
    seed: int = 1, epochs: int = 7, members: int = 1, jobs: int = 1, swap: float = 0.6,
    vary: float = 0.4, made: int = 5000, thin: float = 0.1, rate: float | None = None, share: float = 0.7,
    spreads: Sequence[float] = (0.05, 0.1), pretrain: Sequence[str | Path] = (), passes: int = 1,
    begin: str | Path | None = None, half: bool = False, teachers: int = 0, teach: Sequence[str | Path] = (),
    unlabelled: Sequence[str | Path] = (), read: int = 12_000, join: Sequence[str | Path] = (),
    device: str = "cpu", large: int = 0, wide: tuple[int, int] = transformers.WIDE,
) -> dict[str, Any]:
    """Train ``members`` networks on ``train``, each kept where it is best on ``dev``; write them to ``out``.

    Every file has a head of its own on a shared body, since label conventions differ; the files of ``dev``
    stand in the order of ``train``.  Files of ``extra`` only teach the body: their heads do not ship, and
    each epoch sees a ``share`` of them.  The plain text files of ``pretrain``, a sentence a line, are first read
    in ``passes`` passes, together with the labelled files without their labels (see :mod:`.pretrain`); what was
    learnt is written to ``out/pretrained.npz``, and ``begin`` takes such a file instead of texts.  ``half``
    computes in bfloat16, which newer processors do several times as fast.

    With ``teachers``, so many networks are trained first and written to ``out/teachers.npz``; ``teach`` takes such
    files instead, or a ``compact.npz``.  The members then learn from the teachers' averaged scores too (see
    :mod:`.distil`), and from ``read`` sentences an epoch of the plain texts ``unlabelled``.  The same seed gives the
    same weights on the same machine.

    ``device`` is ``cpu`` or ``cuda``.  With ``large``, so many transformers of ``wide`` dimensions and layers are the
    teachers, which begin as one that was pretrained on the same texts (see :mod:`.large`); they are not kept.  On
    cuda, and with ``large``, batches are fixed (see :mod:`.phases`), and the same seed gives the same weights but for
    the last digits; cuda computes in bfloat16 always.  ``rate`` is the highest learning rate, by default 0.002 in
    fixed batches and 0.0022 otherwise.

    With ``join`` nothing is trained: ``compact.npz`` files of before become one, whose members are averaged.  Returns
    the manifest entry.
    """
    try:
        import torch
    except ImportError:
        raise MissingModelError("compact", "training needs torch", "pip install 'hindi-diplo[train]'") from None
    if not train or len(train) != len(dev):
        raise InputError(f"expected one dev file for each train file, in the same order, got {len(train)} train and "
                         f"{len(dev)} dev files")
    place = fixed.device(torch, device)
    half = half or place.type != "cpu"
    apart = large > 0 or place.type != "cpu"
    names = [Path(p).stem for p in train]
    if join:
        weights, parts = joined(join)
        return _write(Path(out), weights, {
            "dev": scored(weights, names, dev), "joined": parts, "heads": names, "members": int(weights["members"]),
            "train": [Path(p).name for p in train], "extra": [Path(p).name for p in extra]})
    # Members that begin differently err differently: each takes the next spread of the first embeddings.
    options: dict[str, Any] = {"epochs": epochs, "swap": swap, "vary": vary, "made": made, "thin": thin,
                               "rate": rate or (2e-3 if apart else 2.2e-3), "share": share, "half": half}
    paths = [str(p) for p in train], [str(p) for p in dev], [str(p) for p in extra]
    size = transformers.HEAD
    for wrong, message in (
        (pretrain and begin is not None,
         "expected --pretrain or --begin, got both: --begin takes what --pretrain wrote"),
        (teachers and teach, "expected --teachers or --teach, got both: --teach takes what --teachers wrote"),
        (large and (teachers or teach),
         "expected --large or --teachers or --teach, got several: the transformers are the teachers"),
        (large < 0, f"--large: expected how many transformers, got {large}"),
        (large and not pretrain, "--large needs --pretrain: the transformers read the same texts first"),
        (wide[0] % size, f"expected a multiple of {size} as the dimensions of transformers, got {wide[0]}"),
        (unlabelled and not (teachers or teach or large),
         "--unlabelled is what teachers label: expected --teachers, --teach or --large with it"),
        (apart and jobs > 1, f"one device trains one network at a time: expected jobs=1, got {jobs}"),
    ):
        if wrong:
            raise InputError(message)
    if apart:
        options["device"] = device if place.type == "cpu" else torch.cuda.get_device_name(place)
    read_wide: Mapping[str, Any] | None = None
    if pretrain:
        options |= {"passes": passes, "pretrain": pretraining.facts(pretrain)}
        begin = Path(out) / "pretrained.npz"
        read_wide = _pretrain(torch, place if apart else None, Corpora(*paths), [str(p) for p in pretrain], begin,
                              seed, options, wide if large else None)
    elif begin is not None:
        options["begin"] = Path(begin).name
    first = None if begin is None else str(begin)
    corpora = Corpora(*paths, first)

    def trained(count: int, seed: int, **more: list[str]) -> tuple[Weights, list[list[list[float]]]]:
        tasks = [member.Task(*paths, seed + n, {**options, "spread": spreads[n % len(spreads)]}, first, **more)
                 for n in range(count)]
        if jobs > 1:
            with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
                networks = list(pool.map(member.trained, tasks))
        else:
            networks = [member.trained(task) for task in tasks]
        return together([weights for weights, _ in networks], corpora), [history for _, history in networks]

    def trained_apart(count: int, seed: int, **more: Any) -> tuple[Weights, list[list[list[float]]]]:
        made, history, told = phases.trained(torch, place, corpora, options, count=count, seed=seed, spreads=spreads,
                                             **more)
        if told:
            options["large"] = told
        return together(made, corpora), history

    train_all = trained_apart if apart else trained
    lessons: dict[str, Any] = {}
    if teachers:
        weights, told = train_all(teachers, seed + members)
        teach = [Path(out) / "teachers.npz"]
        Path(out).mkdir(parents=True, exist_ok=True)
        np.savez_compressed(teach[0], **weights)
        options |= {"teachers": told}
    if teach:
        lessons = {"teach": [str(p) for p in teach]}
        options |= {"teach": [Path(p).name for p in teach]}
    if large:
        lessons = {"networks": large, "wide": wide, "begin": read_wide}
    if lessons:
        lessons |= {"text": [str(p) for p in unlabelled]}
        options |= {"read": read, "unlabelled": pretraining.facts(unlabelled)}
    weights, told = train_all(members, seed, **lessons)
    return _write(Path(out), weights, {
        "dev": scored(weights, names, dev), "history": told, "seed": seed, **options,
        "spreads": list(spreads), "members": members, "heads": names,
        "train": [Path(p).name for p in train],
        "extra": [Path(p).name for p in extra]})


def _pretrain(
    torch: Any, place: Any, corpora: Corpora, paths: Sequence[str], out: Path, seed: int, options: Mapping[str, Any],
    wide: tuple[int, int] | None,
) -> Mapping[str, Any] | None:
    """Read the texts and the labelled files without their labels; write what was learnt to ``out``.  On a ``place``
    batches are fixed.  With ``wide`` a transformer reads them too, whose state is returned."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    text = pretraining.read_text(paths)
    if not text:
        raise InputError("no sentences of four tokens to read, expected some in --pretrain")
    known = network.vocabulary(corpora.every, VOCABULARY, text, MORE)
    text = [*text, *OWN * corpora.every]  # what will be tagged counts more than what is only read
    body = network.make(torch, len(corpora.heads), len(known), 0.1)
    given: tuple[Any, ...] = corpora.names.lists, known, seed, options["thin"]
    reader: Any = network.Tensors(*given) if place is None else fixed.Reader(torch, place, *given)
    how: dict[str, Any] = {} if place is None else {"size": phases.SIZE, "pace": phases.READING}
    common: dict[str, Any] = {"passes": options["passes"], "seed": seed, "half": options["half"]}

    def keep() -> None:
        pretraining.write_state(out, body, known)

    if place is not None:
        body.to(place)
    pretraining.pretrain(torch, body, reader, text, known, keep=keep, **common, **how)
    keep()
    if wide is None:
        return None
    return transformers.read(torch, reader, text, known, heads=len(corpora.heads), wide=wide, **common)


def _write(out: Path, weights: Weights, facts: Mapping[str, Any]) -> dict[str, Any]:
    out.mkdir(parents=True, exist_ok=True)
    file = out / "compact.npz"
    np.savez(file, **weights)  # the tables hardly compress, and unpacking them takes a fifth of the time to load
    data = file.read_bytes()
    manifest_file = out / "manifest.json"
    manifest = json.loads(manifest_file.read_text(encoding="utf-8")) if manifest_file.exists() else {}
    made: dict[str, Any] = {
        "file": file.name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data),
        "licence": "CC BY-SA 4.0", "labels": ["PER", "LOC", "ORG"], **facts,
    }
    manifest["compact"] = made
    manifest_file.write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return made

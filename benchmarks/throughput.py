"""Speed, memory and growth of the whole pipeline and of each step, beside peers that do less, in one run.

    pip install -e '.[bench]'
    python benchmarks/throughput.py                              200, 2,000 and 20,000 articles; half an hour
    python benchmarks/throughput.py --articles 200 --peers       the pipeline alone, one size
    python benchmarks/throughput.py --plot growth.html           and a picture of how cost grows

The articles are made from the labelled documents of ``seeds/`` (``made.py``).  Everything that is measured runs in a
process of its own, on one core, with one thread.  Seconds are those of the processor, so that other work on the
machine weighs less; a peer that is slow reads as many articles as it can in ``--seconds``.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PEERS = ("stanza", "small", "spacy", "dateparser")
LENGTHS = (50, 100, 250, 500, 1_000, 4_000, 16_000, 64_000)  # tokens of an article
ENV = {**os.environ, **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")}


def one(what: str, *, articles: int, tokens: int, seconds: float, stanza: str | None) -> dict[str, Any]:
    """The figures of one subject, measured in a process of its own."""
    command = [sys.executable, str(HERE / "subjects.py"), what, str(articles), str(tokens), str(seconds), stanza or ""]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=ENV)
    if done.returncode:
        raise SystemExit(f"{what}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else done.returncode}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def rate(row: dict[str, Any], tokens: int) -> float:
    """Articles of ``tokens`` tokens in a second."""
    return float(row["tokens"] / row["cpu"] / tokens)


def line(name: str, row: dict[str, Any], tokens: int, base: float | None) -> str:
    """A row of the table."""
    ratio = f"{base / rate(row, tokens):8.1f}" if base else " " * 8
    return (f"{name:34}{row['articles']:9,}{rate(row, tokens):11.1f}{row['tokens'] / row['cpu']:11,.0f}"
            f"{row['peak_mb']:9,.0f}{row['load']:8.2f}{ratio}")


def train_stanza(folder: Path) -> str:
    """Two Stanza NER models in a folder, trained for a few steps on the seeds: their speed is that of any model of
    their size, their labels are worth nothing.  ``small`` is of the size that ``hindi-diplo train stanza`` makes;
    ``standard`` of Stanza's own defaults (character language models of 1,024 units in both directions, an LSTM of
    256), which is how the models of its hub are built."""
    from made import labelled
    from stanza.models import ner_tagger
    from stanza.models.common.char_model import CharacterLanguageModel, build_charlm_vocab

    rows: list[list[dict[str, str]]] = []
    for document in labelled():
        spans = [(e["start"], e["stop"], e["label"]) for e in document["entities"]]
        for sentence in document["text"].split("।"):
            found = _bio(sentence, document["text"].index(sentence), spans)
            rows += [[{"text": word, "ner": tag} for word, tag in found]] if found else []
    (folder / "train.json").write_text(json.dumps(rows[:100]), encoding="utf-8")
    (folder / "dev.json").write_text(json.dumps(rows[100:110]), encoding="utf-8")
    (folder / "all.txt").write_text("\n".join(d["text"] for d in labelled()), encoding="utf-8")
    sizes = {"char_emb_dim": 100, "char_hidden_dim": 1024, "char_num_layers": 1, "char_dropout": 0.05,
             "char_unit_dropout": 1e-5, "char_rec_dropout": 0.0}
    vocabulary = {"char": build_charlm_vocab(str(folder / "all.txt"))}
    for forward in (True, False):
        lm = CharacterLanguageModel(sizes, vocabulary, is_forward_lm=forward)
        lm.save(str(folder / f"{'forward' if forward else 'backward'}.pt"))
    common = ["--mode", "train", "--shorthand", "hi_bench", "--cpu", "--no_pretrain", "--save_dir", str(folder),
              "--train_file", str(folder / "train.json"), "--eval_file", str(folder / "dev.json"),
              "--batch_size", "8", "--max_steps", "3", "--eval_interval", "3"]
    logging.disable(logging.CRITICAL)  # Stanza tells each step of its training
    with open(os.devnull, "w", encoding="utf-8") as nowhere, redirect_stderr(nowhere), redirect_stdout(nowhere):
        ner_tagger.main([*common, "--save_name", "small.pt", "--hidden_dim", "192", "--word_emb_dim", "64",
                         "--char_emb_dim", "32", "--char_hidden_dim", "64"])
        ner_tagger.main([*common, "--save_name", "standard.pt", "--charlm", "--charlm_shorthand", "hi_bench",
                         "--charlm_forward_file", str(folder / "forward.pt"),
                         "--charlm_backward_file", str(folder / "backward.pt")])
    return str(folder)


def _bio(text: str, at: int, spans: Sequence[tuple[int, int, str]]) -> list[tuple[str, str]]:
    from hindi_diplo.text import tokens

    short = {"PERSON": "PER", "ORG": "ORG"}
    found = []
    for token in tokens(text):
        inside = next(((s, label) for s, e, label in spans if s <= at + token.span.start < e), None)
        if inside is None:
            found.append((token.text, "O"))
        else:
            begins = "B" if inside[0] == at + token.span.start else "I"
            found.append((token.text, f"{begins}-{short.get(inside[1], 'LOC')}"))
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", nargs="+", type=int, default=[200, 2_000, 20_000])
    parser.add_argument("--tokens", type=int, default=250, help="mean length of an article")
    parser.add_argument("--peers", nargs="*", default=list(PEERS), choices=PEERS)
    parser.add_argument("--stanza", metavar="FILE", help="a model for the peer stanza; default: one of its own size")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long a peer may read")
    parser.add_argument("--plot", metavar="FILE.html", help="draw the growth with plotly")
    arguments = parser.parse_args()
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; "
          f"load average {os.getloadavg()[0]:.1f} at the beginning")
    print(f"articles of {arguments.tokens} tokens on average; one core, one thread; seconds of the processor\n")
    with tempfile.TemporaryDirectory() as work:
        stanza = arguments.stanza
        if {"stanza", "small"} & set(arguments.peers) and stanza is None:
            stanza = train_stanza(Path(work))
        common: dict[str, Any] = {"tokens": arguments.tokens, "stanza": stanza}
        print(f"{'':34}{'articles':>9}{'articles/s':>11}{'tokens/s':>11}{'peak MB':>9}{'load s':>8}{'times':>8}")
        whole: list[dict[str, Any]] = []
        for n in arguments.articles:
            if whole and n > 5_000:
                minutes = n / whole[-1]["articles"] * whole[-1]["cpu"] / 60
                print(f"({n:,} articles will take about {minutes:.1f} minutes of the processor)", flush=True)
            whole.append(one("pipeline", articles=n, seconds=0, **common))
            print(line("whole pipeline", whole[-1], arguments.tokens, None), flush=True)
        base = rate(whole[0], arguments.tokens)
        print(line("whole pipeline, no trained tagger", one("untrained", articles=arguments.articles[0], seconds=0,
                                                            **common), arguments.tokens, None), flush=True)
        for peer in arguments.peers:
            row = one(peer, articles=arguments.articles[-1], seconds=arguments.seconds, **common)
            print(line(f"{peer}: {row['does']}", row, arguments.tokens, base), flush=True)
        print("\ntimes: how many articles the whole pipeline reads while the peer reads one\n")
        steps(whole[0])
        scaling(one("workers", articles=max(arguments.articles[0], 600), seconds=0, **common))
        lengths = [(n, one("pipeline", articles=max(2, 40_000 // n), seconds=0, tokens=n, stanza=None))
                   for n in LENGTHS]
        growth(lengths, list(zip(arguments.articles, whole, strict=True)))
        if arguments.plot:
            plot(lengths, list(zip(arguments.articles, whole, strict=True)), Path(arguments.plot))


def steps(row: dict[str, Any]) -> None:
    """Where the time goes."""
    total = sum(row["steps"].values())
    print("where the time goes (ms for 1,000 tokens)")
    for name, spent in row["steps"].items():
        print(f"  {name:12}{spent / row['tokens'] * 1e6:8.2f}  {'█' * round(40 * spent / total)}")
    print(f"  {'import':12}{row['import']:8.2f} s\n  {'load':12}{row['load']:8.2f} s\n")


def scaling(row: dict[str, Any]) -> None:
    """What a second worker brings."""
    print(f"nlp.pipe: 1 process {row['alone']:.1f} articles/s by the clock, workers=2 {row['two']:.1f}: "
          f"{row['two'] / row['alone']:.2f} times ({row['cores']} cores)\n")


def growth(lengths: Sequence[tuple[int, dict[str, Any]]], corpora: Sequence[tuple[int, dict[str, Any]]]) -> None:
    """How the cost of a token grows with the length of an article and with the number of articles: not."""
    for name, rows in (("tokens in an article", lengths), ("articles", corpora)):
        print(f"{name:>22}{'ms for 1,000 tokens':>22}{'peak MB':>9}")
        most = max(r["cpu"] / r["tokens"] for _, r in rows)
        for size, row in rows:
            cost = row["cpu"] / row["tokens"]
            print(f"{size:22,}{cost * 1e6:22.1f}{row['peak_mb']:9,.0f}  {'█' * round(30 * cost / most)}")
        print()


def plot(lengths: Sequence[tuple[int, dict[str, Any]]], corpora: Sequence[tuple[int, dict[str, Any]]],
         file: Path) -> None:
    """The same as a page."""
    from plotly.subplots import make_subplots

    figure = make_subplots(1, 2, subplot_titles=("seconds by tokens in an article", "seconds by articles"))
    for column, rows in enumerate((lengths, corpora), 1):
        cost = [r["cpu"] / r["articles"] if column == 1 else r["cpu"] for _, r in rows]
        figure.add_scatter(x=[n for n, _ in rows], y=cost, mode="lines+markers", row=1, col=column, showlegend=False)
        figure.update_xaxes(type="log", row=1, col=column)
        figure.update_yaxes(type="log", row=1, col=column)
    figure.write_html(file, include_plotlyjs=True)
    print(file)


if __name__ == "__main__":
    main()

"""Whether the persons of ``unseen.txt`` are unseen: prints every name part that a list or a training file holds.

    python benchmarks/unseen_check.py TRAIN.tsv …

Lists are all files under ``hindi_diplo/data``; particles that many names share do not count.  Exits with 1
where a part was seen.
"""

import re
import sys
from pathlib import Path

from hindi_diplo.files import packaged
from hindi_diplo.text import fold, tokens

PARTICLES = frozenset(["अल", "बिन", "वान", "दे", "तेर", "द", "ओ"])


def known(training: list[Path]) -> dict[str, str]:
    """Folded words with a file that holds them."""
    found: dict[str, str] = {}
    for path in sorted(p for p in packaged("data").rglob("*") if p.suffix in (".tsv", ".toml")):
        found.update({token.norm: path.name for token in tokens(path.read_text(encoding="utf-8"))})
    for path in training:
        words = {line.partition("\t")[0].strip() for line in path.read_text(encoding="utf-8").splitlines()}
        for word in words - {""}:
            found.update({token.norm: path.name for token in tokens(word)})
            found[fold(word) or word] = path.name
    return found


def main(training: list[Path]) -> int:
    lists, seen, names = known(training), 0, []
    for line in (Path(__file__).parent / "unseen.txt").read_text(encoding="utf-8").splitlines():
        for name in re.findall(r"\{PER ([^}]*)\}", line):
            names.append(name)
            for token in tokens(name):
                if any(c.isalpha() for c in token.text) and token.text not in PARTICLES and token.norm in lists:
                    seen += 1
                    print(f"{name}: {token.text} stands in {lists[token.norm]}")
    print(f"{len(names)} persons, {len(set(names))} names, {seen} parts seen, {len(training)} training files")
    return 1 if seen or not training else 0


if __name__ == "__main__":
    sys.exit(main([Path(p) for p in sys.argv[1:]]))

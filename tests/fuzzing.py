"""Damaged files at length: ``python -m tests.fuzzing --each 300 [--seed N] [--kind xls ...]``.

So many files of every kind as ``tests/ingest/test_damaged_bytes.py`` makes are damaged and read, each kind in a process of its own: what
ends that one is found too. A line for each kind; ends with 1 where anything left the reading, took too long or lost its file's name.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import tempfile
import time
import traceback
import warnings
import zlib
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path

import duckdb

from planning_check.ingest.delivery import find_files
from planning_check.ingest.intake import take_in
from planning_check.ingest.problems import CATALOGUE
from planning_check.ingest.staging import Staging
from tests.ingest.conftest import Folder
from tests.ingest.test_damaged_bytes import GOOD, KINDS, damaged, made

MOST_SECONDS = 60.0


def read(folder: Path) -> str:
    """How the file was taken: the codes of its problems. Raises AssertionError where it was lost."""
    with duckdb.connect() as con:
        staging = Staging(con)
        for file in find_files([folder]):
            take_in(staging, file)
        staging.finish()
        found = con.execute("SELECT DISTINCT file, code FROM ingest.found UNION SELECT file, 'read' FROM source").fetchall()
        rows = con.execute("SELECT (SELECT sum(rows_read) FROM source), (SELECT count(*) FROM raw_row)").fetchall()
    codes = {code for file, code in found if file and file.startswith("宗地")}
    assert codes, "neither read nor a problem"
    assert ("项目.csv", "read") in found, "the file beside it was lost"
    assert rows[0][0] == rows[0][1], "rows that belong to no source"
    assert codes - {"read"} <= set(CATALOGUE), codes
    assert "internal_error" not in codes, "a fault of the program"
    return "read" if "read" in codes else min(codes)


def of_kind(kind: str, numbers: range, seed: int, told: Connection) -> None:
    """Damage and read files of one kind; tells each number before it is read, and after it what became of it."""
    with tempfile.TemporaryDirectory() as place, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folder = Folder(Path(place))
        made(folder, kind)
        folder.csv("项目.csv", GOOD)
        whole = {name: (folder.path / name).read_bytes() for name in KINDS[kind]}
        for number in numbers:
            chance = random.Random(f"{seed} {zlib.crc32(kind.encode())} {number}")
            chosen = chance.choice(KINDS[kind])
            for name, data in whole.items():
                (folder.path / name).write_bytes(damaged(data, chance) if name == chosen else data)
            told.send((number, chosen, None))
            try:
                told.send((number, chosen, read(folder.path)))
            except Exception as error:
                told.send((number, chosen, f"! {''.join(traceback.format_exception(error)[-3:])}"))


def tried(kind: str, each: int, seed: int) -> tuple[Counter[str], list[str]]:
    """What became of so many files of a kind, and what should not have."""
    became: Counter[str] = Counter()
    wrong, start = [], 0
    while start < each:
        ours, theirs = multiprocessing.Pipe(duplex=False)
        child = multiprocessing.Process(target=of_kind, args=(kind, range(start, each), seed, theirs))
        child.start()
        theirs.close()
        number, name, begun = start, "", time.monotonic()
        try:
            while ours.poll(MOST_SECONDS):
                number, name, what = ours.recv()
                if what is None:
                    begun = time.monotonic()
                    continue
                became[what if not what.startswith("!") else "wrong"] += 1
                wrong += [f"{kind} {number} {name}: {what}"] if what.startswith("!") else []
            wrong.append(f"{kind} {number} {name}: still reading after {time.monotonic() - begun:.0f} s")
            child.kill()
        except EOFError:
            child.join()
            if child.exitcode:
                wrong.append(f"{kind} {number} {name}: ended the process ({child.exitcode})")
        start = number + 1
    return became, wrong


def main() -> int:
    """Read the arguments and try every kind."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--each", type=int, default=300)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--kind", nargs="*", choices=sorted(KINDS), default=list(KINDS))
    given = asked.parse_args()
    failed = False
    for kind in given.kind:
        begun = time.monotonic()
        became, wrong = tried(kind, given.each, given.seed)
        told = ", ".join(f"{what} {times}" for what, times in became.most_common())
        print(f"{kind}: {sum(became.values())} in {time.monotonic() - begun:.0f} s: {told}", *wrong, sep="\n  ", flush=True)
        failed = failed or bool(wrong)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

"""The log of a series: entries written a second, alone and many in one transaction, and the seconds that verifying its chain takes."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import tempfile
import time
from pathlib import Path

from planning_check.store import Entry, append, check_log, head, open_store
from planning_check.store.connecting import writing

AT = dt.datetime(2011, 7, 8, 9, 30, tzinfo=dt.UTC)
SERIES, TOGETHER = "棠川", 1_000


def _entries(count: int, begin: int) -> list[Entry]:
    return [
        Entry("confirm", "secretary", {"conclusion": "confirmed", "amount_yuan": "800000.00", "resolution_no": "纪要〔2011〕3号",
              "decided_on": "2011-07-08", "note": f"第 {begin + n} 件"}, f"{begin + n:016x}", 1)
        for n in range(count)
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--alone", type=int, default=2_000, help="how many are written in a transaction of their own")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        engine = open_store(os.environ.get("PLANNING_CHECK_POSTGRESQL") or str(Path(folder) / "log.sqlite"))
        begun = time.perf_counter()
        for number in range(given.alone):
            with writing(engine) as connection:
                append(connection, SERIES, AT, "王秘书", _entries(1, number))
        print(f"alone     {given.alone / (time.perf_counter() - begun):10,.0f} entries a second")
        begun = time.perf_counter()
        for number in range(given.alone, given.entries, TOGETHER):
            with writing(engine) as connection:
                append(connection, SERIES, AT, "王秘书", _entries(TOGETHER, number))
        print(
            f"together  {(given.entries - given.alone) / (time.perf_counter() - begun):10,.0f} entries a second, {TOGETHER} a transaction"
        )
        begun = time.perf_counter()
        assert list(check_log(engine)) == [], "the chain is whole"
        last = head(engine, SERIES)
        print(f"verified  {last.seq if last else 0:10,} entries in {time.perf_counter() - begun:.1f} s")


if __name__ == "__main__":
    main()

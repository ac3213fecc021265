"""The whole check on invented deliveries of growing size: seconds per stage, projects per second, peak memory."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import synthetic

_CHILD = """
import datetime as dt, json, resource, sys, time
from pathlib import Path
begun = time.perf_counter()
from planning_check import pipeline
result = pipeline.check(pipeline.Options([Path(sys.argv[1])], as_of=dt.date(2011, 6, 30), today=dt.date(2011, 6, 30)),
                        created_at=dt.datetime(2011, 6, 30), db_url="sqlite:///" + sys.argv[2])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"stages": result.timings, "total": time.perf_counter() - begun, "peak_mb": peak}))
"""


def measure(projects: int) -> dict:
    """One run in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        delivery = Path(folder) / "delivery"
        synthetic.write(delivery, projects)
        command = [sys.executable, "-c", _CHILD, str(delivery), str(Path(folder) / "run.sqlite")]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, nargs="+", default=[10_000, 100_000])
    for projects in parser.parse_args().projects:
        run = measure(projects)
        print(
            f"{dt.date.today()}  {projects:,} projects: {run['total']:.2f} s, {projects / run['total']:,.0f} projects/s, "
            f"peak {run['peak_mb']:,.0f} MB"
        )
        for stage, seconds in run["stages"]:
            print(f"    {stage:<10} {seconds:8.2f} s")


if __name__ == "__main__":
    main()

"""A check that takes no time, for the tests of those who run it: every worker knows it by its name. What it does is written in the city's
folder (``do.json``): sleep, be killed, lack memory or room, find the delivery unreadable or changed."""

import datetime as dt
import errno
import hashlib
import json
import os
import signal
import time
from pathlib import Path

import duckdb

from planning_check import __version__
from planning_check.errors import Place, SourceError, Text
from planning_check.pipeline.province.checking import Changed
from planning_check.province.commits import Results
from planning_check.record.province import City, Commit, Kept, ProvincePlan, Shard

AS_OF = dt.date(2011, 6, 30)


def check(task):
    """As ``check_shard``: the result of the shard, deterministic; and a line in the city's folder for every time it was asked."""
    results = Results(task.out, task.run_digest)
    if there := results.commit_of(task.shard.code, task.shard.digest):
        return there
    with results.begun(task.shard.code) as folder:
        for city in task.cities:
            (folder / f"{city.label}.part").write_text("begun", "utf-8")
            _do(Path(city.folder), task)
            (folder / f"{city.label}.part").unlink()
        return results.put(folder, write(folder, task.shard))


def _do(folder, task):
    with (folder / "asked.txt").open("a", encoding="utf-8") as asked:
        asked.write(f"{os.getpid()} {task.threads} {task.memory}\n")
    told = json.loads((folder / "do.json").read_text("utf-8")) if (folder / "do.json").exists() else {}
    time.sleep(told.get("sleep", 0))
    if (wait_for := told.get("until")) and not _in_time(folder / wait_for):
        raise TimeoutError(wait_for)
    if asked_times(folder) <= told.get("kill", 0):
        os.kill(os.getpid(), signal.SIGKILL)
    if asked_times(folder) <= told.get("out_of_memory", 0):
        raise duckdb.OutOfMemoryException("Out of Memory Error: failed to pin block")
    match told.get("fails"):
        case "disk":
            raise OSError(errno.ENOSPC, "No space left on device", str(folder))
        case "delivery":
            raise SourceError(Text("没有可读的文件", "no file that can be read"), where=Place(str(folder)))
        case "changed":
            raise Changed(Text("文件改过", "the files were changed"), fix=Text("重新做计划", "plan again"))
        case "bug":
            raise KeyError("x")


def _in_time(path, seconds=60):
    end = time.monotonic() + seconds
    while not path.exists() and time.monotonic() < end:
        time.sleep(0.05)
    return path.exists()


def asked_times(folder):
    """How many times a check of this city was begun."""
    path = Path(folder) / "asked.txt"
    return len(path.read_text("utf-8").splitlines()) if path.exists() else 0


def write(folder, shard, rows=2):
    """The tables of a result and its commit."""
    target = folder / "finding.parquet"
    with duckdb.connect() as con:
        con.sql(f"SELECT i AS number, '{shard.code}' AS shard FROM range({rows}) r(i)").write_parquet(str(target))
    content = hashlib.sha256(f"{shard.code} {rows}".encode()).hexdigest()
    kept = Kept(rows, content, hashlib.sha256(target.read_bytes()).hexdigest())
    return Commit(shard.code, shard.digest, content, __version__, duckdb.__version__, AS_OF, {}, {"finding": kept})


def province(folder, behaviour, *, projects=10):
    """A plan of cities each in a shard of its own: name -> what ``do.json`` says."""
    cities, shards = [], []
    for name, told in behaviour.items():
        place = Path(folder) / "cities" / name
        place.mkdir(parents=True, exist_ok=True)
        (place / "do.json").write_text(json.dumps(told), "utf-8")
        digest = hashlib.sha256(name.encode()).hexdigest()
        cities.append(City(name, str(place), digest, 100, projects))
        shards.append(Shard(f"s{len(shards) + 1:03}", (name,), "alone", projects, 100, digest))
    digest = hashlib.sha256(repr(sorted(behaviour)).encode()).hexdigest()
    return ProvincePlan(AS_OF, __version__, "r" * 64, tuple(cities), (), tuple(shards), digest=digest)


def roots(plan, out):
    """Shard -> root, of what lies there whole."""
    results = Results(str(out), plan.digest)
    found = {shard.code: results.commit_of(shard.code, shard.digest) for shard in plan.shards}
    return {code: commit.root for code, commit in found.items() if commit}


def leftovers(out):
    """Whatever lies below the results and is no file of a result, nor says why one is missing."""
    files = [path for path in Path(out).rglob("*") if path.is_file() and path.parent.name != "_failed"]
    return [str(path) for path in files if path.name != "_commit.json" and (path.suffix != ".parquet" or ".tmp-" in str(path))] + [
        str(path) for path in Path(out).rglob(".tmp-*")
    ]

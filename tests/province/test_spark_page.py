"""The adapter for Spark on the page does what it says, with a stand-in for Spark: each shard by ``check_shard``, its root, or why none."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from planning_check.pipeline.province.checking import check_shard
from planning_check.province.plan_file import as_json, with_digest
from planning_check.record.province import tasks
from tests.province import cities
from tests.province.planned import plan_of

PAGE = Path(__file__).parents[2] / "docs" / "province.md"


class _Frame:
    """A data frame of Spark in a single piece, here."""

    def __init__(self, rows, schema):
        self.rows, self.columns = rows, [part.split()[0] for part in schema.split(", ")]

    def repartition(self, _count):
        return self

    def mapInPandas(self, work, schema):
        done = pd.concat(work(iter([pd.DataFrame(self.rows, columns=self.columns)])))
        return _Frame(list(done.itertuples(index=False, name=None)), schema)

    def collect(self):
        return self.rows


class _Spark:
    createDataFrame = _Frame


def test_the_adapter_checks_every_shard_and_a_bad_city_stops_none(tmp_path):
    where = cities.write(tmp_path / "in")
    plan = with_digest(plan_of({label: where[label] for label in ("anyuan", cities.BROKEN)}))
    (tmp_path / "plan.json").write_text(as_json(plan), "utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert len([line for line in block.splitlines() if line.strip()]) <= 24
    names: dict = {}
    exec(block, names)
    found = {code: (root, why) for code, root, why in names["province"](_Spark(), tmp_path / "plan.json", str(tmp_path / "out"))}
    good, bad = (next(shard.code for shard in plan.shards if label in shard.cities) for label in ("anyuan", cities.BROKEN))
    (task,) = tasks(plan, str(tmp_path / "plain"), only=[good])
    assert found[good] == (check_shard(task).root, None)
    assert found[bad][0] is None and "missing, or it is damaged" in found[bad][1]

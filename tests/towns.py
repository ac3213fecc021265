"""A small town whose deliveries are checked one after the other into one database, each with one thing or two changed."""

from __future__ import annotations

import datetime as dt
from functools import cache

from planning_check import pipeline
from tests import estates

DAY = estates.AS_OF


class Town:
    """Deliveries of one series, checked one after the other into one database; the same check and comparison are made once."""

    def __init__(self, folder):
        self.folder, self.url = folder, f"sqlite:///{(folder / 'runs.sqlite').as_posix()}"
        self.run, self.differ = cache(self._run), cache(self._differ)

    def deliver(self, name, corrections="", **changed):
        """Two estates in order but for the cells of P01's project that are ``changed``."""
        tables = estates.in_order(2)
        tables["项目"][0].update(changed)
        path = estates.write(self.folder / name, tables)
        (path / "更正登记.csv").unlink(missing_ok=True)
        if corrections:
            (path / "更正登记.csv").write_text(corrections, "utf-8")
        return path

    def rules(self, name, text):
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        (folder / "overrides.yaml").write_text(text, "utf-8")
        return (folder,)

    def check(self, path, day=DAY, series="小城", **options):
        asked = pipeline.Options([path], as_of=day, today=day, series=series, **options)
        return pipeline.check(asked, created_at=dt.datetime(2011, 7, 1), db_url=self.url).run_id

    def _run(self, day=DAY, corrections="", rules="", **changed):
        """A check of a delivery of its own, by rules of its own; its number."""
        told = "_".join([*(f"{k}{v}" for k, v in changed.items()), "更正"[: 2 * bool(corrections)]]) or "原样"
        own = {"rule_dirs": self.rules("".join(c for c in rules if c.isalnum()), rules)} if rules else {}
        return self.check(self.deliver(told, corrections, **changed), day, **own)

    def _differ(self, *runs, **options):
        return pipeline.differ(self.url, *runs, **options)

"""A city's folder with ordinances and overrides written for a test, and which law governs a project or an office there."""

import calendar
from pathlib import Path

from planning_check import assess, pipeline
from planning_check.engine import opened
from planning_check.facts.dictionary import SUBJECTS
from planning_check.rulebook.compile import make_plan
from planning_check.rulebook.loading import Rulebook, load
from planning_check.sql import create_with

BUILT_ON = """\
id: {id}
based_on: {base}
title: {{zh: 本市办法, en: Our ordinance}}
{rest}
"""


def folder(tmp_path: Path, overrides: str = "", **ordinances: str) -> Path:
    """``our_city`` with these ordinance files (name -> text) and overrides."""
    city = tmp_path / "our_city"
    (city / "ordinances").mkdir(parents=True, exist_ok=True)
    for name, text in ordinances.items():
        (city / "ordinances" / f"{name}.yaml").write_text(text, "utf-8")
    if overrides:
        (city / "overrides.yaml").write_text(overrides, "utf-8")
    return city


def built_on(id: str, base: str, rest: str) -> str:
    return BUILT_ON.format(id=id, base=base, rest=rest)


def book_of(city: Path) -> Rulebook:
    return load([pipeline.bundled("rules"), city])


def law_of(book: Rulebook, *projects: tuple[str, str], clause: str = "share", **facts) -> list[tuple]:
    """For each (district, day of approval, a month as 2009-12 or none): state, ordinance and the clause; ``facts``: more of all of them."""
    rows = [
        {"project_id": f"{n:03d}", "district_code": district, "plan_approved_on_lo": lo, "plan_approved_on_hi": hi, "as_of": "2011-06-30"}
        | facts
        for n, (district, day) in enumerate(projects)
        for lo, hi in [_bounds(day)]
    ]
    return _governed(book, "project", rows, clause)


def law_of_office(book: Rulebook, *offices: tuple[str, str], clause: str = "office_minimum_m2") -> list[tuple]:
    """The same for offices, by the day of the check."""
    rows = [{"office_id": f"{n:03d}", "district_code": district, "as_of": day} for n, (district, day) in enumerate(offices)]
    return _governed(book, "office", rows, clause)


def _bounds(day: str) -> tuple:
    if len(day) == 7:
        year, month = map(int, day.split("-"))
        return f"{day}-01", f"{day}-{calendar.monthrange(year, month)[1]}"
    return (day, day) if day else (None, None)


def _governed(book: Rulebook, subject: str, rows: list[dict], clause: str) -> list[tuple]:
    plan = make_plan(
        book.ordinances,
        book.measures,
        [r for r in book.rules if r.subject == subject][:1] if subject != "project" else [],
        contract=book.contract,
    )
    with opened() as con:
        for name in ("project", "office"):
            facts = {c: f.sql_type for f in SUBJECTS[name].facts.values() if f.type != "geometry" for c in f.columns} | {"as_of": "DATE"}
            create_with(con, f"fact_{name}", facts, rows if name == subject else [])
        assess.create_law(con, plan)
        assess.govern(con, plan)
        key = SUBJECTS[subject].key
        return con.execute(
            f"SELECT g.law_state, v.ordinance_id, v.law_{clause} FROM governing_{subject} g LEFT JOIN law_version v USING (version_no) "
            f"ORDER BY {key}"
        ).fetchall()

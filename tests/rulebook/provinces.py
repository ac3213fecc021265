"""The examples of ordinances, each in a province of its own, so that what all tests give them is judged at once.

A test is marked ``@together``: it yields what it gives, and goes on with a connection to its own rows, judged.
"""

from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, partial, wraps

import pytest

from planning_check import assess, pipeline
from planning_check.facts.dictionary import SUBJECTS
from planning_check.rulebook.compile import make_plan
from planning_check.rulebook.loading import Rulebook
from planning_check.rulebook.ordinances import Ordinance
from tests.facts.tables import connection

FOLDER = pipeline.bundled("rules") / "examples"
NAMES = sorted(p.name for p in FOLDER.iterdir() if p.is_dir())
BASE = {
    "project_name": "甲苑", "district_code": "990102", "uses": ["residential"], "plan_approved_on": "2008-03-10",
    "permitted_on": "2008-06-02", "completed_on": "2010-05-04", "planning_accepted_on": "2010-06-01", "survey_total_m2": 62000,
    "survey_above_ground_m2": 48000, "survey_counted_m2": 47500, "survey_residential_m2": 45000, "premises_register_complete": True,
}  # fmt: skip
ROOM = {"kind": "community", "surveyed_m2": 480, "floor_from": 1, "floor_to": 1, "basement": False, "stilt": False, "own_entrance": True,
        "daylit": True, "storey_height_m": 3.3, "temporary": False}  # fmt: skip
PAID = {"project_id": "P1", "amount_yuan": 2_480_000, "unit_price_yuan_per_m2": 4000, "received_on": "2010-03-31", "agreement_no": "折1",
        "receipt_no": "A1", "account": "社区建设专户", "spent_on": "premises"}  # fmt: skip


def room(number, **changes):
    """Room R<number> of project P<number>, sound in every respect but for these changes."""
    return {**ROOM, "premises_id": f"R{number}", "project_id": f"P{number}", **changes}


@cache
def book(name) -> Rulebook:
    """The bundled rules with an example laid over them, or none."""
    return pipeline.load_rules([FOLDER / name] if name else [])


@dataclass(frozen=True)
class Given:
    """Tables under an example; ``mark`` stands before all that names something in them, so that they can be judged beside others."""

    name: str | None
    number: int
    tables: dict[str, list[dict]]

    @property
    def mark(self) -> str:
        return f"s{self.number:02d}-"

    def marked(self) -> dict[str, list[dict]]:
        return {table: [{n: self._marked(n, value) for n, value in row.items()} for row in rows] for table, rows in self.tables.items()}

    def _marked(self, name: str, value):
        if name == "district_code":
            return of_place(self.name, value)
        return f"{self.mark}{value}" if value is not None and (name.endswith("_id") or name in NAMING) else value


GIVEN: list[Given] = []
#: what the tests go on with once all is judged: by test and what it was called with
BEGUN: dict[str, tuple[Generator, Callable]] = {}
#: what names something besides ids
LOOKED_AT = ("project", "premises", "handover", "development")
NAMING = ("developer_code", "receipt_no", "agreement_no", "title_no")


def given(name, *changes, rooms=None, **tables) -> Given:
    """Projects P1, P2 … with these changes and a room each, under an example."""
    projects = [{**BASE, "project_id": f"P{n}", **change} for n, change in enumerate(changes or [{}], 1)]
    rooms = [room(n) for n in range(1, len(projects) + 1)] if rooms is None else rooms
    GIVEN.append(Given(name, len(GIVEN), {"projects": projects, "premises": rooms, "payments": [], "handovers": [], **tables}))
    return GIVEN[-1]


def of_place(name, code: str) -> str:
    """The code of a district, or of the place of an ordinance (none: everywhere), in the province that an example has for itself here."""
    return f"{50 + [None, *NAMES].index(name)}{code[2:]}" if code.startswith("99") or not code else code


def ordinances_of_all() -> list[Ordinance]:
    """Those of every example and of the bundled rules, each with its own province."""
    return [_in_its_province(name, o) for name in (None, *NAMES) for o in book(name).ordinances]


def _in_its_province(name, ordinance: Ordinance) -> Ordinance:
    clauses = {
        clause: replace(c, placed=tuple(replace(one, jurisdiction=of_place(name, one.jurisdiction)) for one in c.placed))
        for clause, c in ordinance.clauses.items()
    }
    return replace(ordinance, jurisdiction=of_place(name, ordinance.jurisdiction), clauses=clauses)


def judge_all():
    """Everything that is given, judged at once by all rules, none of which may fail to run; a schema for each with its rows alone."""
    tables: dict[str, list[dict]] = {}
    for one in GIVEN:
        for table, rows in one.marked().items():
            tables.setdefault(table, []).extend(rows)
    con = connection(**tables)
    plan = make_plan(ordinances_of_all(), book(None).measures, book(None).rules, contract=book(None).contract)
    assert assess.assess(con, plan) == {}
    for one in GIVEN:
        con.execute(f'CREATE SCHEMA "{one.mark}"')
        for table, keys in [("finding_head", ["subject_key"]), *((f"judged_{s}", [SUBJECTS[s].key, "project_id"]) for s in LOOKED_AT)]:
            own = ", ".join(f"replace({key}, '{one.mark}', '') AS {key}" for key in dict.fromkeys(keys))
            told = f"FROM main.{table} WHERE starts_with({keys[0]}, '{one.mark}')"
            con.execute(f'CREATE VIEW "{one.mark}".{table} AS SELECT * REPLACE ({own}) {told}')
    return con


def together(test):
    """A test that yields what is given, and goes on with it judged: all of them are judged at once."""

    @wraps(test)
    def go_on(**called):
        told, connections = BEGUN.pop(f"{test.__name__}{called}")
        with suppress(StopIteration):
            told.send(connections())
            raise AssertionError("a test yields once")

    go_on.begin = test
    return go_on


@pytest.fixture(scope="module", autouse=True)
def judged_once(request):
    """Begins the tests that were chosen, and judges what they are given."""
    begun = []
    for item in request.session.items:
        if item.module is request.module and hasattr(item.obj, "begin"):
            called = item.callspec.params if hasattr(item, "callspec") else {}
            told = item.obj.begin(**called)
            begun.append((f"{item.obj.__name__}{called}", told, next(told)))
    con = judge_all() if begun else None

    def connections(asked):
        if isinstance(asked, tuple):
            return tuple(map(connections, asked))
        own = con.cursor()
        own.execute(f"SET schema = '\"{asked.mark}\"'")
        return own

    BEGUN.update({key: (told, partial(connections, asked)) for key, told, asked in begun})

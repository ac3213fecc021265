"""Arrows point down: cli > pipeline > ingest, store, report, rulebook > assess, facts, geo, cases > clauses > schema, words, measuring, engine > errors."""

import ast
from pathlib import Path

import planning_check

PACKAGE = Path(planning_check.__file__).parent
LEVELS = [
    {"__main__"},
    {"cli"},
    {"pipeline"},
    {"ingest", "store", "report", "rulebook"},
    {"assess", "facts", "geo", "cases"},
    {"clauses"},
    {"schema", "words", "measuring", "engine"},
    {"errors"},
]
LEVEL = {room: number for number, rooms in enumerate(LEVELS) for room in rooms}


def room_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[0]


def imports_of(path: Path) -> set[str]:
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            raise AssertionError(f"{path}: relative import")
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "planning_check" and len(parts) > 1 and parts[1] in LEVEL:
                rooms.add(parts[1])
    return rooms


def breaches(own: str, imported: set[str]) -> list[str]:
    return [f"{own} imports {other}" for other in sorted(imported - {own}) if LEVEL[other] <= LEVEL[own]]


def test_every_room_has_a_level():
    rooms = {room_of(p) for p in PACKAGE.rglob("*.py") if "rules" not in p.parts and "data" not in p.parts} - {"__init__"}
    assert rooms <= set(LEVEL), rooms - set(LEVEL)


def test_arrows_point_down():
    found = [b for p in PACKAGE.rglob("*.py") if room_of(p) in LEVEL for b in breaches(room_of(p), imports_of(p))]
    assert found == []


def test_the_test_sees_an_arrow_that_points_up():
    assert breaches("facts", {"rulebook"}) == ["facts imports rulebook"]
    assert breaches("store", {"report"}) == ["store imports report"]


def test_no_clock_below_the_pipeline():
    for room in ("facts", "geo", "assess", "rulebook"):
        paths = (PACKAGE / room).rglob("*") if (PACKAGE / room).is_dir() else [PACKAGE / f"{room}.py"]
        for path in paths:
            if path.suffix in (".py", ".sql"):
                text = path.read_text("utf-8").lower()
                for word in ("date.today", "datetime.now", "time.time", "current_date", "now()", "today()"):
                    assert word not in text, f"{path} reads the clock: {word}"

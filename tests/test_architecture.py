"""Arrows point down, between rooms and between the storeys inside them, and no module leads back to itself by any way.

cli > pipeline > province > ingest, store, report, rulebook > siting > assess, facts, geo > clauses, record, template, declared > schema,
words, measuring, workdays, engine, cases > errors, sql, keeping, disk, progress, following > leftovers.
"""

import ast
import configparser
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import planning_check

PACKAGE = Path(planning_check.__file__).parent
ROOT = PACKAGE.parent
#: From the top down: a room imports only from those below. Modules in a room of its own are named by the room.
LEVELS = [
    {"__main__"},
    {"cli"},
    {"pipeline"},
    {"province"},
    {"ingest", "store", "report", "rulebook"},
    {"siting"},
    {"assess", "facts", "geo"},
    {"clauses", "record", "template", "declared"},
    {"schema", "words", "measuring", "precedence", "workdays", "engine", "cases"},
    {"errors", "sql", "keeping", "disk", "progress", "following"},
    {"leftovers"},
]
#: The same within two large rooms; what is no room here stands above (a module that puts the order together) or below them all.
STOREYS = {
    "report": [{"page", "workbook", "layers", "notices", "reference"}, {"console"}, {"tables"}, {"told"}],
    "geo": [{"locating"}, {"places"}, {"land"}, {"shapes"}, {"frames"}, {"spread"}],
}


def modules() -> dict[str, Path]:
    """Dotted name below the package -> file; a room's ``__init__`` bears the room's name."""
    paths = [p for p in sorted(PACKAGE.rglob("*.py")) if p.relative_to(PACKAGE).parts[0] not in ("rules", "data")]
    return {
        ".".join(p.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): p
        for p in paths
        if p.parent != PACKAGE or p.stem != "__init__"
    }


@cache
def imports() -> dict[str, frozenset[str]]:
    """Module -> the modules of the package that it imports, anywhere in it, for types only, too."""
    known = modules()
    return {name: frozenset(imported(path.read_text("utf-8"), set(known)) - {name}) for name, path in known.items()}


def imported(source: str, known: set[str]) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, "relative import"
            names = [(node.module or "", alias.name) for alias in node.names]
            found |= {
                whole if (whole := f"{module}.{name}".removeprefix("planning_check.")) in known else module.removeprefix("planning_check.")
                for module, name in names
            }
        elif isinstance(node, ast.Import):
            found |= {alias.name.removeprefix("planning_check.") for alias in node.names}
    return found & known


def circle(arrows: dict[str, frozenset[str]]) -> list[str]:
    """A way that leads back to where it began, or nothing."""
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def climbing(arrows: dict[str, frozenset[str]], levels: list[set[str]], below: str = "") -> list[str]:
    """The arrows between the rooms of ``levels`` (in the room ``below``) that do not point down."""
    level = {room: number for number, rooms in enumerate(levels) for room in rooms}

    def room(module: str) -> str | None:
        inside = module.startswith(below)
        return module.removeprefix(below).split(".")[0] if inside and module != below.rstrip(".") else None

    pairs = {(room(module), room(other)) for module, others in arrows.items() for other in others}
    return sorted(f"{a} imports {b}" for a, b in pairs if a in level and b in level and a != b and level[b] <= level[a])


def rooms(below: str = "") -> set[str]:
    names = {module.removeprefix(below).split(".")[0] for module in modules() if module.startswith(below)}
    return names - {below.rstrip(".").split(".")[-1]}


def test_every_room_has_a_level_and_every_level_its_rooms():
    assert rooms() == set().union(*LEVELS)
    for room, levels in STOREYS.items():
        assert rooms(f"{room}.") == set().union(*levels)


def test_arrows_between_rooms_point_down():
    assert climbing(imports(), LEVELS) == []


@pytest.mark.parametrize("room", STOREYS)
def test_arrows_between_storeys_point_down(room):
    assert climbing(imports(), STOREYS[room], f"{room}.") == []


def test_no_module_leads_back_to_itself():
    assert circle(imports()) == []


def test_the_tests_see_an_arrow_that_points_up_and_a_circle():
    assert climbing({"facts.kinds": frozenset({"rulebook.terms"}), "store": frozenset({"report.told.pack"})}, LEVELS) == [
        "facts imports rulebook", "store imports report",
    ]  # fmt: skip
    up = {"report.told.facts": frozenset({"report.console.layout"}), "report.page": frozenset({"report.told.facts"})}
    assert climbing(up, STOREYS["report"], "report.") == ["told imports console"]
    assert set(circle({"ingest.readers": frozenset({"ingest.shown"}), "ingest.shown": frozenset({"ingest.readers"})})) == {
        "ingest.readers", "ingest.shown",
    }  # fmt: skip
    found = imported(
        "if True:\n    from planning_check.geo import spread\n    import planning_check.words\n", {"geo", "geo.spread", "words"}
    )
    assert found == {"geo.spread", "words"}


def test_what_is_shipped_names_every_package():
    """A package that setup.cfg does not name is missing where the program is installed."""
    if not (ROOT / "setup.cfg").exists():
        pytest.skip("not a checkout")
    told = configparser.ConfigParser()
    told.read(ROOT / "setup.cfg", encoding="utf-8")
    shipped = set(told["options"]["packages"].split()) - {"planning_check.rules", "planning_check.data"}
    assert shipped == {".".join(("planning_check", *p.parent.relative_to(PACKAGE).parts)) for p in PACKAGE.rglob("*.py")}


def test_no_clock_below_the_pipeline():
    for room in ("facts", "geo", "assess", "rulebook"):
        for path in (PACKAGE / room).rglob("*"):
            if path.suffix in (".py", ".sql"):
                text = path.read_text("utf-8").lower()
                for word in ("date.today", "datetime.now", "time.time", "current_date", "now()", "today()"):
                    assert word not in text, f"{path} reads the clock: {word}"


def test_two_languages_are_chosen_in_one_place():
    """Text(zh, en).get(lang), or speaking and either of ``errors``: nobody else compares a language with one of the two."""
    found = []
    for name, path in modules().items():
        if name not in ("errors", "words"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq):
                    sides = [side.value for side in (node.left, *node.comparators) if isinstance(side, ast.Constant)]
                    found += [f"{name}:{node.lineno}" for value in sides if value in ("zh", "en")]
    assert found == []


def test_no_line_of_python_or_sql_is_longer_than_140_signs():
    if not (ROOT / "setup.cfg").exists():
        pytest.skip("not a checkout")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("planning_check", "tests", "tools", "data", "benchmarks")
        for path in sorted((ROOT / folder).rglob("*.*"))
        if path.suffix in (".py", ".sql") and not path.name.startswith("shape_")  # a shape of the store is kept as it was
        for number, line in enumerate(path.read_text("utf-8").split("\n"), 1)
        if len(line) > 140
    ]
    assert found == []


def test_what_the_report_offers_says_what_it_is():
    """Nine in ten public functions of the report have a docstring."""
    told = [
        ast.get_docstring(node) is not None
        for name, path in modules().items()
        if name.startswith("report")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]
    assert sum(told) >= 0.9 * len(told) > 150

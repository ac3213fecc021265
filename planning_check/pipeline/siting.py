"""Where to build next: a delivery is read and measured, nothing is judged, nothing is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from planning_check import following
from planning_check.errors import Text, UsageError
from planning_check.pipeline.law import measured
from planning_check.pipeline.room import in_engine
from planning_check.pipeline.rules import bundled, load_rules, rule_folder
from planning_check.pipeline.running import Progress, Stages, assess_twice, match
from planning_check.progress import Parts

if TYPE_CHECKING:
    import duckdb

    from planning_check.pipeline.options import Options
    from planning_check.siting.kinds import Facilities, FacilityKind
    from planning_check.siting.programme import Programme
    from planning_check.siting.result import Siting

#: What stands under whatever a city says of its facilities.
_PACK = Path("packs/facilities")


def with_pack(rule_dirs: Sequence[Path]) -> list[Path]:
    """The bundled pack of facilities under a city's own folders, unless they name it. Raises UsageError as ``rule_folder``."""
    folders = [rule_folder(path) for path in rule_dirs]
    pack = bundled("rules") / _PACK  # not one of that name in the working folder
    return folders if pack.resolve() in [folder.resolve() for folder in folders] else [pack, *folders]


def plan(
    options: Options, facility: str, *, population: str, sites: int, budget: Decimal | None, seconds: float,
    progress: Progress | None = None,
) -> Siting:  # fmt: skip
    """Where to build ``facility`` next: at most so many ``sites`` for at most ``budget`` yuan, looked for at most so many ``seconds``.

    Raises UsageError for a kind that there is not or a budget that pays for no site, SourceError where nothing can be sited.
    """
    from planning_check.rulebook.facilities import facilities_of
    from planning_check.siting.planning import Wish, plan_sites

    options = replace(options, rule_dirs=with_pack(options.rule_dirs))
    stages, held = Stages(progress), facilities_of(options.rule_dirs)
    kind = kind_of(held, facility)
    book = load_rules(options.rule_dirs)

    def planned(con: duckdb.DuckDBPyConnection) -> Siting:
        delivery, day = measured(con, options, stages, book)
        used = book.matching.use_rate_at_most if book.matching else 1.0
        wish = Wish(kind, population, sites, budget, seconds, used, _land_uses(con))
        with stages.stage("site") as done, following.in_force(book.own):
            return plan_sites(con, held, wish, day, delivery.title, delivery.notice, Parts(3, done).next)

    return in_engine(options, planned)


def programme(options: Options, facility: str, *, population: str, progress: Progress | None = None) -> Programme:
    """In which order the communities on the lists of the programme and of offices are built up; ``facility``: by the people whom nothing of
    this kind serves. Raises as ``plan``."""
    from planning_check.rulebook.facilities import facilities_of
    from planning_check.rulebook.kept import plan_kept
    from planning_check.siting.programme import LISTS, programme_of

    options = replace(options, rule_dirs=with_pack(options.rule_dirs))
    stages, held = Stages(progress), facilities_of(options.rule_dirs)
    kind = kind_of(held, facility)
    book = load_rules(options.rule_dirs)

    def ordered(con: duckdb.DuckDBPyConnection) -> Programme:
        delivery, day = measured(con, options, stages, book)
        with stages.stage("judge"):
            assess_twice(con, plan_kept(book, [rule.id for rule in book.rules if rule.list in LISTS]), book)
            match(con, book)
        with stages.stage("site"), following.in_force(book.own):
            return programme_of(con, held, kind, population, day, delivery.title)

    return in_engine(options, ordered)


def kind_of(held: Facilities, told: str) -> FacilityKind:
    """The kind that a code or a name means. Raises UsageError with the nearest."""
    from planning_check.rulebook.nodes import hint

    word = told.strip().lower()
    by_name = [kind for kind in held.kinds.values() if word in (kind.code, kind.label.zh, kind.label.en.lower())]
    part = [kind for kind in held.kinds.values() if len(word) > 1 and word in kind.label.zh]
    for found in (by_name, part):
        if len(found) == 1:
            return found[0]
    near = hint(word, held.kinds)
    every = "、".join(f"{kind.label.zh}（{kind.code}）" for kind in held.kinds.values())
    raise UsageError(Text(f"没有设施类别“{told}”", f"no kind of facility '{told}'"),
                     fix=Text(f"可以写：{every}", f"did you mean {near}? Known: {', '.join(held.kinds)}"))  # fmt: skip


def _land_uses(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, ...]]:
    """The land uses of the delivery's parcels that are understood, each with what it names."""
    from planning_check.ingest.land_use import uses_of

    told = [
        text for (text,) in con.execute("SELECT DISTINCT land_use_code FROM parcels WHERE land_use_code IS NOT NULL ORDER BY 1").fetchall()
    ]
    return {text: uses for text in told if (uses := uses_of(text))}

"""What a run could not judge, rule by subject, and when it was judged last in its series."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from planning_check.record.run import StoredRun
from planning_check.record.unchecked import OPEN, Last, NotChecked, Unchecked
from planning_check.store.models import RegisterLine, Run, RunRule

_AT_ONCE = 10_000


def unchecked(engine: Engine, run: StoredRun, letters: Mapping[str, str]) -> Unchecked:
    """``letters``: the register's letter -> outcome."""
    with engine.connect() as connection:
        rules = _rules(connection, run.id)
        counts: Counter[tuple[str, str]] = Counter()
        waiting: dict[tuple[str, str, str], str] = {}
        here: set[tuple[str, str]] = set()
        for subject, key, outcomes in _lines(connection, run.id, rules, letters):
            here.add((subject, key))
            for rule_id, outcome in outcomes.items():
                counts[rule_id, outcome] += 1
                if outcome in OPEN:
                    waiting[rule_id, subject, key] = outcome
        last = _last(connection, run, letters, waiting, here, set(rules))
    lines = [NotChecked(*key, outcome, last.get(key)) for key, outcome in sorted(waiting.items())]
    return Unchecked(run, rules, counts, lines)


def _last(
    connection: Connection, run: StoredRun, letters: Mapping[str, str], waiting: dict[tuple[str, str, str], str],
    here: set[tuple[str, str]], rules: set[str],
) -> dict[tuple[str, str, str], Last]:  # fmt: skip
    """The last verdict of each, from the latest run backwards; what the run before has and this one has not is added to ``waiting``."""
    earlier = sa.select(Run.id, Run.as_of).where(Run.series == run.series, Run.id < run.id).order_by(Run.id.desc())
    found: dict[tuple[str, str, str], Last] = {}
    for number, (run_id, as_of) in enumerate(connection.execute(earlier).all()):
        for subject, key, outcomes in _lines(connection, run_id, _rules(connection, run_id), letters):
            gone = number == 0 and (subject, key) not in here
            for rule_id, outcome in outcomes.items():
                one = (rule_id, subject, key)
                if gone and rule_id in rules:
                    waiting[one] = "not_delivered"
                if one in waiting and one not in found and outcome not in OPEN:
                    found[one] = Last(run_id, as_of, outcome)
        if len(found) == len(waiting):
            break
    return found


def _rules(connection: Connection, run_id: int) -> dict[str, str]:
    """Rule -> its kind of subject, in the order of their ids."""
    rows = connection.execute(sa.select(RunRule.rule_id, RunRule.subject).where(RunRule.run_id == run_id))
    return {row.rule_id: row.subject for row in sorted(rows, key=lambda row: row.rule_id)}


def _lines(
    connection: Connection, run_id: int, rules: Mapping[str, str], letters: Mapping[str, str]
) -> Iterator[tuple[str, str, dict[str, str]]]:  # fmt: skip
    """Kind, key and outcome by rule of every subject of a run's register."""
    of_kind: dict[str, list[str]] = {}
    for rule_id, subject in rules.items():
        of_kind.setdefault(subject, []).append(rule_id)
    query = sa.select(RegisterLine.subject, RegisterLine.subject_key, RegisterLine.outcomes).where(RegisterLine.run_id == run_id)
    with connection.execute(query, execution_options={"yield_per": _AT_ONCE}) as rows:
        for row in rows:
            ids = of_kind.get(row.subject, [])
            if len(ids) == len(row.outcomes):
                yield row.subject, row.subject_key, {rule: letters[letter] for rule, letter in zip(ids, row.outcomes, strict=True)}

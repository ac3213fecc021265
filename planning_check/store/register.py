"""The register of a run: how every rule came out for every subject, a letter each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from planning_check.store.models import RegisterLine, RunRule

_KEYS_AT_ONCE = 500


def outcome_in(connection: Connection, run_id: int, rule_id: str, subject_key: str, letters: Mapping[str, str]) -> str | None:
    """How a rule came out for a subject: the letter at its place among the rules of that kind of subject. ``letters``: letter -> outcome.

    None where the run did not judge by that rule, or its register has no such subject: it was not delivered.
    """
    rule, line = RunRule.__table__.c, RegisterLine.__table__.c
    subject = sa.select(rule.subject).where(rule.run_id == run_id, rule.rule_id == rule_id).scalar_subquery()
    ids = connection.scalars(sa.select(rule.rule_id).where(rule.run_id == run_id, rule.subject == subject).order_by(rule.rule_id)).all()
    outcomes = connection.scalar(
        sa.select(line.outcomes).where(line.run_id == run_id, line.subject == subject, line.subject_key == subject_key)
    )
    return letters.get(outcomes[ids.index(rule_id)]) if outcomes and len(outcomes) == len(ids) else None


def outcomes_in(
    connection: Connection, run_id: int, wanted: Iterable[tuple[str, str]], letters: Mapping[str, str]
) -> dict[tuple[str, str], str]:  # fmt: skip
    """The same of many rules and subject keys at once; of what the register does not know there is nothing."""
    rule, line = RunRule.__table__.c, RegisterLine.__table__.c
    query = sa.select(rule.rule_id, rule.subject).where(rule.run_id == run_id).order_by(rule.rule_id)
    kinds = {row.rule_id: row.subject for row in connection.execute(query)}
    ids = {subject: [rule_id for rule_id, own in kinds.items() if own == subject] for subject in kinds.values()}
    keys: dict[str, dict[str, list[str]]] = {}
    for rule_id, key in wanted:
        if rule_id in kinds:
            keys.setdefault(kinds[rule_id], {}).setdefault(key, []).append(rule_id)
    found: dict[tuple[str, str], str] = {}
    for subject, of_subject in keys.items():
        for some in in_parts(sorted(of_subject)):
            own = (line.run_id == run_id, line.subject == subject, line.subject_key.in_(some))
            for key, outcomes in connection.execute(sa.select(line.subject_key, line.outcomes).where(*own)):
                if len(outcomes) == len(ids[subject]):
                    found |= {(rule_id, key): letters[outcomes[ids[subject].index(rule_id)]] for rule_id in of_subject[key]}
    return found


def in_parts(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    """So many keys as a statement of every database takes."""
    yield from (keys[at : at + _KEYS_AT_ONCE] for at in range(0, len(keys), _KEYS_AT_ONCE))

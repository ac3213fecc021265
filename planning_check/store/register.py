"""The register of a run: how every rule came out for every subject, a letter each."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from planning_check.store.models import RegisterLine, RunRule


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

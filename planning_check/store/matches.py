"""Coverage of communities, and the matching of offices to idle facilities, as a run recorded it: who looks, what there is,
and every pair within reach."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Engine, Row

from planning_check.record.matching import MatchProblem
from planning_check.store.models import CoverageLine, MatchCandidate, MatchFacility, MatchOffice


def match_problem(engine: Engine, run_id: int) -> MatchProblem:
    """What a run matched; three empty lists for a run recorded before there was a matching."""
    found = []
    with engine.connect() as connection:
        for model in (MatchOffice, MatchFacility, MatchCandidate):
            table = model.__table__
            columns = [c.label(c.key) for c in table.columns if c.key != "run_id"]
            keys = [c for c in table.primary_key if c.key != "run_id"]
            found.append(list(connection.execute(sa.select(*columns).where(table.c.run_id == run_id).order_by(*keys))))
    return MatchProblem(*found)


def coverage_lines(engine: Engine, run_id: int) -> list[Row]:
    """What each community has, by its code; empty for a run recorded before coverage was."""
    table = CoverageLine.__table__
    columns = [c.label(c.key) for c in table.columns if c.key != "run_id"]
    with engine.connect() as connection:
        return list(connection.execute(sa.select(*columns).where(table.c.run_id == run_id).order_by(table.c.community_code)))

"""The shapes that a run recorded for its map."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Engine, Row

from planning_check.store.models import SubjectGeometry


def shapes(engine: Engine, run_id: int) -> list[Row]:
    """Rows of subject, subject_key, project_id, name, crs, geometry (WKB), in order of subject and key."""
    table = SubjectGeometry.__table__.c
    columns = (table.subject, table.subject_key, table.project_id, table.name, table.crs, table.geometry)
    with engine.connect() as connection:
        return list(connection.execute(sa.select(*columns).where(table.run_id == run_id).order_by(table.number)))

"""Where a PostgreSQL database has PostGIS: the recorded shapes as a view that QGIS and PostGIS read, ``subject_shape``, with an index."""

from __future__ import annotations

from contextlib import suppress

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.engine import Engine

from planning_check.store.connecting import writing

VIEW = "subject_shape"
_HAS_POSTGIS = "SELECT count(*) FROM pg_extension WHERE extname = 'postgis'"
#: What PostGIS cannot read is no shape, and no reason to lose a run. The spatial reference is that of the delivery, 0 if none is known.
_MAKE = (
    """CREATE OR REPLACE FUNCTION recorded_shape(wkb bytea, crs text) RETURNS geometry LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path FROM CURRENT AS $$
BEGIN
    RETURN ST_GeomFromWKB(wkb, CASE WHEN crs ~ '^EPSG:[0-9]{4,5}$' THEN substr(crs, 6)::integer ELSE 0 END);
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END $$""",
    "CREATE INDEX IF NOT EXISTS ix_subject_geometry_shape ON subject_geometry USING gist (recorded_shape(geometry, crs))",
    f"""CREATE OR REPLACE VIEW {VIEW} AS
SELECT run_id, number, subject, subject_key, project_id, name, crs, recorded_shape(geometry, crs) AS shape FROM subject_geometry""",
)


def show_shapes(engine: Engine) -> None:
    """Make the view if PostGIS is there and the view is not; who has no right to make it records without it."""
    if engine.dialect.name != "postgresql":
        return
    with engine.connect() as connection:
        if not connection.scalar(sa.text(_HAS_POSTGIS)) or VIEW in sa.inspect(connection).get_view_names():
            return
    with suppress(exc.ProgrammingError), writing(engine) as connection:
        for statement in _MAKE:
            connection.exec_driver_sql(statement)

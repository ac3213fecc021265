"""The map in PostGIS in its best form: loaded, indexed and analysed beforehand; a community is prepared once for all its parcels."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.ways.answers import (
    INVALID,
    LARGEST,
    OVERLAPS,
    PAIRS,
    PIECES,
    REPAIR_SHARE,
    SHARES,
    SLIVER_M2,
    VALIDITY,
    Answers,
    Found,
    largest,
)
from benchmarks.ways.inputs import community_wkb, parcel_wkb
from benchmarks.ways.server import Server

_SRID = 4545

_VALIDITY = f"""
DROP TABLE IF EXISTS invalid;
CREATE UNLOGGED TABLE invalid AS SELECT id FROM parcel WHERE NOT ST_IsValid(drawn);
WITH mended AS (
    SELECT id, ST_Area(drawn) AS before, ST_MakeValid(drawn, 'method=structure keepcollapsed=false') AS shape
    FROM parcel JOIN invalid USING (id)
)
UPDATE parcel p SET shape = CASE WHEN abs(ST_Area(m.shape) - before) <= {REPAIR_SHARE} * before THEN m.shape END
FROM mended m WHERE m.id = p.id;
"""
_SHARES = """
DROP TABLE IF EXISTS whole, piece;
CREATE UNLOGGED TABLE whole AS
SELECT p.id AS parcel, c.id AS community, ST_Area(p.shape) AS m2 FROM community c JOIN parcel p ON ST_Covers(c.shape, p.shape);
ANALYZE whole;
CREATE UNLOGGED TABLE piece AS
SELECT p.id AS parcel, c.id AS community, ST_Area(ST_Intersection(p.shape, c.shape)) AS m2
FROM (SELECT * FROM parcel WHERE NOT EXISTS (SELECT FROM whole WHERE whole.parcel = parcel.id)) p
JOIN community c ON ST_Intersects(c.shape, p.shape)
"""
_OVERLAPS = f"""
DROP TABLE IF EXISTS shared;
CREATE UNLOGGED TABLE shared AS SELECT * FROM (
    SELECT a.id AS one, b.id AS other, ST_Area(ST_Intersection(a.shape, b.shape)) AS m2
    FROM parcel a JOIN parcel b ON a.shape && b.shape AND a.id < b.id AND ST_Overlaps(a.shape, b.shape)
) pair WHERE round(m2::numeric, 2) >= {SLIVER_M2}
"""


class Way:
    def __init__(self, folder: Path, url: str) -> None:
        self.server = Server(url)
        self.about = self.server.with_postgis()
        for table, shapes in (("parcel", parcel_wkb(folder)), ("community", community_wkb(folder))):
            self.server.run(f"CREATE UNLOGGED TABLE {table} (id integer PRIMARY KEY, drawn geometry, shape geometry)")
            rows = ((number, wkb.hex()) for number, wkb in enumerate(shapes))
            self.server.load(f"COPY {table} (id, drawn) FROM STDIN", rows)
            self.server.run(f"UPDATE {table} SET drawn = ST_SetSRID(drawn, {_SRID})", f"UPDATE {table} SET shape = drawn")
            self.server.run(f"CREATE INDEX ON {table} USING gist (shape)", f"VACUUM FULL {table}", f"VACUUM ANALYZE {table}")
        self.steps = {VALIDITY: lambda: self.run(_VALIDITY), SHARES: lambda: self.run(_SHARES), OVERLAPS: lambda: self.run(_OVERLAPS)}

    def run(self, sql: str) -> None:
        self.server.run(*sql.split(";"))

    def answers(self) -> Answers:
        parcel, community, m2 = self.server.columns("TABLE whole UNION ALL TABLE piece")
        one, other, shared = self.server.columns("SELECT one, other, m2 FROM shared")
        (invalid,) = self.server.columns("SELECT id FROM invalid ORDER BY id")
        one, other = one.astype(int), other.astype(int)
        found = {
            INVALID: Found(invalid.astype(int), parcels=0),
            PIECES: Found(parcel.astype(int), community.astype(int), m2),
            PAIRS: Found(one, other, parcels=2),
            LARGEST: largest(one, other, np.asarray(shared)),
        }
        return Answers(found)

    def close(self) -> None:
        self.server.close()

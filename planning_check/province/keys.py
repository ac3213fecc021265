"""What is kept of one city's delivery to see which others it reaches: keys, words, and what lies on the map. Its tables are not.

A key is what a fact joins across projects by, so that it may be held to be one with another city's:

* ``ids``: the key of a record, or a field that names one (``project_id``, ``designated_community_code`` ...), of own tables too. Rows of
  one id are one row (ingest), and what names it belongs to it (reference.sql, events.sql, life.sql). A word is no id unless it is
  registered. Of districts and developers no row is held to be one by the code alone.
* ``receipts``, ``permits``, ``names`` (a developer's project of one name and phase): facts/keys.sql, for double_claims.sql and project.sql.
* ``titles`` and ``units`` of rooms: their numbers, and one parcel with building, floor and area (room_pair.sql). One that more projects
  give than ``common_projects`` is a filler.
* ``developers``: one code under several names (project.sql); near parcels of one developer are found on the map (``borders``).
* ``districts``: those that projects and communities lie in, for law and figures of a district; and of a district's prices what they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from planning_check import following
from planning_check.facts import measuring as facts
from planning_check.ingest.districts import Districts
from planning_check.ingest.spelling import NEAR
from planning_check.schema import RECORDS, Table
from planning_check.sql import quoted

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from planning_check.declared import OwnTable
    from planning_check.measuring import Measuring

#: Of what a register has under one id: what must be the same if it is one record.
_SIGNS = {
    "projects": "bare_name(project_name)", "communities": "bare_name(community_name)", "offices": "community_code",
    "idle_facilities": "bare_name(name)", "renewal_areas": "bare_name(name)", "reported_figures": "concat_ws(' ', figure, district_code)",
    **dict.fromkeys(("parcels", "premises", "handovers", "payments", "deposits", "demands", "decisions"), "project_id"),
}  # fmt: skip
#: Fields that name a record and are not called as its key is.
_NAMING = {("communities", "successor_code"): "communities", ("projects", "development_id"): "developments"}
_NO_RECORDS = ("districts", "unit_prices", "community_facilities")
#: Columns whose absence says something, as their tables' does (events.sql, parcel.sql): table and field -> what was told with it.
TOLD_BY = {
    ("projects", "filed_on"): "projects.filed_on", ("projects", "filing_no"): "projects.filed_on",
    ("projects", "developer_changed_on"): "projects.developer_changed_on",
    ("projects", "previous_developer_name"): "projects.developer_changed_on",
    ("projects", "planning_accepted_on"): "projects.planning_accepted_on",
    ("premises", "title_no"): "premises.title_no", ("premises", "titled_on"): "premises.title_no",
    ("parcels", "project_id"): "parcels.project_id",
}  # fmt: skip
#: Tables whose absence says nothing of any record.
SILENT = frozenset(
    ("confirmed_names", "corrections", "community_facilities", "idle_facilities", "unit_prices", "decisions", "reported_figures")
)
#: Problems of reading that rest on what else was delivered with it.
_BY_OTHERS = (
    "name_matched", "district_by_name", "name_not_unique", "name_not_known", "id_and_name_differ", "near_id", "name_as_id", "unit_slip",
    "confirmed_nothing",
)  # fmt: skip

_KEYS = """
SELECT 'receipts' AS kind, '' AS domain, key, NULL AS sign, false AS registered, true AS strong, 1 AS projects FROM receipt_key
UNION SELECT 'permits', '', permit, NULL, false, true, 1 FROM permit_key
UNION SELECT 'names', '', name, NULL, false, true, 1 FROM called_key
UNION ALL SELECT 'units', 'unit', unit, NULL, false, true, count(DISTINCT project_id) FROM room WHERE unit IS NOT NULL GROUP BY unit
UNION ALL SELECT 'titles', 'title', title, NULL, false, true, count(DISTINCT project_id) FROM room WHERE title IS NOT NULL GROUP BY title
UNION ALL SELECT 'titles', 'loose', loose, NULL, false, true, count(DISTINCT project_id) FROM room WHERE is_loose GROUP BY loose
UNION ALL SELECT 'units', 'parcel', concat_ws(' ', parcel, building, floor, about), NULL, false, true, count(DISTINCT project_id)
    FROM (SELECT *, unnest([cents, cents + 1]) AS about FROM room) WHERE parcel IS NOT NULL AND NOT is_filler(building)
        AND floor IS NOT NULL AND cents IS NOT NULL GROUP BY ALL
UNION ALL SELECT 'developers', '', p.developer_code, coalesce(c.names, ''), false, true, coalesce(c.n, 0)
    FROM (SELECT DISTINCT developer_code FROM projects WHERE number_of(developer_code) IS NOT NULL) p
    LEFT JOIN (SELECT developer_code, count(*) AS n, string_agg(bare, '、' ORDER BY bare) AS names FROM developer_called GROUP BY ALL) c
        USING (developer_code)
UNION SELECT 'districts', '', district_code, NULL, false, true, 1
    FROM (SELECT district_code FROM projects UNION SELECT district_code FROM communities) WHERE district_code IS NOT NULL
UNION ALL SELECT 'prices', '', zone, string_agg(concat_ws(' ', use, from_on_lo, from_on_hi, to_on_lo, to_on_hi, price_yuan_per_m2), '; '
        ORDER BY use, from_on_lo, price_yuan_per_m2), false, true, 1 FROM unit_prices WHERE zone IS NOT NULL GROUP BY zone
"""
#: Ids as somebody may write another one (ingest/spelling.py): ``projects`` 0 of those that no register of the city has.
_NEAR = f"""
SELECT 'near', domain, near, NULL, bool_or(registered), false, CASE WHEN bool_and(registered) THEN 2 ELSE 0 END
FROM (SELECT domain, registered, {NEAR.format("upper(key)")} AS near FROM id_key WHERE domain IN ('projects', 'premises', 'communities'))
WHERE near <> '' GROUP BY domain, near
"""


@dataclass(frozen=True)
class Told:
    """What a city's delivery is, as far as it matters which others are checked with it.

    ``registers``: the tables that were delivered, and ``table.field`` for columns whose absence says something. ``open_registers``: what of
    it was not read, or is nobody's. ``names``: name of a district, and without its unit -> code. ``by_names``: something in it was read by
    what else was delivered with it.
    ``has_all_borders``: whether every community has its boundary; None: none has one. ``reach``: table -> plane, and the longitudes
    between which all but one in a hundred lie.
    """

    projects: int
    districts: tuple[tuple[str, str | None], ...]
    registers: frozenset[str]
    open_registers: tuple[str, ...]
    has_whole_figures: bool
    by_names: bool
    has_corrections: bool
    names: dict[str, str]
    stems: dict[str, str]
    has_all_borders: bool | None = None
    is_framed: bool = True
    reach: dict[str, tuple[str, float, float]] = field(default_factory=dict)

    @property
    def speaking(self) -> frozenset[str]:
        """The registers of which it says something that they were not delivered."""
        return self.registers - SILENT

    @property
    def planes(self) -> tuple[str, ...]:
        return tuple(sorted({plane for plane, _, _ in self.reach.values()}))


def read_keys(con: duckdb.DuckDBPyConnection, as_of: dt.date, measuring: Measuring) -> pa.Table:
    """The keys of the delivery in ``con``, a row each: kind, domain, key, sign, registered, strong (it may be one where no register has
    it), projects (that give it). Makes the tables of ``facts.measure_keys``."""
    con.execute("CREATE OR REPLACE TABLE room_spot (premises_id VARCHAR, x DOUBLE, y DOUBLE, west DOUBLE, south DOUBLE, east DOUBLE, "
                "north DOUBLE)")  # fmt: skip
    con.execute("CREATE OR REPLACE TABLE project_land (project_id VARCHAR, west DOUBLE, south DOUBLE, east DOUBLE, north DOUBLE)")
    facts.measure_keys(con, as_of, measuring)
    ids = " UNION ALL ".join(_ids())
    query = (
        f"SELECT 'ids' AS kind, domain, key, max(sign) AS sign, bool_or(registered) AS registered, "
        "CASE WHEN domain = 'premises' THEN number_of(any_value(key)) IS NOT NULL ELSE NOT is_filler(any_value(key)) END AS strong, "
        f"1 AS projects FROM ({ids}) WHERE key IS NOT NULL AND key <> '' GROUP BY domain, key"
    )
    con.execute(f"CREATE OR REPLACE TEMP TABLE id_key AS {query}")
    return con.sql(f"FROM id_key UNION ALL {_KEYS} UNION ALL {_NEAR}").to_arrow_table()


def _ids() -> Iterator[str]:
    """SQL, table by table and field by field: domain, key, sign, registered."""
    records = [table for table in RECORDS if table.name not in _NO_RECORDS]
    named = {table.key[0]: table.name for table in reversed(records) if len(table.key) == 1}
    own: tuple[OwnTable, ...] = following.current()
    keys = {one.name: one.key_of() for one in own}
    for table in RECORDS:
        if table.name not in _NO_RECORDS and (len(table.key) == 1 or not _names_others(table, named)):
            key = keys.get(table.name) or f'"{table.key[0]}"'
            yield f"SELECT '{table.name}' AS domain, CAST({key} AS VARCHAR) AS key, {_sign(table, own)} AS sign, true AS registered " \
                  f"FROM {table.name}"  # fmt: skip
        for spec in table.fields:
            domain = _NAMING.get((table.name, spec.name)) or _domain(spec.name, named)
            if domain and (table.name, spec.name) != (domain, table.key[0]) and spec.type in ("code", "text"):
                yield f'SELECT {quoted(domain)}, "{spec.name}", NULL, false FROM {table.name}'
    yield "SELECT 'projects', successor_id, NULL, false FROM successor"


def _names_others(table: Table, named: dict[str, str]) -> bool:
    """Whether its key of several fields names another record: then that is the id."""
    return any(_domain(name, named) for name in table.key)


def _domain(name: str, named: dict[str, str]) -> str | None:
    """The register whose record a field of that name names."""
    return next((table for key, table in named.items() if name == key or name.endswith(f"_{key}")), None)


def _sign(table: Table, own: Sequence[OwnTable]) -> str:
    declared = next((one for one in own if one.name == table.name), None)
    if declared is None:
        return _SIGNS[table.name]
    columns = [f'"{column}"' for f in table.fields if f.need != "key" and f.type != "geometry" for column in f.columns]
    return f"md5(concat_ws(' ', {', '.join(columns)}))" if columns else "NULL"


def what_is_told(con: duckdb.DuckDBPyConnection) -> Told:
    """What the delivery in ``con`` is; of the map nothing yet. Needs the tables of ``facts.measure_keys``."""
    registers = {table for (table,) in con.execute("SELECT DISTINCT table_name FROM delivered").fetchall()}
    told = con.execute("SELECT DISTINCT table_name, field FROM delivered").fetchall()
    registers |= {TOLD_BY[column] for column in told if column in TOLD_BY}
    districts = con.execute("SELECT district_code, district_name FROM districts ORDER BY ALL").fetchall()
    lost = con.execute(
        "SELECT DISTINCT table_name FROM (SELECT table_name FROM unread_register UNION SELECT table_name FROM lost_row "
        "WHERE table_name IN ('communities', 'offices', 'renewal_areas')) ORDER BY 1"
    ).fetchall()
    codes = ", ".join(map(quoted, _BY_OTHERS))
    words = Districts()
    for code, name in districts:
        words.add(code, name)
    return Told(
        projects=_one(con, "SELECT count(*) FROM projects"),
        districts=tuple(districts),
        registers=frozenset(registers),
        open_registers=tuple(table for (table,) in lost),
        has_whole_figures=_one(con, "SELECT count(*) FROM reported_figures WHERE district_code IS NULL") > 0,
        by_names=_one(con, f"SELECT (SELECT count(*) FROM problem WHERE code IN ({codes})) + (SELECT count(*) FROM confirmed_names)") > 0,
        has_corrections="corrections" in registers,
        names={word: min(meant) for word, meant in words.whole.items()},
        stems={word: min(meant) for word, meant in words.stems.items()},
    )  # fmt: skip


def _one(con: duckdb.DuckDBPyConnection, query: str) -> Any:
    return con.execute(query).fetchall()[0][0]

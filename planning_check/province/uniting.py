"""The results of shards as the tables of one check: rows together, row numbers made anew, and all that is counted made from them again.

What two shards know of one thing is one row: a developer's or a district's code is in the registers of many cities, and so is a district.
Of anything else a key may stand in one shard alone (``claimed``): the plan puts what cities share into one shard.
"""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING

from planning_check.errors import Place, SourceError, Text
from planning_check.geo.places.coverage import COVERAGE_TABLE
from planning_check.geo.places.match_places import MATCH_TABLES
from planning_check.progress import Parts, Told
from planning_check.province.results import NUMBERS, is_row_list, kind_of_number
from planning_check.sql import create_with
from planning_check.sql import name as named

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from planning_check.assess import Plan
    from planning_check.province.commits import Results
    from planning_check.record.province import Commit

#: Where a key of the record stands: it may be in the results of one shard alone.
_KEYS = {
    "register": "subject || ':' || subject_key", "balance": "'project:' || project_id", "coverage_line": "'community:' || community_code",
    "match_office": "'office:' || office_id", "match_facility": "'idle_facility:' || facility_id",
}  # fmt: skip
#: What every city may tell of by the same name: one row of it counts.
_SHARED = "code"
_FIRST = f"subject <> '{_SHARED}' OR row_number() OVER (PARTITION BY {{}} ORDER BY shard_no) = 1"
_ONCE = {
    "districts": "SELECT district_code, min(district_name) AS district_name FROM districts GROUP BY district_code ORDER BY 1",
    "leading_list": "SELECT DISTINCT list FROM leading_list ORDER BY 1",
    "geo_choice": "SELECT DISTINCT purpose, crs FROM geo_choice ORDER BY ALL",
    "register_told": "SELECT bool_or(COLUMNS(* EXCLUDE (shard_no))) FROM register_told",
    "register": f"FROM register QUALIFY {_FIRST.format('subject, subject_key')} ORDER BY subject, subject_key",
    "named_subject": f"FROM named_subject QUALIFY {_FIRST.format('subject, subject_key')} ORDER BY subject, subject_key",
    "subject_geometry": "FROM subject_geometry ORDER BY subject, subject_key, shard_no",
    # numbered as assess/heads.py does
    "finding_head": "SELECT row_number() OVER (ORDER BY list_no, rule_id, subject_key) AS number, * EXCLUDE (list_no) FROM ("
    f"FROM finding_head QUALIFY {_FIRST.format('rule_id, subject_key')}) LEFT JOIN rule_place USING (rule_id) ORDER BY number",
    # numbered as facts/fund_line.sql does; a register that is not whole is said once
    "fund_line": "SELECT row_number() OVER (ORDER BY project_id NULLS LAST, what = 'used', what = 'credited', on_lo NULLS LAST, what, "
    "register, item) AS number, * FROM (SELECT * EXCLUDE (shard_no) FROM fund_line WHERE project_id IS NOT NULL "
    "UNION ALL SELECT DISTINCT * EXCLUDE (shard_no) FROM fund_line WHERE project_id IS NULL) ORDER BY number",
}  # fmt: skip
_LAW = """
CREATE OR REPLACE TABLE law_version AS
SELECT row_number() OVER (ORDER BY ordinance_id) AS version_no, ordinance_id
FROM (SELECT DISTINCT ordinance_id FROM governed_project WHERE ordinance_id IS NOT NULL);
CREATE OR REPLACE TABLE governing_project AS
SELECT g.project_id, v.version_no, g.law_state FROM governed_project g LEFT JOIN law_version v USING (ordinance_id) ORDER BY 1;
"""


def read_table(results: Results, commit: Commit, table: str) -> pa.Table:
    """A table of a shard's result. Raises SourceError where its file is gone, or is not the one that was written."""
    import pyarrow.parquet as pq

    path = f"{results.place(commit.shard)}/{table}.parquet"
    fix = Text("删去这个文件夹，再运行 province run", "delete this folder and run province run again")
    try:
        content = results.fs.cat_file(path)
    except FileNotFoundError as error:
        raise SourceError(Text("结果文件不在了", "a file of the result is gone"), where=Place(path), fix=fix) from error
    if hashlib.sha256(content).hexdigest() != commit.tables[table].sha256:
        raise SourceError(Text("结果文件与写成时不同", "a file of the result is not as it was written"), where=Place(path), fix=fix)
    return pq.read_table(io.BytesIO(content))


def claimed(con: duckdb.DuckDBPyConnection, results: Results, commits: Sequence[Commit]) -> dict[str, list[str]]:
    """Shards that know a subject which one before them knows too -> the keys, at most ten: ``project:P01``. One record cannot hold both."""
    found: dict[str, list[str]] = {}
    con.execute("CREATE OR REPLACE TEMP TABLE known (key VARCHAR)")
    for commit in commits:
        con.execute("CREATE OR REPLACE TEMP TABLE own (key VARCHAR)")
        for table in sorted(_KEYS.keys() & commit.tables.keys()):
            con.register("part", read_table(results, commit, table))
            con.execute(f"INSERT INTO own SELECT {_KEYS[table]} FROM part")
            con.unregister("part")
        con.execute(f"DELETE FROM own WHERE starts_with(key, '{_SHARED}:')")
        again = con.execute(
            "SELECT DISTINCT key FROM own SEMI JOIN known USING (key) ORDER BY key NOT LIKE 'project:%', key LIMIT 10"
        ).fetchall()
        if again:
            found[commit.shard] = [key for (key,) in again]
        else:
            con.execute("INSERT INTO known SELECT DISTINCT key FROM own")
    con.execute("DROP TABLE known; DROP TABLE IF EXISTS own")
    return found


def unite(
    con: duckdb.DuckDBPyConnection, results: Results, commits: Sequence[Commit], plan: Plan, done: Told = lambda _share: None
) -> Plan:
    """Make in ``con`` the tables that ``store.save_run`` records, from the results of shards. Gives the plan for the subjects there are.
    ``done`` hears how much is made."""
    from planning_check.assess import count_register

    con.execute(MATCH_TABLES + COVERAGE_TABLE)
    places = [{"rule_id": rule.id, "list_no": rule.list_no} for rule in plan.rules]
    create_with(con, "rule_place", {"rule_id": "VARCHAR", "list_no": "INTEGER"}, places)
    tables = sorted({table for commit in commits for table in commit.tables})
    parts = Parts(len(tables), done)
    for table in tables:
        if table == "told_code":
            _remake(con, table, _codes(_gather(con, results, commits, table, numbered=True)))
        else:
            _gather(con, results, commits, table, numbered=table in _ONCE)
            if table in _ONCE:
                _remake(con, table, _ONCE[table])
        parts.next()
    con.execute(_LAW)
    con.execute(files("planning_check.facts").joinpath("profile.sql").read_text("utf-8"))
    there = {subject for (subject,) in con.execute("SELECT DISTINCT subject FROM register").fetchall()}
    present = plan.on(there | {"project"})
    count_register(con, present)
    return present


def _remake(con: duckdb.DuckDBPyConnection, table: str, query: str) -> None:
    """The table as the query has it, without the shards' numbers."""
    con.execute(f"CREATE OR REPLACE TABLE made AS {query}; ALTER TABLE made DROP COLUMN IF EXISTS shard_no")
    con.execute(f"DROP TABLE {table}; ALTER TABLE made RENAME TO {table}")


def _gather(con: duckdb.DuckDBPyConnection, results: Results, commits: Sequence[Commit], table: str, *, numbered: bool) -> list[str]:
    """The rows that all shards have of a table, their own numbers moved behind one another's; ``numbered``: each with that of its shard
    (``shard_no``). Gives the columns."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schemas = []
    for commit in commits:
        if table in commit.tables:
            with results.fs.open(f"{results.place(commit.shard)}/{table}.parquet", "rb") as file:
                schemas.append(pq.read_schema(file))
    schema = pa.unify_schemas(schemas, promote_options="permissive")
    con.register("part", schema.empty_table())
    own = ", NULL::INTEGER AS shard_no" if numbered else ""
    con.execute(f"DROP TABLE IF EXISTS {table}; CREATE TABLE {table} AS SELECT *{own} FROM part")
    moved: Counter[str] = Counter()
    for number, commit in enumerate(commits):
        if table in commit.tables:
            rows = read_table(results, commit, table)
            con.register("part", rows)
            items = ", ".join(_moved(column, table, moved) for column in rows.column_names)
            own = f", {number} AS shard_no" if numbered else ""
            con.execute(f"INSERT INTO {table} BY NAME SELECT {items}{own} FROM part")
        moved.update(commit.highest)
    con.unregister("part")
    return schema.names


def _moved(column: str, table: str, moved: Mapping[str, int]) -> str:
    """SQL: a column, and of a number, as far behind as the shards before it go."""
    own = named(column)
    if column in NUMBERS:
        return f"{own} + {moved[kind_of_number(table, column)]} AS {own}"
    if is_row_list(table, column):
        return f"to_json(list_transform({_read_rows(own)}, lambda row: row + {moved['row_id']}))::VARCHAR AS {own}"
    return own


def _read_rows(column: str) -> str:
    return f"""from_json({column}, '["BIGINT"]')"""


def _codes(columns: Sequence[str]) -> str:
    """The judged codes, each once, with its uses and its rows of all shards."""
    whole = [
        f"nullif(to_json(flatten(list({_read_rows(named(c))}) FILTER ({named(c)} IS NOT NULL) OVER code))::VARCHAR, '[]') AS {named(c)}"
        for c in columns
        if is_row_list("told_code", c)
    ]
    whole += ["sum(uses) OVER code AS uses"] if "uses" in columns else []
    replaced = f" REPLACE ({', '.join(whole)})" if whole else ""
    return (
        f"SELECT *{replaced} FROM told_code WINDOW code AS (PARTITION BY told_key) "
        "QUALIFY row_number() OVER (PARTITION BY told_key ORDER BY shard_no) = 1 ORDER BY told_key"
    )

"""Rows that cannot be used are set aside with a reason, never dropped: rows read = rows used + rows quarantined.

A row is set aside when it is no record (a total, a repeated header, shifted cells), its key is missing, another row of
the same sheet has its key, a required value cannot be read, or a required value is still missing after the rows of its
key were united.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from planning_check.ingest.naming import REGISTERED, REGISTERS
from planning_check.ingest.plain import mapping_sql, trimmed_sql
from planning_check.ingest.typed import NO_RECORD, Uses, key_columns
from planning_check.schema import TABLES, Field, Table
from planning_check.sql import is_any, name, names, quoted

_FOUND = "INSERT INTO ingest.found (row_id, source_id, table_name, key, field, raw, code, quarantined, detail_zh, detail_en)"
_WORDS_TOLD = 200  # of one column, one by one
FREE = "row_id NOT IN (SELECT row_id FROM ingest.set_aside)"


def set_aside_rows(con: duckdb.DuckDBPyConnection, uses: Uses) -> None:
    """Everything that can be said of a row by itself or within its sheet."""
    table = uses.table.name
    marked = f"FROM ingest.cell_mark WHERE field IS NULL AND table_name = {quoted(table)}"
    if is_any(con, marked):
        con.execute(f"INSERT INTO ingest.set_aside SELECT row_id, table_name, min(code) {marked} GROUP BY ALL")
        con.execute(
            f"{_FOUND} SELECT row_id, r.source_id, s.table_name, NULL, NULL, NULL, s.code, true, '', ''"
            " FROM ingest.set_aside s JOIN raw_row r USING (row_id) WHERE s.table_name = ?",
            [table],
        )
    for source in uses.sources:
        lacking = [code for k in uses.table.key if (code := uses.lack(source, k))]
        if lacking:
            _set_aside(con, table, f"SELECT row_id, {quoted(lacking[0])} FROM raw_{table} WHERE source_id = {source} AND {FREE}")
    there = {f.name for f in uses.fields}
    if set(uses.table.key) <= there:
        _missing_keys(con, uses)
        _duplicates(con, uses)
    codes = [name(f"{f.name}.code") for f in uses.fields if f.need == "required"]
    if codes:
        bad = f"coalesce({', '.join(codes)}, NULL)"
        _set_aside(con, table, f"SELECT row_id, {bad} FROM ingest.typed_{table} WHERE {bad} IS NOT NULL AND {FREE}")
    _cell_problems(con, uses)


def _set_aside(con: duckdb.DuckDBPyConnection, table: str, rows: str) -> None:
    """Set aside the rows of a query (row_id, code)."""
    con.execute(f"INSERT INTO ingest.set_aside SELECT row_id, {quoted(table)}, code FROM ({rows}) t(row_id, code)")


def _missing_keys(con: duckdb.DuckDBPyConnection, uses: Uses) -> None:
    table, key = uses.table.name, uses.table.key
    null = " OR ".join(f"{name(c)} IS NULL" for c in key_columns(uses.table))
    if not is_any(con, f"FROM ingest.typed_{table} WHERE {null}"):
        return
    code = f"coalesce({', '.join(name(f'{k}.code') for k in key)}, 'missing_key')"
    _set_aside(con, table, f"SELECT row_id, {code} FROM ingest.typed_{table} WHERE ({null}) AND {FREE}")
    whens = " ".join(f"WHEN {name(uses.table.field(k).columns[0])} IS NULL THEN {quoted(k)}" for k in key)
    con.execute(
        f"{_FOUND} SELECT row_id, source_id, '{table}', key_text, CASE {whens} END, NULL, 'missing_key', true, '', ''"
        f" FROM ingest.typed_{table} JOIN ingest.set_aside USING (row_id) WHERE code = 'missing_key'"
    )


def _duplicates(con: duckdb.DuckDBPyConnection, uses: Uses) -> None:
    """Rows of one key in one sheet: an exact repeat is superfluous; if they differ, which is right is not for us to guess.
    Rows whose key was made of what they say may be several things that say the same; rows of buildings are parts of one."""
    table, keys = uses.table, names(key_columns(uses.table))
    repeated = f"SELECT 1 FROM ingest.typed_{table.name} WHERE {FREE} GROUP BY source_id, {keys} HAVING count(*) > 1"
    if not is_any(con, repeated):
        return
    cells = [f"coalesce({trimmed_sql('r.' + name(f.name))}, '')" for f in uses.fields if f.type != "geometry"]
    cells += ["coalesce(hex(r.geometry), '')"] if table.geometry else []
    made = f"source_id IN (SELECT source_id FROM ingest.made_key) AND (contents > 1 OR {table.name not in REGISTERED})"
    why = (
        f"CASE WHEN {made} THEN 'same_identity' WHEN source_id IN (SELECT source_id FROM ingest.per_building) THEN 'rows_of_buildings'"
        " WHEN contents > 1 THEN 'duplicate_key' ELSE 'duplicate_row' END"
    )
    con.execute(f"""
        CREATE OR REPLACE TABLE ingest.repeated AS
        WITH keyed AS (SELECT row_id, source_id, key_text, {keys} FROM ingest.typed_{table.name} WHERE {FREE}
                       QUALIFY count(*) OVER (PARTITION BY source_id, {keys}) > 1),
             told AS (SELECT k.*, p."row", concat_ws(chr(31), {", ".join(cells)}) AS cells
                      FROM keyed k JOIN raw_{table.name} r USING (row_id) JOIN raw_row p USING (row_id)),
             grouped AS (SELECT source_id, {keys}, min(row_id) AS first_id, count(*) AS n, count(DISTINCT cells) AS contents,
                                array_to_string(list("row" ORDER BY "row")[1:5], '、') AS rows
                         FROM told GROUP BY source_id, {keys})
        SELECT row_id, source_id, key_text, n, rows, {why} AS code
        FROM told JOIN grouped USING (source_id, {keys}) WHERE row_id <> first_id OR {why} <> 'duplicate_row'""")
    _set_aside(con, table.name, "SELECT row_id, code FROM ingest.repeated")
    field = quoted(table.key[0])
    con.execute(
        f"{_FOUND} SELECT row_id, source_id, '{table.name}', key_text, {field}, key_text, code, true,"
        " rows || CASE WHEN n > 5 THEN '等' ELSE '' END, replace(rows, '、', ', ') || CASE WHEN n > 5 THEN ', ...' ELSE '' END"
        " FROM ingest.repeated"
    )


#: Cells with the same word in the same column are one problem, where a word (or the day of a program) stands in the place of a value.
_FOLDED = ("not_told", "not_a_number", "not_a_date", "not_yes_no", "unknown_choice", "sentinel_date", "name_not_known", "name_not_unique")


def _cell_problems(con: duckdb.DuckDBPyConnection, uses: Uses) -> None:
    """Cells whose text is no value. The one that set its row aside says so."""
    table = uses.table.name
    codes = {f.name: name(f"{f.name}.code") for f in uses.fields}
    bad = f"FROM ingest.typed_{table} WHERE coalesce({', '.join(codes.values())}, NULL) IS NOT NULL"
    if not codes or not is_any(con, bad):
        return
    pairs = ", ".join(f"{{'field': {quoted(f)}, 'code': {code}}}" for f, code in codes.items())
    raws = " ".join(f"WHEN {quoted(f.name)} THEN {_raw_sql(f, table)}" for f in uses.fields)
    needed = ", ".join(quoted(f.name) for f in uses.fields if f.need)
    limit = "strftime(getvariable('delivered_on')::DATE, '%Y-%m-%d')"
    place = " LEFT JOIN ingest.coordinate c ON c.row_id = b.row_id" if "geometry" in codes else ""
    word = f"code IN ({', '.join(map(quoted, _FOLDED))}) AND NOT loses AND (code = 'sentinel_date' OR NOT regexp_matches(raw, '[0-9]'))"
    told = [
        f"CASE WHEN code IN ('day_to_come', 'day_ahead') THEN {limit} WHEN count(*) > 1 THEN concat('{before}', count(*), '{cells}',"
        f" array_to_string(list(\"row\" ORDER BY row_id)[1:5], '{sep}'), CASE WHEN count(*) > 5 THEN '{more}' ELSE '{end}' END)"
        " ELSE '' END"
        for before, cells, sep, more, end in (
            ("（这一列共 ", " 格：第 ", "、", " 等行）", " 行）"),
            (" (", " cells of the column: rows ", ", ", " and more)", ")"),
        )
    ]
    con.execute(f"""
        {_FOUND}
        WITH bad AS (SELECT row_id, source_id, key_text, unnest([{pairs}], recursive := true) {bad}),
             told AS (SELECT b.*, p."row", CASE b.field {raws} END AS raw,
                          b.code IS NOT DISTINCT FROM s.code AND list_contains([{needed}]::VARCHAR[], b.field) AS loses, h.zh, h.en
                      FROM bad b JOIN raw_{table} r ON r.row_id = b.row_id JOIN raw_row p ON p.row_id = b.row_id
                          LEFT JOIN ingest.set_aside s ON s.row_id = b.row_id{place}
                          LEFT JOIN ingest.hint h ON h.row_id = b.row_id AND h.field = b.field
                      WHERE b.code IS NOT NULL AND coalesce(s.code NOT IN ({", ".join(quoted(c) for c in NO_RECORD)}), true))
        SELECT min(row_id), source_id, '{table}', min_by(key_text, row_id), field, min_by(raw, row_id), code, loses,
            coalesce(any_value(zh), {told[0]}), coalesce(any_value(en), {told[1]})
        FROM told GROUP BY source_id, field, code, loses, CASE WHEN {word} THEN trim(raw) ELSE CAST(row_id AS VARCHAR) END""")


def _raw_sql(field: Field, table: str) -> str:
    """SQL for the text of a cell as delivered; of a point, the two coordinates that were read; of an id not told, the name."""
    if field.name in REGISTERS and REGISTERS[field.name][0] == table:
        return f"coalesce(r.{name(field.name)}, r.{REGISTERS[field.name][1]})"
    if field.type != "geometry":
        return f"r.{name(field.name)}"
    return "concat_ws(', ', c.longitude, c.latitude)"


def set_aside_incomplete(con: duckdb.DuckDBPyConnection, uses: Uses) -> None:
    """Rows whose key still lacks a required value after uniting. Reads ``ingest.united_<table>``."""
    table = uses.table
    needed = [f for f in table.fields if f.need]
    lacking = " OR ".join(f"{name(f.columns[0])} IS NULL" for f in needed)
    if not is_any(con, f"FROM ingest.united_{table.name} WHERE {lacking}"):
        return
    given = [f.name for f in needed if uses.sources_of(f.name)]
    missing = ", ".join(f"CASE WHEN {name(f.columns[0])} IS NULL THEN {quoted(f.name)} END" for f in needed)
    given_sql = f"[{', '.join(quoted(g) for g in given)}]::VARCHAR[]"
    why = _lack_sql(uses)
    con.execute(f"""
        CREATE OR REPLACE TABLE ingest.incomplete AS
        WITH told AS (SELECT unnest(row_ids) AS row_id, key_text, conflicts, list_filter([{missing}], lambda f: f IS NOT NULL) AS missing
                      FROM ingest.united_{table.name})
        SELECT row_id, source_id, key_text, missing, CASE
            WHEN len(list_intersect(missing, conflicts)) > 0 THEN 'conflict'
            WHEN {why} = 'unknown_unit' THEN 'unknown_unit'
            WHEN len(list_intersect(missing, {given_sql})) > 0 THEN 'missing_required' ELSE {why} END AS code
        FROM told JOIN raw_row USING (row_id) WHERE len(missing) > 0""")
    _set_aside(con, table.name, "SELECT row_id, code FROM ingest.incomplete")
    labels = [mapping_sql("f", {f.name: f.label.get(lang) for f in needed}) for lang in ("zh", "en")]
    zh, en = (f"array_to_string(list_transform(missing, lambda f: {sql}), {quoted(sep)})" for sql, sep in zip(labels, "、,", strict=True))
    con.execute(
        f"{_FOUND} SELECT row_id, source_id, '{table.name}', key_text, missing[1], NULL, code, true, {zh}, replace({en}, ',', ', ')"
        " FROM ingest.incomplete WHERE code = 'missing_required'"
    )


def _lack_sql(uses: Uses) -> str:
    """SQL: why the row's source does not deliver the first missing field."""
    needed = [f.name for f in uses.table.fields if f.need]
    whens = [
        f"WHEN source_id = {s} AND missing[1] = {quoted(f)} THEN {quoted(code)}"
        for s in uses.sources
        for f in needed
        if (code := uses.lack(s, f))
    ]
    return f"CASE {' '.join(whens)} ELSE 'missing_required' END" if whens else "'missing_required'"


def report_missing_columns(con: duckdb.DuckDBPyConnection, uses: Uses) -> None:
    """One problem a sheet for a needed column that it lacks and no other source delivers, saying how many rows that cost."""
    for source in uses.sources:
        for field in (f for f in uses.table.fields if f.need):
            elsewhere = uses.sources_of(field.name) and field.need != "key"
            if uses.lack(source, field.name) != "missing_column" or elsewhere:
                continue
            lost = con.execute(
                "SELECT count(*) FROM ingest.set_aside JOIN raw_row USING (row_id) WHERE source_id = ? AND code = 'missing_column'",
                [source],
            ).fetchall()[0][0]
            if lost:
                values = [source, uses.table.name, field.name, str(lost), str(lost)]
                con.execute(f"{_FOUND} VALUES (NULL, ?, ?, NULL, ?, NULL, 'missing_column', true, ?, ?)", values)


def note_read_as(con: duckdb.DuckDBPyConnection) -> None:
    """How words were read that are no plain value (``ingest.read_as``): each once a sheet, with the number of its rows; of very many words
    in one column the rest together."""
    if not is_any(con, "FROM ingest.read_as"):
        return
    con.execute(f"""
        {_FOUND}
        WITH word AS (SELECT source_id, w.table_name, field, told, w.code, zh, en, count(*) AS n
        FROM ingest.read_as w JOIN raw_row USING (row_id) LEFT JOIN ingest.set_aside s USING (row_id)
        WHERE s.code IS NULL OR NOT list_contains([{", ".join(quoted(c) for c in NO_RECORD)}], s.code)
            GROUP BY source_id, w.table_name, field, told, w.code, zh, en
            ), placed AS (SELECT *, row_number() OVER (PARTITION BY source_id, field, code ORDER BY n DESC, told) AS place FROM word)
        SELECT NULL, source_id, table_name, NULL, field, told, code, false, zh || '（' || n || ' 行）', en || ' (rows: ' || n || ')'
        FROM placed WHERE place <= {_WORDS_TOLD}
        UNION ALL SELECT NULL, source_id, table_name, NULL, field, min(told) || ' …', code, false,
            min_by(zh, told) || '，等等；这样的词另有 ' || count(*) || ' 个（共 ' || CAST(sum(n) AS BIGINT) || ' 行）',
            min_by(en, told) || ' and so on; words of this kind besides: ' || count(*) || ' (rows: ' || CAST(sum(n) AS BIGINT) || ')'
        FROM placed WHERE place > {_WORDS_TOLD} GROUP BY source_id, table_name, field, code""")


def mark_costly_columns(con: duckdb.DuckDBPyConnection) -> None:
    """A column that could not be used (its unit, its double) cost rows where a needed field went with it: say so."""
    con.execute("""
        UPDATE ingest.found SET quarantined = true WHERE row_id IS NULL AND (source_id, code) IN
            (SELECT (r.source_id, s.code) FROM ingest.set_aside s JOIN raw_row r USING (row_id))""")


def write_quarantine(con: duckdb.DuckDBPyConnection, uses: Uses) -> None:
    """The rows set aside, with their key, project and community where those can be read.

    A row that may be of several projects is there once for each; NULL: it may be of any.
    """
    if not is_any(con, f"FROM ingest.set_aside WHERE table_name = {quoted(uses.table.name)}"):
        return
    there = {f.name for f in uses.fields}
    record = f"s.code NOT IN ({', '.join(quoted(c) for c in NO_RECORD[:-1])})"
    read = {c: f"CASE WHEN {record} THEN t.{c} END" if c in there else "NULL" for c in ("project_id", "community_code")}
    joins = " ".join(f"LEFT JOIN ingest.legible {c} ON {c}.row_id = s.row_id AND {c}.field = '{c}' AND {read[c]} IS NULL" for c in read)
    columns = ", ".join(f"coalesce({sql}, {c}.id)" for c, sql in read.items())
    con.execute(
        f"INSERT INTO quarantine SELECT s.row_id, s.table_name, CASE WHEN {record} THEN t.key_text ELSE k.id END, {columns}, s.code"
        f" FROM ingest.set_aside s JOIN ingest.typed_{uses.table.name} t USING (row_id) {joins}"
        " LEFT JOIN ingest.legible k ON k.row_id = s.row_id AND k.field = 'key' WHERE s.table_name = ? ORDER BY ALL",
        [uses.table.name],
    )


def reconcile(con: duckdb.DuckDBPyConnection, tables: Sequence[Table] = TABLES) -> None:
    """Count what became of every row of every source; raises where a row is neither used nor quarantined, or both."""
    used = " UNION ALL ".join(f"SELECT unnest(row_ids) AS row_id FROM {t.name}" for t in tables)
    con.execute(f"""
        UPDATE source SET rows_used = c.used, rows_quarantined = c.quarantined FROM (
            SELECT r.source_id, count(DISTINCT u.row_id) AS used, count(DISTINCT q.row_id) AS quarantined
            FROM raw_row r LEFT JOIN ({used}) u USING (row_id) LEFT JOIN quarantine q USING (row_id) GROUP BY r.source_id) c
        WHERE c.source_id = source.source_id""")
    wrong = con.execute("SELECT file, sheet FROM source WHERE rows_read <> rows_used + rows_quarantined").fetchall()
    if wrong:
        raise RuntimeError(f"rows read are not rows used plus rows quarantined in {wrong}")

"""Projects and communities that are told by name: the one that fits is meant; several or none are unknown, with what it may be."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from planning_check.ingest.confirmed import confirmed_ids
from planning_check.ingest.delivery import delivered_tables
from planning_check.ingest.made_ids import made_sql
from planning_check.ingest.naming import REGISTERS, base_of, name_key
from planning_check.ingest.plain import code_sql, not_blank_sql, plain_sql, trimmed_sql
from planning_check.ingest.problems import note
from planning_check.schema import BY_NAME
from planning_check.sql import create_with, is_any, name, quoted

#: Fields that hold the id of a community besides ``community_code`` itself.
_ALSO = {"community_code": ("designated_community_code", "credited_community_code", "successor_code"), "project_id": ()}
_KINDS = {"project_id": "project", "community_code": "community"}
_MOST_SHOWN = 5
_MOST_COMPARED = 2_000  # names that nobody registered, with all that are
_LEAST_ALIKE = 3  # letters of a name that a slip of the pen may have changed
_NUMERALS = "[0-9a-z一二三四五六七八九十甲乙丙丁东南西北]"
_WHOLE = "r.row_id NOT IN (SELECT row_id FROM ingest.cell_mark WHERE field IS NULL)"
#: A text that could be a name at all: a code without any Chinese letter never is.
_WORDY = "[\\x{3400}-\\x{9FFF}]"


def find_named(con: duckdb.DuckDBPyConnection) -> None:
    """Fill ``ingest.named`` (row_id, field, id, code): of rows that tell a project or community by name, or a register's rows without id.

    ``id``: who is meant (said in ``ingest.read_as``); else NULL, with a code, a hint of who it may be, and ``ingest.legible``.
    Needs ``ingest.spelling``, ``ingest.made_key`` and ``ingest.district_word``.
    """
    con.execute("CREATE OR REPLACE TEMP TABLE filled (row_id BIGINT, field VARCHAR, told VARCHAR)")
    for field in REGISTERS:
        _read_register(con, field)
        _read_twofold(con, field)
        asked = "SELECT 1 FROM told UNION ALL SELECT 1 FROM registered WHERE id IS NULL UNION ALL SELECT 1 FROM twofold"
        if not is_any(con, asked):
            continue
        _add_keys(con, field)
        _number_register(con, field)
        if is_any(con, "FROM known"):
            _match(con, field)
            _tell_contradictions(con, field)
        else:  # nobody registers them, so a name is all there is
            for source, table, told in con.execute(
                "SELECT source_id, table_name, field FROM ingest.by_name JOIN source USING (source_id) WHERE field = ? ORDER BY ALL",
                [field],
            ).fetchall():
                if BY_NAME[table].field(told).need:
                    note(con, "name_as_id", source_id=source, table=table, field=told)
                else:  # what may be blank is unknown: a name here and a code there would only seem to be two
                    con.execute(
                        f"INSERT INTO ingest.named SELECT row_id, '{told}', NULL, 'name_not_known' FROM told JOIN raw_row USING (row_id)"
                        f" WHERE by_name AND field = '{told}' AND source_id = ?",
                        [source],
                    )
    for table in ("registered", "filled", "told", "twofold", "known", "name_key", "matched"):
        con.execute(f"DROP TABLE IF EXISTS {table}")


def _with_district(table: str) -> tuple[str, str]:
    """SQL for the district of a raw row ``r`` (its code, the text where it is not known, '' where none is told), and the joins it needs."""
    own = "district_code" in {f.name for f in BY_NAME[table].fields}
    word = plain_sql("r.district_code" if own else "b.district_code")
    beside = "" if own else " LEFT JOIN ingest.beside b ON b.row_id = r.row_id"
    return f"coalesce(d.district_code, {word}, '')", f"{beside} LEFT JOIN ingest.district_word d ON d.word = {word}"


def _of_phase() -> str:
    """SQL for the name of a project with the phase that its own column tells, where the name says none."""
    number = f"TRY_CAST({plain_sql('r.phase_no')} AS INTEGER)"
    return f"CASE WHEN {number} > 0 AND NOT contains(r.project_name, '期') THEN concat(r.project_name, '（', {number}, '期）') END"


def _read_register(con: duckdb.DuckDBPyConnection, field: str) -> None:
    """The tables ``registered`` (row_id, id, name, district) and ``told`` (row_id, table_name, field, told, district, by_name)."""
    register, own = REGISTERS[field]
    district, joins = _with_district(register)
    of_phase = _of_phase() if field == "project_id" else "NULL"
    con.execute("CREATE OR REPLACE TEMP TABLE registered (row_id BIGINT, id VARCHAR, name VARCHAR, of_phase VARCHAR, district VARCHAR)")
    if is_any(con, f"FROM raw_{register}"):
        con.execute(
            f"INSERT INTO registered SELECT r.row_id, {code_sql(f'r.{field}')}, {trimmed_sql(f'r.{own}')}, {of_phase}, {district}"
            f" FROM raw_{register} r{joins} WHERE {not_blank_sql(f'r.{own}')} AND {_WHOLE}"
            f" AND ({not_blank_sql(f'r.{field}')} OR source_id IN (SELECT source_id FROM ingest.made_key WHERE table_name = '{register}'))"
        )
        named = "registered SELECT * REPLACE (of_phase AS name) FROM registered WHERE id IS NOT NULL AND of_phase IS NOT NULL"
        con.execute(f"UPDATE registered SET name = of_phase WHERE id IS NULL AND of_phase IS NOT NULL; INSERT INTO {named}")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE told"
        " (row_id BIGINT, table_name VARCHAR, field VARCHAR, told VARCHAR, district VARCHAR, by_name BOOLEAN)"
    )
    for table in delivered_tables(con):
        for spec in (f for f in table.fields if f.name == field or f.name in _ALSO[field]):
            if table.name == register and spec.name == field:
                continue
            cell = f"r.{name(spec.name)}"
            if spec.name == field and table.name != register and _is_named_beside(con):
                _fill_blank(con, table.name, field)
            if not _may_be_named(con, table.name, spec.name):
                continue
            by_name = (
                f"(source_id IN (SELECT source_id FROM ingest.by_name WHERE field = {quoted(spec.name)})"
                f" OR r.row_id IN (SELECT row_id FROM filled WHERE field = {quoted(spec.name)}))"
            )
            district, joins = _with_district(table.name)
            con.execute(f"""
                INSERT INTO told SELECT r.row_id, '{table.name}', '{spec.name}', {trimmed_sql(cell)}, {district}, {by_name}
                FROM raw_{table.name} r{joins} WHERE {not_blank_sql(cell)} AND {_WHOLE}
                    AND ({by_name} OR regexp_matches({cell}, {quoted(_WORDY)}))
                    AND {code_sql(cell)} NOT IN (SELECT id FROM registered WHERE id IS NOT NULL)
                    AND {code_sql(cell)} NOT IN (SELECT told FROM ingest.spelling WHERE field = '{spec.name}')""")


def _is_named_beside(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether anything is delivered with a name beside its id."""
    return is_any(con, "FROM ingest.beside")


def _may_be_named(con: duckdb.DuckDBPyConnection, table: str, field: str) -> bool:
    """Whether any cell of the column may hold a name: it is read by name, was filled with one, or holds a Chinese letter."""
    return is_any(
        con,
        f"SELECT 1 FROM ingest.by_name WHERE field = '{field}' UNION ALL SELECT 1 FROM filled WHERE field = '{field}'"
        f" UNION ALL SELECT 1 FROM raw_{table} WHERE regexp_matches({name(field)}, {quoted(_WORDY)})",
    )


def _fill_blank(con: duckdb.DuckDBPyConnection, table: str, field: str) -> None:
    """A name stands for the id beside it that is blank, where there is a register."""
    blank = f"NOT coalesce({not_blank_sql(name(field))}, false)"
    con.execute(f"""
        INSERT INTO filled SELECT row_id, '{field}', {trimmed_sql(f"b.{field}")} FROM raw_{table} r JOIN ingest.beside b USING (row_id)
        WHERE {blank.replace(name(field), f"r.{name(field)}")} AND {not_blank_sql(f"b.{field}")} AND {_WHOLE}
            AND EXISTS (FROM registered)""")
    con.execute(
        f"UPDATE raw_{table} SET {name(field)} = f.told FROM filled f"
        f" WHERE f.row_id = raw_{table}.row_id AND f.field = '{field}' AND {blank}"
    )


def _read_twofold(con: duckdb.DuckDBPyConnection, field: str) -> None:
    """The table ``twofold`` (row_id, table_name, id, told): rows with a registered id beside a name that is not that id's."""
    register, _ = REGISTERS[field]
    con.execute("CREATE OR REPLACE TEMP TABLE twofold (row_id BIGINT, table_name VARCHAR, id VARCHAR, told VARCHAR)")
    if not _is_named_beside(con):
        return
    for table in (t.name for t in delivered_tables(con) if t.name != register and field in {f.name for f in t.fields}):
        con.execute(f"""
            INSERT INTO twofold
            SELECT row_id, '{table}', coalesce(w.id, t.id), t.told FROM (
                SELECT row_id, {code_sql(f"r.{field}")} AS id, {trimmed_sql(f"b.{field}")} AS told
                FROM raw_{table} r JOIN ingest.beside b USING (row_id)
                WHERE {not_blank_sql(f"r.{field}")} AND {not_blank_sql(f"b.{field}")} AND {_WHOLE}
                    AND row_id NOT IN (SELECT row_id FROM filled WHERE field = '{field}')) t
            LEFT JOIN ingest.spelling w ON w.field = '{field}' AND w.told = t.id
            WHERE coalesce(w.id, t.id) IN (SELECT id FROM registered)
                AND (coalesce(w.id, t.id), t.told) NOT IN (SELECT (id, name) FROM registered WHERE id IS NOT NULL)""")


def _tell_contradictions(con: duckdb.DuckDBPyConnection, field: str) -> None:
    """Rows whose id is one and whose name is another one's: which of the two is meant nobody knows, so it is unknown, and may be either.
    (A name without a phase may be any phase's, and a name that nobody registered says nothing against the id.)"""
    confirmed = confirmed_ids(con, _KINDS[field], "SELECT id FROM known")
    create_with(con, "confirmed_name", dict.fromkeys(("word", "id"), "VARCHAR"), [{"word": w, "id": i} for w, i in confirmed.items()])
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE matched AS
        WITH meant AS (SELECT b.row_id, b.id, k.id AS other FROM twofold b JOIN name_key t ON t.name = b.told
                           LEFT JOIN confirmed_name c ON c.word = {plain_sql("b.told")}
                           JOIN known k ON CASE WHEN c.id IS NULL THEN k.key = t.key ELSE k.id = c.id END),
             same AS (SELECT b.row_id FROM twofold b JOIN name_key t ON t.name = b.told JOIN known k ON k.id = b.id
                      WHERE t.key IN (k.key, k.base)
                      UNION SELECT row_id FROM meant WHERE other = id),
             who AS (SELECT id, min(name) || ' ' || id AS words FROM known GROUP BY id)
        SELECT row_id, m.id, list(DISTINCT other ORDER BY other) AS others, any_value(w.words) AS words,
            list(DISTINCT o.words ORDER BY o.words) AS other_words
        FROM meant m ANTI JOIN same USING (row_id) JOIN who w ON w.id = m.id JOIN who o ON o.id = m.other GROUP BY row_id, m.id""")
    con.execute("DROP TABLE confirmed_name")
    con.execute(f"INSERT INTO ingest.named SELECT row_id, '{field}', NULL, 'id_and_name_differ' FROM matched")
    con.execute(f"""
        INSERT INTO ingest.hint SELECT row_id, '{field}',
            concat('编号是 ', words, '，名称“', told, '”是 ', array_to_string(other_words[1:{_MOST_SHOWN}], '、')),
            concat('the id is of ', words, ', the name ''', told, ''' of ', array_to_string(other_words[1:{_MOST_SHOWN}], ', '))
        FROM matched JOIN twofold USING (row_id)""")
    con.execute(f"INSERT INTO ingest.legible SELECT DISTINCT row_id, '{field}', unnest(list_append(others, id)) FROM matched")


def _add_keys(con: duckdb.DuckDBPyConnection, field: str) -> None:
    """``name_key`` (name, key, base) of every name, once."""
    names = [
        n
        for (n,) in con.execute(
            "SELECT name FROM registered UNION SELECT told FROM told UNION SELECT told FROM twofold ORDER BY 1"
        ).fetchall()
    ]
    keys = [name_key(n, field) for n in names]
    rows = [{"name": n, "key": k, "base": base_of(k)} for n, k in zip(names, keys, strict=True)]
    create_with(con, "name_key", dict.fromkeys(("name", "key", "base"), "VARCHAR"), rows)


def _number_register(con: duckdb.DuckDBPyConnection, field: str) -> None:
    """Rows of the register without id: the id of the one row of that name in that district, else one made of both. One that is told with a
    phase and one without may be the same.
    ``known`` (id, name, key, base, district) is the register then."""
    register, _ = REGISTERS[field]
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE matched AS
        WITH own AS (SELECT DISTINCT id, name, key, base, district FROM registered JOIN name_key USING (name) WHERE id IS NOT NULL),
             bare AS (SELECT row_id, name, key, base, district FROM registered JOIN name_key USING (name)
                      WHERE id IS NULL AND district <> '')
        SELECT b.row_id, any_value(b.name) AS name,
            count(DISTINCT o.id) FILTER (o.key = b.key) AS n, min(o.id) FILTER (o.key = b.key) AS id,
            any_value({made_sql(register, ("b.district", "b.key"))}) AS made, list(DISTINCT o.id) FILTER (o.id IS NOT NULL) AS ids,
            list(DISTINCT o.name || ' ' || o.id ORDER BY o.name || ' ' || o.id) FILTER (o.id IS NOT NULL) AS words
        FROM bare b LEFT JOIN own o ON o.base = b.base AND o.district = b.district AND (o.key = b.key OR b.key = b.base OR o.key = o.base)
        GROUP BY b.row_id""")
    con.execute(f"""
        INSERT INTO ingest.named SELECT row_id, '{field}', CASE WHEN n = 1 THEN id WHEN n = 0 AND ids IS NULL THEN made END,
            CASE WHEN n > 1 THEN 'name_not_unique' WHEN n = 0 AND ids IS NOT NULL THEN 'name_not_known' END FROM matched""")
    _say_who(con, f"SELECT row_id, '{field}' AS field, ids, words FROM matched WHERE n > 1 OR (n = 0 AND ids IS NOT NULL)")
    con.execute(f"INSERT INTO ingest.read_as SELECT row_id, '{register}', '{field}', name, 'name_matched', id, id FROM matched WHERE n = 1")
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE known AS
        SELECT DISTINCT coalesce(r.id, n.id) AS id, name, key, base, district FROM registered r JOIN name_key USING (name)
        LEFT JOIN ingest.named n ON n.row_id = r.row_id AND n.field = '{field}' WHERE coalesce(r.id, n.id) IS NOT NULL""")


def _match(con: duckdb.DuckDBPyConnection, field: str) -> None:
    """Whom the names elsewhere mean: what somebody confirmed, else the one of the district, or of the city where no district is told."""
    confirmed = confirmed_ids(con, _KINDS[field], "SELECT id FROM known")
    create_with(
        con, "confirmed_name", dict.fromkeys(("word", "id"), "VARCHAR"), [{"word": word, "id": id_} for word, id_ in confirmed.items()]
    )
    bare = [f"regexp_replace({key}, '{_NUMERALS}', '', 'g')" for key in ("k.key", "o.key")]
    alike = (  # but for one letter that is no number
        f"(o.district = '' OR k.district IN ('', o.district)) AND length(o.key) >= {_LEAST_ALIKE}"
        f" AND abs(length(o.key) - length(k.key)) <= 1 AND damerau_levenshtein(o.key, k.key) = 1 AND {bare[0]} <> {bare[1]}"
    )
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE matched AS
        WITH asked AS (SELECT DISTINCT told, district FROM told),
             fits AS (SELECT a.told, a.district, count(DISTINCT k.id) AS n, min(k.id) AS id FROM asked a JOIN name_key t ON t.name = a.told
                      JOIN known k ON k.key = t.key AND (a.district = '' OR k.district IN ('', a.district)) GROUP BY ALL),
             open AS (FROM asked a ANTI JOIN (FROM fits WHERE n = 1) f ON f.told = a.told AND f.district = a.district
                      JOIN name_key t ON t.name = a.told SELECT a.told, a.district, t.key, t.base),
             slips AS (FROM open ORDER BY ALL LIMIT {_MOST_COMPARED}),
             near AS (SELECT o.told, o.district, k.id, k.name FROM open o JOIN known k ON k.base = o.base
                      UNION SELECT o.told, o.district, k.id, k.name FROM slips o JOIN known k ON left(k.key, 1) = left(o.key, 1) AND {alike}
                      UNION SELECT o.told, o.district, k.id, k.name FROM slips o JOIN known k
                          ON right(k.key, 1) = right(o.key, 1) AND {alike}),
             like_it AS (SELECT told, district, list(DISTINCT id ORDER BY id) AS ids,
                                list(DISTINCT name || ' ' || id ORDER BY name || ' ' || id) AS words FROM near GROUP BY ALL)
        SELECT a.told, a.district, coalesce(c.id, CASE WHEN f.n = 1 THEN f.id END) AS id, coalesce(f.n, 0) AS n, l.ids, l.words
        FROM asked a JOIN name_key t ON t.name = a.told LEFT JOIN confirmed_name c ON c.word = {plain_sql("a.told")}
            LEFT JOIN fits f ON f.told = a.told AND f.district = a.district
            LEFT JOIN like_it l ON l.told = a.told AND l.district = a.district""")
    con.execute("DROP TABLE confirmed_name")
    unknown = "CASE WHEN m.id IS NOT NULL THEN NULL WHEN n > 1 THEN 'name_not_unique' ELSE 'name_not_known' END"
    of_rows = "told w JOIN matched m ON m.told = w.told AND m.district = w.district"
    named = "(by_name OR m.id IS NOT NULL OR n > 1)"  # else it is a code that nobody registered, as ever
    con.execute(f"INSERT INTO ingest.named SELECT row_id, field, m.id, {unknown} FROM {of_rows} WHERE {named}")
    con.execute(f"""
        INSERT INTO ingest.read_as SELECT row_id, table_name, field, w.told, 'name_matched', k.words, k.words FROM {of_rows}
        JOIN (SELECT id, min(name) || ' ' || id AS words FROM known GROUP BY id) k ON k.id = m.id""")
    _say_who(con, f"SELECT row_id, field, ids, words FROM {of_rows} WHERE {named} AND m.id IS NULL AND ids IS NOT NULL")


def _say_who(con: duckdb.DuckDBPyConnection, rows: str) -> None:
    """Who a name may be, of rows (row_id, field, ids, words): in the problem, and for what is undetermined with it."""
    zh, en = (
        f"array_to_string(words[1:{_MOST_SHOWN}], '{sep}') || CASE WHEN len(words) > {_MOST_SHOWN} THEN '{more}' ELSE '' END"
        for sep, more in (("、", "等"), (", ", ", ..."))
    )
    con.execute(f"INSERT INTO ingest.hint SELECT row_id, field, '，可能是 ' || {zh}, '; it may be ' || {en} FROM ({rows})")
    con.execute(
        f"INSERT INTO ingest.legible SELECT DISTINCT row_id, field, unnest(ids) FROM ({rows})"
        " WHERE field IN ('project_id', 'community_code')"
    )


def fields_named(con: duckdb.DuckDBPyConnection) -> Sequence[str]:
    """The fields of which some row is told by name."""
    return [f for (f,) in con.execute("SELECT DISTINCT field FROM ingest.named ORDER BY 1").fetchall()]

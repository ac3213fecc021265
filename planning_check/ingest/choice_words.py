"""Words of closed lists that say no more than a choice does: in Traditional characters, or with whose or what it is: 借用单位房屋."""

from __future__ import annotations

import re

import duckdb

from planning_check.ingest.delivery import delivered_tables
from planning_check.ingest.plain import plain, trimmed_sql
from planning_check.ingest.traditional import simplified
from planning_check.ingest.values import labels
from planning_check.ingest.wording import worded
from planning_check.schema import DEPOSIT_EVENTS, PROJECT_STATUSES, TENURES, Choice, Field
from planning_check.sql import create_with, name, quoted

#: What may stand behind a choice and changes nothing, for the lists where that is so. (A 社区居民 is no 社区.)
_BEHIND = {
    TENURES: re.compile("(?:单位|房屋|民房|住房|用房|办公房|私房|居民|个人|私人|企业|公司|学校|他人|场地|场所|门面|商铺|房|的)+"),
    PROJECT_STATUSES: re.compile("(?:项目|工程|状态|阶段)"),
}
_SHORTEST = 2
_SAYS_MORE = "产权"  # 无产权房屋 does not say whose it is


def meant(text: str, choices: tuple[Choice, ...]) -> str | None:
    """The one choice that a text means; None for none or several."""
    word, known = simplified(plain(text)), {simplified(told): code for told, code in labels(choices).items()}
    if word in known:
        return known[word]
    if choices == DEPOSIT_EVENTS:
        return _one({code for told, code in known.items() if worded(told) == worded(word)})  # 交纳 is 缴纳
    behind = _BEHIND.get(choices)
    if behind is None:
        return None
    able = [told for told in known if len(told) >= _SHORTEST and _SAYS_MORE not in told and word.startswith(told)]
    return _one({known[told] for told in able if behind.fullmatch(word[len(told) :])})


def _one(found: set[str]) -> str | None:
    return found.pop() if len(found) == 1 else None


def create_choice_words(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``ingest.choice_word`` (table_name, field, told, code): texts that are no choice as they stand, and mean one; they are noted."""
    columns = dict.fromkeys(("table_name", "field", "told", "code", "zh", "en"), "VARCHAR")
    found = []
    for table in delivered_tables(con):
        for spec in (f for f in table.fields if f.type == "choice"):
            own, label = labels(spec.choices), {c.code: c.label for c in spec.choices}
            query = f"SELECT DISTINCT {trimmed_sql(spec.name)} AS t FROM raw_{table.name} WHERE t IS NOT NULL ORDER BY t"
            told = [t for (t,) in con.execute(query).fetchall() if plain(t) not in own]
            found += [
                {"table_name": table.name, "field": spec.name, "told": t, "code": code, "zh": label[code].zh, "en": label[code].en}
                for t in told
                if (code := meant(t, spec.choices))
            ]
    create_with(con, "ingest.choice_word", columns, found)
    for table_name, field in sorted({(row["table_name"], row["field"]) for row in found}):
        con.execute(f"""
            INSERT INTO ingest.read_as SELECT row_id, '{table_name}', '{field}', w.told, 'choice_read', zh, en FROM raw_{table_name} r
            JOIN ingest.choice_word w ON w.table_name = '{table_name}' AND w.field = '{field}'
                AND w.told = {trimmed_sql(f"r.{name(field)}")}""")


def with_choice_word(con: duckdb.DuckDBPyConnection, query: str, table: str, spec: Field) -> str:
    """The query of typed rows, with the choices that such texts mean."""
    where = f"table_name = {quoted(table)} AND field = {quoted(spec.name)}"
    if not con.execute(f"SELECT 1 FROM ingest.choice_word WHERE {where} LIMIT 1").fetchall():
        return query
    value, code = name(spec.name), name(f"{spec.name}.code")
    replaced = f"coalesce(w.code, t.{value}) AS {value}, CASE WHEN w.told IS NULL THEN t.{code} END AS {code}"
    return (
        f"SELECT t.* REPLACE ({replaced}) FROM ({query}) t LEFT JOIN raw_{table} r ON r.row_id = t.row_id AND t.{code} = 'unknown_choice'"
        f" LEFT JOIN ingest.choice_word w ON w.{where.replace(' AND ', ' AND w.')} AND w.told = {trimmed_sql(f'r.{value}')}"
    )

"""Slips of unit: two figures for nearly the same thing that lie a unit apart (10,000, 666.67) are told, with what may have happened
and which bureaus' figures they are.

Across columns (plan, permit, survey; land and floor area; a sum and its price) and across tables and bureaus (a room and its handover, a
project and its parcels, a deposit due and paid). Nothing is changed: which of the two is wrong nobody here knows. (A project's totals are
judged by rule AR11; of one field that two files tell differently: ``conflict``, with what ``unit_apart`` says of it.)
"""

from __future__ import annotations

import re
from itertools import combinations

import duckdb

from planning_check.errors import Text
from planning_check.ingest.delivery import delivered_tables
from planning_check.measuring import Measuring
from planning_check.schema import BY_NAME
from planning_check.sql import name, quoted
from planning_check.words import BUREAUS, labels

_STAGES = ("plan", "permit", "survey")
_PARTS = ("above_ground", "below_ground", "residential", "counted")
#: What may have been taken for what: of an area, of floor area and the land it stands on, of money.
_MU = Text("亩当作㎡，或㎡当作亩", "mu for m2, or m2 for mu")
_HECTARES = Text("万㎡（公顷）当作㎡，或㎡当作万㎡", "万㎡ (ha) for m2, or m2 for 万㎡")
_KM2 = Text("平方公里当作㎡", "km2 for m2")
_LAND = Text("用地的㎡当作亩、公顷，或建筑的万㎡当作㎡", "m2 of land for mu or ha, or 万㎡ of floor for m2")
_MONEY = Text("万元当作元，或元当作万元", "10,000 yuan (万元) for yuan, or yuan for 10,000")
_NAMED = 5  # rows by their numbers
_OF = re.compile(r"'(\w+)' AS (?:table_name|other_table)")  # of the query for two figures: whose they are
_AT_ZH, _AT_EN = "'（' || o.file || o.letter || ' 列）'", "' (' || o.file || 'column ' || o.letter || ')'"  # SQL, of ``_column``
#: What may have happened, and how many times the larger is the smaller, from and to.
Slip = tuple[Text, float, float]


def _of_areas(by: Measuring) -> tuple[Slip, ...]:
    return (
        (_MU, by.mu_slip_least_times, by.mu_slip_most_times),
        (_HECTARES, by.ten_thousand_slip_least_times, by.ten_thousand_slip_most_times),
        (_KM2, by.km2_slip_least_times, by.km2_slip_most_times),
    )


def _of_land(by: Measuring) -> tuple[Slip, ...]:
    """Floor area that is so much larger than the land; and last, land that is."""
    least, more, most = by.floor_mu_slip_least_times, by.floor_mu_slip_most_times, by.floor_ten_thousand_slip_most_times
    return ((_MU, least, more), (_HECTARES, more, most), (_LAND, least, most))


def _of_money(by: Measuring) -> tuple[Slip, ...]:
    return ((_MONEY, by.ten_thousand_slip_least_times, by.ten_thousand_slip_most_times),)


def report_slips(con: duckdb.DuckDBPyConnection, by: Measuring) -> None:
    """One problem for two columns that lie a unit apart in some rows, at the first of these. Reads the united tables."""
    there = {table.name for table in delivered_tables(con)}
    pairs = [pair for pair in (*_stages(by), *_rooms(by), *_land(by), *_money(by)) if there.issuperset(_OF.findall(pair))]
    if not pairs:
        return
    slips = (*_of_areas(by), *_of_land(by), *_of_money(by))
    con.execute(f"CREATE TEMP TABLE slip AS SELECT * FROM ({' UNION ALL '.join(pairs)}) WHERE slip IS NOT NULL")
    kinds = con.execute("SELECT DISTINCT table_name, field, other_table, other, slip FROM slip ORDER BY ALL").fetchall()
    for table, field, other_table, other, slip in kinds:
        one, two = BY_NAME[table].field(field), BY_NAME[other_table].field(other)
        units, owners = slips[slip][0], ",".join(dict.fromkeys((one.owner, two.owner)))
        details = [
            f"concat({quoted(two.label.get(lang) + close)}, any_value({at}), {quoted(before)},"
            f" array_to_string(list(\"row\" ORDER BY row_id)[1:{_NAMED}], '{sep}'),"
            f" CASE WHEN count(*) > {_NAMED} THEN '{more}' ELSE '{end}' END,"
            f" {quoted(after + units.get(lang) + asked + labels(BUREAUS, owners, lang))})"
            for lang, close, at, before, sep, more, end, after, asked in (
                ("zh", "”", _AT_ZH, "相差一个单位（第 ", "、", " 等行", " 行", "）：可能把", "；核对："),
                ("en", "'", _AT_EN, ", rows ", ", ", " and more", "", ": perhaps ", "; to check: "),
            )
        ]  # fmt: skip
        con.execute(
            f"""INSERT INTO ingest.found
            WITH told AS (SELECT min(key) AS key, row_id FROM (SELECT key, unnest(row_ids) AS row_id FROM slip
                          WHERE (table_name, field, other_table, other, slip) = (?, ?, ?, ?, ?)) GROUP BY row_id)
            SELECT min(row_id), p.source_id, NULL, NULL, '{table}', min_by(key, row_id), '{field}', min_by(r.{name(field)}, row_id),
                'unit_slip', false, {", ".join(details)}
            FROM told JOIN raw_{table} r USING (row_id) JOIN raw_row p USING (row_id, source_id)
                LEFT JOIN {_column(table, other_table, other)}
            WHERE r.{name(field)} IS NOT NULL GROUP BY p.source_id ORDER BY p.source_id""",
            [table, field, other_table, other, slip],
        )
    con.execute("DROP TABLE slip")


def _column(table: str, other_table: str, other: str) -> str:
    """SQL to join: where the other figure stands, in the same sheet (``file`` is blank) or in the first of another table."""
    if table == other_table:
        return f"(SELECT source_id, '' AS file, letter FROM source_column WHERE field = '{other}') o ON o.source_id = p.source_id"
    return (
        "(SELECT s.file || ' > ' AS file, c.letter FROM source s JOIN source_column c USING (source_id)"
        f" WHERE s.table_name = '{other_table}' AND c.field = '{other}' ORDER BY source_id LIMIT 1) o ON true"
    )


def _pair(
    by: Measuring, table: str, key: str, field: str, other: tuple[str, str], values: tuple[str, str], rows: str, *, land: bool = False
) -> str:  # fmt: skip
    """The query for two figures: ``field`` of ``table`` and the other (table, field); ``values``: SQL for both."""
    a, b = (f"CAST({value} AS DOUBLE)" for value in values)
    either = (f"greatest({a}, {b})", f"least({a}, {b})")
    slips = [(*either, low, high) for _, low, high in _of_areas(by)]
    if land:
        slips = [(*larger, low, high) for larger, (_, low, high) in zip(((b, a), (b, a), (a, b)), _of_land(by), strict=True)]
    first = len(_of_areas(by)) if land else 0
    times = [f"WHEN {more} BETWEEN {low} * {less} AND {high} * {less} THEN {n}" for n, (more, less, low, high) in enumerate(slips, first)]
    return (
        f"SELECT '{table}' AS table_name, '{field}' AS field, '{other[0]}' AS other_table, '{other[1]}' AS other, {key} AS key,"
        f" a.row_ids, CASE WHEN {values[0]} > 0 AND {values[1]} > 0 THEN CASE {' '.join(times)} END END AS slip FROM {rows}"
    )


def _money(by: Measuring) -> list[str]:
    """A sum in lieu and its price; its price and the list's; what a project has to deposit, and what it has deposited."""
    index = len(_of_areas(by)) + len(_of_land(by))

    def pair(table: str, key: str, field: str, other: tuple[str, str], apart: str, rows: str) -> str:
        return (
            f"SELECT '{table}' AS table_name, '{field}' AS field, '{other[0]}' AS other_table, '{other[1]}' AS other, a.{key} AS key,"
            f" a.row_ids, CASE WHEN {apart} THEN {index} END AS slip FROM {rows}"
        )

    def far(a: str, b: str) -> str:
        (_, low, high), times = _of_money(by)[0], f"greatest({a}, {b})::DOUBLE / least({a}, {b})"
        return f"{a} > 0 AND {b} > 0 AND {times} BETWEEN {low} AND {high}"

    price, amount = "a.unit_price_yuan_per_m2", "a.amount_yuan"
    area = f"{amount}::DOUBLE / {price}"
    prices = "(SELECT min(price_yuan_per_m2) AS low, max(price_yuan_per_m2) AS high FROM unit_prices)"
    sums = (
        "(SELECT project_id, sum(amount_yuan) FILTER (event = 'due') AS due, sum(amount_yuan) FILTER (event = 'paid') AS paid FROM deposits"
    )
    return [
        pair("payments", "payment_id", "amount_yuan", ("payments", "unit_price_yuan_per_m2"),
             f"{price} > 0 AND {amount} > 0 AND NOT {area} BETWEEN {by.least_priced_m2} AND {by.most_priced_m2}", "payments a"),
        pair("payments", "payment_id", "unit_price_yuan_per_m2", ("unit_prices", "price_yuan_per_m2"),
             f"({far(price, 'b.low')}) AND ({far(price, 'b.high')})", f"payments a, {prices} b"),
        pair("deposits", "event_id", "amount_yuan", ("deposits", "amount_yuan"),
             far("b.due", "b.paid"), f"deposits a JOIN {sums} GROUP BY project_id) b ON b.project_id = a.project_id AND a.event = 'paid'"),
    ]  # fmt: skip


def unit_apart(measures: str, value: str, by: Measuring) -> tuple[str, str]:
    """SQL, zh and en, over the rows that tell one thing differently: what may have been taken for what where they lie a unit apart, else
    ''. ``measures``: what it is, as ``units.dimension`` says; ``value``: SQL for what a row tells."""
    slips = _of_areas(by) if measures == "m2" else _of_money(by) if measures.startswith("yuan") else ()
    times = f"CASE WHEN min({value}) > 0 THEN max({value})::DOUBLE / min({value}) END"
    if not slips:
        return "''", "''"
    zh, en = (
        " ".join(f"WHEN {times} BETWEEN {low} AND {high} THEN {quoted(begins + words.get(lang))}" for words, low, high in slips)
        for lang, begins in (("zh", "；相差一个单位，可能把"), ("en", "; a unit apart: perhaps "))
    )
    return f"CASE {zh} ELSE '' END", f"CASE {en} ELSE '' END"


def _stages(by: Measuring) -> list[str]:
    """Of a project and of a room: as planned, as permitted, as surveyed."""
    projects = [(f"{x}_{part}_m2", f"{y}_{part}_m2") for part in _PARTS for x, y in combinations(_STAGES, 2)]
    rooms = combinations(("planned_m2", "permitted_m2", "surveyed_m2"), 2)
    return [
        _pair(by, table, f"a.{table_key}", x, (table, y), (f"a.{x}", f"a.{y}"), f"{table} a")
        for table, table_key, pairs in (("projects", "project_id", projects), ("premises", "premises_id", rooms))
        for x, y in pairs
    ]


def _rooms(by: Measuring) -> list[str]:
    """A room as civil affairs received it, and as the other bureaus have it."""
    both = "handovers a JOIN premises b ON b.premises_id = a.premises_id AND b.project_id = a.project_id"
    return [
        _pair(by, "handovers", "a.handover_id", "area_m2", ("premises", x), ("a.area_m2", f"b.{x}"), both)
        for x in ("surveyed_m2", "permitted_m2")
    ]


def _land(by: Measuring) -> list[str]:
    """A project's land, its parcels' and its floor area."""
    parcels = "(SELECT project_id, sum(land_area_m2) AS m2 FROM parcels GROUP BY project_id HAVING count(*) = count(land_area_m2))"
    field = "land_area_m2"
    return [
        _pair(
            by,
            "projects",
            "a.project_id",
            field,
            ("parcels", field),
            (f"a.{field}", "b.m2"),
            f"projects a JOIN {parcels} b USING (project_id)",
        ),
        _pair(
            by, "projects", "a.project_id", field, ("projects", "plan_total_m2"), (f"a.{field}", "a.plan_total_m2"), "projects a", land=True
        ),
    ]

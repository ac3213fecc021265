"""Which district a word means: its code or name, without its unit, with the province or city before it, or in Traditional characters."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

import duckdb

from planning_check.ingest.confirmed import confirmed_ids
from planning_check.ingest.delivery import delivered_tables
from planning_check.ingest.plain import plain, plain_sql, trimmed_sql
from planning_check.ingest.traditional import simplified
from planning_check.sql import create_with, is_any

_UNIT = re.compile(r"(?:自治县|自治旗|新区|林区|特区|区|县|市|旗)$")
#: A unit that a register may leave out; a 新区 is another place than the 区 beside it.
_PLAIN_UNIT = re.compile(r"(?<!新)[区县市旗]$")
_ABOVE = ("省", "自治区", "市", "州", "盟", "地区")
_CODED = re.compile(
    r"(?P<a>\d{6,12})[^\d\u4e00-\u9fff]?(?P<b>[\u4e00-\u9fff]+)\)?|(?P<c>[\u4e00-\u9fff]+)[^\d\u4e00-\u9fff]?(?P<d>\d{6,12})\)?"
)
_SHORTEST = 2  # a name without its unit
_NEAREST_SHOWN, _NEAR = 200, 0.5  # words that are told what they are near to; how near


@dataclass
class Districts:
    """The names and codes of the register, as :func:`plain` and :func:`simplified` write them -> codes."""

    whole: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    stems: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, code: str, name: str) -> None:
        word = simplified(plain(name))
        for known in (plain(code), word):
            self.whole[known].add(code)
        if len(stem := _UNIT.sub("", word)) >= _SHORTEST:
            self.stems[stem].add(code)

    def meant(self, told: str) -> str | None:
        """The code of the one district that a word can mean; None for none or several."""
        word = simplified(plain(told))
        found = self.whole.get(word) or self._by_code(word) or self._by_name(word)
        return next(iter(found)) if found and len(found) == 1 else None

    def _by_code(self, word: str) -> set[str]:
        """By a code with zeros behind it (990103000000), or by code and name that agree."""
        if coded := _CODED.fullmatch(word):
            names = self.whole.get(coded["b"] or coded["c"], set())
            return names & self._by_code(coded["a"] or coded["d"])
        if word.isdigit() and len(word) in (9, 12):
            word = word[:6] if not word[6:].strip("0") else ""
        return self.whole.get(word, set()) if word.isdigit() else set()

    def _by_name(self, word: str) -> set[str]:
        """By a name behind those of the places above it, or by one that has no unit in the register or here."""
        for start in range(len(word) - 1):
            if start and not word[:start].endswith(_ABOVE):
                continue
            name = word[start:]
            found = self.whole.get(name, set()) if start else set()
            if not _UNIT.search(name):
                found = found | self.stems.get(name, set())
            elif _PLAIN_UNIT.search(name) and len(name) > _SHORTEST:
                found = found | self.whole.get(_PLAIN_UNIT.sub("", name), set())
            if found:
                return found
        return set()


def create_district_words(con: duckdb.DuckDBPyConnection) -> bool:
    """Make ``ingest.district_word`` (word, district_code, by_name): the words, as :func:`plain` writes them, that mean one district.
    Those that are no code or name of the register are noted; a strange one is told its nearest. False without a table of districts."""
    register = con.execute("SELECT district_code, district_name FROM districts ORDER BY ALL").fetchall()
    districts = Districts()
    for code, name in register:
        districts.add(code, name)
    confirmed = confirmed_ids(con, "district", "SELECT district_code FROM districts")
    columns = [(t.name, f.name) for t in delivered_tables(con) for f in t.fields if f.name == "district_code" and t.name != "districts"]
    for table, column in columns:
        _fill_blank(con, table, column)
    told = f"SELECT {plain_sql('district_code')} AS word FROM ingest.beside"
    told += "".join(f" UNION SELECT {plain_sql(column)} FROM raw_{table}" for table, column in columns)
    words = [word for (word,) in con.execute(f"SELECT word FROM ({told}) WHERE word <> '' ORDER BY word").fetchall()]
    found = [(word, confirmed.get(word) or districts.meant(word)) for word in words]
    own = {plain(known) for pair in register for known in pair}
    meant = [{"word": word, "district_code": code, "by_name": word not in own} for word, code in found if code]
    create_with(con, "ingest.district_word", {"word": "VARCHAR", "district_code": "VARCHAR", "by_name": "BOOLEAN"}, meant)
    near = _nearest([word for word, code in found if not code][:_NEAREST_SHOWN], register)
    create_with(con, "near_district", dict.fromkeys(("word", "zh", "en"), "VARCHAR"), near)
    by_name, beside = any(row["by_name"] for row in meant), is_any(con, "FROM ingest.beside")
    for table, column in columns:
        word = plain_sql(f"r.{column}")
        if near:
            con.execute(f"INSERT INTO ingest.hint SELECT row_id, '{column}', zh, en FROM raw_{table} r JOIN near_district ON word = {word}")
        if by_name:
            con.execute(f"""
                INSERT INTO ingest.read_as
                SELECT row_id, '{table}', '{column}', {trimmed_sql(f"r.{column}")}, 'district_by_name', named, named
                FROM raw_{table} r JOIN ingest.district_word w ON by_name AND w.word = {word}
                    JOIN (SELECT district_code, district_name || ' ' || district_code AS named FROM districts) d
                        ON d.district_code = w.district_code""")
        if beside:
            _tell_contradictions(con, table, column)
    con.execute("DROP TABLE near_district")
    return bool(register)


def _fill_blank(con: duckdb.DuckDBPyConnection, table: str, column: str) -> None:
    """The name of a district stands for the code beside it that is blank."""
    con.execute(
        f"UPDATE raw_{table} SET {column} = b.{column} FROM ingest.beside b "
        f"WHERE b.row_id = raw_{table}.row_id AND raw_{table}.{column} IS NULL AND b.{column} IS NOT NULL"
    )


def _tell_contradictions(con: duckdb.DuckDBPyConnection, table: str, column: str) -> None:
    """Rows whose code is one district's and whose name is another's: which of the two is meant nobody knows, so it is unknown. (A name that
    no register explains says nothing against the code.)"""
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE twofold AS
        SELECT r.row_id, {trimmed_sql(f"b.{column}")} AS told, v.district_code AS code, w.district_code AS other
        FROM raw_{table} r JOIN ingest.beside b USING (row_id)
        JOIN ingest.district_word v ON v.word = {plain_sql(f"r.{column}")}
        JOIN ingest.district_word w ON w.word = {plain_sql(f"b.{column}")} AND w.district_code <> v.district_code""")
    con.execute(f"INSERT INTO ingest.named SELECT row_id, '{column}', NULL, 'id_and_name_differ' FROM twofold")
    con.execute(f"""
        INSERT INTO ingest.hint SELECT row_id, '{column}',
            concat('代码是 ', a.district_name, ' ', code, '，名称“', told, '”是 ', o.district_name, ' ', other),
            concat('the code is of ', a.district_name, ' ', code, ', the name "', told, '" of ', o.district_name, ' ', other)
        FROM twofold JOIN districts a ON a.district_code = code JOIN districts o ON o.district_code = other""")
    con.execute("DROP TABLE twofold")


def _nearest(words: Iterable[str], register: list[tuple[str, str]]) -> list[dict[str, str]]:
    names = {simplified(plain(name)): f"{name} {code}" for code, name in register}
    near = [(word, get_close_matches(simplified(word), names, 1, _NEAR)) for word in words]
    return [{"word": word, "zh": f"；最接近的是 {names[n[0]]}", "en": f"; the nearest is {names[n[0]]}"} for word, n in near if n]

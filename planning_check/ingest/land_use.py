"""Land-use words of the national classifications and of everyday use, as the choices of the schema: 商住, R2, 0701, 住宅+商业.

``land_use.csv`` is the table: code and words of a class -> choices, with the list that it is from. What lists tell differently (0702 is a
homestead in one and a community's facilities in another) and what decides nothing (综合) is no word here, so it stays unknown.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

import duckdb

from planning_check.following import follows
from planning_check.ingest.plain import plain, trimmed_sql
from planning_check.ingest.traditional import simplified
from planning_check.ingest.values import SEPARATORS, labels
from planning_check.schema import BY_NAME, Field, Table
from planning_check.sql import create_with

#: Between the parts of a mixed use, besides what separates any list; brackets too: 住宅（含商业）.
_BETWEEN = re.compile(rf"{SEPARATORS}|[+＋&＆|()（）\[\]【】\s]|以及|及|和|与|兼容|兼|含")
#: What is said of every use alike.
_AROUND = re.compile(r"^(?:配套|附|带|部分|少量)?(.+?)(?:用地|用房|项目|建筑|房屋|部分|类型|类)?$")
#: Letters that are a class of one list and could be anything, where they stand alone.
_LONE = frozenset("abcmwsug")
_CODES = re.compile(r"(?:[a-z]\d{0,2})+")
_CODE_AND_WORD = re.compile(r"(\d{2,6}|[a-z]\d{1,2})([\u4e00-\u9fff].*)")
#: Words that stand one after the other: 商业办公, 居住商业混合.
_WORD = re.compile("住宅|居住|商业|商务|商服|办公|酒店|工业")
_RUN = re.compile(f"(?:{_WORD.pattern}){{2,}}(?:混合|综合)?")


def land_use_fields(table: Table) -> list[Field]:
    """The fields of a table that hold uses of land."""
    return [f for f in table.fields if f.type == "choices" and f.choices == BY_NAME["projects"].field("uses").choices]


@follows
@cache
def _classes() -> dict[str, frozenset[str]]:
    """Plain word or code -> choices; empty where the lists differ or the word decides nothing."""
    known: dict[str, set[frozenset[str]]] = {}
    for row in csv.DictReader((files("planning_check.ingest") / "land_use.csv").read_text("utf-8").splitlines()):
        for word in filter(None, (row["code"], *row["word"].split("|"))):
            known.setdefault(plain(word), set()).add(frozenset(filter(None, row["uses"].split(";"))))
    own = {word: {frozenset({code})} for word, code in _schema_words().items()}
    return {word: next(iter(uses)) if len(uses) == 1 else frozenset() for word, uses in (known | own).items()}


@follows
@cache
def _schema_words() -> dict[str, str]:
    return labels(BY_NAME["projects"].field("uses").choices)


def uses_of(text: str) -> tuple[str, ...] | None:
    """The choices that a text names, in order; None where a part of it is not known or decides nothing.

    ``住宅（含商业）`` is both; ``住宅（不含商业）`` is not known, for 不 is no use of land.
    """
    text = simplified(text)
    if plain(text) in _LONE:
        return None
    whole = _of_word(plain(text))
    if whole is not None:
        return tuple(sorted(whole)) or None
    parts = [plain(part) for part in _BETWEEN.split(text) if plain(part)]
    found = [_of_part(part) for part in parts]
    return tuple(sorted(frozenset().union(*filter(None, found)))) if found and all(found) else None


def _of_word(word: str) -> frozenset[str] | None:
    """The choices of one word as it stands or without what is said of every use; None where nobody knows it."""
    known = _classes()
    if word in known:
        return known[word]
    bare = _AROUND.sub(r"\1", word)
    return next((known[w] for w in (bare, f"{bare}用地") if w in known), None)


def _of_part(part: str) -> frozenset[str] | None:
    """The choices of one part: a word, codes one after the other (``R2B1``), a code and its word, or words one after the other."""
    known = _of_word(part)
    if known is not None:
        return known
    if _CODES.fullmatch(part):
        pieces = re.findall(r"[a-z]\d{0,2}", part)
    elif coded := _CODE_AND_WORD.fullmatch(part):
        pieces = [coded[1], coded[2]]
    elif _RUN.fullmatch(_AROUND.sub(r"\1", part)):
        pieces = _WORD.findall(part)
    else:
        return None
    each = [_of_word(piece) for piece in pieces]
    return frozenset().union(*filter(None, each)) if each and all(each) else None


def create_land_use(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``ingest.land_use`` (told, uses): the texts of the delivery that only the classes of land use explain; they are noted."""
    con.execute("CREATE TABLE ingest.land_use (told VARCHAR, uses VARCHAR[])")
    own, label = _schema_words(), {c.code: c.label for c in BY_NAME["projects"].field("uses").choices}
    for table in BY_NAME.values():
        for field in land_use_fields(table):
            rows = con.execute(
                f"SELECT DISTINCT {trimmed_sql(field.name)} AS t FROM raw_{table.name} WHERE t IS NOT NULL ORDER BY t"
            ).fetchall()
            strange = [t for (t,) in rows if not all(plain(w) in own for w in re.split(SEPARATORS, t) if plain(w))]
            found = [
                {"told": t, "uses": list(uses), "zh": "、".join(label[u].zh for u in uses), "en": ", ".join(label[u].en for u in uses)}
                for t in strange
                if (uses := uses_of(t))
            ]
            create_with(con, "found_use", {"told": "VARCHAR", "uses": "VARCHAR[]", "zh": "VARCHAR", "en": "VARCHAR"}, found)
            con.execute("INSERT INTO ingest.land_use SELECT told, uses FROM found_use")
            con.execute(f"""
                INSERT INTO ingest.read_as SELECT row_id, '{table.name}', '{field.name}', told, 'land_use_read', zh, en
                FROM raw_{table.name} r JOIN found_use ON told = {trimmed_sql(f"r.{field.name}")}""")
            con.execute("DROP TABLE found_use")

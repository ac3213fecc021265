"""Nothing of a delivery can be checked: every file and sheet by name, what is wrong with it, and its own remedy."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from planning_check.errors import Place, SourceError, Text

if TYPE_CHECKING:
    import duckdb

#: What is wrong with whole files, sheets and columns; then one example of each kind that sets rows aside.
_REASONS = """
SELECT what_zh, what_en, fix_zh, fix_en, list(struct_pack(file, sheet, "row") ORDER BY problem_no) AS places, count(*) AS n
FROM (
    FROM problem WHERE "row" IS NULL AND code <> 'template_guide'
    UNION ALL FROM problem WHERE "row" IS NOT NULL AND quarantined
    QUALIFY row_number() OVER (PARTITION BY file, sheet, code ORDER BY problem_no) = 1
)
GROUP BY ALL ORDER BY min("row" IS NOT NULL), min(problem_no)
"""
#: Places that are named one by one, and reasons that are given: more than that nobody reads.
MOST_PLACES, MOST_REASONS = 100, 30


def nothing_to_check(con: duckdb.DuckDBPyConnection, what: Text, paths: Sequence[Path]) -> SourceError:
    """The error that says why nothing could be used, from the table ``problem``."""
    found = con.execute(_REASONS).fetchall()
    where = Place(", ".join(str(path) for path in paths))
    if not found:
        return SourceError(
            what,
            where=where,
            why=Text("文件夹里没有数据文件", "there is no data file in the folder"),
            fix=Text(
                "报送 data/README.md 所列的表（.xlsx、.csv、.gpkg、.shp、.geojson）",
                "deliver tables listed in data/README.md (.xlsx, .csv, .gpkg, .shp, .geojson)",
            ),
        )
    told = [
        (Text(zh, en), Text(fix_zh, fix_en), [Place(p["file"] or "", p["sheet"] or None, p["row"]) for p in places])
        for zh, en, fix_zh, fix_en, places, _ in found[:MOST_REASONS]
    ]
    if len(told) == 1 and len(told[0][2]) == 1:
        return SourceError(told[0][0], where=told[0][2][0], fix=told[0][1])
    return SourceError(
        what, where=where, why=Text(*(_list(told, len(found) - len(told), lang) for lang in ("zh", "en"))),
        fix=Text("按每一条的“处理”改正后再检查", "mend each as its 'what to do' says, and check again"),
    )  # fmt: skip


def _list(told: Sequence[tuple[Text, Text, Sequence[Place]]], left: int, lang: str) -> str:
    colon, comma, fix = Text("：", ": ").get(lang), Text("、", ", ").get(lang), Text("处理：", "what to do: ").get(lang)
    lines = []
    for what, remedy, places in told:
        names = [f"{one} > {comma.join(filter(None, sheets))}" if any(sheets) else one for one, sheets in _by_file(places, lang).items()]
        shown = names[:MOST_PLACES]
        if more := len(names) - len(shown):
            shown.append(Text(f"另有 {more} 处", f"and {more} more").get(lang))
        lines += [f"  {comma.join(shown)}{colon}{what.get(lang)}", f"    {fix}{remedy.get(lang)}"]
    if left:
        lines.append(Text(f"  另有 {left} 种", f"  and {left} more kinds").get(lang))
    return "\n" + "\n".join(lines)


def _by_file(places: Sequence[Place], lang: str) -> dict[str, list[str]]:
    """The sheets of each file; a place with a row stands for itself."""
    found: dict[str, list[str]] = {}
    for place in places:
        if place.row is not None:
            found.setdefault(place.get(lang), [])
        elif place.sheet not in found.setdefault(place.file, []):
            found[place.file].append(place.sheet or "")
    return found

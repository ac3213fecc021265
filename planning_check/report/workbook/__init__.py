"""The workbooks: what the joint meeting decides from, prints, signs and fills in; the registers beside it; what one bureau must do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from planning_check.errors import Text
from planning_check.report.told.pack import Pack
from planning_check.report.workbook import (
    bureau,
    case_lines,
    changes,
    columns,
    controls,
    corrections,
    cover,
    decided,
    developers,
    funds,
    gaps,
    league,
    lists,
    matches,
    one_page,
    open_lines,
    records,
    rents,
    returns,
    rooms,
    survey,
    unchecked,
)
from planning_check.report.workbook.book import Book, like_its_text
from planning_check.words import BUREAUS, PAPERS


def write(pack: Pack, folder: Path, lang: str) -> None:
    """``会议材料.xlsx``, ``附册.xlsx`` (``meeting.xlsx``, ``annex.xlsx``) and ``survey_<lang>.csv``.

    The pack of the meeting has one row a case to decide, the annex one a finding; each has its key, and typed decisions are found again by
    it, wherever sorting, filtering or hiding put the row (``cases.FIELDS``; ``planning-check decide``). Nothing is computed here that the
    run does not hold; sums are formulas with the value beside them, and the summaries say whether they add up.
    """
    title = _title(pack).get(lang)
    meeting, annex = (PAPERS[name].get(lang) for name in ("meeting", "annex"))
    _save(folder / meeting, pack, title, lang, lambda book: _meeting(book, pack, annex), 11)
    _save(folder / annex, pack, f"{title} {Text('附册', 'annex').get(lang)}", lang, lambda book: _annex(book, pack, meeting))
    survey.write_csv(pack, folder / f"survey_{lang}.csv", lang)


def write_bureau(pack: Pack, folder: Path, lang: str, code: str) -> None:
    """``部门材料_规划.xlsx`` (``bureau_planning.xlsx``): what one bureau must act on, supply or correct, and nothing of the others."""
    title = f"{_title(pack).get(lang)} {BUREAUS[code].get(lang)}"
    name = PAPERS["bureau"].get(lang).format(Text(BUREAUS[code].zh, code).get(lang))
    _save(folder / name, pack, title, lang, lambda book: bureau.write_bureau(book, pack, code))


def _meeting(book: Book, pack: Pack, annex: str) -> None:
    front = cover.begin(book)
    page = one_page.begin(book)
    cells = case_lines.write_case_lines(book, pack)
    open_lines.write_open_lines(book, pack)
    decided.write_not_done(book, pack)
    lists.write_dismissed(book, pack)
    columns.write_columns(book)
    one_page.fill(book, page, pack, cells)
    cover.fill(book, front, pack, annex, signed=True)
    cover.write_keys(book, pack)


def _annex(book: Book, pack: Pack, meeting: str) -> None:
    front = cover.begin(book)
    cover.write_summary(book, pack)
    league.write_league(book, pack)
    lists.write_lists(book, pack)
    changes.write_changes(book, pack)
    records.write_bureaus(book, pack)
    matches.write_matches(book, pack)
    rooms.write_rooms(book, pack)
    funds.write_funds(book, pack)
    gaps.write_gaps(book, pack)
    corrections.write_corrections(book, pack)
    returns.write_disagreements(book, pack)
    returns.write_returns(book, pack)
    records.write_problems(book, pack)
    records.write_reading(book, pack)
    survey.write_survey(book, pack)
    rents.write_rents(book, pack)
    controls.write_controls(book, pack)
    developers.write_developers(book, pack)
    unchecked.write_unchecked(book, pack)
    records.write_inputs(book, pack)
    columns.write_columns(book)
    cover.fill(book, front, pack, meeting)
    cover.write_keys(book, pack)


def _save(path: Path, pack: Pack, title: str, lang: str, write: Callable[[Book], None], size: int = 10) -> None:
    import xlsxwriter

    whole = BytesIO()  # a file that cannot be written whole would be tried again as it is forgotten, with a traceback
    made = xlsxwriter.Workbook(
        whole,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "tmpdir": path.parent,
            **like_its_text(lang),
        },
    )
    run = pack.run
    made.set_properties({"title": title, "comments": run.digest, "created": dt.datetime.combine(run.as_of, dt.time())})
    try:
        write(Book(made, lang, title, size, f"{Text('检查', 'check').get(lang)} {run.digest[:16]}", pack.cities))
    finally:
        made.close()
    path.write_bytes(whole.getbuffer())


def _title(pack: Pack) -> Text:
    return pack.run.title or Text("社区公益性用房联席会议", "Joint meeting on community premises")

"""The meeting workbook: what the joint meeting decides from, prints, signs and fills in."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from pathlib import Path

from planning_check.report.told.pack import Pack
from planning_check.report.workbook import changes, corrections, cover, decided, funds, lists, matches, records, returns, survey
from planning_check.report.workbook.book import Book


def write(pack: Pack, folder: Path, lang: str) -> None:
    """``meeting_<lang>.xlsx`` and ``survey_<lang>.csv``.

    One row a finding to decide, with its fingerprint as key: typed decisions are found again by it, wherever sorting, filtering or hiding
    put the row (``cases.FIELDS``; ``planning-check decide``). Nothing is computed here that the run does not hold; sums are
    formulas with the value beside them, and the summary says whether they add up.
    """
    import xlsxwriter

    whole = BytesIO()  # a file that cannot be written whole would be tried again as it is forgotten, with a traceback
    made = xlsxwriter.Workbook(
        whole,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "tmpdir": folder},
    )
    run = pack.run
    made.set_properties({"title": _title(pack, lang), "comments": run.digest, "created": dt.datetime.combine(run.as_of, dt.time())})
    book = Book(made, lang, _title(pack, lang))
    try:
        cover.write_cover(book, pack)
        decided.write_not_done(book, pack)
        cover.write_summary(book, pack)
        lists.write_lists(book, pack)
        changes.write_changes(book, pack)
        records.write_bureaus(book, pack)
        matches.write_matches(book, pack)
        funds.write_funds(book, pack)
        corrections.write_corrections(book, pack)
        returns.write_disagreements(book, pack)
        returns.write_returns(book, pack)
        records.write_problems(book, pack)
        records.write_reading(book, pack)
        survey.write_survey(book, pack)
        records.write_inputs(book, pack)
        cover.write_keys(book, pack)
    finally:
        made.close()
    (folder / f"meeting_{lang}.xlsx").write_bytes(whole.getbuffer())
    survey.write_csv(pack, folder / f"survey_{lang}.csv", lang)


def _title(pack: Pack, lang: str) -> str:
    return (
        pack.run.title.get(lang) if pack.run.title else {"zh": "社区公益性用房联席会议", "en": "Joint meeting on community premises"}[lang]
    )

"""A workbook with one list in it, for what a command writes with ``-o FILE.xlsx``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from io import BytesIO

from planning_check.report.told.cities import NO_CITIES, Cities
from planning_check.report.workbook.book import Book, like_its_text


def alone(title: str, comments: str, day: dt.date, lang: str, write: Callable[[Book], None], cities: Cities = NO_CITIES) -> bytes:
    """The workbook that ``write`` fills, the same bytes for the same content. ``day``: on which it counts as made; ``comments``: which
    check or draw it is of; ``cities``: of a province's run."""
    import xlsxwriter

    whole = BytesIO()
    made = xlsxwriter.Workbook(
        whole,
        {
            "in_memory": True,
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            **like_its_text(lang),
        },
    )
    made.set_properties({"title": title, "comments": comments, "created": dt.datetime.combine(day, dt.time())})
    try:
        write(Book(made, lang, title, cities=cities))
    finally:
        made.close()
    return whole.getvalue()

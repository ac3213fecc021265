"""A value of a cell that is no text, as text; and what its text does not say of it."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

EXACT_DIGITS = 10**15  # a spreadsheet keeps 15 digits of a number


def cell_text(value: object) -> str:
    """Numbers in their shortest exact form, whole ones without ``.0``; dates in ISO form."""
    if type(value) is float:
        text = repr(value)
        if "e" in text:
            text = format(Decimal(text), "f")
        return text.removesuffix(".0")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    return "" if value is None else str(value)


def float_mark(value: float) -> str:
    """A number that is not the code or month that was typed: digits lost, or 2009.10 kept as 2009.1."""
    if value >= EXACT_DIGITS:
        return "code_lost_digits"
    return "ambiguous_month" if re.fullmatch(r"\d{4}\.1", repr(value)) else ""

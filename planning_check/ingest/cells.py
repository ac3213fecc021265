"""A value of a cell that is no text, as text; and what its text does not say of it."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

EXACT_DIGITS = 10**15  # a spreadsheet keeps 15 digits of a number
_A_MONTH = 1900, 2200  # years between which 2009.1 is perhaps a month
_MOST_TEXTS = 100_000  # that are kept


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


def is_doubtful(value: float) -> bool:
    """Whether :func:`float_mark` may have something to say of a number."""
    return value >= EXACT_DIGITS or _A_MONTH[0] < value < _A_MONTH[1]


def float_mark(value: float) -> str:
    """A number that is not the code or month that was typed: digits lost, or 2009.10 kept as 2009.1."""
    if value >= EXACT_DIGITS:
        return "code_lost_digits"
    return "ambiguous_month" if re.fullmatch(r"\d{4}\.1", repr(value)) else ""


class CellTexts(dict[object, str]):
    """Value -> its text, for the cells of one sheet, in which most numbers and days come again: of all values that are no text and no
    truth value (which Python takes for 1 or 0). ``doubtful``: a number was asked for that :func:`is_doubtful`. There is one
    zero: -0 is shown as 0."""

    def __init__(self) -> None:
        self.doubtful = False

    def __missing__(self, value: object) -> str:
        if type(value) is float and is_doubtful(value):
            self.doubtful = True  # whenever it comes
            return cell_text(value)
        if len(self) >= _MOST_TEXTS:
            self.clear()
        text = self[value] = cell_text(value or 0.0) if type(value) is float else cell_text(value)
        return text

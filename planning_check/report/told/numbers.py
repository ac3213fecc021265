"""Numbers as people read them: grouped, rounded half up, with their unit or noun."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from planning_check.errors import Text


def number(value: Decimal | int | None, places: int | None = None) -> str:
    """1,234.50; nothing for none. ``places`` rounds half up; without it the value is shown as it is."""
    if value is None:
        return ""
    if places is not None:
        value = Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{value:,}"


def counted(count: int, noun: str) -> str:
    """1 project, 2 projects (English only)."""
    return f"{number(count)} {noun}{'' if count == 1 else 's'}"


def amounts_text(least: Decimal | None, most: Decimal, lang: str) -> str:
    """One amount, or the lowest and the highest between which the meeting decides, both always named as such."""
    if least in (None, most):
        return f"{number(most)} {Text('元', 'yuan').get(lang)}"
    return Text(f"最低 {number(least)} - 最高 {number(most)} 元", f"lowest {number(least)} - highest {number(most)} yuan").get(lang)


def rounded_amounts_text(least: Decimal | None, most: Decimal, lang: str) -> str:
    """The same for an overview: to a hundred yuan, see :func:`rounded_yuan`."""
    low, high, unit = rounded_yuan(least, lang), rounded_yuan(most, lang), ROUNDED.get(lang)
    if least in (None, most):
        return f"{high} {unit}"
    return Text(f"最低 {low} - 最高 {high} {unit}", f"lowest {low} - highest {high} {unit}").get(lang)


def percent(part: int | Decimal, whole: int | Decimal) -> str:
    """17.83 %, rounded half up; of nothing there is no share."""
    return f"{number(Decimal(part) * 100 / Decimal(whole), 2)} %" if whole else "-"


def rounded_yuan(value: Decimal | None, lang: str) -> str:
    """Money for an overview, to a hundred yuan: 10,000 yuan with two places in Chinese, 1,000 yuan with one in English; the unit stands
    in :data:`ROUNDED`."""
    return number(None if value is None else value / _ROUNDED_TO[lang][0], _ROUNDED_TO[lang][1])


#: The unit of :func:`rounded_yuan`.
ROUNDED = Text("万元", "k yuan")
_ROUNDED_TO = {"zh": (10_000, 2), "en": (1_000, 1)}

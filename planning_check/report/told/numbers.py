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
    if least is None:
        return f"{number(most)} {Text('元', 'yuan').get(lang)}"
    return Text(f"最低 {number(least)} - 最高 {number(most)} 元", f"lowest {number(least)} - highest {number(most)} yuan").get(lang)


def percent(part: int | Decimal, whole: int | Decimal) -> str:
    """17.83 %, rounded half up; of nothing there is no share."""
    return f"{number(Decimal(part) * 100 / Decimal(whole), 2)} %" if whole else "-"

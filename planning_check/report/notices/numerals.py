"""Money and days as official papers write them: 壹拾贰万叁仟肆佰伍拾陆元柒角捌分, 二〇一一年六月三十日."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from planning_check.errors import Text

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_DAY_DIGITS = "〇一二三四五六七八九"
_MOST = Decimal(10) ** 20


def capital_yuan(value: Decimal) -> str:
    """An amount in yuan in capital numerals (票据 rules: 整 after 元 or 角, one 零 for a gap); rounded half up to the fen.

    Raises ValueError from 10^20 yuan on.
    """
    value = Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if abs(value) >= _MOST:
        raise ValueError(value)
    sign, value = ("负" if value < 0 else "", abs(value))
    yuan, fen = int(value), int(value * 100) % 100
    whole = f"{_whole(yuan)}元" if yuan else ""
    jiao, fen = divmod(fen, 10)
    if not jiao and not fen:
        return f"{sign}{whole or '零元'}整"
    if not fen:
        return f"{sign}{whole}{_DIGITS[jiao]}角整"
    gap = "零" if whole and not jiao else ""
    return f"{sign}{whole}{gap}{_DIGITS[jiao] + '角' if jiao else ''}{_DIGITS[fen]}分"


def _whole(yuan: int) -> str:
    """A whole number from 1: by 亿, then by 万; a gap between the parts is one 零."""
    for unit, sign in ((10**8, "亿"), (10**4, "万")):
        high, low = divmod(yuan, unit)
        if high:
            gap = "零" if 0 < low < unit // 10 else ""
            return f"{_whole(high)}{sign}{gap}{_whole(low) if low else ''}"
    return _group(yuan)


def _group(group: int) -> str:
    """One to four digits; a gap inside is one 零."""
    text, gap = "", False
    for digit, place in zip(f"{group:04d}", _PLACES, strict=True):
        if digit == "0":
            gap = bool(text)
            continue
        text += ("零" if gap else "") + _DIGITS[int(digit)] + place
        gap = False
    return text


def day_text(day: dt.date, lang: str) -> str:
    """2011年6月30日; 30 June 2011."""
    return Text(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {_MONTHS[day.month - 1]} {day.year}").get(lang)


def month_text(day: dt.date, lang: str) -> str:
    """2011年6月; June 2011: of a day of which no more than its month is known."""
    return Text(f"{day.year}年{day.month}月", f"{_MONTHS[day.month - 1]} {day.year}").get(lang)


def day_words(day: dt.date, lang: str) -> str:
    """二〇一一年六月三十日; in English as ``day_text``."""
    year = "".join(_DAY_DIGITS[int(d)] for d in str(day.year))
    return Text(f"{year}年{_small(day.month)}月{_small(day.day)}日", day_text(day, "en")).get(lang)


def _small(number: int) -> str:
    tens, ones = divmod(number, 10)
    return f"{'' if tens == 0 else '十' if tens == 1 else _DAY_DIGITS[tens] + '十'}{_DAY_DIGITS[ones] if ones else ''}"


_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")

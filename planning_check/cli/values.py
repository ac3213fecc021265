"""What is typed behind an option: words of a closed list, in Chinese or by their code, and days; what is mistyped is told its nearest."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

import click
from click.shell_completion import CompletionItem

from planning_check.cases import ROLES
from planning_check.errors import Text

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_NEAR = 0.6


def refused(zh: str, en: str) -> click.BadParameter:
    """A value that cannot be read, in the language of the command: to be raised where it is looked at."""
    ctx = click.get_current_context(silent=True)
    return click.BadParameter(Text(zh, en).get(ctx.obj.lang if ctx and ctx.obj else "en"))


class OneOf(click.Choice):
    """One of a closed list: by its code, or by the word that people read for it, of which a part is enough
    where it is of one word alone."""

    def __init__(self, codes: Iterable[str] | Mapping[str, Text]) -> None:
        super().__init__(list(codes), case_sensitive=False)
        self.words = dict(codes) if isinstance(codes, Mapping) else {code: Text(code, code) for code in codes}

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        given = str(value).strip()
        found = self._of(given)
        if found is None:
            near = self._near(given)
            meant = Text(f"是不是 {self._told(near)}？", f"Did you mean {', '.join(near)}? ") if near else Text("", "")
            raise refused(f"没有“{given}”。{meant.zh}可以写 {self._told(self.choices)}",
                          f"'{given}' is not one of them. {meant.en}Choose from {', '.join(self.choices)}")  # fmt: skip
        return found

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Codes with their words; words where one is begun."""
        lang, begun = ctx.obj.lang, incomplete.lower()
        if incomplete.isascii():
            return [CompletionItem(code, help=self.words[code].get(lang)) for code in self.choices if code.startswith(begun)]
        return [CompletionItem(word.zh) for word in self.words.values() if word.zh.startswith(incomplete)]

    def _of(self, given: str) -> str | None:
        whole = [code for code in self.choices if given.lower() in (code, code.replace("_", "-"), *self._said(code))]
        part = [code for code in self.choices if not given.isascii() and len(given) > 1 and _either_in(given, self.words[code].zh)]
        return next((found[0] for found in (whole, part) if len(found) == 1), None)

    def _said(self, code: str) -> tuple[str, str]:
        return self.words[code].zh, self.words[code].en.lower()

    def _near(self, given: str) -> list[str]:
        """The nearest codes: by their letters, or by what they have in common with the word."""
        named = {name: code for code in self.choices for name in (code, *self._said(code))}
        near = [named[name] for name in get_close_matches(given.lower(), named, n=3, cutoff=_NEAR)]
        near += [code for code in self.choices if any(c in self.words[code].zh for c in given if not c.isascii())]
        return list(dict.fromkeys(near))[:3]

    def _told(self, codes: Iterable[str]) -> str:
        return "、".join(code if self.words[code].zh == code else f"{self.words[code].zh}（{code}）" for code in codes)


def _either_in(one: str, other: str) -> bool:
    return one in other or other in one


class Day(click.ParamType):
    """A day: 2011-06-30, 2011/6/30, 2011年6月30日; given on as its midnight."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        if isinstance(value, dt.datetime):
            return value
        found = _DAY.fullmatch(str(value).strip())
        try:
            if found:
                year, month, day = map(int, found.groups())
                return dt.datetime(year, month, day)
        except ValueError:
            raise refused(f"没有 {value} 这一天，写成 2011-06-30", f"there is no day {value}; write it as 2011-06-30") from None
        raise refused(f"“{value}”看不出是哪一天，写成 2011-06-30", f"'{value}' is no day; write it as 2011-06-30")


DAY = Day()
_BY = {
    "project": Text("项目", "project"),
    "developer": Text("开发企业", "developer"),
    "district": Text("区县", "district"),
    "city": Text("城市", "city"),
    "community": Text("社区", "community"),
    "year": Text("年度", "year"),
    "list": Text("名单", "list"),
}


def by(*codes: str) -> OneOf:
    """By what a table is told."""
    return OneOf({code: _BY[code] for code in codes})


def role(*codes: str) -> OneOf:
    """In which role somebody acts; all but the program's own if none is named."""
    return OneOf({code: word for code, word in ROLES.items() if (code in codes if codes else code != "system")})

"""A rule's sentence as it stands in a letter: days in words, an ordinance by its title, a blank for what is not known; and which of the
documents that a rule names may be cited."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from planning_check.errors import Text
from planning_check.report.notices.numerals import day_text, month_text
from planning_check.words import UNKNOWN

#: What a letter leaves to be filled in where the records do not say it.
BLANK = Text("＿＿＿＿＿＿", "____________")
_DAY = re.compile(r"(?<![\w-])(\d{4})-(\d\d)(?:-(\d\d))?(?![\w-])")
_UNKNOWN = Text(r" ?(?<![\u4e00-\u9fff])未知(?![\u4e00-\u9fff]) ?", rf"\b{UNKNOWN.en}\b")
#: A remark of a rule's file about what it cites.
_REMARK = re.compile(r"（[^（）]*(?:未核实|未注文号|建议)[^（）]*）")
#: What is never cited in a letter, by how the line begins, or by a word of its remark: what is doubted, a survey that is no law, a
#: proposal, the law of another city.
_NO_DOCUMENT, _NOT_OURS = ("存疑", "调研报告"), ("建议", "存疑", "参照")


def prose(text: str, ordinances: Mapping[str, Text], lang: str) -> str:
    """The sentence for a letter. ``ordinances``: id -> title."""
    for code, title in ordinances.items():
        named = Text(f"《{title.zh}》", f'"{title.en}"').get(lang)
        put = Text(named, f" {named}").get(lang).replace("\\", "\\\\")
        text = re.sub(rf" ?(?<![A-Za-z0-9_.]){re.escape(code)}(?![A-Za-z0-9_])", put, text)
    return re.sub(_UNKNOWN.get(lang), BLANK.get(lang), _DAY.sub(lambda found: _told(found, lang), text))


def _told(found: re.Match[str], lang: str) -> str:
    year, month, day = found.groups()
    try:
        first = dt.date(int(year), int(month), int(day or 1))
    except ValueError:  # no day of the calendar: as it stands in the records
        return found[0]
    return day_text(first, lang) if day else month_text(first, lang)


def may_be_cited(line: str) -> bool:
    """Whether a letter may rest on a document that a rule's file names."""
    return not line.startswith(_NO_DOCUMENT) and not any(word in remark for remark in _REMARK.findall(line) for word in _NOT_OURS)


def is_remarked(line: str) -> bool:
    """Whether the rule's file says something of the document that is the officer's to know."""
    return _REMARK.search(line) is not None


def without_remarks(line: str) -> str:
    """The document alone."""
    return _REMARK.sub("", line)

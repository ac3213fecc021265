"""Words in a value's place that are none: those for "nothing", and those that say why nothing is told.

For a code both are blank. For a number or a day the first are blank; the second leave it unknown, which is not the same: a blank day is
of what did not happen, and nobody who wrote 不详 said that.
"""

from __future__ import annotations

import re

from planning_check.sql import quoted

#: Words for "nothing" (as :func:`plain` writes them). ``无`` is one too, save where a choice or a yes/no has it.
BLANKS = ("", "-", "--", "---", "----", "—", "——", "–", "―", "－", "/", "//", "\\", "*", "**", "***", "×", ".", "。", "…", "……", "'", "无",
          "暂无", "没有", "无此项", "无此项目", "不涉及", "不适用", "空", "空白", "n/a", "na", "#n/a", "nil", "nah", "none", "null", "nan")  # fmt: skip
#: Words for "not known" or "not said".
_UNKNOWN = ("?", "??", "???", "缺", "暂缺", "缺失", "略", "不详", "待定", "未定", "未知", "不明", "不清", "不清楚", "不知", "不知道",
            "未报", "漏报", "未填", "漏填", "未录", "未录入",
            "未统计", "未提供", "未明确", "未核", "未核实", "待核", "待核实", "待查", "待补", "待补充", "待填", "待报", "待确认", "tbd", "tba", "unknown",
            "pending", "missing")  # fmt: skip
#: Words that say why there is no value: that it is being done, or where it stands.
_WHY = (
    "(?:正在|尚|暂|还|仍|目前)*(?:未|没有?|待|在|拟|无需)?(?:办理?|申请|申办|领取|取得|核发|发证|审批|报批|批复|备案|登记|编号?|补[办充填]?|填|核?[查实]|确认|定|提供)"
    "(?:中|了|手续中|过程中)?|(?:详?见|参见|另?附|同).{0,4}(?:附件|附表|附页|附图|备注|原件|复印件|档案|说明|合同|协议|批文|后)|[无缺](?:证|号|编号|文号|产权|资料|记录).?|"
    "保密|[?？*x×.。·…]+"
)

_BLANK_PATTERN = quoted("(?i)" + "|".join(re.escape(b) for b in BLANKS))
_BLANK_BYTES = max(len(b.encode()) for b in (*BLANKS, *_UNKNOWN))
_ANY_PATTERN = quoted("(?i)" + "|".join(re.escape(b) for b in (*BLANKS, *_UNKNOWN)))
_UNKNOWN_PATTERN = quoted("(?i)" + "|".join(re.escape(b) for b in _UNKNOWN))
_NOT_TOLD = quoted(f"(?i){'|'.join(re.escape(b) for b in _UNKNOWN)}|{_WHY}")
_MOST_BYTES = 48


def is_blank_sql(expression: str) -> str:
    """SQL: no value is meant. (A pattern, because DuckDB plans every long IN list as a join.)"""
    return f"({expression} IS NULL OR strlen({expression}) <= {_BLANK_BYTES} AND regexp_full_match({expression}, {_BLANK_PATTERN}))"


def is_not_told_sql(expression: str) -> str:
    """SQL: a word says that the value is not known, or why it is not there."""
    return f"(strlen({expression}) <= {_MOST_BYTES} AND regexp_full_match({expression}, {_NOT_TOLD}))"


def is_unknown_word_sql(expression: str) -> str:
    """SQL: one of the words for not known itself."""
    return f"(strlen({expression}) <= {_BLANK_BYTES} AND regexp_full_match({expression}, {_UNKNOWN_PATTERN}))"


def is_no_name_sql(expression: str) -> str:
    """SQL: nothing, or a word for not known in a text's place."""
    return f"({expression} IS NULL OR strlen({expression}) <= {_BLANK_BYTES} AND regexp_full_match({expression}, {_ANY_PATTERN}))"


def is_no_code_sql(expression: str) -> str:
    """SQL: nothing, or a word in a code's place. (The words that say why are looked for where there is no letter or digit.)"""
    return f"({is_no_name_sql(expression)} OR NOT regexp_matches({expression}, '[0-9A-Za-z]') AND {is_not_told_sql(expression)})"

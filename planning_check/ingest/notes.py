"""Rows of a sheet that are no records, told by how they are made: totals, signatures, page ends, column numbers, headers again.

A word alone makes no note of a row that stands like a record (a project may be called 合计大厦, an id may be 1): what counts is that a row
begins with such a word and nothing else, that its cells are labels ending in a colon, that they number the columns, or are the header's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from planning_check.following import follows
from planning_check.ingest.headers import Column, Header, every_word, read_header
from planning_check.ingest.plain import is_blank, plain
from planning_check.ingest.templated import is_left_example
from planning_check.schema import BY_NAME
from planning_check.template import is_example, may_hold_examples

_TOTAL = re.compile(
    r"(?:本页|本表|以上|总|[全各][市区县]|历年|截至本页)?(?:合计|小计|总计|累计|共计|平均值?|均值)(?:\(.*\)|\d+[个宗项户栋笔处条套件].{0,4})?:?"
    r"|共计?\d+[个宗项户栋笔处条套件](?:项目|记录|用房)?|(?:sub|grand)?-?totals?:?|average:?"
)
#: With what is added up before it, which a name of something could be too, so only at the beginning: 东区合计; 3, 东区小计.
_NAMED_TOTAL = re.compile(r".{1,6}(?:合计|小计|总计)(?:\(.*\))?:?")
_SIGNED = (
    "填[报表][人员者]?|制[表单图][人员者]?|编制[人员]?|审[核批定][人员]?|复核[人员]?|校[核对][人员]?|经[办手][人员]?|统计员?|统计人员?|负责人|"
    "(?:单位|部门|科室|主管)(?:负责人|领导)|(?:分管|主管)领导|领导|联系[人电]话?|电话|填[报表](?:单位|日期|时间|部门|说明)|(?:报送|报出|上报|制表|编制|主管|责任)(?:单位|日期|时间|部门)|"
    "(?:数据|资料|信息)来源|签[字名章]|盖章|公章|日期|附注|备注|说明|注|附"
)
_SIGNATURE = re.compile(rf"(?:{_SIGNED})(?:\(?(?:签[字名章]|盖章|签章|公章|手签)\)?)?(?::.*)?")
#: Beginnings that are followed by a name or a day without a colon, too.
_BEGINS = ("注:", "备注:", "说明:", "填表人", "填报人", "填表日期", "填报日期", "制表人", "审核人", "复核人", "note:", "notes:", "preparedby", "checkedby",
           "source:", "approvedby", "signature")  # fmt: skip
_PAGE = re.compile(
    r"\(?(?:续[上前]?[表页]|[接承转过下续][上前次下]?[页表].{0,8}|第\d+页(?:,?\(?共\d+页\)?)?|共\d+页.{0,6}|"
    r"(?:以下|此处)空白|以下无正文|[此本]页无正文|page\d+(?:of\d+)?|continued|end)\)?"
)
_LINE = re.compile(r"[-=_*.~—…#]{2,}")
_SECTION = re.compile(r"(?:\(?[一二三四五六七八九十]{1,3}[)、.]|第[一二三四五六七八九十]+部分).{0,40}")
_SENTENCE = re.compile(r".{30,}|(?=.{8,}).*[,。;!].*")
_DAY = re.compile(r"[\d〇零○一二三四五六七八九]{4}年[\d一二三四五六七八九十廿]{1,3}月(?:[\d一二三四五六七八九十廿]{1,4}[日号])?")
_HINT = re.compile(
    r"\*|必[填录].*|[选可][填空].*|文本.*|数[字值].*|日期.*|整数.*|小数.*|下拉.*|格式.*|代码|自动.*|如:.*|例:.*|text|number|date|required|optional"
)
_LABEL = re.compile(r"(?=[^:]*[\u4e00-\u9fff])[^:\d]{1,12}:.*")
#: First letters of the words above, for a quick look at a row that is surely none of them.
_FIRST = frozenset(
    "栏平填制编审复校经统负单部科主分领联电报上责数资信签盖公日附备说注续接承转过下第共以此本一二三四五六七八九十（(-=_*.~—…# \u3000\t【["
)
_SERIES = tuple(
    {word: n for n, word in enumerate(words, 1)}
    for words in (
        [str(n) for n in range(1, 100)], "甲乙丙丁戊己庚辛壬癸", "abcdefghijklmnopqrstuvwxyz",
        [*"一二三四五六七八九十", *("十" + c for c in "一二三四五六七八九"), "二十"],
        [chr(0x2460 + n) for n in range(20)], [chr(0x2474 + n) for n in range(20)],
        ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"],
    )
)  # fmt: skip
_NUMBERED = re.compile(r"[(\[第]*([0-9]+|[一-龥]+|[a-z]+|[①-⑳⑴-⒇])[)\]栏列.]*(?:=.*)?")
_NUMBERS_FOLLOW = ("栏次", "栏号", "列号", "列次")
_ENOUGH = 5  # so many columns are numbered by no accident
_MARGIN = 3  # cells at most that stand at the end of a page
_SHARE = 0.6  # of the cells of a row that is the header again


@follows
@cache
def _any_heading() -> frozenset[str]:
    """The words that head a column of any table."""
    return frozenset(word for word, _ in every_word() if len(word) > 1)


@dataclass
class Layout:
    """What the rows of one sheet are compared with. ``wide``: rows with a cell merged over most columns."""

    names: list[frozenset[str]]  # of each column, the words in the rows of the header
    kinds: dict[int, str]  # of each recognised column, the type of its field
    table: str
    columns: dict[int, Column]  # the recognised ones
    titles: frozenset[str]
    wide: frozenset[int]
    heads: frozenset[str]  # the words of any column, as they stand and as they are compared
    top: bool = True  # nothing but notes since the header
    elsewhere: bool = field(default=False)  # below a header whose columns are others

    @classmethod
    def of(cls, header: Header, head: Sequence[Sequence[str]], blocks: Iterable[tuple[int, int, int, int]]) -> Layout:
        """``head``: the rows of the sheet down to the header; ``blocks``: merged cells, rows counted as the sheet does."""
        table, rows = BY_NAME[header.table], head[max(header.row - 2, 0) : header.row + 1]
        width = max(len(r) for r in rows)
        names = [frozenset(plain(r[i]) for r in rows if i < len(r) and not is_blank(r[i])) for i in range(width)]
        columns = header.columns.values()
        titles = {plain(w[0]) for r in head[: header.row] if len(w := [c for c in r if not is_blank(c)]) == 1}
        wide = {top for top, left, bottom, right in blocks if top == bottom and right - left >= min(2, width - 2)}
        return cls(
            names, {c.index: table.field(c.field).type for c in columns}, table.name, {c.index: c for c in columns},
            frozenset(titles), frozenset(wide),
            frozenset(w for column in names for w in column).union(*rows) - {""},
        )  # fmt: skip

    def note(self, number: int, row: list[str], joined: str) -> str:
        """Why a row that is not blank is no record (``total_row``, ``repeated_header``, ``below_other_header``), or is none that can be
        used (``example_row``), or ''."""
        if may_hold_examples(joined) and any(map(is_example, row)):
            return "total_row" if is_left_example(row) else "example_row"
        first = row[0] or next(filter(None, row))
        odd = first[0] in _FIRST or len(joined) == len(first) or "计" in joined or ":" in joined or "：" in joined or "otal" in joined
        odd = odd or len(first.split()) > 1  # 项 目 编 号
        if not (odd or self.top or first in self.heads or "OTAL" in joined or first in _any_heading()):
            return "below_other_header" if self.elsewhere else ""
        words = [(i, plain(cell)) for i, cell in enumerate(row) if cell and not is_blank(cell)]
        code = self._header_again(words) or ("total_row" if self._is_note(number, words) else "")
        self.top = (self.top and code != "") or code == "repeated_header"
        return code or ("below_other_header" if self.elsewhere else "")

    def _header_again(self, words: list[tuple[int, str]]) -> str:
        """What the words of a row say that head columns: these (the header again) or others; '' where they are none."""
        if len(words) < 2:
            return ""
        here = sum(i < len(self.names) and w in self.names[i] for i, w in words)
        if here >= max(2, _SHARE * len(words)):
            self.elsewhere = any(self._is_other(i, w) for i, w in words if i >= len(self.names) or w not in self.names[i])
            return "below_other_header" if self.elsewhere else "repeated_header"
        heading = sum(w in self.heads or w in _any_heading() for _, w in words)
        if heading >= max(3, _SHARE * len(words)) and not any(re.search(r"\d", w) for _, w in words):
            self.elsewhere = True
            return "below_other_header"
        numbered = (self.top or words[0][1] in _NUMBERS_FOLLOW) and self._numbers_columns(words)
        return "repeated_header" if numbered else ""

    def _is_other(self, index: int, word: str) -> bool:
        """Whether a word in a header that comes again heads another column than the one that is read there, or one in another unit."""
        here, column = self.columns.get(index), read_header(word, self.table, index, "", loose=True)
        if here is None or column is None:
            return here is not None or (column is not None and any(c.field == column.field for c in self.columns.values()))
        return (here.field, here.factor) != (column.field, column.factor)

    def _numbers_columns(self, words: list[tuple[int, str]]) -> bool:
        """A row that numbers the columns, 甲 乙 1 2 3 4=2+3: one after another, and more than a record of such cells could be."""
        while words and words[0][1] in (*_NUMBERS_FOLLOW, "序号", "-", "--", "/"):
            words = words[1:]
        if len(words) < 2 or len(words) < _SHARE * sum(map(bool, self.names)) or not _in_order([w for _, w in words]):
            return False
        strange = any(self.kinds.get(i, "") in ("text", "date", "choice", "choices") for i, _ in words)
        return len(words) >= _ENOUGH or strange

    def _is_note(self, number: int, words: list[tuple[int, str]]) -> bool:
        begin = words[1][1] if len(words) > 1 and words[0][1].isdigit() else words[0][1]
        if any(_TOTAL.fullmatch(w) for _, w in words[:3]) or _NAMED_TOTAL.fullmatch(begin):
            return True
        if begin.startswith(_BEGINS) or _SIGNATURE.fullmatch(begin):
            return True
        if len(words) <= _MARGIN and (_PAGE.fullmatch(begin.strip("-*.")) or _LINE.fullmatch(begin)):
            return True
        if self.top and all(_HINT.fullmatch(w) for _, w in words):
            return True
        labels = [w for _, w in words if _LABEL.fullmatch(w)]
        if (begin in labels and begin.endswith(":")) or (labels and 2 * len(labels) >= len(words)):
            return True
        return len(words) == 1 and self._stands_alone(number, *words[0])

    def _stands_alone(self, number: int, column: int, word: str) -> bool:
        """One cell in the whole row: a title, a heading over some rows, a sentence, a day beside a signature."""
        if number in self.wide or word in self.titles:
            return True
        if len(self.names) < 3:
            return False
        return bool(_SECTION.fullmatch(word) or _SENTENCE.fullmatch(word) or (_DAY.fullmatch(word) and self.kinds.get(column) != "date"))


def _in_order(words: list[str]) -> bool:
    """Whether words are 1 2 3 … of one series, or of one after another (甲 乙 1 2 3)."""
    bare = [found[1] if (found := _NUMBERED.fullmatch(w)) else "" for w in words]
    at, left = 0, list(_SERIES)
    while at < len(bare):
        series = next((s for s in left if s.get(bare[at]) == 1), None)
        if series is None:
            return False
        left.remove(series)
        start = at
        while at < len(bare) and series.get(bare[at]) == at - start + 1:
            at += 1
    return True

"""How headings are worded: everyday variants of one name, and words that make a heading another thing (计划, 预计, 已售)."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache

from planning_check.following import follows
from planning_check.ingest.plain import plain
from planning_check.ingest.traditional import simplified
from planning_check.schema import BY_NAME, Field

#: Marks that point to a note: what they stand at is the same without them, as without numbers in front.
_MARKS = re.compile("[①-⓿❶-➓㈠-㈩★☆※*†‡§#△▲▽▼○●◎◇◆□■✱✲⁎∗¹⁰⁴-⁹]|[(](?:见?注释?|note)?:?[0-9一二三四五六七八九十]{0,2}[)]")
_NUMBERS = re.compile("^(?:[(]?[0-9]{1,2}[.、)](?=[^0-9]))+")
_BRACKETS = str.maketrans("[]{}【】〔〕〖〗《》〈〉「」『』﹙﹚﹝﹞﹛﹜", "()" * 12)
#: The part of a whole says so itself: 其中:地下建筑面积.
_OF_WHICH = re.compile("^其中:?(?=地上|地下|住宅|计容)")
#: A heading with one of these is not about what happened, is not all of it, or is of another time.
_OTHER = (
    "计划|预计|预期|预估|估算|估计|拟|约定|应|目标|暂定|暂估|上限|下限|不含|不包括|不计|除外|其中|已售|未售|可售|户籍|非|原|旧|变更前|调整前|历史|上报|自报|申报|合同|协议|大写|"
    r"跨\d+列|planned|expected|estimated|est\\b|est\\.|target|scheduled|forecast|excl|agreed|sold|former|old\\b"
)
_OTHER_WORDS = re.compile(_OTHER)
#: A note behind a date, a number or a yes/no that changes nothing.
_HARMLESS = re.compile(
    r"年月日|年[-/]?月[-/]?日|y+[-/.]?m+([-/.]?d+)?|必填.*|选填|可空|如有|是[/或]?否|有[/或]?无|文本|数字|数值|日期型?|格式.*|精确到.*|保留.*|如:?.*|例:?.*|实际|实测|actual|"
    r".*(局|办|部门|委|中心|单位|公司|企业)(填|填写|填报|提供)?|民政|规划|住建|不动产|备案|人民币|小写|far|n|no\.?|\d+|[a-z]|见?注\d*"
)
#: ... behind an area or a sum, where a letter may be a unit.
_OF_AMOUNTS = re.compile(r"必填.*|选填|可空|如有|数字|数值|保留.*|精确到.*|小写|人民币|小数.*|.*(局|部门)(填|填写|填报|提供)?")
#: ... behind the whole.
_WHOLE = re.compile("含(?:地下|地上|地下室|人防|车库|地上地下|地上、地下).{0,3}|地上[+及和、]地下|合计|总计|总")
#: Everyday variants, on both sides of the comparison: pattern -> what stands for all of them.
_VARIANTS = tuple(
    (re.compile(pattern), word)
    for pattern, word in (
        (r"[\s_\-.·、，,的]", ""),
        (r"(?:时间|时点|年月日?|(?<=[^期])日)$", "日期"),
        (r"(?:编码|代码|代号|号码|编号)$", "号"),
        (r"(?:款额|数额|款项金额|总金额)$", "金额"),
        (r"批复|审批|核准|批准|审定", "批准"),
        (r"规划方案|(?:控制性|修建性)?详细规划|详规|(?<!规划)方案(?=批准|变更)", "规划"),
        (r"建筑面积|建面(?!积)", "面积"),
        (r"^(?:所属|所在)(?=.)", ""),
        (r"(?:统一)?(?:社会)?信用代?(?:码|号)|统一代(?:码|号)", "信用号"),
        (r"竣备(?=日期|号)", "竣工备案"),
        (r"^(?:是否|有无|有否)", ""),
        (r"开发商|建设单位|开发单位|开发公司|房地产公司", "开发企业"),
        (r"(?<=企业|单位)名称$", ""),
        (r"^实际(?=.+日期$)", ""),
        (r"竣工验收合格", "竣工验收"),
        (r"退款|返还|退回", "退还"),
        (r"缴纳|交纳|缴存|缴款|交款", "缴款"),
        (r"交付", "移交"),
        (r"^(?:项目|规划)?总?用地(?:总)?面积$", "用地面积"),
    )
)
#: What a sheet need not say again, because it is about nothing else.
_OWN_WORDS = {
    "projects": "开发项目|建设项目|项目", "premises": "公益性用房|社区用房|用房", "handovers": "用房移交|移交用房|移交|用房", "payments": "折资", "deposits": "保证金",
    "demands": "催告", "offices": "社区办公用房|办公用房", "communities": "社区", "parcels": "宗地|地块", "decisions": "会议决定|会议|决定",
    "unit_prices": "折资", "idle_facilities": "闲置设施|设施", "renewal_areas": "改造片区|片区", "reported_figures": "上报|统计",
}  # fmt: skip
_SHORTEST = 2  # what is left of a heading without its own words: at least this long


@lru_cache(maxsize=4096)
def heading(text: str) -> str:
    """A heading as it is compared: plain, in Simplified characters, with one kind of brackets and without the marks of notes."""
    unmarked = _closed(_MARKS.sub("", simplified(plain(text)).translate(_BRACKETS)))
    return _OF_WHICH.sub("", _NUMBERS.sub("", unmarked).strip(":、,"))


def _closed(text: str) -> str:
    """A text whose last bracket is not closed, because it was cut off there, with the bracket closed; one that was never opened is none."""
    if text.endswith(")") and text.count(")") > text.count("("):
        return text[:-1]
    return f"{text})" if text.rfind("(") > text.rfind(")") else text


def is_other(words: str) -> bool:
    """Whether words around a name make it another thing."""
    return bool(_OTHER_WORDS.search(words))


def is_harmless(spec: Field, note: str) -> bool:
    """Whether a note beside a heading changes nothing: beside words, all that do not make it another thing;
    beside what is counted, dated or true, those that are known to say nothing; beside what has a unit, fewer."""
    if spec.name.endswith("total_m2") and _WHOLE.fullmatch(note):
        return True
    if is_other(note):
        return False
    if spec.type in ("text", "code", "choice", "choices"):
        return True
    return (_OF_AMOUNTS if spec.unit else _HARMLESS).fullmatch(note) is not None


def worded(header: str) -> str:
    """A plain heading in one wording for all its everyday variants."""
    for pattern, word in _VARIANTS:
        header = pattern.sub(word, header)
    return header


def _own(table: str, words: str) -> str:
    """The heading without the words that the whole table is about."""
    rest = re.sub(f"^(?:{_OWN_WORDS[table]})", "", words) if table in _OWN_WORDS else words
    return rest if len(rest) >= _SHORTEST else words


@follows
@cache
def variants(table: str) -> tuple[dict[str, str], dict[str, str]]:
    """Heading in one wording -> field: with the table's own words, and without them. What two fields could be is neither."""
    told = {(worded(plain(a)), f.name) for f in BY_NAME[table].fields if f.type != "geometry" for a in (f.label.zh, *f.aliases)}
    short = {(_own(table, w), name) for w, name in told}
    return _unambiguous(told), _unambiguous(short)


def _unambiguous(pairs: set[tuple[str, str]]) -> dict[str, str]:
    counts = Counter(word for word, _ in pairs)
    return {word: name for word, name in sorted(pairs) if counts[word] == 1}


def field_by_variant(header: str, table: str) -> tuple[str, int] | None:
    """The field that a heading names in other words, and how loosely: 2 by its wording, 3 by what the table is about."""
    if table == "projects" and "移交" in header:
        return None  # of its rooms to a community, not of its homes to buyers, which is 交付
    told, short = variants(table)
    words = worded(header)
    if words in told:
        return told[words], 2
    own = _own(table, words)
    return (short[own], 3) if own in short else None

"""Strict YAML 1.2 with line numbers: duplicate keys, anchors and tags are refused, decimals and dates stay exact."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from planning_check.errors import Place, RulebookError, Text

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
#: The keys of a case.
CASE = ("it", "given", "expect")
_CASES = re.compile(r"^cases:[ \t]*$", re.MULTILINE)
#: What follows the cases and is none of them; in a case every line is indented or begins a list.
_AFTER_CASES = re.compile(r"^(?![ \t#-]|\.\.\.\s*$|$)[^\n]*|^---[^\n]*", re.MULTILINE)
MOST_BYTES = 1 << 20
_TEXTS_HELD = 256  # the files of a few rulebooks: who compares or verifies runs loads the same ones several times


@dataclass(frozen=True)
class Item:
    """One YAML value and where it stands: ``value`` is a dict, a list, str, Decimal, bool, date or None."""

    value: Any
    file: str
    line: int

    def fail(self, zh: str, en: str, *, fix_zh: str = "", fix_en: str = "") -> RulebookError:
        return RulebookError(Text(zh, en), where=Place(self.file, line=self.line), fix=Text(fix_zh, fix_en) if fix_en else None)

    def mapping(self, known: tuple[str, ...] | None = None) -> dict[str, Item]:
        """The entries; a key outside ``known`` stops the load with the nearest known one."""
        if not isinstance(self.value, dict):
            raise self.fail("此处应为键值对", "a mapping is expected here")
        for key, item in self.value.items():
            if known is not None and key not in known:
                near = hint(key, known)
                raise item.fail(f"不认识的键 {key}", f"unknown key {key}", fix_zh=f"可用的键：{near}", fix_en=f"known here: {near}")
        return self.value

    def get(self, key: str) -> Item | None:
        return self.value.get(key)

    def need(self, key: str) -> Item:
        found = self.value.get(key)
        if found is None:
            raise self.fail(f"缺少 {key}", f"{key} is missing", fix_zh=f"补上 {key}:", fix_en=f"add {key}:")
        return found

    def items(self) -> list[Item]:
        if not isinstance(self.value, list):
            raise self.fail("此处应为列表", "a list is expected here", fix_zh="写成 [甲, 乙]", fix_en="write [one, another]")
        return self.value

    def text(self, choices: tuple[str, ...] | None = None) -> str:
        """A non-empty text, of ``choices`` where they are given."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.fail(
                "此处应为文字",
                "a text is expected here",
                fix_zh="写一段文字；数字、日期要加引号",
                fix_en="write a text; put numbers and dates in quotes",
            )
        if choices is not None and self.value not in choices:
            near = hint(self.value, choices)
            raise self.fail(f"不认识的值 {self.value}", f"unknown value {self.value}", fix_zh=f"可用：{near}", fix_en=f"known here: {near}")
        return self.value.strip()

    def expression(self) -> str:
        """An expression as text; plain ``true``, ``0`` and the like are expressions too."""
        if isinstance(self.value, bool):
            return str(self.value).lower()
        return str(self.value) if isinstance(self.value, Decimal) else self.text()

    def number(self) -> Decimal:
        if not isinstance(self.value, Decimal):
            raise self.fail(
                "此处应为数字",
                "a number is expected here",
                fix_zh="写 300 或 0.01，不加引号和单位",
                fix_en="write 300 or 0.01, without quotes or unit",
            )
        return self.value

    def boolean(self) -> bool:
        if not isinstance(self.value, bool):
            raise self.fail(
                "此处应为 true 或 false", "true or false is expected here", fix_zh="写 true 或 false", fix_en="write true or false"
            )
        return self.value

    def day(self) -> dt.date | None:
        if self.value is not None and not isinstance(self.value, dt.date):
            raise self.fail("此处应为日期，如 2006-04-09", "a date is expected here, such as 2006-04-09")
        return self.value

    def bilingual(self) -> Text:
        both = self.mapping(("zh", "en"))
        return Text(self.need("zh").text(), self.need("en").text()) if both else Text("", "")

    def plain(self) -> Any:
        """The value without places: dicts and lists of plain values."""
        if isinstance(self.value, dict):
            return {k: v.plain() for k, v in self.value.items()}
        return [v.plain() for v in self.value] if isinstance(self.value, list) else self.value


def hint(word: str, known: Any) -> str:
    """The nearest known words first, then the rest, cut at twelve."""
    known = [str(k) for k in known]
    near = get_close_matches(word, known, n=3, cutoff=0.5)
    shown = near or sorted(known)
    return ", ".join(shown[:12]) + (" …" if len(shown) > 12 else "")


def check_name(name: str, item: Item) -> None:
    """Refuse a name that SQL or a template could take for something else."""
    if not _NAME.fullmatch(name):
        raise item.fail(f"名称 {name} 只能用小写字母、数字和下划线", f"the name {name} may only have lower-case letters, digits and _")


def read_yaml(path: Path, *, name: str, with_cases: bool = True) -> Item:
    """Read one file. ``name`` is how messages call it. Without ``with_cases`` the part from ``cases:`` on is not parsed.

    Raises RulebookError (file:line) for a file that is too large, text that is not UTF-8 or not YAML, a duplicate key, an anchor, a tag,
    or anything that follows the cases.
    """
    if path.stat().st_size > MOST_BYTES:
        raise RulebookError(
            Text("文件太大，规则文件至多 1 MB", "the file is too large; a rule file has at most 1 MB"),
            where=Place(name),
            fix=Text("分成几个文件", "divide it into several files"),
        )
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RulebookError(
            Text("文件不是 UTF-8 编码", "the file is not UTF-8"),
            where=Place(name, line=error.object[: error.start].count(b"\n") + 1),
            fix=Text("用 UTF-8 编码另存", "save it as UTF-8"),
        ) from error
    return parse_yaml(text, name=name, with_cases=with_cases)


def check_cases(path: Path, *, name: str) -> None:
    """Read the cases of a file for their form alone. Raises RulebookError (file:line) for what is no case."""
    told = read_yaml(path, name=name).get("cases")
    for entry in told.items() if told else ():
        entry.mapping(CASE)
        for key in CASE:
            entry.need(key)


@lru_cache(maxsize=_TEXTS_HELD)
def parse_yaml(text: str, *, name: str, with_cases: bool = True) -> Item:
    """The items of a text; ``name`` and ``with_cases`` as for ``read_yaml``. The same text is parsed once: nobody changes an item.

    Raises RulebookError as ``read_yaml``.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    cases = _CASES.search(text)
    if cases and (after := _AFTER_CASES.search(text, cases.end() + 1)):
        raise RulebookError(
            Text(f"cases 之后还有 {after[0].strip()[:40]}", f"{after[0].strip()[:40]} follows the cases"),
            where=Place(name, line=text.count("\n", 0, after.start()) + 1),
            fix=Text("移到 cases: 之前；案例每行缩进", "move it above cases:, and indent every line of a case"),
        )
    cut = None if with_cases else cases
    try:
        node = YAML(typ="safe", pure=True).compose(text[: cut.start()] if cut else text)
        if node is None:
            raise RulebookError(Text("文件是空的", "the file is empty"), where=Place(name, line=1))
        return _item(node, name)
    except RecursionError:
        raise RulebookError(
            Text("套叠的层数太多", "it is nested too deep"),
            where=Place(name, line=1),
            fix=Text("减少括号或缩进的层数", "use fewer brackets or levels"),
        ) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise RulebookError(
            Text(f"YAML 写法有误：{error.problem}", f"not valid YAML: {error.problem}"),
            where=Place(name, line=(mark.line if mark else 0) + 1),
        ) from error
    except YAMLError as error:
        raise RulebookError(Text("YAML 写法有误", f"not valid YAML: {error}"), where=Place(name, line=1)) from error


def _item(node: Any, name: str) -> Item:
    line = node.start_mark.line + 1
    here = Item(None, name, line)
    if getattr(node, "anchor", None):
        raise here.fail("不允许使用 YAML 锚点 &", "YAML anchors are not allowed")
    kind = type(node).__name__
    if kind == "MappingNode":
        entries: dict[str, Item] = {}
        for key_node, value_node in node.value:
            key, at = key_node.value, Item(None, name, key_node.start_mark.line + 1)
            if not isinstance(key, str):
                raise at.fail("键必须是文字", "a key must be a text")
            _refuse_controls(key, at)
            if key in entries:
                raise at.fail(
                    f"键 {key} 重复，前一处在第 {entries[key].line} 行", f"duplicate key {key}, first in line {entries[key].line}"
                )
            entries[key] = _item(value_node, name)
        return Item(entries, name, line)
    if kind == "SequenceNode":
        return Item([_item(child, name) for child in node.value], name, line)
    _refuse_controls(node.value, here)
    if str(node.tag).rpartition(":")[2] not in ("str", "int", "float", "bool", "null", "timestamp"):
        raise here.fail(f"不允许的标签 {node.tag}", f"tag {node.tag} is not allowed")
    return Item(node.value if node.style else _scalar(node.value, here), name, line)


def _refuse_controls(text: str, here: Item) -> None:
    """A terminal would obey them, and a database may not hold them."""
    if _CONTROL.search(text):
        raise here.fail("文字里有控制字符", "a text holds a control character", fix_zh="删去它", fix_en="take it out")


def _scalar(text: str, here: Item) -> Any:
    """A plain scalar: YAML 1.2's null and booleans, exact decimals, ISO days; all else is text (``no`` and ``0123`` too)."""
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    if _DAY.fullmatch(text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            raise here.fail(f"没有这一天：{text}", f"no such day: {text}") from None
    return text

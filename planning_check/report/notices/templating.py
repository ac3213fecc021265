"""A Word template: read, checked for unknown fields before anything is written, filled in; several papers as one file."""

from __future__ import annotations

import copy
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planning_check.errors import Place, Text, UsageError
from planning_check.report.notices.kinds import FIELDS, KINDS, PARTS, Kind

if TYPE_CHECKING:
    from lxml import etree

_BUNDLED = Path(__file__).with_name("templates")
_PART = re.compile(r"word/(header|footer)\d*\.xml")
_LOOP = ("index", "index0", "first", "last", "length")
#: What XML 1.0 cannot hold.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def template_path(kind: Kind, lang: str, own: Path | None) -> Path:
    """The office's own template of that name, else the bundled one."""
    name = f"{kind.code}_{lang}.docx"
    return own / name if own and (own / name).is_file() else _BUNDLED / name


def check_names(own: Path) -> None:
    """Refuse a folder whose .docx files would not all be used: a wrong name would quietly leave the bundled text in force."""
    known = {f"{kind.code}_{lang}.docx" for kind in KINDS for lang in ("zh", "en")}
    found = {path.name for path in own.glob("*.docx") if not path.name.startswith("~$")}
    wrong = ", ".join(sorted(found - known))
    if wrong or not found:
        raise UsageError(
            Text(f"这些文件名不是文书模板的名字：{wrong}", f"not names of templates: {wrong}") if wrong
            else Text("文件夹里没有 .docx 模板", "the folder holds no .docx template"),
            where=Place(str(own)),
            fix=Text(f"可用的名字：{', '.join(sorted(known))}", f"names to use: {', '.join(sorted(known))}"),
        )  # fmt: skip


class Template:
    """One template, read once and filled in many times."""

    def __init__(self, kind: Kind, path: Path) -> None:
        """Raises UsageError: the file is no Word document, a tag is wrong, or a field is unknown (with its name)."""
        from docxtpl import DocxTemplate

        from planning_check.report.notices.sandbox import environment

        self.kind, self.path = kind, path
        self._environment = environment()
        try:
            self._word = DocxTemplate(str(path))
            self._word.init_docx()
            with zipfile.ZipFile(path) as held:
                self._parts = [(name, held.read(name)) for name in held.namelist()]
            source = self._word.patch_xml(self._word.get_xml())
        except Exception as error:  # python-docx raises whatever it stumbles over in a broken file
            raise UsageError(
                Text("文书模板读不出来，不是完好的 docx 文件", "the template cannot be read: not a sound docx file"), where=Place(str(path)),
                fix=Text("在 Word 或 WPS 中打开，另存为 .docx", "open it in Word or WPS and save it as .docx"),
            ) from error  # fmt: skip
        self._body = self._compiled(source)
        self._margins = {
            name: self._compiled(self._word.patch_xml(data.decode("utf-8")))
            for name, data in self._parts
            if _PART.fullmatch(name) and b"{" in data
        }

    def _compiled(self, source: str) -> Any:
        from jinja2 import meta, nodes

        try:
            tree = self._environment.parse(source)
            made = self._environment.from_string(source)
        except Exception as error:  # what Python's own compiler says of it, too
            said = str(error) or type(error).__name__
            raise UsageError(
                Text("文书模板的标记有误", "a tag of the template is wrong"), where=Place(str(self.path)), why=Text(said, said),
                fix=Text("标记写成 {{ 字段 }}；循环以 {% for item in items %} 开始、{% endfor %} 结束",
                         "write a tag as {{ field }}; a loop begins with {% for item in items %} and ends with {% endfor %}"),
            ) from error  # fmt: skip
        unknown = meta.find_undeclared_variables(tree) - set(FIELDS[self.kind.code])
        known_parts = {*PARTS[self.kind.code], *_LOOP}
        unknown |= {f"….{node.attr}" for node in tree.find_all(nodes.Getattr) if node.attr not in known_parts}
        if unknown:
            self._refuse(sorted(unknown))
        return made

    def _refuse(self, unknown: Sequence[str]) -> None:
        names, known = ", ".join(unknown), ", ".join(sorted(FIELDS[self.kind.code]))
        parts = ", ".join(sorted(PARTS[self.kind.code]))
        raise UsageError(
            Text(f"文书模板里有不认识的字段：{names}", f"the template has an unknown field: {names}"), where=Place(str(self.path)),
            fix=Text(f"可用的字段：{known}；items 里每一项：{parts}", f"fields to use: {known}; in each of items: {parts}"),
        )  # fmt: skip

    def filled(self, fields: Mapping[str, Any]) -> etree._Element:
        """The body of the paper with these fields."""
        return self._rendered(self._body, fields)

    def _rendered(self, part: Any, fields: Mapping[str, Any]) -> etree._Element:
        from docx.oxml import parse_xml

        try:
            return parse_xml(self._word.resolve_listing(part.render(_clean(fields))).encode())
        except Exception as error:  # whatever a template can make Jinja, Python or the XML reader stumble over
            said = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise UsageError(
                Text("文书模板填不出来", "the template cannot be filled in"), where=Place(str(self.path)), why=Text(said, said),
                fix=Text("对照自带的模板改正", "mend it after the bundled template"),
            ) from error  # fmt: skip

    def save(self, path: Path, bodies: Sequence[etree._Element], fields: Mapping[str, Any]) -> None:
        """Write one paper, or several as one file, each on a new page; the same bytes every time.

        ``fields`` fill the head and foot of the page, which a merged file has once.
        """
        from lxml import etree

        document = copy.deepcopy(self._word.docx.element)
        document.replace(document.body, _joined(bodies))
        made = {"word/document.xml": etree.tostring(document, xml_declaration=True, encoding="UTF-8", standalone=True)}
        for name, margin in self._margins.items():
            made[name] = etree.tostring(self._rendered(margin, fields), xml_declaration=True, encoding="UTF-8", standalone=True)
        write_zip(path, [(name, made.get(name, data)) for name, data in self._parts])


def write_zip(path: Path, parts: Sequence[tuple[str, bytes]]) -> None:
    """A zip file whose entries bear a fixed time."""
    with zipfile.ZipFile(path, "w") as held:
        for name, data in parts:
            entry = zipfile.ZipInfo(name, _ZIP_DAY)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 0, 0
            held.writestr(entry, data)


def _joined(bodies: Sequence[etree._Element]) -> etree._Element:
    """One body: the papers one after the other; the page is laid out as the first one's."""
    whole = copy.deepcopy(bodies[0])
    layout = whole.find(f"{_W}sectPr")
    for body in bodies[1:]:
        contents = [copy.deepcopy(part) for part in body if part.tag != f"{_W}sectPr"]
        begin = next((part for part in contents if part.tag == f"{_W}p"), None)
        if begin is not None:
            begin.get_or_add_pPr().get_or_add_pageBreakBefore()
        for part in contents:
            layout.addprevious(part) if layout is not None else whole.append(part)
    return whole


def _clean(value: Any) -> Any:
    """Text without what XML cannot hold, on one line."""
    if isinstance(value, str):
        return " ".join(_FORBIDDEN.sub("\ufffd", value).split("\n"))
    if isinstance(value, Mapping):
        return {name: _clean(v) for name, v in value.items()}
    return [_clean(v) for v in value] if isinstance(value, list | tuple) else value

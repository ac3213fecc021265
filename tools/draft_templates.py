"""Makes the bundled templates (A4, laid out after GB/T 9704): python -m tools.draft_templates

The texts are in ``tools/wording.py``; an office edits the .docx files themselves in Word or WPS and keeps them in a folder of its own.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

from planning_check.report.notices import templating
from planning_check.report.notices.kinds import KINDS
from planning_check.report.notices.templating import write_zip
from tools.wording import FOOT, TEXTS, Block

#: Fonts of official papers, with what stands in where an office has not got them.
_TITLE_FONT, _BODY_FONT = "方正小标宋简体", "仿宋"
_STAND_IN = {"方正小标宋简体": "宋体", "仿宋": "仿宋_GB2312"}
_POINTS = {"title": 22, "text": 16, "plain": 16, "number": 16, "sign": 16, "box": 10.5, "cell": 10.5, "mark": 16}
_DAY = dt.datetime(2011, 6, 30)
#: The papers that are long tables.
ACROSS = ("minutes",)


def main() -> None:
    """Write every template anew."""
    folder = Path(templating.__file__).with_name("templates")
    for kind in KINDS:
        for lang in ("zh", "en"):
            write_zip(folder / f"{kind.code}_{lang}.docx", parts(TEXTS[kind.code, lang], FOOT[lang], across=kind.code in ACROSS))


def parts(blocks: tuple[Block, ...], foot: str, *, across: bool = False) -> list[tuple[str, bytes]]:
    """The parts of a template's docx file, the same bytes every time; ``across``: A4 lying."""
    from docx import Document

    document = Document()
    _page(document, foot, across)
    for block in blocks:
        if block.style in ("box", "table"):
            _table(document, block)
        else:
            _paragraph(document.add_paragraph(), block.style, block.texts[0])
    for name in ("created", "modified"):
        setattr(document.core_properties, name, _DAY)
    document.core_properties.author = document.core_properties.last_modified_by = document.core_properties.comments = ""
    held = io.BytesIO()
    document.save(held)
    with zipfile.ZipFile(held) as made:
        return [
            (name, _with_stand_ins(name, made.read(name)))
            for name in sorted(made.namelist(), key=lambda n: (n != "[Content_Types].xml", n))
        ]


def _with_stand_ins(name: str, data: bytes) -> bytes:
    if name != "word/fontTable.xml":
        return data
    fonts = "".join(f'<w:font w:name="{font}"><w:altName w:val="{other}"/></w:font>' for font, other in _STAND_IN.items())
    return data.replace(b"</w:fonts>", fonts.encode() + b"</w:fonts>")


def _page(document: Any, foot_text: str, across: bool) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm

    page = document.sections[0]
    page.page_width, page.page_height = (Mm(297), Mm(210)) if across else (Mm(210), Mm(297))
    page.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    margins = (28, 26, 28, 26) if across else (37, 35, 28, 26)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = map(Mm, margins)
    _font(document.styles["Normal"], 16, _BODY_FONT)
    foot = page.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _page_number(foot)
    told = page.footer.add_paragraph()
    told.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _font(told.add_run(foot_text), 7, "宋体")


def _page_number(paragraph: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.add_run("— ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    paragraph.add_run(" —")
    for run in paragraph.runs:
        _font(run, 14, "宋体")


def _font(styled: Any, points: float, font: str, bold: bool = False) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    styled.font.name, styled.font.size, styled.font.bold = "Times New Roman", Pt(points), bold
    fonts = styled._element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)


def _paragraph(paragraph: Any, style: str, text: str, bold: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    shape, points = paragraph.paragraph_format, _POINTS[style]
    shape.space_before = shape.space_after = Pt(0)
    if style in ("cell", "box"):
        shape.line_spacing, shape.space_before, shape.space_after = 1.15, Pt(2), Pt(2)
    else:
        shape.line_spacing = Pt(34 if style == "title" else 28)
    if style in ("title", "number", "mark"):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if style == "title":
        shape.space_after = Pt(14)
    if style == "sign":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        shape.right_indent = Pt(32)
        shape.keep_together = True
    if style == "text":
        shape.first_line_indent = Pt(32)
    _font(paragraph.add_run(text), points, _TITLE_FONT if style == "title" else "黑体" if bold or style == "mark" else _BODY_FONT, bold)


def _table(document: Any, block: Block) -> None:
    """A box (one cell, its texts below each other), or a table: first row the heads, second row the cells of one item."""
    from docx.shared import Mm

    document.add_paragraph().paragraph_format.line_spacing = 1
    if block.style == "box":
        table = document.add_table(1, 1, style="Table Grid")
        _mark(table.rows[0], "w:cantSplit")
        cell = table.cell(0, 0)
        for number, text in enumerate(block.texts):
            _paragraph(cell.paragraphs[0] if not number else cell.add_paragraph(), "box", text, bold=not number)
        return
    heads, cells, loop, widths = block.texts, block.cells, block.loop, block.widths_mm
    table = document.add_table(4, len(heads), style="Table Grid")
    table.autofit = False
    _paragraph(table.cell(1, 0).paragraphs[0], "cell", f"{{%tr for item in {loop} %}}")
    _paragraph(table.cell(3, 0).paragraphs[0], "cell", "{%tr endfor %}")
    for column, width in enumerate(widths):
        table.columns[column].width = Mm(width)
        for row in table.rows:
            row.cells[column].width = Mm(width)
        _paragraph(table.cell(0, column).paragraphs[0], "cell", heads[column], bold=True)
        _paragraph(table.cell(2, column).paragraphs[0], "cell", cells[column])
    _mark(table.rows[0], "w:tblHeader")
    _mark(table.rows[2], "w:cantSplit")


def _mark(row: Any, mark: str) -> None:
    """``w:tblHeader``: the row is repeated on every page; ``w:cantSplit``: it is not torn by a page's end."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(mark))


if __name__ == "__main__":
    main()

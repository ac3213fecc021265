"""A workbook to be filled in: a sheet a table, with headings, notes, words to choose from and an example, all made from ``schema``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from planning_check import template
from planning_check.errors import Text, speaking
from planning_check.report.console.layout import display_width
from planning_check.schema import Choice, Field, Table
from planning_check.words import BUREAUS

_FIRST_ROW, _LAST_ROW = 4, 5_003  # of the records, counted from 0: so far a cell offers its words
_WIDEST, _NARROWEST = 26, 11
_FONT = {"zh": "宋体", "en": "Arial"}
_FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 13},
    "head": {"bold": True, "text_wrap": True, "valign": "vcenter", "align": "center", "border": 1},
    "asked": {"text_wrap": True, "valign": "vcenter", "bold": True}, "typed": {"border": 1, "bg_color": "#FFF8E1", "align": "center"},
    "example": {"italic": True, "font_color": "#7B8794", "bg_color": "#F5F7FA", "border": 1, "border_color": "#CBD2D9"},
    "plain": {"text_wrap": True, "valign": "top"}, "code": {"num_format": "@"}, "date": {"num_format": "yyyy-mm-dd"},
    "area": {"num_format": "#,##0.00"}, "money": {"num_format": "#,##0.00"}, "integer": {"num_format": "#,##0"}, "any": {},
}  # fmt: skip
_NEEDED, _OPTIONAL = {"bg_color": "#1F3A5F", "font_color": "#FFFFFF"}, {"bg_color": "#E4EAF0"}
_HOW = {
    "date": Text("写 2010-05-31；只知道月份写 2010年5月；没有发生的留空", "2010-05-31; if only the month is known 2010-05; blank if it has not happened"),
    "bool": Text("是或否；不知道的留空", "yes or no; blank if not known"),
    "choice": Text("从下拉列表里选一个", "choose one from the list"),
    "choices": Text("从列表里选；几种的用顿号隔开：住宅、商业", "choose from the list; several with a comma: residential, commercial"),
    "area": Text("数字；不知道的留空，不要填 0", "a number; blank if not known, never 0"),
    "money": Text("数字；不知道的留空，不要填 0", "a number; blank if not known, never 0"),
    "integer": Text("整数", "a whole number"),
    "number": Text("数字", "a number"),
    "code": Text("文本，前面的 0 会保留", "text; leading zeros are kept"),
}  # fmt: skip
_NEED = {
    "key": Text("必填：认得出是哪一条记录", "needed: it says which record it is"),
    "required": Text("必填", "needed"), "": Text("有就填", "if there is one"),
}  # fmt: skip


def write_template(path: Path, lang: str, tables: Sequence[Table], owner: str = "") -> None:
    """Write the workbook in one language. ``owner``: what this bureau keeps, '' all. Raises OSError where it cannot be written."""
    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False}) as made:
        made.set_properties({"title": template.MARK.get(lang), "created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)})
        book = _Book(made, lang, owner)
        guide, words = made.add_worksheet(template.GUIDE.get(lang)), made.add_worksheet(template.WORDS.get(lang))
        book.guide(guide, tables)
        ranges = book.words(words, tables)
        for table in tables:
            book.table(table, ranges)


class _Book:
    def __init__(self, made: Any, lang: str, owner: str) -> None:
        self.made, self.lang, self.owner, self.say = made, lang, owner, speaking(lang)
        base = {"font_name": _FONT[lang], "font_size": 10}
        looks = _FORMATS | {"needed": _FORMATS["head"] | _NEEDED, "optional": _FORMATS["head"] | _OPTIONAL}
        self.formats = {name: made.add_format(base | look) for name, look in looks.items()}

    def guide(self, sheet: Any, tables: Sequence[Table]) -> None:
        """How to fill it in, and which sheets there are, by whom, with what is needed."""
        _printed(sheet)
        sheet.set_column(0, 0, 24, self.formats["plain"])
        sheet.set_column(1, 1, 34, self.formats["plain"])
        sheet.set_column(2, 2, 54, self.formats["plain"])
        whose = f"{BUREAUS[self.owner].get(self.lang)} · " if self.owner else ""
        sheet.write_string(0, 0, f"{whose}{template.GUIDE_MARK.get(self.lang)}", self.formats["title"])
        row = 2
        for line in (text.get(self.lang) for text in _GUIDE):
            sheet.merge_range(row, 0, row, 2, line, self.formats["plain"])
            sheet.set_row(row, 14 * (1 + display_width(line) // 108))
            row += 1
        heads = (self.say("工作表", "sheet"), self.say("由谁填", "by whom"), self.say("必填的列", "columns that are needed"))
        for column, head in enumerate(heads):
            sheet.write_string(row + 1, column, head, self.formats["optional"])
        for at, table in enumerate(tables, row + 2):
            keepers = {f.owner for f in template.fields(table, self.owner)} if not self.owner else {self.owner}
            who = self.say("、", ", ").join(words.get(self.lang) for code, words in BUREAUS.items() if code in keepers)
            needed = self.say("、", ", ").join(f.label.get(self.lang) for f in table.fields if f.need)
            for column, text in enumerate((table.label.get(self.lang), who, needed)):
                sheet.write_string(at, column, text, self.formats["plain"])

    def words(self, sheet: Any, tables: Sequence[Table]) -> dict[tuple[str, ...], str]:
        """The closed lists, a column each; gives where each stands."""
        _printed(sheet)
        sheet.write_string(0, 0, template.GUIDE_MARK.get(self.lang), self.formats["title"])
        ranges: dict[tuple[str, ...], str] = {}
        named = template.WORDS.get(self.lang)
        for field in (f for t in tables for f in template.fields(t, self.owner) if f.choices):
            listed = self._listed(field.choices)
            if listed in ranges:
                continue
            column = len(ranges)
            sheet.set_column(column, column, 22)
            for row, text in enumerate((field.label.get(self.lang), *listed), 2):
                sheet.write_string(row, column, text, self.formats["optional" if row == 2 else "plain"])
            letter = xlsxwriter.utility.xl_col_to_name(column)
            ranges[listed] = f"='{named}'!${letter}$4:${letter}${3 + len(listed)}"
        sheet.freeze_panes(3, 0)
        return ranges

    def _listed(self, choices: Sequence[Choice]) -> tuple[str, ...]:
        return tuple(choice.label.get(self.lang) for choice in choices)

    def table(self, table: Table, ranges: dict[tuple[str, ...], str]) -> None:
        """The sheet of one table."""
        sheet = self.made.add_worksheet(table.label.get(self.lang))
        _printed(sheet)
        sheet.repeat_rows(0, 3)
        starred = self.say("带 * 的必填，从示例下面填起", "* is needed; type below the example")
        sheet.write_string(0, 0, f"{table.label.get(self.lang)} · {starred} · {template.MARK.get(self.lang)}", self.formats["title"])
        sheet.write_string(1, 0, template.NONE_ASKED.get(self.lang), self.formats["asked"])
        sheet.write_blank(1, 1, None, self.formats["typed"])
        sheet.data_validation(1, 1, 1, 1, {"validate": "list", "source": [template.YES.get(self.lang)], "error_type": "warning"})
        sheet.set_row(1, 40)
        sheet.set_row(2, 42)
        column = 0
        for field in template.fields(table, self.owner):
            self._column(sheet, column, template.heading(field).get(self.lang), template.example(field).get(self.lang), field)
            sheet.write_comment(2, column, self._note(field), {"x_scale": 2.2, "y_scale": 1.6})
            self._checked(sheet, column, field, ranges)
            column += 1
        for name, label in template.places(table, self.owner).items():
            self._column(sheet, column, label.get(self.lang), template.place_example(name).get(self.lang), None)
            told = self.say("CGCS2000 的度数，小数", "degrees of CGCS2000, with decimals")
            sheet.write_comment(2, column, told, {"x_scale": 1.5})
            column += 1
        sheet.freeze_panes(_FIRST_ROW, min(2, column))

    def _column(self, sheet: Any, column: int, head: str, example: str, field: Field | None) -> None:
        look = (field.type if field.type in self.formats else "code" if field.type in ("text", "choice") else "any") if field else "any"
        longest = max((display_width(c.label.get(self.lang)) for c in field.choices), default=0) + 3 if field else 0
        width = min(_WIDEST, max(_NARROWEST, display_width(head) + 2, display_width(example) + 1, longest))
        sheet.set_column(column, column, max(width, 16) if column == 0 else width, self.formats[look])
        sheet.write_string(2, column, head, self.formats["needed" if field and field.need else "optional"])
        sheet.write_string(3, column, example, self.formats["example"])

    def _note(self, field: Field) -> str:
        """What stands on a heading: what it is, whether it is needed, how it is written, who keeps it."""
        how = _HOW.get(field.type)
        needed = f"{_NEED[field.need].get(self.lang)}{self.say('；由', '; by ')}{BUREAUS[field.owner].get(self.lang)}{self.say('填', '')}"
        example = template.example(field).get(self.lang)
        lines = [f"{field.label.get(self.lang)} ({field.name})", needed, *([how.get(self.lang)] if how else []), example]
        if field.note:
            lines.insert(1, field.note.get(self.lang))
        if field.choices:
            lines.append(self.say("、", ", ").join(self._listed(field.choices)))
        return "\n".join(lines)

    def _checked(self, sheet: Any, column: int, field: Field, ranges: dict[tuple[str, ...], str]) -> None:
        """Lists to choose from, and a warning at what is no number or day; it may be typed all the same (2010年5月, 18亩)."""
        title = self.say("请核对", "Please check")
        ask: dict[str, Any] = {"error_type": "warning", "error_title": title}
        if field.choices:
            ask |= {"validate": "list", "source": ranges[self._listed(field.choices)], "show_error": field.type == "choice",
                    "error_message": self.say("请从列表里选", "choose from the list")}  # fmt: skip
        elif field.type == "bool":
            ask |= {"validate": "list", "source": [template.YES.get(self.lang), template.NO.get(self.lang)],
                    "error_message": self.say("请填是或否", "type yes or no")}  # fmt: skip
        elif field.type == "date":
            ask |= {"validate": "date", "criteria": "between", "minimum": dt.date(1949, 10, 1), "maximum": dt.date(2100, 12, 31),
                    "error_message": self.say("不是日期；只知道月份的可写 2010年5月", "no day; 2010-05 may be typed if no more is known")}  # fmt: skip
        elif field.type in ("area", "money", "number", "integer"):
            ask |= {"validate": "decimal", "criteria": "between", "minimum": -99 if field.type == "integer" else 0, "maximum": 1e13,
                    "error_message": self.say("不是数字；写着单位的会照单位读", "no number; a unit in the cell is read as such")}  # fmt: skip
        else:
            return
        sheet.data_validation(_FIRST_ROW, column, _LAST_ROW, column, ask)


def _printed(sheet: Any) -> None:
    sheet.set_paper(8)  # A3
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


_GUIDE = (
    Text("1. 一张工作表是一种台账，一行是一条记录，从示例行下面（第 5 行）填起。",
         "1. A sheet is a register, a row a record. Type below the example, from row 5 on."),
    Text("2. 带 * 的列必填；其他列有就填。不知道的留空，不要填 0，也不要写“无”。",
         "2. Columns with * are needed; fill the others where you can. What is not known stays blank, and is never 0 or 'none'."),
    Text("3. 面积是 ㎡，金额是元；用别的单位的，改表头括号里的单位，如（万元）。",
         "3. Areas are m2, money is yuan; for another unit change the one in the heading, such as (ha)."),
    Text("4. 日期写 2010-05-31；只知道月份的写 2010年5月；没有发生的留空。",
         "4. Days are 2010-05-31, or 2010-05 where only the month is known; blank if it has not happened."),
    Text("5. 示例行（“例：…”）不会读取，留着、删去都可以；不要改写其中的一部分。",
         "5. The example (e.g. ...) is never read: leave or delete the row, but do not overwrite a part of it."),
    Text("6. 没有填的表按“没有交来”处理，靠它的结论就判不了。核实确实没有的，在该表 B2 填“是”，就按“没有”判定：折资表填“是”，就是说没有一个项目折资缴款。"
         "没有核实的不要填。",
         "6. A sheet that is not filled in counts as not delivered, and what rests on it cannot be judged. If it is verified that there "
         "are none, type yes in B2 of that sheet: of payments in lieu it says that no project paid in lieu. Do not type it unverified."),
    Text("7. 同一个项目、社区在各部门的表里用同一个编号；各部门各填各的列，程序会合在一起。",
         "7. One project or community has one id in the sheets of all bureaus; each fills in its own columns, and they are put together."),
    Text(f"8. 图形另交图层（.gpkg、.shp、.geojson）；只能交图层、没有工作表的：{'、'.join(t.label.zh for t in template.layers_only())}。",
         "8. Shapes are handed in as layers (.gpkg, .shp, .geojson); as layers only, without a sheet here: "
         f"{', '.join(t.label.en for t in template.layers_only())}."),
    Text("9. 填好后放进报送文件夹：planning-check inspect 文件夹 看怎么读，planning-check check 文件夹 检查。",
         "9. Put it into the delivery: planning-check inspect FOLDER says how it is read, planning-check check FOLDER checks it."),
)  # fmt: skip

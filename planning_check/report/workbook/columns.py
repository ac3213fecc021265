"""What the columns of a workbook are, and where they are from."""

from __future__ import annotations

from planning_check.report.workbook.book import Book, Column


def write_columns(book: Book) -> None:
    """Every column that has a note, once, with the sheets that it stands on."""
    say = book.say
    where: dict[tuple[str, str], list[str]] = {}
    for sheet in book.sheets:
        for column in sheet.columns:
            if column.note:
                where.setdefault((column.head, column.note), []).append(sheet.sheet.get_name())
    sheet = book.sheet(
        say("各列说明", "Columns"),
        [Column(say("列", "column"), 22), Column(say("是什么、从哪里来", "what it is, and where from"), 80),
         Column(say("在哪些表", "on which sheets"), 50)],
        heading=2, tab="about",
    )  # fmt: skip
    sheet.title(say("各列说明", "What the columns are"), say("没有列出的，列名就是全部", "Of those that are not here the head says it all"))
    sheet.heads()
    for (head, note), names in where.items():
        sheet.line([head, note, say("、", ", ").join(names)])
    sheet.rows = len(where)
    sheet.finish()

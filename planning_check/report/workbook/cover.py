"""Cover with contents and sign-off, summary of all lists that cross-adds, and the hidden sheet that a later reading holds on to."""

from __future__ import annotations

from planning_check.cases import BOOK_FORMAT, COVER_DIGEST, KEYS_SHEET
from planning_check.report.told.numbers import number
from planning_check.report.told.pack import Pack
from planning_check.report.told.standing import LOG_HEAD
from planning_check.report.workbook.book import Book, Column, Sheet
from planning_check.words import BUREAUS, LISTS, label


def begin(book: Book) -> Sheet:
    """The cover, in its place before all; it is filled in when the other sheets are written."""
    return book.sheet(book.say("封面", "Cover"), [Column("", 28), Column("", 46), Column("", 22), Column("", 34)], tab="about")


def fill(book: Book, sheet: Sheet, pack: Pack, beside: str = "", *, signed: bool = False, read_back: bool = True) -> None:
    """Title, what judged, contents with links, and who drew up, checked and approved it.

    ``beside``: the name of the workbook that stands beside this one; ``signed``: whether the meeting decides from it and signs
    it; ``read_back``: whether what is filled in comes back by ``decide``.
    """
    say = book.say
    sheet.title(book.title)
    for name, value in _facts(book, pack):
        sheet.sheet.merge_range(sheet.row, 1, sheet.row, 3, value, book.formats["text"])
        sheet.sheet.set_row(sheet.row, sheet.tall(value, sum(column.width for column in sheet.columns[1:])))
        sheet.sheet.write_string(sheet.row, 0, name, book.formats["text"])
        sheet.row += 1
    sheet.row += 1
    _contents(book, sheet, beside)
    if signed:
        _signed(book, sheet)
    sheet.row += 1
    for note in (
        say("各名单是提请联席会议的建议，不是决定；未知的不计入合计。",
            "The lists are proposals to the joint meeting, not decisions; what is unknown is in no sum."),
        *([say("日志末尾是签署时的见证：日后用 planning-check db check --head 核对，改动、截尾都查得出。",
               "The head of the log is the witness of what was signed: planning-check db check --head finds what was changed or cut off "
               "since.")]
          if pack.head and signed else []),
        *([say("浅黄色各列供会议填写。请勿改动最右一列的“键”；可以排序、筛选、隐藏行，移动列。填好后运行 planning-check decide 本文件，先核对再记入。"
               "一行的决定就是这一行各条问题的决定；某一条另有决定的，填在附册里它自己的行上。",
               "The pale yellow columns are for the meeting. Leave the key in the last column as it is; rows may be sorted, filtered and "
               "hidden, columns moved. Then run planning-check decide on this file: it shows what it understood before it records "
               "anything. A line decided is each of its findings decided; one that is decided otherwise goes on its own row of the annex.")]
          if read_back else []),
    ):  # fmt: skip
        sheet.note(note)
    sheet.one_page()
    sheet.finish()


def _facts(book: Book, pack: Pack) -> list[tuple[str, str]]:
    """Which check it is of, and by which law."""
    run, say = pack.run, book.say
    laws = [
        f"{o.title.get(book.lang)} ({o.id})" + ("" if o.verified else say("，未核实", ", not verified"))
        for o in pack.summary.ordinances
        if o.projects
    ]
    return [
        (say("检查截至", "As of"), run.as_of.isoformat()),
        (say("适用办法", "The law that judged"), "\n".join(laws) or "—"),
        *((say("全省各市", "Cities"), told) for told in _cities(pack, book.lang)),
        (say("数据说明", "About the data"), (run.notice.get(book.lang) if run.notice else "") or "—"),
        (COVER_DIGEST.get(book.lang), run.digest),
        (say("根哈希", "Root of the run"), run.root or "—"),
        (say("程序版本", "Program version"), run.tool_version),
        (LOG_HEAD.get(book.lang), pack.head or say("没有日志", "no log")),
    ]


def _cities(pack: Pack, lang: str) -> list[str]:
    """Of a province: how many cities there are, and every one that is in no list and no sum, with the reason."""
    cities = pack.cities
    told = cities.left_out(len(cities.failed)) or cities.counted()
    return [told.get(lang)] if cities else []


def _contents(book: Book, cover: Sheet, beside: str) -> None:
    """Every sheet with a link to it, its title and how many rows it has, then the workbook beside this one."""
    say = book.say
    cover.text(say("目录", "Contents"), "head2")
    cover.heads([say("表（点击打开）", "sheet (click to open)"), say("内容", "what it has"), say("行数", "rows")])
    for sheet in book.sheets:
        if sheet is not cover:
            cover.link(0, sheet.sheet.get_name(), sheet.sheet.get_name())
            cover.sheet.write_string(cover.row, 1, sheet.told, book.formats["text"])
            cover.sheet.write(cover.row, 2, sheet.rows or None, book.formats["count"])
            cover.row += 1
    if beside:
        cover.line([say("另册", "the other workbook"), beside, None], ["text"] * 3)
    cover.row += 1


def _signed(book: Book, sheet: Sheet) -> None:
    """Who drew it up, checked and approved it, and which bureaus agreed to it and received it; the digest above says to what."""
    say = book.say
    sheet.text(say("签署（所签的是上列检查摘要的这一次检查）", "Sign-off (of the check whose digest stands above)"), "head2")
    sheet.heads([say("环节", "step"), say("姓名、职务", "name and office"), say("日期", "date"), say("签章", "signature, seal")])
    agreed = (say(f"会签、签收：{text.zh}", f"agreed, received: {text.en}") for code, text in BUREAUS.items() if code != "ordinance")
    for step in (*say("编制|复核|审批", "drawn up|checked|approved").split("|"), *agreed):
        sheet.sheet.set_row(sheet.row, 28)
        sheet.line([step, None, None, None], ["text", "typed", "typed", "typed"])


def write_summary(book: Book, pack: Pack) -> None:
    """The lists with their sums by district, as formulas; a cell says whether the districts add up to the list."""
    summary, say = pack.summary, book.say
    columns = [Column(say("名单", "list"), 34), Column(summary.cities.group.get(book.lang), 16), Column(say("行", "lines"), 10, "count"),
               Column(say("问题", "findings"), 10, "count"), Column(say("面积 ㎡", "area, m2"), 18, "area"),
               Column(say("最低 元（没收案）", "lowest, yuan (forfeitures)"), 20, "money"),
               Column(say("金额（没收案为最高）元", "yuan (forfeitures: highest)"), 20, "money"),
               Column(say("核对", "check"), 14)]  # fmt: skip
    sheet = book.sheet(say("汇总", "Summary"), columns, tab="about", heading=2 + bool(summary.remedy) + bool(summary.stands.told().zh))
    judged, asked = summary.register.total, sum(u.subjects for u in summary.unjudged)
    sheet.title(say("汇总", "Summary"), say(f"结论 {number(judged)} 个，其中未能判定 {number(asked)} 个；一个项目在一份名单上占一行，面积和金额取一条问题的，不重复相加",
                f"{number(judged)} outcomes, {number(asked)} of them not determined; a project is one line of a list, "
                "its area and money are those of one finding, never added twice"))  # fmt: skip
    if summary.remedy:
        sheet.note(summary.remedy.get(book.lang))
    if told := summary.stands.told().get(book.lang):
        sheet.note(say(f"已议定、豁免的：{told}", f"Decided or waived: {told}"))
    sheet.heads()
    for code in LISTS:
        one = summary.of(code)
        name = label(LISTS, code, book.lang)
        if not one.total.lines:
            sheet.line(
                [name, one.open.nothing_found().get(book.lang), *[None] * 6],
                ["text", "text", "count", "count", "area", "money", "money", "text"],
            )
            continue
        first = sheet.row
        for district, sums in (each for each in one.by_place(book.lang) if each[1].lines):
            sheet.line([name, district or say("区县不明", "not known"), sums.lines, sums.findings, sums.area_m2,
                        sums.yuan_min, sums.yuan, None],
                       ["text", "text", "count", "count", "area", "money", "money", "text"])  # fmt: skip
        total = one.total
        row = sheet.row
        sheet.sums(
            [name, say("合计", "total"), total.lines, total.findings, total.area_m2, total.yuan_min, total.yuan, ""],
            first,
            row - 1,
        )
        parts = [
            f"C{row + 1}={total.lines}",
            f"D{row + 1}={total.findings}",
            *(
                f"ROUND({letter}{row + 1},2)={value}"
                for letter, value in (("E", total.area_m2), ("F", total.yuan_min), ("G", total.yuan))
                if value is not None
            ),
        ]
        right, wrong = say("相符", "adds up"), say("不符", "does not add up")
        agrees = sum(s.lines for _, s in one.districts) == total.lines and sum(s.findings for _, s in one.districts) == total.findings
        sheet.sheet.write_formula(
            row, 7, f'=IF(AND({",".join(parts)}),"{right}","{wrong}")', book.formats["total_text"], right if agrees else wrong
        )
        parts_of = ((say("其中不予认定", "of which dismissed"), one.stands.of("dismissed"), one.dismissed),
                    (say("其中豁免", "of which waived"), one.stands.waived, one.waived))  # fmt: skip
        for told, findings, sums in parts_of:
            if findings:
                sheet.line([None, told, sums.lines, findings, sums.area_m2, sums.yuan_min, sums.yuan, None],
                           ["text", "text", "count", "count", "area", "money", "money", "text"])  # fmt: skip


def write_keys(book: Book, pack: Pack) -> None:
    """Hidden: what a program needs to read typed decisions back into the right run."""
    sheet = book.made.add_worksheet(KEYS_SHEET)
    sheet.very_hidden()
    for row, (name, value) in enumerate(
        (
            ("format", BOOK_FORMAT),
            ("digest", pack.run.digest),
            ("root", pack.run.root or ""),
            ("series", pack.run.series),
            ("as_of", pack.run.as_of.isoformat()),
            ("language", book.lang),
        )
    ):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, value)

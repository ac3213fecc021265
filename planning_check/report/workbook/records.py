"""What each bureau must do or supply, what was wrong with the delivery, and what all of it was made from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from planning_check.cases import KEY
from planning_check.errors import Text
from planning_check.record.finding import Finding, said
from planning_check.report.told.pack import Pack
from planning_check.report.told.seen import HOW
from planning_check.report.told.standing import stood_last
from planning_check.report.workbook.book import MOST_ROWS, Book, Column
from planning_check.report.workbook.lists import finish, matter, whom
from planning_check.report.workbook.open_lines import key_of, opened
from planning_check.words import BUREAUS, LISTS, SEVERITIES, label


def write_bureaus(book: Book, pack: Pack) -> None:
    """A sheet a bureau."""
    for code in BUREAUS:
        if code != "ordinance":
            write_of_bureau(book, pack, code)


def write_of_bureau(book: Book, pack: Pack, code: str) -> None:
    """The violations that a bureau must act on, then the data that only it can supply."""
    say, lang, text = book.say, book.lang, BUREAUS[code]
    stood = bool(pack.summary.stands.told().zh)
    columns = [
        Column(say("要做什么", "to do"), 8), Column(say("事项", "matter"), 30), Column(say("程度", "severity"), 7),
        Column(say("对象", "whom or what"), 33), Column(say("说明或所缺", "what was found or is missing"), 62 - 14 * stood),
        Column(say("怎么办", "cure"), 42), *([Column(say("上次议定", "decided last"), 13, "stood")] if stood else []),
        Column(say("办理情况", "done"), 11, "typed"),
        *(Column(head, width, style, printed=False) for head, width, style in (
            (say("原始数据", "where it stands"), 60, "code"), (say("名单", "list"), 14, "code"), (say("规则", "rule"), 8, "code"),
            (say("编号", "id"), 22, "code"), *((head, 12, "code") for head in book.cities.column(lang)),
            (say("区县", "district"), 12, "code"), (say("社区", "community"), 12, "code"),
            (say("开发企业", "developer"), 30, "code"), (KEY.get(lang), 18, "code"),
        )),
    ]  # fmt: skip
    sheet = book.sheet(text.get(lang)[:28], columns, heading=2, freeze=1, tab="beside")
    sheet.title(say(f"{text.zh}部门清单", f"For {text.en}"),
                say("先列由本部门处理的，再列要本部门补的数据，一个项目一行",
                    "First what the bureau acts on, then the data that it must supply, a line a project"))  # fmt: skip
    sheet.heads()
    first = sheet.row
    acts: dict[str, Any] = {"outcome": "violation", "responsible": code, **pack.accused}
    owes: dict[str, Any] = {"outcome": "undetermined", "owner": code}
    for f in pack.gravest(MOST_ROWS, **acts):
        decided = [stood_last(f, lang)] if stood else []
        sheet.line([
            say("处理", "act on"), matter(f, lang, " · "), label(SEVERITIES, f["severity"], lang), _object(f, book), said(f, "message", lang),
            said(f, "cure", lang), *decided, None, *_beside(f, book),
        ])  # fmt: skip
    owed = opened(pack.findings(**owes), pack.rules, lang)
    for one in owed[: MOST_ROWS - (sheet.row - first)]:
        sheet.line([
            say("补数据", "supply"), f"{say('未能判定：', 'not determined: ')}{' '.join(one.rules)}", None, _object(one.first, book),
            say("、", ", ").join(filter(None, one.missing)), None, *([None] if stood else []), None,
            *_beside(one.first, book)[:2], " ".join(one.rules), key_of(one.first), *_beside(one.first, book)[4:-1], None,
        ])  # fmt: skip
    finish(book, sheet, first, pack.count(**acts) + len(owed), len(columns))


def _object(f: Finding, book: Book) -> str:
    """Its id and name, and where it is; the developer stands beside the paper."""
    return " ".join(whom(f, book).split("\n")[:2])


def _beside(f: Finding, book: Book) -> list[Any]:
    city = book.city_of(f["district_code"])
    return [_sources(f), label(LISTS, f["list"], book.lang), f["rule_id"], f["subject_key"], *city, f["district_name"], f["community_name"],
            f["developer_name"], f["fingerprint"]]  # fmt: skip


def _sources(f: Finding) -> str:
    """The first rows that it came from: file > sheet > row."""
    return "; ".join(" > ".join(str(part) for part in (s["file"], s["sheet"], s["row"]) if part) for s in f["sources"][:3])


def write_problems(book: Book, pack: Pack) -> None:
    """Data quality: every problem of the delivery with its cell and what to do."""
    say, lang = book.say, book.lang
    columns = [Column(say("文件", "file"), 34, "text"), Column(say("工作表", "sheet"), 18, "text"), Column(say("行", "row"), 8, "count"),
               Column(say("列", "column"), 6, "code"), Column(say("问题", "problem"), 60, "text"),
               Column(say("怎么办", "what to do"), 44, "text"), Column(say("整行隔离", "row set aside"), 10)]  # fmt: skip
    sheet = book.sheet(say("数据质量", "Data quality"), columns, heading=2)
    sheet.title(
        say("报送数据的问题", "Problems of the delivery"),
        say("报送单位据此更正原文件；本程序不改报送的文件", "The sender corrects its files by this; no delivered file was changed"),
    )
    sheet.heads()
    first = sheet.row
    for p in pack.problems[:MOST_ROWS]:
        aside = say("是", "yes") if p.quarantined else None
        sheet.line([p.file, p.sheet, p.row, p.letter, getattr(p, f"what_{lang}"), getattr(p, f"fix_{lang}"), aside])
    finish(book, sheet, first, len(pack.problems), len(columns), rest="problems.csv")


def write_reading(book: Book, pack: Pack) -> None:
    """Every heading of every sheet: the field that it is, or the one it is like; and what was not used at all, with the reason."""
    say, lang = book.say, book.lang
    columns = [Column(say("文件", "file"), 34, "text"), Column(say("工作表", "sheet"), 18, "text"), Column(say("数据表", "table"), 18, "text"),
               Column(say("列", "column"), 6, "code"), Column(say("表头", "heading"), 26, "text"), Column(say("字段", "field"), 24, "text"),
               Column(say("近似的字段", "nearest field"), 24, "text"), Column(say("单位", "unit"), 8, "text"),
               Column(say("怎么认的", "known by, or why not"), 40, "text"),
               Column(say("未判结论", "open outcomes that would read it"), 14, "count")]  # fmt: skip
    sheet = book.sheet(say("怎么读的", "How it was read"), columns, heading=2)
    sheet.title(
        say("每张表、每一列怎么读的", "How every sheet and column was read"),
        say("没有采用的在前；字段空着的列没有采用", "What was not used stands first; a column without a field was not used"),
    )
    sheet.heads()
    first, lines = sheet.row, list(_reading(pack, lang))
    for line in lines[:MOST_ROWS]:
        sheet.line(line)
    finish(book, sheet, first, len(lines), len(columns), rest="reading.csv")


def _reading(pack: Pack, lang: str) -> Iterator[list[Any]]:
    def told(text: Text | None) -> str | None:
        return text.get(lang) if text else None

    for lack in pack.summary.lacking:
        yield [None, None, told(lack.register), None, None, told(lack.label), None, None, told(lack.why), lack.outcomes]
    for one in sorted(pack.summary.seen, key=lambda one: one.table is not None):
        own = [one.file, one.sheet, told(one.table)]
        if one.table is None:
            yield [*own, None, None, None, None, None, told(one.why), one.would_read or None]
        for h in one.headings:
            yield [*own, h.letter, h.header, told(h.field), told(h.nearest), h.unit, told(HOW[h.how]), h.outcomes or None]


def write_inputs(book: Book, pack: Pack) -> None:
    """Files with their digests and row counts that add up, and the rules and ordinances with theirs."""
    say, lang = book.say, book.lang
    manifest = pack.run.manifest
    columns = [Column(say("文件", "file"), 40, "text"), Column(say("工作表", "sheet"), 20, "text"), Column(say("读入行", "rows read"), 12, "count"),
               Column(say("采用", "used"), 12, "count"), Column(say("隔离", "set aside"), 12, "count"),
               Column(say("问题", "problems"), 10, "count"), Column("SHA-256", 70, "code")]  # fmt: skip
    sheet = book.sheet(say("依据与来源", "Sources"), columns, heading=2)
    sheet.title(say("依据与来源", "What it was made from"), say("读入行 = 采用 + 隔离", "rows read = used + set aside"))
    sheet.heads()
    first, inputs = sheet.row, manifest.get("inputs", {})
    for s in pack.summary.sources:
        sheet.line([s.file, s.sheet, s.read, s.used, s.quarantined, s.problems, inputs.get(s.file)])
    total = [sum(getattr(s, name) for s in pack.summary.sources) for name in ("read", "used", "quarantined", "problems")]
    sheet.sums([say("合计", "total"), "", *total, ""], first, sheet.row - 1)
    sheet.row += 1
    sheet.text(
        say("办法（未核实的，引用时须先与公报核对）", "Ordinances (check against the gazette before citing one that is not verified)"),
        "head2",
    )
    for o in pack.summary.ordinances:
        verified = say("已核实", "verified") if o.verified else say("未核实", "not verified")
        digest = next((x.get("sha256") for x in manifest.get("ordinances", ()) if x["id"] == o.id), None)
        sheet.line(
            [o.title.get(lang), f"{o.id}, {o.begins}", o.projects, None, None, None, digest],
            ["text", "text", "count", "text", "text", "text", "code"],
        )
        sheet.sheet.write_string(sheet.row - 1, 3, verified, book.formats["text"])
    sheet.row += 1
    sheet.text(say("规则文件", "Rule files"), "head2")
    for name, digest in sorted(manifest.get("rules", {}).items()):
        sheet.line([name, None, None, None, None, None, digest], ["text", "text", "text", "text", "text", "text", "code"])

"""Money for communities laid out for a console, and as rows for a spreadsheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from planning_check.errors import Text, speaking
from planning_check.report.console.layout import Paint, display_width, plain, table, wrap
from planning_check.report.tables.exports import BOM, csv_row
from planning_check.report.told.funds import Closing, Group, Span
from planning_check.report.told.numbers import counted, number
from planning_check.schema import BY_NAME, MONEY_USES

WIDTH = 80
_MOST = 25
_HEADS = {
    "project": {"zh": "项目编号|项目|来款|已拨付|余额|未拨付自", "en": "project|name|came in|credited|balance|waits since"},
    "community": {"zh": "社区|应得来款|已拨付|其中别处项目|余额", "en": "community|came in for it|credited|others' money|balance"},
    "year": {"zh": "年度|年初余额|来款|已拨付|年末余额", "en": "year|opening|came in|credited|closing"},
}


def funds_lines(found: Closing, lang: str, *, paint: Paint = plain, full: bool = False) -> list[str]:
    """The equation group by group, what waits most first, then what waits, what is too much, and what is left out."""

    say = speaking(lang)
    lines = [
        paint(say(f"资金去向　截至 {found.as_of}（第 {found.run_id} 次检查）",
                  f"Money for communities as of {found.as_of} (run {found.run_id})"), "title"),
        *wrap(_equation(found.by, lang), WIDTH, indent="  "),
        "",
    ]  # fmt: skip
    shown = found.groups if full else found.groups[:_MOST]
    if shown:
        heads = _HEADS[found.by][lang].split("|")
        total = say("已读合计", "total read") if found.total.is_open else say("合计", "total")
        rows = [row for group in shown for row in _rows(group, found.by, _label(group, found, lang), lang)]
        sums = _rows(found.total, found.by, [total, ""] if found.by == "project" else [total], lang, total=True)
        lines += _table(heads, rows, sums, found.by, paint)
    if len(found.groups) > len(shown):
        rest = len(found.groups) - len(shown)
        lines.append(paint(say(f"  另有 {rest} 行（-v 全部列出）", f"  {rest} more (-v lists all)"), "dim"))
    lines.append("")
    for text in notes(found, lang):
        lines += wrap(text, WIDTH, indent="  ", hanging="    ")
    return lines


def _equation(by: str, lang: str) -> str:
    return {
        "project": {"zh": "来款（没收、折资）= 已拨付社区 + 余额，单位元；余额为负是多拨",
                    "en": "came in (forfeited, in lieu) = credited + balance, in yuan; below zero: more was credited than came in"},
        "community": {"zh": "应得来款 = 已拨付该社区 + 余额，单位元；余额为负是收了别处的款或多拨",
                      "en": "came in for it = credited to it + balance, in yuan; below zero: it got others' money, or too much"},
        "year": {"zh": "年初余额 + 来款（没收、折资）- 已拨付社区 = 年末余额，单位元",
                 "en": "opening + came in (forfeited, in lieu) - credited = closing, in yuan"},
    }[by][lang]  # fmt: skip


def _table(heads: list[str], rows: list[list[str]], sums: list[list[str]], by: str, paint: Paint) -> list[str]:
    numbers = range(2, 5) if by == "project" else range(1, len(heads))
    lines = table(heads, [*rows, *sums], numbers=numbers, width=WIDTH, paint=paint)
    rule = max(display_width(line) for line in lines) - 2
    return [*lines[: len(lines) - len(sums)], paint("  " + "-" * rule, "dim"), *lines[len(lines) - len(sums) :]]


def _label(group: Group, found: Closing, lang: str) -> list[str]:
    if found.by == "project":
        return [group.code or "—", group.name or ("" if group.code else _untold(lang))]
    if found.by == "year":
        return [group.code or {"zh": "年度不明", "en": "not told"}[lang]]
    alike = sum(other.name == group.name for other in found.groups) > 1
    return [f"{group.name} {group.code}" if group.name and alike else group.name or group.code or _untold(lang)]


def _untold(lang: str) -> str:
    return {"zh": "没有写明", "en": "not told"}[lang]


def _rows(group: Group, by: str, label: list[str], lang: str, *, total: bool = False) -> list[list[str]]:
    """One line, or two, the lowest above the highest, where it is not known of something whether it counts."""
    is_open = group.is_open and not total
    spans = [group.came, group.credited]
    if by == "community":
        spans.append(group.elsewhere)
    if by == "year":
        spans.insert(0, group.opening)
    since = [waits(group, lang) if not total else ""] if by == "project" else []
    unknown = unknown_text(lang)
    sums = [[_open(getattr(span, end), unknown) if is_open and (by != "year" or n) else number(getattr(span, end))
             for n, span in enumerate(spans)]
            + [unknown if is_open else number(getattr(group.balance, end))] for end in ("least", "most")]  # fmt: skip
    if is_open or all(span.exact for span in (*spans, group.balance)):
        return [[*label, *sums[0], *since]]
    most = ["", {"zh": "（最高）", "en": "(highest)"}[lang]][-len(label) :]
    return [[*label, *sums[0], *since], [*most, *sums[1], *("" for _ in since)]]


def unknown_text(lang: str) -> str:
    """The word for a sum that is not known."""
    return {"zh": "不明", "en": "unknown"}[lang]


def _open(least: Decimal | int | None, unknown: str) -> str:
    return f"≥ {number(least)}" if least else unknown


def waits(group: Group, lang: str) -> str:
    """Since when the oldest money waits; a dash where none does."""
    if group.since:
        return day_text(group.since)
    return unknown_text(lang) if group.is_open or group.balance.most > 0 else "—"


def day_text(since: tuple[dt.date, dt.date]) -> str:
    """A day, or the month, the year or the days between which it lies."""
    first, last = (day.isoformat() for day in since)
    return first if first == last else first[:7] if first[:7] == last[:7] else first[:4] if first[:4] == last[:4] else f"{first} - {last}"


def span_text(span: Span, lang: str) -> str:
    """A sum in yuan, or the least and the most that it can be."""
    unit = {"zh": " 元", "en": " yuan"}[lang]
    return (number(span.least) if span.exact else f"{number(span.least)} - {number(span.most)}") + unit


def notes(found: Closing, lang: str) -> Iterator[str]:
    """What waits and what is too much, what the money was used for, what is left out, and how to read it."""

    say = speaking(lang)
    if not found.projects and not found.registers:
        yield say("没有没收款、折资款，也没有拨付", "nothing was forfeited, paid in lieu or credited")
        return
    told = [group for group in found.projects if not group.is_open]
    waiting, too_much = ([group for group in told if getattr(group, name).most] for name in ("on_the_way", "beyond"))
    yield say("未拨付：", "On the way: ") + _of_projects(found, found.on_the_way, waiting, lang) + _oldest(waiting, lang)
    yield (
        say("多拨（拨付多于来款）：", "Credited beyond what came in: ")
        + _of_projects(found, found.beyond, too_much, lang)
        + _named(too_much, lang)
    )
    labels = {choice.code: choice.label.get(lang) for choice in MONEY_USES} | {
        "not_read": say("没有读出", "not read"),
        "": say("没有写明", "not told"),
    }
    if found.uses:
        yield say("拨付款的用途：", "Credited money was used for: ") + say("，", ", ").join(
            f"{labels[use]} {span_text(found.uses[use], lang)}" for use in labels if use in found.uses
        )
    elsewhere = found.total.elsewhere
    if elsewhere.most:
        yield say(
            f"拨给不是项目所在社区的：{span_text(elsewhere, lang)}",
            f"Credited to a community that is none of the project's: {span_text(elsewhere, lang)}",
        )
    unlisted = [group for group in found.projects if group.unlisted]
    if unlisted:
        yield (say(f"台账里没有的项目 {len(unlisted)} 个，款项已列入",
                   f"Not in the ledger of projects, but in the sums: {counted(len(unlisted), 'project')}")
               + _named(unlisted, lang))  # fmt: skip
    yield from left_out(found, lang)
    if not all(span.exact for span in (found.total.came, found.total.credited)):
        yield say(
            "占两行的，上为最低、下为最高：有的款项不知截至日是否已到、是否已拨",
            "On two lines: lowest above highest; of some money it is not known whether it had moved",
        )
    if found.by == "community":
        yield say("来款列在指定接收社区名下，没有指定而项目只属一个社区的，列在该社区；其余列为“没有写明”。",
                  "What came in stands under the community designated, or the only one of the project; "
                  "the rest is 'not told'.")  # fmt: skip
    if found.by == "year" and any(not group.code for group in found.groups):
        yield say("年度不明的列在最后，前面各年的余额不含它。", "Money of an unknown year stands last and is in no balance before.")
    yield say("是否逾期、是否拨错，由规则 MO09 判定：planning-check findings --rule MO09",
              "Whether it is late or went wrong is judged by MO09: planning-check findings --rule MO09")  # fmt: skip


def _of_projects(found: Closing, span: Span, groups: list[Group], lang: str) -> str:
    """A sum over the projects of which everything was read, how many have a part in it, and how many are not known."""
    if (found.projects and all(group.is_open for group in found.projects)) or any(what == "not_delivered" for what, _ in found.registers):
        return unknown_text(lang)
    rest = sum(group.is_open for group in found.projects)
    told = Text(f"，{len(groups)} 个项目", f", {counted(len(groups), 'project')}")
    more = Text(f"（另有 {rest} 个不明）", f" ({rest} more unknown)") if rest else Text("", "")
    return span_text(span, lang) + told.get(lang) + more.get(lang)


def _named(groups: list[Group], lang: str) -> str:
    """The first of them by their ids."""
    if not groups:
        return ""
    say, codes = speaking(lang), [group.code for group in groups[:5]]
    return say("：", ": ") + say("、", ", ").join(codes) + (say(" 等", ", ...") if len(groups) > 5 else "")


def _oldest(waiting: list[Group], lang: str) -> str:
    days = [group.since for group in waiting if group.since]
    if not days:
        return ""
    oldest = day_text(min(days))
    return Text(f"，最早自 {oldest} 起", f", since {oldest}").get(lang)


def left_out(found: Closing, lang: str) -> Iterator[str]:
    """Registers that are not whole: what is in no sum."""
    for what, register in found.registers:
        name = BY_NAME[register].label.get(lang)
        if what == "not_delivered":
            yield (
                Text(
                    f"没有报送“{name}”：来款、拨付都不全，合计只是已读的", f"'{name}' was not delivered: the sums are only of what was read"
                ).get(lang)
            )
        else:
            yield (
                Text(
                    f"“{name}”有读不出属于哪个项目的行，不在合计内", f"'{name}' has rows that cannot be read as any project's: in no sum"
                ).get(lang)
            )
    if found.unread:
        names = Text("、", ", ").get(lang).join(found.unread[:5]) + (" ..." if len(found.unread) > 5 else "")
        yield Text(
            f"{len(found.unread)} 个项目（{names}）有没读出的款项，多少不明，不在合计内",
            f"Rows of money that were not read, unknown and in no sum: {counted(len(found.unread), 'project')} ({names})",
        ).get(lang)


def funds_csv(found: Closing) -> Iterator[str]:
    """The groups as CSV: codes, lowest and highest of each sum, and since when money waits; what is not known is the word ``unknown``."""
    spans = ("opening", "came", "credited", "elsewhere", "balance")
    yield BOM + csv_row(["code", "name", "district", *(f"{span}_{end}_yuan" for span in spans for end in ("least", "most")),
                         "waiting_since_first", "waiting_since_last", "is_whole", "in_ledger"])  # fmt: skip
    for group in found.groups:
        ends = [_end(group, name, end) for name in spans for end in ("least", "most")]
        waiting = [str(day) for day in group.since] if group.since else ["" if waits(group, "en") == "—" else "unknown"] * 2
        whole, listed = "no" if group.is_open else "yes", "no" if group.unlisted else "yes"
        yield csv_row([group.code or "unknown", group.name, group.district, *ends, *waiting, whole, listed])


def _end(group: Group, name: str, end: str) -> str:
    value = getattr(getattr(group, name), end)
    if group.is_open and name != "opening" and (end == "most" or name == "balance" or not value):
        return "unknown"
    return str(value)

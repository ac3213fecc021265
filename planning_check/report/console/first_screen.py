"""What a check prints: forty lines at most, as wide as the terminal. The verdict, the worst of the three lists, what is open, what was not
read, what changed, what to type next; all the rest with ``--full``."""

from __future__ import annotations

from collections.abc import Sequence

from planning_check.errors import Text
from planning_check.report.console.layout import Paint, cut, display_width, pad, plain, table, wrap
from planning_check.report.console.problems import problems_within
from planning_check.report.console.summary import grouped, held_up
from planning_check.report.told.differing import short_line
from planning_check.report.told.disagreements import in_short
from planning_check.report.told.numbers import ROUNDED, counted, number, percent, rounded_yuan
from planning_check.report.told.profile import rented_share, table_label
from planning_check.report.told.summary import Asked, ListLine, ListSummary, Summary, Sums
from planning_check.report.told.verdict import AMOUNTS, MAIN, at_stage, marks, verdict
from planning_check.words import BUREAUS, LISTS, SEVERITIES, label, labels

MOST_LINES = 40
#: Of what was wrong with the files; where more is wrong fewer lines of the lists are shown.
_MOST_PROBLEMS, _LEAST_PROBLEMS = 12, 4
_NARROWEST, _WIDEST = 60, 120
#: What the lists are called over the columns of cities.
_SHORT = {"violations": Text("违规", "violations"), "deposits": Text("拟没收", "deposits"), "offices": Text("租借用房", "offices")}
#: Of the cities of a province that were not checked.
_MOST_LEFT_OUT = 3
#: Of the notice of the delivery, of alarms, and of what changed since.
_MOST_NOTICE, _MOST_TOLD = 2, 5
#: How many lines of each list, cities of a province and lines of alarms are shown: the first of these that fits.
_ROOM = tuple((worst, 5, _MOST_TOLD) for worst in (5, 4, 3, 2))
_LESS_ROOM = ((2, 5, 3), (1, 5, 3), (1, 5, 2), (1, 3, 2), (0, 3, 2))
#: What was not read, what a needed column or unit lacks, columns that are not used.
_NAMED_WEIGHT = 2


def first_screen(
    summary: Summary, steps: Sequence[tuple[str, Text]], where: Text, lang: str, *, width: int, paint: Paint = plain
) -> list[str]:
    """The lines to print. ``steps``: commands to type next with what they show; ``where``: the full results are."""
    screen = _Screen(summary, lang, max(_NARROWEST, min(width, _WIDEST)), paint)
    open_, below = screen.open(), [*screen.since(), *next_lines(steps, where, lang, screen.width)]
    for worst, cities, told in _ROOM + (_LESS_ROOM if summary.cities else ()):
        above, lists = [*screen.opening(), *screen.left_out(), *screen.alarms(told)], [*screen.cities(cities), *screen.lists(worst)]
        left = MOST_LINES - len(above) - len(lists) - len(open_) - len(below)
        problems = screen.problems(max(_LEAST_PROBLEMS if told == _MOST_TOLD else 2, min(left, _MOST_PROBLEMS)))
        if len(problems) <= left:
            break
    return [*above, *lists, *open_, *problems, *below]


class _Screen:
    """The parts of the screen, each as its lines."""

    def __init__(self, summary: Summary, lang: str, width: int, paint: Paint) -> None:
        self.summary, self.lang, self.width, self.paint = summary, lang, width, paint

    def say(self, zh: str, en: str) -> str:
        return Text(zh, en).get(self.lang)

    def opening(self) -> list[str]:
        """Whose check, as of which day; what is to be known of the delivery; the verdict."""
        summary = self.summary
        title = summary.title.get(self.lang) if summary.title else self.say("社区用房与保证金检查", "Community premises and deposits")
        lines = [self.paint(cut(f"{title}{self.say('　截至 ', ', as of ')}{summary.as_of}", self.width), "title")]
        if summary.notice:
            told = wrap(summary.notice.get(self.lang), self.width)
            lines += told if len(told) <= _MOST_NOTICE else [*told[: _MOST_NOTICE - 1], cut(told[_MOST_NOTICE - 1], self.width - 2) + ".."]
        if summary.cities and not summary.cities.failed:
            lines.append(cut(summary.cities.counted().get(self.lang), self.width))
        return lines + [self.paint(line, "head") for line in wrap(verdict(summary).get(self.lang), self.width)]

    def left_out(self) -> list[str]:
        """Of a province: which cities are in nothing of what stands below, and why."""
        told = self.summary.cities.left_out()
        lines = wrap(told.get(self.lang), self.width, indent="! ", hanging="  ") if told else []
        if len(lines) > _MOST_LEFT_OUT:
            see = self.say("：province league", ": province league")
            rest = "".join(line.lstrip() for line in lines[_MOST_LEFT_OUT - 1 :])
            lines = [*lines[: _MOST_LEFT_OUT - 1], f"  {cut(rest, self.width - display_width(see) - 2)}{see}"]
        return [self.paint(line, "alarm") for line in lines]

    def cities(self, most: int) -> list[str]:
        """Of a province: the cities in which most is missing, a line each; how many more there are."""
        found = self.summary.cities
        if not found:
            return []
        named = [dict(self.summary.of(code).cities) for code in _SHORT]
        violations = named[0]
        order = sorted(violations, key=lambda name: (-(violations[name].area_m2 or 0), -violations[name].lines))
        heads = [head.get(self.lang) for head in (found.group, *_SHORT.values(), AMOUNTS["violations"][0][1])]
        rows = [[name.get(self.lang), *(number(of[name].lines) for of in named), number(violations[name].area_m2)] for name in order[:most]]
        lines = table(heads, rows, numbers=range(1, len(heads)), width=self.width, indent=" ", paint=self.paint)
        rest = len(order) - len(rows)
        more = self.say(
            f" 另有 {number(rest)} 座：planning-check province league", f" and {number(rest)} more; planning-check province league"
        )
        return ["", *lines, *([self.paint(cut(more, self.width), "dim")] if rest else [])]

    def alarms(self, most: int) -> list[str]:
        """A register of which no row was used; that nothing could be judged; what turns on corrections."""
        told = []
        for lost in self.summary.lost:
            place = " > ".join(part for part in (lost.file, lost.sheet) if part)
            table = table_label(lost.table).get(self.lang)
            told.append(self.say(f"{place}：{table} 读入 {number(lost.read)} 行，一行都没有采用",
                                 f"{place}: {table}: {counted(lost.read, 'row')} read and not one used"))  # fmt: skip
        if not self.summary.is_judged:
            told.append(self.say("没有一项能作出判断，缺的数据见下", "no verdict could be given; what is missing stands below"))
        told += [text.get(self.lang) for text in self.summary.corrected.told()]
        if self.summary.remedy:
            told.append(self.summary.remedy.get(self.lang))
        lines = [line for text in told for line in wrap(text, self.width, indent="! ", hanging="  ")]
        return [self.paint(line, "alarm") for line in self._some(lines, most)]

    def _some(self, lines: list[str], most: int = _MOST_TOLD) -> list[str]:
        """As many as there is room for, and how many are left out."""
        if len(lines) <= most:
            return lines
        left = len(lines) - most + 1
        return [*lines[: most - 1], self.say(f"  另有 {left} 行（--full 全部列出）", f"  {left} more lines (--full lists all)")]

    def lists(self, worst: int) -> list[str]:
        """The three lists with their worst lines and their sums, and the others in a line."""
        lines: list[str] = []
        for code in MAIN:
            lines += ["", *self._list(self.summary.of(code), worst)]
        others = [(code, self.summary.of(code).accused.lines) for code in LISTS if code not in MAIN]
        told = self.say("，", ", ").join(f"{label(LISTS, code, self.lang)} {number(n)}" for code, n in others if n)
        return [*lines, *wrap(f"{self.say('另：', 'Also: ')}{told}", self.width, hanging="  ")] if told else lines

    def _list(self, one: ListSummary, worst: int) -> list[str]:
        name = label(LISTS, one.code, self.lang)
        lines = one.accused_lines
        if not one.accused.lines:
            text = f"{name}{self.say('：', ': ')}{one.nobody_accused.get(self.lang)}"
            return [self.paint(line, "head") for line in wrap(text, self.width, hanging="  ")]
        unit = self.say(f" {ROUNDED.zh}", f", {ROUNDED.en}")
        heads = [f"{text.get(self.lang)}{unit if is_money else ''}" for _, text, is_money in AMOUNTS[one.code]]
        rows = [self._amounts(one.code, line) for line in lines[:worst]]
        rest, sums = one.accused.lines - len(rows), self._amounts(one.code, one.accused)
        widths = [max(map(display_width, column)) for column in zip(heads, sums, *rows, strict=True)]
        room = self.width - sum(widths) - 2 * len(widths)
        below = self._below(rest, f"findings --list {one.code}", room)
        count, severe = self._count(one)
        head = f"{name}{self.say('：', ': ')}{count}"
        return [
            self.paint(self._row(head + severe if display_width(head + severe) <= room else head, heads, room, widths), "head"),
            *(
                self._row(text, amounts, room, widths)
                for text, amounts in zip(self._whom(one.code, lines[:worst], room), rows, strict=True)
            ),
            self.paint(self._row(below, sums, room, widths), "dim"),
        ]

    def _below(self, rest: int, command: str, room: int) -> str:
        """What the sums stand behind: how many lines more there are, and, where there is room for it, what lists them."""
        if not rest:
            return self.say("  合计", "  in all")
        told = self.say(f"  另有 {number(rest)} 行：{command}　合计", f"  {number(rest)} more: {command}; in all")
        return told if display_width(told) <= room else self.say(f"  另有 {number(rest)} 行　合计", f"  {number(rest)} more; in all")

    def _row(self, text: str, amounts: Sequence[str], room: int, widths: Sequence[int]) -> str:
        cells = [pad(amount, width, right=True) for amount, width in zip(amounts, widths, strict=True)]
        return "  ".join([pad(cut(text, room), room), *cells]).rstrip()

    def _amounts(self, code: str, of: ListLine | Sums) -> list[str]:
        told = []
        for names, _, is_money in AMOUNTS[code]:
            values = dict.fromkeys(getattr(of, name) for name in names)
            told.append(" - ".join(rounded_yuan(value, self.lang) if is_money else number(value) for value in values if value is not None))
        return told

    def _count(self, one: ListSummary) -> tuple[str, str]:
        """How many lines, and what is said of them where there is room: by severity, or how many more were dismissed; of the offices, the
        share of communities."""
        n = one.accused.lines
        if one.code == "offices":
            share = rented_share(self.summary.figures).get(self.lang)
            return self.say(f"{number(n)} 处", counted(n, "office")), f"{self.say('，', ', ')}{share}" if share else ""
        if gone := one.dismissed.lines:
            told = self.say(f"（另有不予认定 {number(gone)} 个，未计）", f" ({number(gone)} more dismissed, not counted)")
            return self.say(f"{number(n)} 个项目", counted(n, "project")), told
        severe = self.say("，", ", ").join(f"{label(SEVERITIES, code, self.lang)} {number(count)}" for code, count in self._severities(one))
        return self.say(f"{number(n)} 个项目", counted(n, "project")), f"{self.say('（', ' (')}{severe}{self.say('）', ')')}"

    def _severities(self, one: ListSummary) -> list[tuple[str, int]]:
        order = list(SEVERITIES)
        return sorted(one.severities, key=lambda pair: order.index(pair[0]))

    def _whom(self, code: str, lines: Sequence[ListLine], room: int) -> list[str]:
        """Id, name, district, where it stands, and what to know before acting, in columns."""
        if not lines:
            return []
        cells = [
            [f"{place}", line.key, line.name if line.name != line.key else "",
             self.summary.cities.place(line.district_code, line.district, self.lang), at_stage(code, line).get(self.lang),
             marks(line).get(self.lang)]
            for place, line in enumerate(lines, 1)
        ]  # fmt: skip
        widths = [max(display_width(row[column]) for row in cells) for column in range(len(cells[0]))]
        while sum(widths) + sum(map(bool, widths)) > room and max(widths[2:]) > 6:
            widest = max(range(2, len(widths)), key=lambda column: widths[column])
            widths[widest] -= 1
        return [
            " " + " ".join(pad(cut(cell, width), width) for cell, width in zip(row, widths, strict=True) if width).rstrip() for row in cells
        ]

    def open(self) -> list[str]:
        """What could not be judged, from whom to get it, and what would settle most."""
        summary = self.summary
        undecided = sum(line.subjects for line in summary.unjudged)
        lines = [""]
        if not undecided:
            text = self.say("没有", "none") if summary.register.total else self.say("没有可以判定的对象", "there was nothing to judge")
            return [*lines, f"{self.say('未能判定：', 'Not judged: ')}{text}"]
        groups = grouped(summary.unjudged)
        counts = {code: sum(held_up(g) for g in groups if code in g[0].owners.split(",")) for code in BUREAUS}
        owners = self.say("，", ", ").join(f"{label(BUREAUS, code, self.lang)} {number(n)}" for code, n in counts.items() if n)
        total, share = number(summary.register.total), percent(undecided, summary.register.total)
        text = self.say(
            f"未能判定：{number(undecided)} 个结论，占 {total} 个的 {share}；待补：{owners}",
            f"Not judged: {number(undecided)} of {total} outcomes = {share}; to supply: {owners}",
        )
        lines.append(cut(text, self.width))
        asked = [one for one in summary.ask_first if one.is_first][:2]
        if asked:
            told = self.say("；", "; ").join(map(self._settles, asked))
            lines.append(cut(f"  {self.say('先补：', 'First: ')}{told}", self.width))
        return lines

    def _settles(self, fact: Asked) -> str:
        owner = labels(BUREAUS, fact.owner, self.lang)
        money = f"{rounded_yuan(fact.settled_yuan, self.lang)} {ROUNDED.get(self.lang)}"
        return self.say(f"{fact.label.zh}（{owner}）可判明 {number(fact.settles)} 个项目、{money}",
                        f"{fact.label.en} ({owner}) settles {counted(fact.settles, 'project')}, {money}")  # fmt: skip

    def problems(self, most: int) -> list[str]:
        """Rows read, used and set aside; then what was not read or not used, by name, as far as there is room."""
        summary = self.summary
        read, used, aside = (sum(getattr(s, name) for s in summary.sources) for name in ("read", "used", "quarantined"))
        kinds = summary.problems
        cases = sum(kind.count for kind in kinds)
        text = self.say(
            f"读入 {number(read)} 行 = 采用 {number(used)} + 隔离 {number(aside)}；问题 {number(cases)} 处",
            f"{counted(read, 'row')} read = {number(used)} used + {number(aside)} set aside; {counted(cases, 'problem')}",
        )
        if differing := in_short(summary.disagreements):
            text += self.say("；", "; ") + differing.get(self.lang)
        named = [kind for kind in kinds if kind.weight <= _NAMED_WEIGHT]
        return [cut(text, self.width), *problems_within(named, self.lang, self.width, most - 1)]

    def since(self) -> list[str]:
        """What changed, what became of waivers, what stands decided."""
        told = []
        if before := self.summary.since:
            name = self.say(f"与第 {before.run_id} 次检查相比：", f"Since run {before.run_id}: ")
            told.append(name + short_line(before).get(self.lang))
        told += [waiver.get(self.lang) for waiver in self.summary.waivers]
        if stood := self.summary.stands.told().get(self.lang):
            told.append(self.say("已议定、豁免的：", "Decided or waived: ") + stood)
        return self._some([line for text in told for line in wrap(text, self.width, hanging="  ")])


def next_lines(steps: Sequence[tuple[str, Text]], where: Text, lang: str, width: int | None = None) -> list[str]:
    """Where the full results are, and what to type next: what it shows gives way where the width is given, a command never."""
    wide = max(len(command) for command, _ in steps)
    rows = [f"  {command:<{wide}}  {what.get(lang)}" for command, what in steps]
    fits = all(display_width(row) <= width for row in rows) if width else True
    return [
        "",
        where.get(lang) if width is None else cut(where.get(lang), width),
        *(rows if fits else [f"  {command}" for command, _ in steps]),
    ]

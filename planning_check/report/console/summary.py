"""The summary laid out for a console: at most 100 columns, characters that GBK has, no colour of its own."""

from __future__ import annotations

from collections.abc import Sequence

from planning_check.errors import Text
from planning_check.report.console.layout import HARD_SPACE, WIDTH, Paint, display_width, pad, plain, table, wrap
from planning_check.report.console.lists import list_lines, short
from planning_check.report.console.problems import problem_lines
from planning_check.report.console.seen import LACKING, lacking_rows
from planning_check.report.told.differing import short_line
from planning_check.report.told.disagreements import in_short
from planning_check.report.told.numbers import counted, number, percent
from planning_check.report.told.profile import counted_share, table_label
from planning_check.report.told.readings import reading_text
from planning_check.report.told.summary import Register, Summary, Unjudged
from planning_check.report.told.waiting import Lacking
from planning_check.words import BUREAUS, LAW_STATES, LISTS, LIVES, OUTCOMES, ROBUSTNESS, SUBJECTS, label, labels

_ROWS = ("read", "used", "quarantined", "problems")


def summary_lines(summary: Summary, lang: str, *, paint: Paint = plain) -> list[str]:
    """All of it; what fits one screen is ``first_screen``."""
    page = Page(lang, paint)
    page.opening(summary)
    page.read(summary)
    page.city(summary)
    for code in LISTS:
        page.add("", *list_lines(summary.of(code), summary, lang, paint))
    page.readings(summary)
    page.unjudged(summary.unjudged, summary.register.total)
    page.lacking(summary.lacking)
    page.at_stake(summary)
    if summary.remedy:
        page.text(summary.remedy.get(lang))
    page.law(summary)
    page.register(summary.register)
    page.in_short(summary)
    page.notes()
    return page.lines


class Page:
    """Collects lines in one language."""

    def __init__(self, lang: str, paint: Paint) -> None:
        self.lang, self.paint = lang, paint
        self.lines: list[str] = []

    def say(self, zh: str, en: str) -> str:
        """The text in the language of the reader."""
        return Text(zh, en).get(self.lang)

    def add(self, *lines: str) -> None:
        """Put lines below those there are."""
        self.lines += lines

    def head(self, zh: str, en: str) -> None:
        """A blank line and a heading in the language of the page."""
        self.add("", self.paint(self.say(zh, en), "head"))

    def text(self, text: str, indent: str = "  ") -> None:
        """A text in lines of at most 100 columns."""
        self.add(*wrap(text, WIDTH, indent=indent))

    def opening(self, summary: Summary) -> None:
        """The delivery's title, the day of the check, and the notice of the delivery."""
        title = summary.title.get(self.lang) if summary.title else self.say("社区用房与保证金检查", "Community premises and deposits")
        self.add(self.paint(self.say(f"{title}　截至 {summary.as_of}", f"{title}, as of {summary.as_of}"), "title"))
        if summary.notice:
            self.add(*wrap(summary.notice.get(self.lang), WIDTH, indent=""))
        if summary.cities:
            self.add(summary.cities.counted().get(self.lang))
        for one in summary.cities.failed:
            told = f"{one.name.get(self.lang)}{self.say('：没有检查，不在任何名单和合计内', ': not checked, in no list and no sum')}"
            why = f"{self.say('。', '. ')}{one.why.get(self.lang)}" if one.why else ""
            self.add(*(self.paint(line, "alarm") for line in wrap(told + why, WIDTH, indent="! ", hanging="  ")))

    def read(self, summary: Summary) -> None:
        """Rows read, used and set aside, by sheet, and the kinds of problems."""
        self.head("读入", "What was read")
        rows = self._sheets(summary)
        sums = [sum(getattr(s, name) for s in summary.sources) for name in _ROWS]
        heads = self.say("文件 > 工作表|数据表|读入行|采用|隔离|问题", "file > sheet|table|rows read|used|quarantined|problems").split("|")
        rows.append((self.say("合计", "total"), *[""] * (len(heads) - 5), *map(number, sums)))
        self.add(*table(heads, rows, numbers=range(len(heads) - 4, len(heads)), paint=self.paint, total=1))
        self._nothing(summary)
        self._corrected(summary)
        self.add(*problem_lines(summary.problems, self.lang))
        if summary.planes:
            planes = ", ".join(summary.planes)
            self.text(self.say(f"面积和距离在 {planes} 中量算", f"Areas and distances are measured in {planes}"))

    def _sheets(self, summary: Summary) -> list[tuple[str, ...]]:
        return [
            (" > ".join(p for p in (s.file, s.sheet) if p), table_label(s.table).get(self.lang), *(number(getattr(s, n)) for n in _ROWS))
            for s in summary.sources
        ]

    def _nothing(self, summary: Summary) -> None:
        """In red: a register of which no row was used, and that no verdict could be given."""
        for lost in summary.lost:
            where = " > ".join(part for part in (lost.file, lost.sheet) if part)
            rows = self.say(
                f"读入 {number(lost.read)} 行，一行都没有采用，原因见下", f"{counted(lost.read, 'row')} read and not one used; see below"
            )
            text = f"{where}{self.say('：', ': ')}{table_label(lost.table).get(self.lang)}{self.say(' ', ': ')}{rows}"
            self.add(*(self.paint(line, "alarm") for line in wrap(text, WIDTH, indent="  ! ", hanging="    ")))
        if not summary.is_judged:
            text = self.say(
                "没有一项能作出判断：缺的数据见“未能判定”", "no verdict could be given: what is missing stands below, by bureau"
            )
            self.add(*(self.paint(line, "alarm") for line in wrap(text, WIDTH, indent="  ! ", hanging="    ")))

    def _corrected(self, summary: Summary) -> None:
        """What the register of corrections came to, in red what turns on it or on precedence; how many values are told differently."""
        for place, text in enumerate(summary.corrected.told()):
            lines = wrap(text.get(self.lang), WIDTH, indent="  ! ", hanging="    ")
            self.add(*(self.paint(line, "alarm") if place or not summary.corrected.states else line for line in lines))
        if differing := in_short(summary.disagreements):
            self.add(*wrap(differing.get(self.lang), WIDTH, indent="  - ", hanging="    "))

    def city(self, summary: Summary) -> None:
        """Communities and people of the city, and the tenure of offices; nothing where no community was delivered."""
        city, group = summary.figures, summary.cities.group
        if not city.communities:
            return
        self.head("社区概况", "The province" if summary.cities else "The city")
        people = self.say(f"，人口 {number(city.population)}", f", {number(city.population)} people") if city.population else ""
        self.text(self.say(f"社区 {city.communities} 个{people}", f"{city.communities} communities{people}"))
        self.text(self.say("按类型：", "By kind: ") + self._counts(city.by_kind))
        self.text(self.say(f"按{group.zh}：", f"By {group.en}: ") + self._counts(city.by_district))
        if city.supported is not None:
            self.text(
                self.say("已得项目支持 ", "With project support: ")
                + counted_share(city.supported, city.support_unknown, city.communities, self.lang)
            )
        if city.facilities:
            self.text(self.say("设施：", "Facilities: ") + self._counts(city.facilities))

    def _counts(self, groups: Sequence[tuple[Text, int]]) -> str:
        return self.say("，", ", ").join(f"{text.get(self.lang)}{HARD_SPACE}{n}" for text, n in groups)

    def unjudged(self, lines: tuple[Unjudged, ...], judged: int) -> None:
        """What is missing for open verdicts, and from which bureau; ``judged``: how many subjects there were to judge."""
        self.head("未能判定（缺什么、由谁补）", "What could not be judged, for want of what, from whom")
        if not lines:
            self.text(self.say("没有", "none") if judged else self.say("没有可以判定的对象", "there was nothing to judge"))
            return
        groups = grouped(lines)
        self.text(self.say("待补：", "To supply: ") + self._by_bureau(groups))
        width = max(len(number(held_up(g))) for g in groups)
        for group in groups:
            owners = labels(BUREAUS, group[0].owners, self.lang)
            what = f"{self._wanting(group[0])} <- {owners}{self.say('：', ': ')}{' '.join(u.rule_id for u in group)}"
            self.add(*wrap(what, WIDTH, indent=f"  {number(held_up(group)):>{width}}  ", hanging=" " * (width + 4)))

    def lacking(self, lacking: tuple[Lacking, ...]) -> None:
        """The registers and columns that were not delivered, by what waits for them."""
        if lacking:
            self.text(LACKING.get(self.lang) + self.say("：", ":"))
            self.add(*lacking_rows(lacking, self.lang, self.paint, indent="    "))

    def _by_bureau(self, groups: Sequence[Sequence[Unjudged]]) -> str:
        """How many outcomes wait for each bureau; one that waits for two counts with both."""
        counts = {code: sum(held_up(g) for g in groups if code in g[0].owners.split(",")) for code in BUREAUS}
        return self.say("，", ", ").join(f"{label(BUREAUS, code, self.lang)}{HARD_SPACE}{number(n)}" for code, n in counts.items() if n)

    def _wanting(self, line: Unjudged) -> str:
        names = self.say("、", ", ").join(text.get(self.lang) for text in line.missing)
        return line.reason.get(self.lang) if line.reason else names

    def readings(self, summary: Summary) -> None:
        """How the violations stand where the law is read differently."""
        if not summary.robustness:
            return
        self.head("换口径检验（面积、移交类违规）", "Do the violations stand if the law is read differently")
        counts = dict(summary.robustness)
        shown = [f"{ROBUSTNESS[code].get(self.lang)}{HARD_SPACE}{number(counts[code])}" for code in ROBUSTNESS if code in counts]
        self.text(
            self.say("，", ", ").join(shown)
            + self.say("（findings --robustness fragile 列出不稳的）", " (findings --robustness fragile lists the fragile ones)")
        )
        falling = [r for r in summary.readings if r.fall]
        rows = [(reading_text(r.clause, r.value, self.lang), number(r.stand), number(r.fall), number(r.untested)) for r in falling]
        if rows:
            self.add(
                *table(
                    self.say("改按|仍成立|不再成立|缺数据", "read as|stand|fall|no data").split("|"),
                    rows,
                    numbers=(1, 2, 3),
                    paint=self.paint,
                )
            )

    def at_stake(self, summary: Summary) -> None:
        """What the open verdicts may come to, and which fact to ask for first."""
        stake = summary.exposed
        if stake is not None:
            area = f"{number(stake.area_min_m2)} - {number(stake.area_max_m2)} ㎡"
            self.text(self.say(f"未能判定的 {number(stake.projects)} 个项目涉及 {area}，{stake.money.zh}（按缺项最有利至最不利计，不是认定）",
                               f"At stake in {counted(stake.projects, 'project')}: {area}, {stake.money.en} "
                               "(the unknown at best and at worst; no verdict)"))  # fmt: skip
        asked = [a for a in summary.ask_first if a.is_first]
        if asked:
            self.text(self.say("先补这几项，能判明的金额最多：", "Supplying these settles most money:"))
            rows = [(a.label.get(self.lang), labels(BUREAUS, a.owner, self.lang), number(a.settles), number(a.settled_yuan)) for a in asked]
            heads = self.say("缺项|由谁补|单补即可判明的项目|元", "missing|from whom|projects it alone settles|yuan").split("|")
            self.add(*table(heads, rows, numbers=(2, 3), paint=self.paint, indent="    "))

    def law(self, summary: Summary) -> None:
        """Which ordinances judged how many projects, whether they are verified, and the projects that none or several govern."""
        if not summary.law_states:  # no project to govern
            return
        self.head("适用办法", "The law that judged")
        for o in (o for o in summary.ordinances if o.projects):
            verified = self.say("已核实", "verified") if o.verified else self.say("未核实", "not verified")
            self.text(self.say(f"{o.title.zh}（{o.id}，{o.begins} 起，{verified}）：{number(o.projects)} 个项目",
                               f"{o.title.en} ({o.id}, from {o.begins}, {verified}): {counted(o.projects, 'project')}"))  # fmt: skip
        for state, projects in summary.law_states:
            if state != "governed":
                self.text(
                    f"{label(LAW_STATES, state, self.lang)}{self.say('：', ': ')}"
                    f"{self.say(f'{number(projects)} 个项目', counted(projects, 'project'))}"
                )

        for state, projects in summary.lives:
            self.text(
                self.say(
                    f"{label(LIVES, state, 'zh')}，另行统计：{number(projects)} 个项目",
                    f"{label(LIVES, state, 'en')}, counted apart: {counted(projects, 'project')}",
                )
            )

    def register(self, register: Register) -> None:
        """Whether subjects times rules come to the outcomes that were counted."""
        self.head("核对", "Does it add up")
        parts = [
            f"{label(SUBJECTS, s, self.lang)} {number(n)} x {self.say(f'{rules} 条', counted(rules, 'rule'))}"
            for s, n, rules in register.subjects
        ]
        equals = "=" if register.total == register.expected else "<>"
        self.text(f"{' + '.join(parts)} = {number(register.expected)}")
        outcomes = self.say("，", ", ").join(f"{label(OUTCOMES, o, self.lang)} {number(n)}" for o, n in register.outcomes)
        self.text(self.say(f"结论 {number(register.total)} {equals} {number(register.expected)}：{outcomes}",
                           f"outcomes {number(register.total)} {equals} {number(register.expected)}: {outcomes}"))  # fmt: skip

    def in_short(self, summary: Summary) -> None:
        """The three lists and what is open, last: on a console the end is what stays in sight."""
        self.head("小结", "In short")
        rows = [
            (label(LISTS, code, self.lang), short(summary.of(code), summary, self.lang)) for code in ("violations", "deposits", "offices")
        ]
        undecided = sum(line.subjects for line in summary.unjudged)
        share = percent(undecided, summary.register.total)
        rows.append((self.say("未能判定", "Not judged"),
                     self.say(f"{number(undecided)} 个结论，占 {number(summary.register.total)} 个的 {share}",
                              f"{number(undecided)} of {number(summary.register.total)} outcomes = {share}")))  # fmt: skip
        if summary.since:
            before = summary.since
            rows.append((self.say(f"与第 {before.run_id} 次检查相比", f"Since run {before.run_id}"), short_line(before).get(self.lang)))
        width = max(display_width(name) for name, _ in rows)
        for name, text in rows:
            self.add(*wrap(text, WIDTH, indent=f"  {pad(name, width)}  ", hanging=" " * (width + 4)))
        for waiver in summary.waivers:
            self.text(waiver.get(self.lang))
        if told := summary.stands.told().get(self.lang):
            self.text(
                self.say(f"已议定、豁免的：{told}（findings --state 列出）", f"Decided or waived: {told} (findings --state lists them)")
            )

    def notes(self) -> None:
        """How the sums are to be read."""
        self.add("")
        self.text(self.say(
            "注：一个项目在一份名单上只占一行；同一片面积可能被几条规则同时查出，缺多少、折资多少以最后一个阶段的那一条为准"
            "（rules/story.yaml），不重复相加。未知的不计入合计。名单是提请联席会议的建议，不是决定。",
            "A project is one line of a list; where several rules see the same missing area, what is missing and its worth are those of "
            "the last stage (rules/story.yaml), never added twice. What is unknown is in no sum. The lists are proposals to the joint "
            "meeting, not decisions.",
        ), indent="")  # fmt: skip


def grouped(lines: Sequence[Unjudged]) -> list[list[Unjudged]]:
    """Lines that want the same, together: what holds up the most outcomes first."""
    groups: dict[tuple[object, ...], list[Unjudged]] = {}
    for line in lines:
        groups.setdefault((line.reason or line.missing, line.owners), []).append(line)
    for group in groups.values():
        group.sort(key=lambda u: u.rule_id)
    return sorted(groups.values(), key=lambda g: -held_up(g))


def held_up(group: Sequence[Unjudged]) -> int:
    """How many subjects the open lines of a group are, together."""
    return sum(line.subjects for line in group)

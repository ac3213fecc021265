"""One list of the summary laid out: its sums, by district, by stage, by rule, and its first lines."""

from __future__ import annotations

from collections.abc import Sequence

from planning_check.errors import Text
from planning_check.report.console.layout import HARD_SPACE, WIDTH, Paint, plain, table, wrap
from planning_check.report.told.cities import Cities
from planning_check.report.told.facts import fact_value, find_fact
from planning_check.report.told.numbers import amounts_text, counted, number
from planning_check.report.told.profile import rented_share
from planning_check.report.told.standing import stood_text
from planning_check.report.told.summary import ListLine, ListSummary, Stage, Summary, Sums
from planning_check.report.told.verdict import MAIN
from planning_check.words import LISTS, SEVERITIES, label

#: What area and money mean on each list; nothing where the list has none.
_AREA = {"violations": ("缺 ㎡", "missing, ㎡"), "deposits": ("缺 ㎡", "missing, ㎡"), "offices": ("现用 ㎡", "in use, ㎡"),
         "programme": ("缺少或涉及 ㎡", "missing or concerned, ㎡")}  # fmt: skip
_MONEY = {"violations": ("折资 元", "in lieu, yuan"), "deposits": ("金额 元", "yuan"), "offices": ("年租金 元", "rent, yuan a year"),
          "controls": ("涉及 元", "yuan")}  # fmt: skip
_LOWEST, _HIGHEST = ("最低 元", "lowest, yuan"), ("最高 元", "highest, yuan")


def list_lines(one: ListSummary, summary: Summary, lang: str, paint: Paint) -> list[str]:
    """The section of one list; the three that the joint meeting acts on at length, the others in a few lines."""
    section = Section(one, lang, paint, summary.cities)
    section.heading()
    if one.code == "offices":
        section.tenure(summary)
    if not one.total.lines:
        return section.lines
    section.rest()
    if one.code in MAIN:
        section.districts()
        if one.code == "violations":
            section.lines.append("")
            section.rules()
        section.stages()
        section.accused()
    else:
        section.rules()
        section.sums()
    return section.lines


def short(one: ListSummary, summary: Summary, lang: str) -> str:
    """One list in a line: how many, how much; of the offices, the survey's share."""
    section = Section(one, lang, plain, summary.cities)
    if not one.total.lines:
        return one.open.nothing_found().get(lang)
    zh, en = section.unit()
    sums = one.accused
    parts = [section.say(f"{number(sums.lines)} {zh}", counted(sums.lines, en))]
    if one.code == "offices":
        parts += [text for text in [rented_share(summary.figures).get(lang)] if text]
    else:
        parts += [f"{number(sums.area_m2)} ㎡"] if sums.area_m2 is not None else []
        parts += [amounts_text(sums.yuan_min, sums.yuan, lang)] if sums.yuan is not None else []
    if one.dismissed.lines:
        lines = one.dismissed.lines
        parts += [section.say(f"另有不予认定 {number(lines)} {zh}，未计", f"{counted(lines, en)} dismissed and not counted")]
    return section.say("，", ", ").join(parts)


class Section:
    """Collects the lines of one list."""

    def __init__(self, one: ListSummary, lang: str, paint: Paint, cities: Cities) -> None:
        self.one, self.lang, self.paint, self.cities = one, lang, paint, cities
        self.lines: list[str] = []
        columns = [("area_m2", _AREA.get(one.code)), ("yuan", _MONEY.get(one.code))]
        if one.total.yuan_min is not None:
            columns[1:] = [("yuan_min", _LOWEST), ("yuan", _HIGHEST)]
        self.amounts = [(name, self.say(*head)) for name, head in columns if head and getattr(one.total, name) is not None]

    def say(self, zh: str, en: str) -> str:
        """The text in the language of the reader."""
        return Text(zh, en).get(self.lang)

    def unit(self) -> tuple[str, str]:
        """What a line stands for: an office, a project; of data and leads also parcels, codes and whatever else was delivered."""
        if self.one.code in ("offices", "programme"):
            return "处", "office"
        return ("条记录", "record") if self.one.code in ("data", "leads") else ("个项目", "project")

    def heading(self) -> None:
        """Title of the list, its lines (projects, offices or records) and findings."""
        sums, (zh, en) = self.one.accused, self.unit()
        lines = self.say(
            f"{number(sums.lines)} {zh}，{number(sums.findings)} 条", f"{counted(sums.lines, en)}, {counted(sums.findings, 'finding')}"
        )
        shown = lines if sums.lines else self.one.nobody_accused.get(self.lang)
        severe = self.say("，", ", ").join(f"{label(SEVERITIES, s, self.lang)} {number(n)}" for s, n in self._ordered_severities())
        severe = severe if sums.lines == self.one.total.lines else ""  # they are of all lines, those dismissed too
        head = f"{label(LISTS, self.one.code, self.lang)}{self.say('：', ': ')}{shown}"
        text = head + (f"{self.say('（', ' (')}{severe}{self.say('）', ')')}" if severe else "")
        self.lines += [self.paint(line, "head") for line in wrap(text, WIDTH, hanging="  ")]

    def rest(self) -> None:
        """What of it is dismissed, what else was decided about it, and what it may still lack."""
        for text in self._decided():
            self.lines += wrap(text, WIDTH, indent="  ")
        if self.one.open.rest().zh:
            self.lines += wrap(self.one.open.rest().get(self.lang), WIDTH, indent="  ")

    def _decided(self) -> list[str]:
        told = self.one.stands.told().get(self.lang)
        return [text for text in (self.one.of_which.get(self.lang), self.say(f"案件：{told}", f"Cases: {told}") if told else "") if text]

    def _ordered_severities(self) -> list[tuple[str, int]]:
        order = list(SEVERITIES)
        return sorted(self.one.severities, key=lambda pair: order.index(pair[0]))

    def tenure(self, summary: Summary) -> None:
        """The rented and borrowed offices by what they are."""
        rented = rented_share(summary.figures).get(self.lang)
        if rented:
            counts = self.say("，", ", ").join(f"{text.get(self.lang)}{HARD_SPACE}{n}" for text, n in summary.figures.by_tenure)
            self.lines += wrap(rented, WIDTH, indent="  ")
            self.lines += wrap(self.say("用房性质：", "By tenure: ") + counts, WIDTH, indent="  ")

    def districts(self) -> None:
        """Lines, findings and amounts (m2, yuan) of every district (of a province: city), and their sum."""
        zh, en = self.unit()
        heads = [
            self.cities.group.get(self.lang),
            self.say(zh.lstrip("个"), f"{en}s"),
            self.say("问题", "findings"),
            *(h for _, h in self.amounts),
        ]
        rows = [self._sums(name or self.say("区县不明", "not known"), sums) for name, sums in self.one.by_place(self.lang)]
        rows.append(self._sums(self.say("合计", "total"), self.one.total))
        if is_less := bool(self.one.stands.of("dismissed")):
            rows.append(self._sums(self.say("扣除不予认定", "less dismissed"), self.one.accused))
        self.lines += table(heads, rows, numbers=range(1, len(heads)), paint=self.paint, total=1 + is_less)

    def _sums(self, name: str, sums: Sums) -> list[str]:
        return [name, number(sums.lines), number(sums.findings), *(number(getattr(sums, amount)) for amount, _ in self.amounts)]

    def stages(self) -> None:
        """Cases of every stage or path with their amounts; violations have none."""
        if self.one.code == "violations" or not self.one.stages:
            return
        heads = [self.say("阶段或途径", "stage or path"), self.say("规则", "rule"), self.say("件", "cases"), *(h for n, h in self.amounts)]
        rows = [[s.label.get(self.lang), s.rule_id, number(s.findings), *self._stage_amounts(s)] for s in self.one.stages]
        self.lines += ["", *table(heads, rows, numbers=range(2, len(heads)), paint=self.paint)]

    def _stage_amounts(self, stage: Stage) -> list[str]:
        return [number(getattr(stage, name)) for name, _ in self.amounts]

    def accused(self) -> None:
        """The lines of the list that accuse somebody, the heaviest first."""
        shown = self.one.accused_lines
        self.lines.append("")
        if self.one.code == "offices":
            self._offices(shown)
        else:
            for place, line in enumerate(shown, 1):
                self.lines += self._line(place, line)
        more = self.one.accused.lines - len(shown)
        if more > 0:
            command = f"planning-check findings --list {self.one.code}"
            self.lines.append(self.paint(self.say(f"  另有 {number(more)} 行：{command}", f"  {number(more)} more: {command}"), "dim"))

    def _offices(self, lines: Sequence[ListLine]) -> None:
        """One line an office: whose, held how, on which path it is to be resolved."""
        tenure = find_fact("office", "tenure")
        heads = [
            "",
            *self.say("编号|社区|区县|性质|途径", "id|community|district|tenure|path").split("|"),
            *(head for _, head in self.amounts),
        ]
        rows = [
            [str(place), line.key, line.name, self._place(line), fact_value(tenure, line.facts.get("tenure"), self.lang), self._path(line),
             *(number(getattr(line, name)) for name, _ in self.amounts)]
            for place, line in enumerate(lines, 1)
        ]  # fmt: skip
        self.lines += table(heads, rows, numbers=(0, *range(6, len(heads))), paint=self.paint)

    def _place(self, line: ListLine) -> str:
        return self.cities.place(line.district_code, line.district, self.lang)

    def _path(self, line: ListLine) -> str:
        """The path proposed for an office, or the one that is settled."""
        settled = line.facts.get("resolution_path")
        if line.statuses or not settled:
            return self._classes(line)
        return fact_value(find_fact("office", "resolution_path"), settled, self.lang) + self.say("（已定）", " (settled)")

    def _classes(self, line: ListLine) -> str:
        return self.say("、", ", ").join(dict.fromkeys(s.get(self.lang) for s in line.statuses))

    def _line(self, place: int, line: ListLine) -> list[str]:
        who = [line.key, line.name, self._place(line), line.community if line.community != line.name else "", line.developer]
        tail = [label(SEVERITIES, line.severity, self.lang), " ".join(line.rules), self._classes(line), self._amount(line)]
        return [
            *wrap("  ".join(p for p in who if p), WIDTH, indent=f"{place:>3} ", hanging="    "),
            *(
                self.paint(t, "alarm" if line.severity == "critical" else "dim")
                for t in wrap("  ".join(p for p in tail if p), WIDTH, indent="    ")
            ),
            *wrap(line.message.get(self.lang), WIDTH, indent="    "),
            *(wrap(stood, WIDTH, indent="    ") if (stood := stood_text(line.stands, self.lang)) else ()),
        ]

    def _amount(self, line: ListLine) -> str:
        parts = []
        if line.area_m2 is not None and self.one.code != "offices":
            parts.append(f"{number(line.area_m2)} ㎡")
        if line.yuan is not None:
            parts.append(amounts_text(line.yuan_min, line.yuan, self.lang))
        return self.say("，", ", ").join(parts)

    def rules(self) -> None:
        """How many violations each rule found."""
        heads = [self.say("规则", "rule"), self.say("内容", "what"), self.say("条", "findings")]
        rows = [(r.rule_id, r.title.get(self.lang), number(r.violations)) for r in self.one.rules]
        self.lines += table(heads, rows, numbers=(2,), paint=self.paint)

    def sums(self) -> None:
        """The sums of the list in m2 and yuan; what is unknown is in none."""
        sums = [f"{head} {number(getattr(self.one.total, name))}" for name, head in self.amounts]
        if sums:
            self.lines += wrap(self.say("合计：", "total: ") + self.say("，", ", ").join(sums), WIDTH, indent="  ")

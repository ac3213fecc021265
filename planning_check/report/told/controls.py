"""What each bureau let pass, by the year of the act: the figures that the two-way evaluation of the survey's 四（一） starts from.

A rule that watches an act of a bureau says which (``act`` in its file) and which day gives the year. Of how many acts of that year, a run
counts beside its findings. Acts whose year is not known may be of any: then how many there were, and the share, lie between two figures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from planning_check.errors import Text
from planning_check.record.chosen import Led
from planning_check.record.finding import Finding
from planning_check.record.run import StoredRun
from planning_check.report.told.chosen import Part
from planning_check.report.told.cities import DISTRICT, HEAD, cities_of
from planning_check.report.told.standing import DISMISSED
from planning_check.words import BUREAUS

#: The list that holds what bureaus themselves let pass; other rules may watch an act, too.
LIST = "controls"
#: Where the year of an act is not known.
NO_YEAR: None = None
_OPEN = ("undetermined", "error")
#: Rule, year, and district where it is told by that.
Key = tuple[str, int | None, str | None]
_DAY = re.compile(r"(\d{4})(?:-\d{2}(?:-\d{2})?)?")


@dataclass(frozen=True)
class Control:
    """One rule in one year (``year`` None: not known; or, with ``is_sum``, over all years), of all districts or, where it is told by
    district or city, of one (``district``: its name, empty where it is not known; of a province a key of ``Controls.names``).

    ``passed``: what was let pass and stands; ``dismissed``: what the meeting dismissed; ``open``: of which nobody knows.
    ``acts``: how many there were in all, at least and at most, None where a run did not count them; ``share``: of these what was let pass,
    at its lowest and highest, by what is open or of no known year. ``area_m2``, ``yuan``: of what was let pass, None where the rule gives
    none.
    """

    rule_id: str
    title: Text
    act: Text
    bureau: str
    list: str
    year: int | None
    passed: int = 0
    dismissed: int = 0
    open: int = 0
    acts: tuple[int, int] | None = None
    share: tuple[Decimal, Decimal] | None = None
    area_m2: Decimal | None = None
    yuan: Decimal | None = None
    is_sum: bool = False
    district: str | None = None


@dataclass(frozen=True)
class Listed:
    """What stands on the list of controls. Area and money are those of its lines, each project's once, as the finding says them that leads
    its line: so the sums of bureaus and years add up to those of the list. None where no line has one."""

    passed: int = 0
    dismissed: int = 0
    area_m2: Decimal | None = None
    yuan: Decimal | None = None

    def __add__(self, other: Listed) -> Listed:
        area, yuan = (_more(getattr(self, name), getattr(other, name)) for name in ("area_m2", "yuan"))
        return Listed(self.passed + other.passed, self.dismissed + other.dismissed, area, yuan)


@dataclass(frozen=True)
class Controls:
    """``lines``: a rule and year (and district), in the order of bureaus, rules and years; ``listed``: what a rule has on the list of
    controls in a year;
    ``whole``: the list, whatever is chosen of it. ``is_counted``: whether the run counted the acts. ``group``: what ``district``
    of a line is; ``names``: of a province's run, what that is called."""

    run: StoredRun
    lines: Sequence[Control]
    listed: Mapping[Key, Listed]
    whole: Listed = Listed()
    is_counted: bool = True
    group: Text = DISTRICT
    names: Mapping[str, Text] = field(default_factory=dict)

    @property
    def bureaus(self) -> list[str]:
        return [code for code in BUREAUS if any(line.bureau == code for line in self.lines)]

    def of(self, bureau: str) -> list[Control]:
        return [line for line in self.lines if line.bureau == bureau]

    @property
    def years(self) -> list[int | None]:
        """Those in which anything was done, the one that is not known last."""
        return sorted({line.year for line in self.lines}, key=lambda year: (year is None, year or 0))

    def chosen(self, bureau: str | None, year: int | None) -> Controls:
        """Those of one bureau, or year, alone; the list as a whole stays what it is."""

        lines = [line for line in self.lines if bureau in (None, line.bureau) and year in (None, line.year)]
        return replace(self, lines=lines)

    @property
    def is_by_district(self) -> bool:
        return any(line.district is not None for line in self.lines)

    def on_list(self, lines: Iterable[Control]) -> Listed:
        """What some of the lines have on the list of controls."""
        return sum((self.listed.get((line.rule_id, line.year, line.district), Listed()) for line in lines), Listed())

    def by_year(self, bureau: str) -> dict[int | None, Listed]:
        """What a bureau has on the list of controls, by year; the years in which it has nothing there are left out."""
        found = {year: self.on_list(line for line in self.of(bureau) if line.year == year) for year in self.years}
        return {year: one for year, one in found.items() if one.passed or one.dismissed}

    def sums(self, bureau: str) -> list[Control]:
        """Each rule of a bureau (in each district) over all its years."""
        rules = dict.fromkeys((line.rule_id, line.district) for line in self.of(bureau))
        return [_sum([line for line in self.of(bureau) if (line.rule_id, line.district) == rule]) for rule in rules]


def controls(
    run: StoredRun, rules: Iterable[Any], findings: Iterable[Finding], led: Mapping[str, Led], *, district: str | None = None,
    by_district: bool = False, by_city: bool = False,
) -> Controls:  # fmt: skip
    """``rules``: of the run, with their text; ``findings``: of the rules that watch an act, and of the list of controls; ``led``: which of
    them say area and money of a line of a list. ``district``: of the one with this code alone; ``by_district``, ``by_city``: a line
    for each."""
    place_of, names = _places(run, by_district=by_district, by_city=by_city)
    counted: Mapping[str, Sequence[Sequence[Any]]] | None = run.manifest.get("acts")
    watched = {rule.rule_id: rule for rule in rules if (rule.text or {}).get("act") or rule.list == LIST}
    lines = {key: line for rule in watched.values() for key, line in _counted(rule, counted, district, place_of)}
    listed: dict[Key, Listed] = {}
    led_by: dict[str, Key] = {}
    whole = Part()
    for finding in findings:
        rule = watched.get(finding["rule_id"])
        if rule is None or district not in (None, finding["district_code"]):
            continue
        year, place = year_of(rule, finding), place_of(finding["district_code"], finding["district_name"])
        key = (rule.rule_id, year, place)
        if finding["outcome"] in _OPEN and counted is not None:
            continue  # counted with the acts
        lines[key] = _with(lines.get(key) or _line(rule, year, place), rule, finding)
        if rule.list == LIST and finding["outcome"] == "violation":
            is_dismissed = finding["case_state"] in DISMISSED
            listed[key] = listed.get(key, Listed()) + Listed(int(not is_dismissed), int(is_dismissed))
            led_by[finding["fingerprint"]] = key
            whole.add(finding, led)
    lines |= {key: _shared(line, lines.get((line.rule_id, NO_YEAR, line.district))) for key, line in lines.items()}
    ordered = sorted(
        lines.values(),
        key=lambda one: (list(BUREAUS).index(one.bureau), one.list != LIST, one.rule_id, one.district or "", *_late(one.year)),
    )
    for fingerprint, amounts in whole.led_by.items():
        listed[led_by[fingerprint]] += Listed(0, 0, amounts.area_m2, amounts.yuan)
    on_list = Listed(whole.violations, whole.dismissed, whole.area_m2, whole.yuan)
    return Controls(run, ordered, listed, on_list, counted is not None, HEAD if by_city and names else DISTRICT, names)


def _places(run: StoredRun, *, by_district: bool, by_city: bool) -> tuple[Callable[[str | None, str | None], str | None], dict[str, Text]]:
    """What a district with its code and name is told by: nothing, its name, of a province its code or the label of its city; and what
    these are called there, which grows as they are met."""
    cities = cities_of(run.manifest)
    if not (by_district or by_city):
        return lambda code, name: None, {}
    if not cities:
        return lambda code, name: name or "", {}
    if by_city:
        return lambda code, name: cities.label(code), cities.names
    names: dict[str, Text] = {}

    def place(code: str | None, name: str | None) -> str:
        names[code or ""] = Text(*(cities.place(code, name or code, lang) for lang in ("zh", "en")))
        return code or ""

    return place, names


def watching(rules: Iterable[Any]) -> list[str]:
    """The rules whose findings are asked for."""
    return [rule.rule_id for rule in rules if (rule.text or {}).get("act") or rule.list == LIST]


def year_of(rule: Any, finding: Finding) -> int | None:
    """The year of the act that a finding is about; None where its day does not tell it, or its run does not say which day that is."""
    act = (rule.text or {}).get("act")
    if not act:
        return NO_YEAR
    text = finding["facts"].get(act["on"]) or finding["numbers"].get(act["on"]) or ""
    ends = [_DAY.fullmatch(end) for end in text.split("..")]
    years = {end[1] for end in ends if end}
    return int(years.pop()) if len(years) == 1 and all(ends) else NO_YEAR


def _line(rule: Any, year: int | None, district: str | None) -> Control:
    text = rule.text or {}
    act, title = text.get("act"), Text(rule.title_zh, rule.title_en)
    if act and act["classes"]:
        named = [status for status in text.get("statuses", ()) if status["code"] in act["classes"]]
        title = Text(f"{title.zh}：{'、'.join(one['zh'] for one in named)}", f"{title.en}: {', '.join(one['en'] for one in named)}")
    return Control(rule.rule_id, title, Text(act["zh"], act["en"]) if act else title, rule.responsible, rule.list, year, district=district)


def _counted(
    rule: Any, counted: Mapping[str, Sequence[Sequence[Any]]] | None, district: str | None,
    place_of: Callable[[str | None, str | None], str | None],
) -> Iterator[tuple[Key, Control]]:  # fmt: skip
    """A line for each year (and district) in which there was an act, with how many, and how many of them are open: of what could not be
    judged only that
    which may be such an act."""
    held_by: dict[tuple[int | None, str | None], list[int]] = {}
    for year, outcome, subjects, code, name in (counted or {}).get(rule.rule_id, ()):
        if district not in (None, code):
            continue
        held = held_by.setdefault((year, place_of(code, name)), [0, 0])
        held[0] += subjects
        held[1] += subjects if outcome in _OPEN else 0
    for (year, place), (acts, open_) in held_by.items():
        yield (rule.rule_id, year, place), replace(_line(rule, year, place), acts=(acts, acts), open=open_)


def _shared(line: Control, lost: Control | None) -> Control:
    """The line with its share; ``lost``: the rule's acts of no known year, each of which may be of this one."""
    if line.acts is None:
        return line
    acts, bad, open_ = line.acts[0], 0, 0
    most = acts
    if lost is not None and lost.acts is not None and line.year is not None:
        most, bad, open_ = acts + lost.acts[0], lost.passed, lost.open
    lowest = Decimal(line.passed) / (most - bad)
    highest = Decimal(line.passed + line.open + bad + open_) / (acts + bad + open_)
    return replace(line, acts=(acts, most), share=(lowest, highest))


def _with(line: Control, rule: Any, finding: Finding) -> Control:
    """The line with one finding more."""
    classes = ((rule.text or {}).get("act") or {}).get("classes")
    if finding["outcome"] in _OPEN:
        return replace(line, open=line.open + 1)
    if finding["outcome"] != "violation" or (classes and finding["status"] not in classes):
        return line
    if finding["case_state"] in DISMISSED:
        return replace(line, dismissed=line.dismissed + 1)
    area, yuan = _more(line.area_m2, finding["area_m2"]), _more(line.yuan, finding["yuan"])
    return replace(line, passed=line.passed + 1, area_m2=area, yuan=yuan)


def _more(held: Decimal | None, more: Decimal | None) -> Decimal | None:
    return held if more is None else (held or Decimal(0)) + more


def _sum(lines: Sequence[Control]) -> Control:
    """A rule over all its years: there no act is lost."""
    acts = [line.acts[0] for line in lines if line.acts is not None]
    whole = replace(
        lines[0], year=None, is_sum=True, acts=(sum(acts), sum(acts)) if acts else None, share=None,
        passed=sum(line.passed for line in lines), dismissed=sum(line.dismissed for line in lines), open=sum(line.open for line in lines),
        area_m2=_total(line.area_m2 for line in lines), yuan=_total(line.yuan for line in lines),
    )  # fmt: skip
    return _shared(whole, None)


def _total(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


def _late(year: int | None) -> tuple[bool, int]:
    return year is None, year or 0

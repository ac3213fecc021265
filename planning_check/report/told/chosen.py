"""What findings that somebody chose come to, by the lines of the lists: no square metre and no yuan is counted twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from planning_check.errors import Text
from planning_check.record.chosen import Led
from planning_check.record.finding import Finding
from planning_check.report.told.numbers import amounts_text, counted, number
from planning_check.report.told.standing import DISMISSED
from planning_check.report.told.verdict import AMOUNTS
from planning_check.words import LISTS

_AREA = Text("面积 ㎡", "area ㎡")


@dataclass
class Part:
    """The chosen violations of one list, and the lines that they stand on. The area and money of a line count where the finding that says
    them (``Led``) is among the chosen ones: so the sums of bureaus, of rules or of districts add up to those of the list.

    ``violations`` and ``whose`` are what accuses somebody still; ``dismissed`` is only counted, and a line of which everything chosen is
    dismissed is in no sum."""

    violations: int = 0
    dismissed: int = 0
    whose: set[tuple[str, str]] = field(default_factory=set)
    said: list[tuple[tuple[str, str], str, Led]] = field(default_factory=list)

    def add(self, finding: Finding, led: Mapping[str, Led]) -> None:
        """``led``: of the run, by fingerprint."""
        line = ("project", finding["project_id"]) if finding["project_id"] else (finding["subject"], finding["subject_key"])
        if finding["case_state"] in DISMISSED:
            self.dismissed += 1
        else:
            self.violations += 1
            self.whose.add(line)
        if finding["fingerprint"] in led:
            self.said.append((line, finding["fingerprint"], led[finding["fingerprint"]]))

    @property
    def led_by(self) -> dict[str, Led]:
        """What says area and money of the lines that are counted, by the fingerprint of the finding that does."""
        return {fingerprint: led for line, fingerprint, led in self.said if line in self.whose}

    @property
    def led(self) -> list[Led]:
        """The same without who says it."""
        return list(self.led_by.values())

    @property
    def lines(self) -> int:
        return len(self.whose)

    @property
    def area_m2(self) -> Decimal | None:
        """None where no line of it has one."""
        return _sum(one.area_m2 for one in self.led)

    @property
    def yuan_min(self) -> Decimal | None:
        return _sum(one.yuan_min for one in self.led)

    @property
    def yuan(self) -> Decimal | None:
        return _sum(one.yuan for one in self.led)

    @property
    def without_area(self) -> int:
        """Lines that are in no sum of areas."""
        return self.lines - sum(one.area_m2 is not None for one in self.led)

    @property
    def without_yuan(self) -> int:
        return self.lines - sum(one.yuan is not None for one in self.led)


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


class Chosen:
    """What findings come to, added up as they are read."""

    def __init__(self, led: Mapping[str, Led]) -> None:
        self.led = led
        self.findings = 0
        self.projects: set[str] = set()
        self.parts: dict[str, Part] = {}

    def counting(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """The same findings, each counted before it is handed on."""
        for finding in findings:
            self.findings += 1
            if finding["project_id"]:
                self.projects.add(finding["project_id"])
            if finding["outcome"] == "violation":
                self.parts.setdefault(finding["list"], Part()).add(finding, self.led)
            yield finding

    def told(self) -> list[Text]:
        """How many findings of how many projects, and of each list its lines with their area and money; what is in no sum is said."""
        projects = len(self.projects)
        head = Text(f"合计 {number(self.findings)} 条问题，涉及 {number(projects)} 个项目",
                    f"In all {counted(self.findings, 'finding')} of {counted(projects, 'project')}")  # fmt: skip
        return [head, *(_of_list(code, self.parts[code]) for code in LISTS if code in self.parts)]


def _of_list(code: str, part: Part) -> Text:
    name, violations, lines = LISTS[code], number(part.violations), number(part.lines)
    parts = [Text(f"{name.zh}：违规 {violations} 条，{lines} 行",
                  f"{name.en}: {counted(part.violations, 'violation')}, {counted(part.lines, 'line')}")]  # fmt: skip
    if part.area_m2 is not None:
        head = next((head for _, head, is_money in AMOUNTS.get(code, ()) if not is_money), _AREA)
        parts.append(Text(*(f"{said.removesuffix(' ㎡')} {number(part.area_m2)} ㎡" for said in (head.zh, head.en))))
    if part.yuan is not None:
        parts.append(Text(*(amounts_text(part.yuan_min, part.yuan, lang) for lang in ("zh", "en"))))
    if part.dismissed:
        parts.append(
            Text(f"另有不予认定 {number(part.dismissed)} 条，未计", f"{counted(part.dismissed, 'more finding')} dismissed and not counted")
        )
    if rest := part.lines - len(part.led):
        parts.append(Text(f"其中 {number(rest)} 行的面积、金额按没有选中的问题计，不在数内",
                          f"of {counted(rest, 'line')} a finding that is not chosen says area and money: not counted here"))  # fmt: skip
    return Text("，".join(one.zh for one in parts), ", ".join(one.en for one in parts))

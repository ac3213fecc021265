"""The two papers that are not about one case: letters that return data to each bureau, and the minutes of the joint meeting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from planning_check.errors import Place, Text
from planning_check.record.finding import Finding, said
from planning_check.report.notices.cases import Cases, common_fields
from planning_check.report.notices.kinds import KINDS
from planning_check.report.told.cities import Cities
from planning_check.report.told.numbers import amounts_text, number
from planning_check.report.told.pack import Pack
from planning_check.report.told.standing import stood_text
from planning_check.report.told.verdict import at_stage, marks
from planning_check.schema import BY_NAME
from planning_check.words import BUREAUS, LISTS, SEVERITIES, UNKNOWN, label

#: More lines than this are worked through in the workbook, not on paper.
_MOST_LINES = 300
#: Of each list, so many lines are on the agenda itself, the gravest; of all together so many in its annex.
_MOST_AGENDA, _MOST_ANNEX = 20, 500
#: How the remedy of a problem begins that asks nothing of anybody.
_NOTHING_TO_DO = "不需处理"
_AGENDA_LISTS = ("violations", "deposits", "offices")


def letters(pack: Pack, cases: Cases, lang: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """One letter a bureau: problems of the files it sent, then findings about data that it must put right."""
    kind = next(k for k in KINDS if k.code == "return_to_source")
    lines, totals = _problem_lines(pack, lang)
    for code, findings in cases.data.items():
        recipient = _bureau(code, lang)
        held = lines[recipient]
        held.extend(_finding_line(finding, lang) for finding in findings[: max(_MOST_LINES - len(held), 0)])
        totals[recipient] += cases.data_seen[code]
    for recipient in sorted(totals):
        items = [line | {"number": i} for i, line in enumerate(lines[recipient][:_MOST_LINES], 1)]
        fields = {"recipient": recipient, "items": items, "total": totals[recipient], "omitted": totals[recipient] - len(items)}
        yield recipient, common_fields(kind, pack, lang) | fields


def _problem_lines(pack: Pack, lang: str) -> tuple[dict[str, list[dict[str, Any]]], dict[str, int]]:
    lines: dict[str, list[dict[str, Any]]] = defaultdict(list)
    totals: dict[str, int] = defaultdict(int)
    for problem in pack.problems:
        if (problem.fix_zh or "").startswith(_NOTHING_TO_DO):
            continue
        recipient = _sender(problem.file, problem.table_name, lang)
        totals[recipient] += 1
        if len(lines[recipient]) < _MOST_LINES:
            place = Place(problem.file, problem.sheet, problem.row, problem.letter).get(lang) if problem.file else UNKNOWN.get(lang)
            what, fix = getattr(problem, f"what_{lang}"), getattr(problem, f"fix_{lang}") or ""
            lines[recipient].append({"place": place, "subject": problem.key or "", "what": what, "fix": fix})
    return lines, totals


def _bureau(code: str, lang: str) -> str:
    word = label(BUREAUS, code, lang)
    return Text(f"{word}部门", f"the {word} bureau").get(lang)


def _sender(file: str | None, table: str | None, lang: str) -> str:
    """The bureau whose folder the file came in (住建局/…); a folder of another name stands for itself; without one the bureau that the
    table is asked of."""
    folder = (file or "").replace("\\", "/").split("/")[0] if "/" in (file or "").replace("\\", "/") else ""
    for code, word in BUREAUS.items():
        if folder.startswith(word.zh):
            return _bureau(code, lang)
    if not folder and table in BY_NAME:
        return _bureau(BY_NAME[table].fields[0].owner, lang)
    return folder or Text("报送部门", "the sender").get(lang)


def _finding_line(finding: Finding, lang: str) -> dict[str, Any]:
    places = [Place(s["file"], s["sheet"], s["row"]).get(lang) for s in finding["sources"]]
    rest = len(places) - 3
    more = "" if rest <= 0 else Text(f"；另 {rest} 处", f"; {rest} more").get(lang)
    what = f"{finding['rule_id']} {said(finding, 'rule_title', lang)}：{said(finding, 'message', lang) or ''}"
    return {
        "place": "；".join(places[:3]) + more,
        "subject": finding["subject_name"] or finding["subject_key"],
        "what": what,
        "fix": said(finding, "cure", lang) or "",
    }


def minutes(pack: Pack, lang: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """One agenda of all lines of the three lists, with blanks for what is decided."""
    kind = next(k for k in KINDS if k.code == "minutes")
    lists = [found for found in pack.summary.lists if found.code in _AGENDA_LISTS]
    accused = {found.code: found.accused_lines for found in lists}
    first = [(code, line) for code, lines in accused.items() for line in lines[:_MOST_AGENDA]]
    others = [(code, line) for code, lines in accused.items() for line in lines[_MOST_AGENDA:]]
    titles = {rule.rule_id: Text(rule.title_zh, rule.title_en) for rule in pack.rules}
    items = [_agenda_line(i, code, line, lang, titles, pack.cities) for i, (code, line) in enumerate([*first, *others[:_MOST_ANNEX]], 1)]
    sums = [
        {
            "list": label(LISTS, found.code, lang), "lines": found.accused.lines or found.nobody_accused.get(lang),
            "findings": found.accused.findings, "area": number(found.accused.area_m2) or "-", "amount": _money(found.accused, lang),
        }
        for found in lists
    ]  # fmt: skip
    unjudged = dict(pack.summary.register.outcomes).get("undetermined", 0)
    total = len(first) + len(others)
    fields = {"items": items[: len(first)], "rest": items[len(first) :], "total": total, "omitted": total - len(items), "sums": sums,
              "unjudged": unjudged,
              "dismissed": sum(found.dismissed.lines for found in lists)}  # fmt: skip
    if items:
        yield pack.run.as_of.isoformat(), common_fields(kind, pack, lang) | fields


def _money(sums: Any, lang: str) -> str:
    """A single amount as a number; of two, each named."""
    if sums.yuan is None or sums.yuan_min in (None, sums.yuan):
        return number(sums.yuan) or "-"
    return amounts_text(sums.yuan_min, sums.yuan, lang)


def _agenda_line(place: int, code: str, line: Any, lang: str, titles: Mapping[str, Text], cities: Cities) -> dict[str, Any]:
    stood = stood_text(line.stands, lang)
    told = [_leading(line, titles, lang) if code == "violations" else at_stage(code, line).get(lang), marks(line).get(lang), stood]
    return {
        "number": place,
        "list": label(LISTS, code, lang),
        "name": line.name or line.key,
        "key": line.key,
        "district": cities.place(line.district_code, line.district, lang),
        "developer": line.developer or "",
        "status": Text("、", ", ").get(lang).join(dict.fromkeys(status.get(lang) for status in line.statuses)),
        "severity": label(SEVERITIES, line.severity, lang),
        "area": number(line.area_m2) or "-",
        "amount": _money(line, lang),
        "message": line.message.get(lang),
        "stood": stood,
        "told": Text("；", "; ").get(lang).join(dict.fromkeys(part for part in told if part)),
        "rules": " ".join(line.rules),
    }


def _leading(line: Any, titles: Mapping[str, Text], lang: str) -> str:
    """A violation in few words: its stage, the rule that leads it, and how many more it fails."""
    named = Text("：", ": ").get(lang).join(part for part in (line.stage.get(lang), titles.get(line.leads, Text("", "")).get(lang)) if part)
    more = len(line.rules) - 1
    return named + (Text(f"，另违反 {more} 条", f", and {more} more").get(lang) if more else "")

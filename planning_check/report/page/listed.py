"""What the page lists, as data for its script: a line a case, what could not be judged among them, and their findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from planning_check.cases import STATES
from planning_check.errors import Text
from planning_check.record.evidence import Cell, Evidence
from planning_check.record.finding import Finding, said
from planning_check.report.page.working import cells_text, working
from planning_check.report.told.explaining import Explanation, explain
from planning_check.report.told.facts import fact_value, find_fact
from planning_check.report.told.numbers import amounts_text, number
from planning_check.report.told.opened import OPEN, TITLE, Opened, key_of, line_of, missing_labels, opened
from planning_check.report.told.pack import Pack
from planning_check.report.told.places import piece_of
from planning_check.report.told.readings import clause_value
from planning_check.report.told.standing import stood_last, stood_text
from planning_check.report.told.story import in_order
from planning_check.report.told.summary import ListLine
from planning_check.report.told.verdict import AMOUNTS, at_stage, marks
from planning_check.words import BUREAUS, LISTS, OUTCOMES, ROBUSTNESS, SEVERITIES, labels

#: How many lines the page has, the worst of every list, and how many findings, the gravest; all of them are in findings.csv.
MOST_LINES, MOST_FINDINGS = 20_000, 100_000
#: Of so many lines the findings are taken apart, and of so many findings.
MOST_DETAILED, MOST_DETAILS = 1_000, 4_000
#: The list of what could not be judged, beside those of the words.
UNDETERMINED = "undetermined"
_NAMED_MISSING = 3


def open_lines(pack: Pack, lang: str) -> list[Opened]:
    """What could not be judged, a line a project, what is most at stake first."""
    return opened((f for outcome in OPEN for f in pack.findings(outcome=outcome)), pack.rules, lang)


def listed(pack: Pack, open_: Sequence[Opened], lang: str) -> dict[str, Any]:
    """``open_``: see :func:`open_lines`.

    ``cases``: see :func:`_case` and :func:`_open_case`; ``rows``: their findings, see :func:`_row`; ``details`` of the first of them;
    ``total``: how many lines there are; ``story``: the stages with the rules of each; and the words for what stands in them as
    codes, in their order."""
    cases, places, total = _cases(pack, open_, lang)
    rows, details = _findings(pack, places, lang)
    return {
        "cases": cases, "rows": rows, "details": details, "total": total,
        "story": [[stage.get(lang), [rule.rule_id for rule in rules]]
                  for stage, rules in in_order(pack.rules, pack.run.manifest.get("stages", ()))],
        "amounts": {code: [[list(fields), head.get(lang), is_money] for fields, head, is_money in told] for code, told in AMOUNTS.items()},
        "rules": {r.rule_id: Text(r.title_zh, r.title_en).get(lang) for r in pack.rules},
        "basis": {r.rule_id: [*(r.text or {}).get("basis", ())] for r in pack.rules},
        "traps": {r.rule_id: ((r.text or {}).get("trap") or {}).get(lang, "") for r in pack.rules},
        "words": {
            name: [(code, text.get(lang)) for code, text in words.items()]
            for name, words in (("lists", LISTS | {UNDETERMINED: TITLE}), ("severities", SEVERITIES), ("states", STATES),
                                ("bureaus", BUREAUS), ("robustness", ROBUSTNESS))
        },
    }  # fmt: skip


def shares(counts: Mapping[str, int], most: int) -> dict[str, int]:
    """How many of each are taken when there is room for ``most``: a long list never leaves a short one without its lines."""
    taken: dict[str, int] = {}
    for place, code in enumerate(sorted(counts, key=lambda code: counts[code])):
        taken[code] = min(counts[code], (most - sum(taken.values())) // (len(counts) - place))
    return taken


@dataclass(frozen=True)
class _Place:
    """Of a line on the page: its number, its name, and whether its findings are taken apart."""

    number: int
    name: str
    is_detailed: bool


def _cases(pack: Pack, open_: Sequence[Opened], lang: str) -> tuple[list[list[Any]], dict[tuple[str, str, str], _Place], int]:
    """The lines of the page, where each is by list, subject and key, and how many there are in all."""
    lines: dict[str, Sequence[Any]] = {code: pack.summary.of(code).lines for code in LISTS} | {UNDETERMINED: open_}
    counts = {code: len(some) for code, some in lines.items()}
    taken, detailed = shares(counts, MOST_LINES), shares(counts, MOST_DETAILED)
    cases: list[list[Any]] = []
    places: dict[tuple[str, str, str], _Place] = {}
    for code, some in lines.items():
        for place, line in enumerate(some[: taken[code]]):
            whose = line_of(line.first) if isinstance(line, Opened) else (line.subject, line.key)
            places[code, *whose] = _Place(len(cases), line.name, place < detailed[code])
            told = _open_case(line, lang) if isinstance(line, Opened) else _case(code, line, lang)
            district = line.first["district_code"] if isinstance(line, Opened) else line.district_code
            cases.append([*told, *pack.cities.cell(district, lang)])
    return cases, places, sum(counts.values())


def _case(code: str, line: ListLine, lang: str) -> list[Any]:
    """In the order that base.js reads: see CASE there; of a province its city follows. Amounts are hundredths: they are
    added up exactly."""
    return [
        code, line.subject, line.key, line.name if line.name != line.key else "", line.district, line.community, line.developer,
        line.severity, " ".join(line.rules), line.leads, at_stage(code, line).get(lang), line.bureau, marks(line).get(lang),
        line.robustness, int(line.is_marginal), _hundredths(line.area_m2), _hundredths(line.yuan), _hundredths(line.yuan_min),
        stood_text(line.stands, lang), int(line.is_dismissed), " ".join(state for state, _ in line.stands.states), line.message.get(lang),
    ]  # fmt: skip


def _open_case(one: Opened, lang: str) -> list[Any]:
    """The same of what could not be judged: its stage is what is missing, its amounts are what is at stake, and nobody is accused."""
    f, missing, say = one.first, [name for name in one.missing if name], Text("、", ", ").get(lang)
    short = say.join(missing[:_NAMED_MISSING])
    if len(missing) > _NAMED_MISSING:
        short = Text(f"{short} 等 {len(missing)} 项", f"{short} and {len(missing) - _NAMED_MISSING} more").get(lang)
    return [
        UNDETERMINED, line_of(f)[0], key_of(f), one.name, f["district_name"] or "", f["community_name"] or "",
        f["developer_name"] or "", "", " ".join(one.rules), "", Text(f"缺 {short}", f"missing: {short}").get(lang) if short else "",
        ",".join(one.owners), OUTCOMES["error"].get(lang) if one.is_error else "", "", 0, None, _hundredths(one.most),
        _hundredths(one.least), "", 0, "",
        lacking(one, lang),
    ]  # fmt: skip


def lacking(one: Opened, lang: str) -> str:
    """What is missing for a verdict, and from whom."""
    missing = Text("、", ", ").get(lang).join(name for name in one.missing if name)
    owners = labels(BUREAUS, ",".join(one.owners), lang)
    told = Text(f"缺 {missing}，由{owners}补；缺数据不是符合", f"missing: {missing}; from {owners}; what is missing is no pass").get(lang)
    return told if missing and one.owners else missing


def _findings(pack: Pack, places: Mapping[tuple[str, str, str], _Place], lang: str) -> tuple[list[list[Any]], dict[str, dict[str, Any]]]:
    """The findings of the lines, as rows, and those taken apart."""
    rules = {r.rule_id: r for r in pack.rules}
    new = pack.since.new if pack.since else frozenset()
    rows: list[list[Any]] = []
    detailed: list[Finding] = []
    for code, f in _chosen(pack):
        place = places.get((code, *line_of(f)))
        if place is None:
            continue
        rows.append(_row(f, place, rules, f["fingerprint"] in new, lang))
        if place.is_detailed and len(detailed) < MOST_DETAILS:
            detailed.append(f)
    cells = _cells(pack, detailed)
    days = pack.days({f["project_id"] for f in detailed if f["project_id"]}) if pack.days else {}
    return rows, {
        f["fingerprint"]: _detail(pack, rules, f, cells.get((f["rule_id"], f["subject_key"]), ()), days.get(f["project_id"] or ""), lang)
        for f in detailed
    }


def _cells(pack: Pack, some: Sequence[Finding]) -> Mapping[tuple[str, str], Sequence[Cell]]:
    """The delivered cells of these findings, by rule and subject."""
    wanted: dict[str, list[str]] = {}
    for f in some:
        wanted.setdefault(f["rule_id"], []).append(f["subject_key"])
    return pack.cells(wanted) if pack.cells else {}


def _chosen(pack: Pack) -> Iterator[tuple[str, Finding]]:
    """List by list the findings that there is room for, the gravest of each first."""
    choices: dict[str, list[dict[str, Any]]] = {code: [{"list": code, "outcome": "violation"}] for code in LISTS}
    choices[UNDETERMINED] = [{"outcome": outcome} for outcome in OPEN]
    taken = shares({code: sum(pack.count(**one) for one in some) for code, some in choices.items()}, MOST_FINDINGS)
    for code, some in choices.items():
        left = taken[code]
        for one in some:
            for f in pack.gravest(left, **one):
                left -= 1
                yield code, f


def _row(f: Finding, place: _Place, rules: Mapping[str, Any], is_new: bool, lang: str) -> list[Any]:
    """In the order that base.js reads: see FINDING there. A name is told where it is not its line's."""
    is_open = f["outcome"] in OPEN
    name, rule = f["subject_name"] or "", rules.get(f["rule_id"])
    message = _open_message(f, rule, lang) if is_open else said(f, "message", lang) or ""
    return [
        f["fingerprint"], place.number, f["rule_id"], f["severity"], said(f, "status", lang) or "", f["subject"], f["subject_key"],
        "" if name == place.name else name, "" if is_open or f["area_m2"] is None else number(f["area_m2"]),
        "" if is_open or f["yuan"] is None else amounts_text(f["yuan_min"], f["yuan"], lang),
        message, said(f, "cure", lang) or "", f["project_id"] or "", int(is_new), f["robustness"] or "", piece_of(f), f["case_state"],
        stood_last(f, lang), f["case_why"] or "", f["waived_until"] or "",
    ]  # fmt: skip


def _open_message(f: Finding, rule: Any, lang: str) -> str:
    """Why there is no verdict: what is missing and who has it, or the reason."""
    missing = Text("、", ", ").get(lang).join(missing_labels(f, rule, lang)) if rule is not None else ""
    if not missing:
        return said(f, "reason", lang) or ""
    owners = labels(BUREAUS, ",".join(f["missing_owner"]), lang)
    told = Text(f"判不了：缺 {missing}", f"no verdict: missing {missing}").get(lang)
    return told + Text(f"，由{owners}补", f", from {owners}").get(lang) if owners else told


def _hundredths(value: Decimal | None) -> int | None:
    return None if value is None else int(value.scaleb(2).to_integral_value())


def _detail(
    pack: Pack, rules: dict[str, Any], f: Finding, cells: Sequence[Cell], days: Mapping[str, Any] | None, lang: str
) -> dict[str, Any]:
    """Law, arithmetic, facts and sources of one finding, as ``explain`` tells them."""
    rule = rules.get(f["rule_id"])
    if rule is None:
        return {"law": [], "why": [], "lines": [], "numbers": [], "steps": [], "facts": [], "sources": _sources(f)}
    evidence = Evidence(pack.run, rule, f["subject_key"], f["outcome"], f, tuple(cells), project=days)
    told = explain(evidence)
    verified = "" if f["ordinance_verified"] or not f["ordinance_id"] else Text("未核实", "not verified").get(lang)
    return working(told, lang) | {
        "law": [(c.label.get(lang), clause_value(c.value, c.unit, lang), c.cite.get(lang)) for c in told.law if c.used],
        "why": _why(told, lang),
        "verified": verified,
        "facts": [(x.label.get(lang), fact_value(find_fact(f["subject"], x.name), x.value, lang), cells_text(x.origins, lang))
                  for x in told.facts if x.used],
        "sources": _sources(f),
    }  # fmt: skip


def _why(told: Explanation, lang: str) -> list[str]:
    """Why this version of the law and not another, where there is more than one on file or none governs."""
    found = told.choice.governing if told.choice else None
    if found is None or (found.state == "governed" and len(found.weighed) == 1):
        return []
    return [one.told.get(lang) for one in found.in_order()]


def _sources(f: Finding) -> list[str]:
    return [" › ".join(str(part) for part in (s["file"], s["sheet"], s["row"]) if part) for s in f["sources"][:12]]

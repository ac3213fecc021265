"""The rule reference (rules/README.md): every rule with law, formula, dated values and examples; which rule carries which clause.

Pure text from records: ``pipeline.rules_page`` collects them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from planning_check.clauses import CLAUSES
from planning_check.errors import Text
from planning_check.report.told.clauses import held_text, inherited_text, place_text, placed_of
from planning_check.report.told.readings import clause_value
from planning_check.words import BUREAUS, CONSEQUENCES, LISTS, OUTCOMES, SEVERITIES, SUBJECTS

_HEAD = """\
# Rules 规则

Generated from the files in this folder; do not edit: `planning-check rules page -o rules/README.md --force`.

A rule judges one subject by facts and by the clauses of the ordinance that governs it; \
an ordinance is the law of a place and a time. The survey's
duty could not be traced to a gazette: **nothing here is verified unless it says so**. 本页由规则文件生成；凡未注明“已核实”的依据均未核对原文。
"""
_FAMILIES = {
    "AP": "Applicability 适用", "AR": "Area 面积", "PL": "Plan and filing 规划与备案", "HO": "Handover and acceptance 移交与验收", "MO": "Money 资金与保证金",
    "US": "Use and credit 使用与信用", "OF": "Offices and community side 社区办公用房", "GE": "Space 空间", "DA": "Data 数据",
}  # fmt: skip


@dataclass(frozen=True)
class CaseText:
    """One worked case: what it shows, what is given, what comes out, and the clauses that it varies."""

    it: str
    given: str
    expect: str
    outcome: str
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class ProvisionText:
    """One provision of the survey and who carries it."""

    id: str
    section: str
    zh: str
    en: str
    clauses: tuple[str, ...]
    rules: tuple[str, ...]
    not_encoded: str
    packs: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class ProofText:
    """What must be on file before cases of some rules, or of rules with some consequences, are struck off; of a group one kind."""

    of: tuple[str, ...]
    by_rule: bool
    groups: tuple[str, ...]
    cite: str
    verified: bool


def render(
    rules: Sequence[dict[str, Any]], ordinances: Sequence[dict[str, Any]], cases: dict[str, list[CaseText]],
    provisions: Sequence[ProvisionText], measures: Sequence[dict[str, Any]], widths: Sequence[dict[str, str]],
    proofs: Sequence[ProofText],
) -> str:  # fmt: skip
    """The page as Markdown."""
    parts = [
        _HEAD,
        _index(rules, cases),
        _provisions(provisions),
        _clauses(rules, ordinances, cases),
        _ordinances(ordinances, cases),
        _shared(measures),
        _widths(widths),
        _proofs(proofs),
    ]
    for family, title in _FAMILIES.items():
        of_it = [rule for rule in rules if rule["id"].startswith(family)]
        if of_it:
            parts.append(f"## {title}\n")
            parts += [_rule(rule, ordinances, cases.get(rule["id"], [])) for rule in of_it]
    others = [rule for rule in rules if rule["id"][:2] not in _FAMILIES]
    if others:
        parts.append("## Other 其他\n")
        parts += [_rule(rule, ordinances, cases.get(rule["id"], [])) for rule in others]
    return "\n".join(parts)


def _table(heads: str, rows: Iterable[Sequence[str]]) -> str:
    names = heads.split("|")
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    lines += ["| " + " | ".join(_cell(c) for c in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


def _link(rule_id: str) -> str:
    return f"[{rule_id}](#{rule_id.lower()})"


def _index(rules: Sequence[dict[str, Any]], cases: dict[str, list[CaseText]]) -> str:
    rows = [
        (_link(r["id"]), f"{r['title']['zh']} {r['title']['en']}", SUBJECTS[r["subject"]].en, LISTS[r["list"]].en,
         SEVERITIES[r["severity"]].en, BUREAUS[r["responsible"]].en, str(len(cases.get(r["id"], []))))
        for r in rules
    ]  # fmt: skip
    return f"## All {len(rules)} rules 全部规则\n\n" + _table("rule|what|subject|list|severity|bureau|cases", rows)


def _provisions(provisions: Sequence[ProvisionText]) -> str:
    if not provisions:
        return ""
    rows = [
        (p.id, p.section, f"{p.zh}<br>{p.en}", " ".join(f"`{c}`" for c in p.clauses),
         _carried(p))
        for p in provisions
    ]  # fmt: skip
    return "## The survey's provisions 调研报告的规定由谁落实\n\n" + _table("id|section|says|clauses|rules, or why none", rows)


def _carried(provision: ProvisionText) -> str:
    packs = [f"[packs/{name}](packs/{name}): {' '.join(ids)}" for name, ids in provision.packs.items()]
    return (
        "; ".join([*([" ".join(map(_link, provision.rules))] if provision.rules else []), *packs]) or f"not a rule: {provision.not_encoded}"
    )


def _proofs(proofs: Sequence[ProofText]) -> str:
    rows = [
        (" ".join(map(_link, p.of)) if p.by_rule else "<br>".join(f"{CONSEQUENCES[code].zh} {CONSEQUENCES[code].en}" for code in p.of),
         "<br>".join(p.groups) or "-", p.cite, "yes" if p.verified else "**no**")
        for p in proofs
    ]  # fmt: skip
    head = (
        "## Proofs 办结材料\n\nA case is struck off only where the latest check passes it and this is on file (of each line one kind). "
        "A rule that has no line of its own demands what its consequences do.\n"
        "最近一次检查通过、并归入下列材料（每行一种即可）才能销号；没有单列的规则按其后果。\n\n"
    )
    return head + _table("rules, or consequences|on file|because|verified", rows)


def _clauses(rules: Sequence[dict[str, Any]], ordinances: Sequence[dict[str, Any]], cases: dict[str, list[CaseText]]) -> str:
    rows = []
    for name, kind in CLAUSES.items():
        reading = [r["id"] for r in rules if name in r["clauses"]]
        varying = [f"{_link(r)} {n}" for r in reading if (n := sum(name in case.clauses for case in cases.get(r, [])))]
        stated = [o["id"] for o in ordinances if any(v["value"] is not None for v in o["clauses"].get(name, {}).get("values", ()))]
        shown = f"{kind.label.zh} {kind.label.en}"
        rows.append((f"`{name}`", shown, ", ".join(stated) or "-", " ".join(map(_link, reading)) or "-", " ".join(varying) or "-"))
    head = "## Clauses, rules, cases 条款、规则、算例对照\n\nThe last column counts the worked cases that vary the clause.\n\n"
    return head + _table("clause|what|stated by|read by|cases that vary it", rows)


def _ordinances(ordinances: Sequence[dict[str, Any]], cases: dict[str, list[CaseText]]) -> str:
    parts = ["## Ordinances 办法\n"]
    for o in ordinances:
        verified = "verified 已核实" if o["verified"] else "**not verified 未核实**"
        where = o["jurisdiction"] or "everywhere"
        parts.append(
            f"### {o['id']}\n\n{o['title']['zh']} {o['title']['en']} · {verified} · {where} · from {o['from']}"
            f"{' to ' + o['to'] if o['to'] else ''}{_bases(o)} · decided by `{o['anchor']}` · {len(cases.get(o['id'], []))} cases\n"
        )
        rows = [
            (f"`{name}`", "<br>".join(_values(clause)), "<br>".join([f"{clause['cite']}{_both(inherited_text(clause))}", *_cites(clause)]))
            for name, clause in o["clauses"].items()
        ]
        parts.append(_table("clause|value|cite", rows))
    return "\n".join(parts)


def _bases(ordinance: dict[str, Any]) -> str:
    """On which ordinances it builds, the nearest first."""
    bases = " > ".join(f"[{base}](#{base})" for base in ordinance.get("based_on", ()))
    return f" · 承 builds on {bases}" if bases else ""


def _both(text: Text) -> str:
    return f"{text.zh}{text.en}"


def _values(clause: dict[str, Any]) -> list[str]:
    """The values of a clause with their first days, and those that it has in places and times."""
    dated = [_dated(v, clause["unit"], len(clause["values"])) for v in clause["values"]]
    return dated + [f"{clause_value(p['value'], clause['unit'], 'en')}: {place_text(p).en}" for p in placed_of(clause)]


def _cites(told: dict[str, Any]) -> list[str]:
    return [p["cite"] for p in placed_of(told)]


def _dated(value: dict[str, Any], unit: str, count: int) -> str:
    shown = clause_value(value["value"], unit, "en")
    return f"{shown} from {value['from']}" if count > 1 else shown


def _shared(measures: Sequence[dict[str, Any]]) -> str:
    rows = [(f"`{m['name']}`", f"{m['label']['zh']} {m['label']['en']}", f"`{m['of']}`", m["unit"]) for m in measures]
    return "## Shared measures 共用的数量\n\nDefined once in [measures.yaml](measures.yaml).\n\n" + _table("name|what|formula|unit", rows)


def _widths(widths: Sequence[dict[str, str]]) -> str:
    rows = [(f"`{w['name']}`", w["value"], w["unit"], w["note"]) for w in widths]
    return "## Widths of measuring 量算口径\n\nDefined in [measuring.yaml](measuring.yaml).\n\n" + _table("name|value|unit|note", rows)


def _rule(rule: dict[str, Any], ordinances: Sequence[dict[str, Any]], cases: Sequence[CaseText]) -> str:
    title, file = rule["title"], rule["file"].split("/", 1)[-1]
    lines = [f"### {rule['id']}", "", f"**{title['zh']} {title['en']}** · [{file}]({file})", ""]
    lines += [
        f"{SUBJECTS[rule['subject']].en} · {LISTS[rule['list']].en} · "
        f"{SEVERITIES[rule['severity']].en} · {BUREAUS[rule['responsible']].en}",
        "",
    ]
    lines += [rule["message"]["zh"], "", rule["message"]["en"], ""]
    lines += [f"- 依据 basis: {basis}" for basis in rule["basis"]]
    lines += [f"- 适用 applies: `{_one(c['when'])}`, else {c['otherwise']['zh']} {c['otherwise']['en']}" for c in rule["applies_when"]]
    for key in ("exempt_when", "due_when"):
        if rule[key]:
            lines.append(f"- {key.removesuffix('_when')}: `{_one(rule[key])}`")
    for p in rule["parameters"]:
        unit = p["unit"] if p["unit"] != "1" else ""
        lines.append(f"- parameter `{p['name']}` = {p['value']} {unit}: {p['note']}")
        lines += [f"  - {one['value']} {unit}: {held_text(one).en}" for one in placed_of(p)]
    lines += [
        f"- 量算口径 measured by `{w['name']}` = {w['value']} {w['unit'] if w['unit'] != '1' else ''}: {w['note']}" for w in rule["widths"]
    ]
    lines += _values_read(rule, ordinances)
    if act := rule["act"]:
        classes = f" ({', '.join(f'`{code}`' for code in act['classes'])})" if act["classes"] else ""
        lines.append(f"- 部门的办理 act: {act['zh']} {act['en']}, `{act['on']}`{classes}")
    if rule["alternatives"]:
        lines.append("- 换口径 judged again: " + "; ".join(f"`{c}` = {', '.join(map(str, v))}" for c, v in rule["alternatives"].items()))
    own = [s for s in rule["steps"] if not s["label"]]
    lines += ["", "```", *(f"{s['name']} = {s.get('written', s['of'])}" for s in own), f"violation: {_one(rule['violated_when'])}"]
    lines += [*([f"status: {rule['status_of']}"] if rule["status_of"] else []), "```", ""]
    lines += [
        f"怎么办 cure: {rule['cure']['zh']} / {rule['cure']['en']}",
        "",
        f"何时不宜处理 trap: {rule['trap']['zh']} / {rule['trap']['en']}",
        "",
    ]
    return "\n".join([*lines, *_examples(cases)])


def _one(text: str) -> str:
    return " ".join(text.split())


def _values_read(rule: dict[str, Any], ordinances: Sequence[dict[str, Any]]) -> list[str]:
    lines = []
    for name in rule["clauses"]:
        for o in ordinances:
            clause = o["clauses"].get(name)
            if clause:
                origin = f", 承 from {clause['inherited_from']}" if "inherited_from" in clause else ""
                lines.append(f"- `law.{name}` {CLAUSES[name].label.zh}: {', '.join(_values(clause))} ({o['id']}{origin})")
    return lines


def _examples(cases: Sequence[CaseText]) -> list[str]:
    """The first case of every outcome."""
    shown = [next((c for c in cases if c.outcome == outcome), None) for outcome in OUTCOMES]
    counts = ", ".join(f"{OUTCOMES[o].en} {n}" for o in OUTCOMES if (n := sum(c.outcome == o for c in cases)))
    rows = [(c.it, c.given, c.expect) for c in shown if c]
    return [f"{len(cases)} cases: {counts}.", "", _table("case|given, over the background|comes out", rows)] if rows else []

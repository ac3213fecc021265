"""What the page says: the overview as text and numbers, and the findings as data for its lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from planning_check.cases import STATES
from planning_check.errors import Text, speaking
from planning_check.record.evidence import Evidence
from planning_check.record.finding import Finding, said
from planning_check.report.console.lists import short
from planning_check.report.console.matching import reason
from planning_check.report.told.explaining import explain
from planning_check.report.told.facts import fact_value, find_fact, with_unit
from planning_check.report.told.numbers import amounts_text, number, percent
from planning_check.report.told.pack import Pack
from planning_check.report.told.places import piece_of
from planning_check.report.told.readings import clause_value
from planning_check.report.told.seen import alike
from planning_check.report.told.standing import stood_last, stood_text
from planning_check.words import BUREAUS, LISTS, ROBUSTNESS, SEVERITIES, label, labels

#: So many findings are listed on the page, the gravest of every list, and so many taken apart; all of them are in findings.csv.
MOST_FINDINGS, MOST_DETAILS = 20_000, 2_000
#: Without script, so many lines of each list.
FIRST_LINES = 12
MOST_MATCHES = 200
MAIN = ("violations", "deposits", "offices")
_CLASSES_M2 = (0, 50, 100, 200, 300, 500, 1000)


def overview(pack: Pack, lang: str) -> dict[str, Any]:
    """What the template shows: verdict, the three lists, new and gone, what is open, districts, distribution, first lines, law, inputs."""
    summary, run = pack.summary, pack.run

    say = speaking(lang)
    open_ = sum(u.subjects for u in summary.unjudged)
    return {
        "title": run.title.get(lang) if run.title else say("社区公益性用房检查", "Check of community premises"),
        "notice": run.notice.get(lang) if run.notice else "",
        "as_of": run.as_of.isoformat(), "digest": run.digest, "version": run.tool_version,
        "verdict": _verdict(pack, lang),
        "cards": [_card(summary.of(code), summary, lang) for code in MAIN],
        "since": _since(pack, lang),
        "decided": summary.stands.told().get(lang), "dismissed": summary.stands.of("dismissed"), "log_head": pack.head,
        "differing": [
            (one.key, one.field_label.get(lang), [(label(BUREAUS, t.bureau, lang) if t.bureau else t.where.file, t.raw) for t in one.told],
             one.why.get(lang))
            for one in summary.disagreements
        ],
        "corrected": [text.get(lang) for text in summary.corrected.told()],
        "open": {"outcomes": open_, "judged": summary.register.total,
                 "share": percent(open_, summary.register.total) if summary.register.total else "", "exposed": summary.exposed,
                 "remedy": summary.remedy.get(lang) if summary.remedy else "",
                 "asked": [(a.label.get(lang), labels(BUREAUS, a.owner, lang), a.settles, a.settled_yuan)
                           for a in summary.ask_first if a.is_first][:6],
                 "lines": [(u.subjects, u.rule_id, u.reason.get(lang) if u.reason else say("、", ", ").join(m.get(lang) for m in u.missing),
                            labels(BUREAUS, u.owners, lang)) for u in summary.unjudged[:8]]},
        "districts": _districts(summary, say),
        "matching": _matching(pack, lang),
        "classes": _classes(summary.of("violations").lines),
        "lists": [_first(summary.of(code), lang) for code in LISTS],
        "robust": [(ROBUSTNESS[code].get(lang), n) for code, n in summary.robustness],
        "laws": [(o.title.get(lang), o.id, o.begins, o.verified, o.projects) for o in summary.ordinances],
        "sources": [(s.file, s.sheet, s.read, s.used, s.quarantined) for s in summary.sources],
        "unread_count": sum(one.table is None for one in summary.seen),
        "unread": [(say("、", ", ").join([one.place, *(other.sheet for other in others)]), one.why.get(lang) if one.why else "",
                    one.fix.get(lang) if one.fix else "")
                   for one, *others in alike([one for one in summary.seen if one.table is None])],
        "unused": [(one.place, say("、", ", ").join(heading.told(lang) for heading in one.unused))
                   for one in summary.seen if one.table is not None and one.unused],
        "lacking": [(one.register.get(lang), one.label.get(lang), labels(BUREAUS, one.owner, lang), one.outcomes)
                    for one in summary.lacking[:12]],
        "inputs": sorted(run.manifest.get("inputs", {}).items()),
        "legend": drawn_legend(lang),
    }  # fmt: skip


def drawn_legend(lang: str) -> list[tuple[str, str]]:
    """Class of the symbol and what it stands for: shape and colour say the same."""
    texts = (("violations", "违规项目用地", "land of projects with violations"), ("deposits", "拟没收保证金项目用地", "land with deposits to forfeit"),
             ("offices", "未解决的租借办公用房", "rented or borrowed office"), ("room", "有问题的用房", "room with a finding"),
             ("idle", "闲置公共设施", "idle public facility"), ("match", "建议的匹配", "proposed match"))  # fmt: skip
    return [(code, Text(zh, en).get(lang)) for code, zh, en in texts]


#: Of each main list: what a line of it is said to be, and what is said where it has none.
_SAID = {
    "violations": (Text("{n} 个开发项目没有按规定给社区用房", "{n} development projects did not give the community its premises as prescribed"),
                   Text("没有开发项目违规", "no development project is in violation"),
                   Text("没有查出开发项目违规", "no development project was found in violation")),
    "deposits": (Text("{n} 笔保证金可提请没收", "{n} deposits can be put forward for forfeiture"),
                 Text("没有可提请没收的保证金", "no deposit is to be forfeited"), Text("没有查出可提请没收的保证金", "no deposit to forfeit was found")),
    "offices": (Text("{n} 处租用、借用的社区办公用房还没有着落", "{n} rented or borrowed community offices are unresolved"),
                Text("没有未解决的租借办公用房", "no rented or borrowed office is unresolved"),
                Text("没有查出未解决的租借办公用房", "no unresolved rented or borrowed office was found")),
}  # fmt: skip


def _verdict(pack: Pack, lang: str) -> str:
    """One sentence in plain words; what was not looked at, or could not be judged, is not called clean."""
    said = [_said(pack.summary.of(code)).get(lang) for code in MAIN]
    joined = Text("；", "; ").get(lang).join(said)
    return joined[:1].upper() + joined[1:] + Text("。", ".").get(lang)


def _said(one: Any) -> Text:
    """One list of the verdict."""
    lines, none, none_found = _SAID[one.code]
    n = one.accused.lines
    if n:
        return Text(lines.zh.format(n=number(n)), lines.en.format(n=number(n)))
    if one.dismissed.lines:
        n = number(one.dismissed.lines)
        return Text(f"{none_found.zh}：查出的 {n} 行会议都不予认定", f"{none_found.en}: what was found ({n}) was dismissed by the meeting")
    if not one.open.held:
        name = LISTS[one.code]
        return Text(
            f"“{name.zh}”未检查，没有交来这类记录", f"{name.en[:1].lower() + name.en[1:]}: not checked, no such records were delivered"
        )
    if one.open.is_whole:
        return none
    rest = one.open.rest()
    return Text(f"{none_found.zh}，但{rest.zh.removeprefix('另')}", f"{none_found.en}, but {rest.en}")


def _card(one: Any, summary: Any, lang: str) -> dict[str, Any]:
    return {
        "code": one.code, "name": label(LISTS, one.code, lang), "lines": one.accused.lines, "findings": one.accused.findings,
        "short": short(one, summary, lang), "area_m2": one.accused.area_m2, "money": _told(one.accused, lang),
        "dismissed": one.stands.of("dismissed"),
        "empty": "" if one.total.lines else one.open.nothing_found().get(lang),
        "rest": one.open.rest().get(lang) if one.total.lines else "",
    }  # fmt: skip


def _since(pack: Pack, lang: str) -> dict[str, Any] | None:
    if pack.since is None:
        return None
    gone = [
        (g.rule_id, g.subject_key, g.outcome_now or "", Text(g.message_zh or "", g.message_en or "").get(lang)) for g in pack.since.gone
    ]
    return {
        "as_of": pack.since.as_of,
        "new": len(pack.since.new),
        "gone": len(gone),
        "unclear": sum(bool(g[2]) for g in gone),
        "lines": gone[:20],
    }


def _districts(summary: Any, say: Any) -> list[dict[str, Any]]:
    """By district: lines of the three lists, and their share of the largest for the bar."""
    names = list(dict.fromkeys(name for code in MAIN for name, _ in summary.of(code).districts))
    counts = {name: [next((s.lines for d, s in summary.of(code).districts if d == name), 0) for code in MAIN] for name in names}
    most = max((sum(c) for c in counts.values()), default=0)
    rows = [
        {"name": name or say("区县不明", "not known"), "counts": c, "widths": [round(100 * n / most, 2) for n in c]}
        for name, c in counts.items()
    ]
    return sorted(rows, key=lambda row: -sum(row["counts"]))


def _classes(lines: Iterable[Any]) -> list[tuple[str, int, float]]:
    """How many projects lack how much: label, number, share of the largest."""
    areas = [line.area_m2 for line in lines if line.area_m2 is not None]
    ends = [*_CLASSES_M2[1:], None]
    counts = [sum(low < a and (high is None or a <= high) for a in areas) for low, high in zip(_CLASSES_M2, ends, strict=True)]
    most = max(counts, default=0) or 1
    names = [f"{low} - {high} ㎡" if high else f"> {low} ㎡" for low, high in zip(_CLASSES_M2, ends, strict=True)]
    return [(name, count, round(100 * count / most, 2)) for name, count in zip(names, counts, strict=True)] if areas else []


def _matching(pack: Pack, lang: str) -> dict[str, Any] | None:
    """How many offices look for a place, and the facilities proposed, the nearest first."""
    if pack.matching is None or not pack.matching.lines:
        return None
    matched = sorted((line for line in pack.matching.lines if line.facility_id), key=lambda line: line.distance_m or Decimal(0))
    rows = [
        (f"{line.office_id} {line.community_name or ''}", f"{line.facility_id} {line.facility_name or ''}", number(line.distance_m, 0),
         line.runner_up_name or "", reason(line, lang))
        for line in matched[:MOST_MATCHES]
    ]  # fmt: skip
    return {"offices": len(pack.matching.lines), "matched": len(matched), "lines": rows}


def _first(one: Any, lang: str) -> dict[str, Any]:
    """The first lines of a list, for a reader without script."""
    lines = [
        {"rules": " ".join(line.rules), "key": line.key, "name": line.name, "district": line.district, "developer": line.developer,
         "severity": label(SEVERITIES, line.severity, lang), "area_m2": line.area_m2, "money": _told(line, lang),
         "message": line.message.get(lang), "stood": stood_text(line.stands, lang)}
        for line in [line for line in one.lines if not line.is_dismissed][:FIRST_LINES]
    ]  # fmt: skip
    return {"code": one.code, "name": label(LISTS, one.code, lang), "lines": lines, "total": one.accused.lines,
            "empty": "" if one.total.lines else one.open.nothing_found().get(lang)}  # fmt: skip


def data(pack: Pack, lang: str) -> dict[str, Any]:
    """The gravest findings of every list as rows, the first of the main lists with their details, and how many there are in all."""
    counts = {code: pack.count(list=code, outcome="violation") for code in LISTS}
    listed, detailed = shares(counts, MOST_FINDINGS), shares(counts, MOST_DETAILS)
    chosen = [
        (code not in MAIN, list(SEVERITIES).index(f["severity"]), number_ < detailed[code], f)
        for code in LISTS
        for number_, f in enumerate(pack.gravest(listed[code], list=code, outcome="violation"))
    ]
    chosen.sort(key=lambda c: c[:2])
    new = pack.since.new if pack.since else frozenset()
    rules = {r.rule_id: r for r in pack.rules}
    return {
        "rows": [_row(f, lang, new) for *_, f in chosen],
        "details": {f["fingerprint"]: _detail(pack, rules, f, lang) for *_, detail, f in chosen if detail},
        "total": sum(counts.values()),
        "rules": {r.rule_id: Text(r.title_zh, r.title_en).get(lang) for r in pack.rules},
        "lists": {code: text.get(lang) for code, text in LISTS.items()},
        "severities": {code: text.get(lang) for code, text in SEVERITIES.items()},
        "states": {code: text.get(lang) for code, text in STATES.items()},
        "bureaus": {code: text.get(lang) for code, text in BUREAUS.items()},
    }


def shares(counts: Mapping[str, int], most: int) -> dict[str, int]:
    """How many of each are taken when there is room for ``most``: a long list never leaves a short one without its lines."""
    taken: dict[str, int] = {}
    for place, code in enumerate(sorted(counts, key=lambda code: counts[code])):
        taken[code] = min(counts[code], (most - sum(taken.values())) // (len(counts) - place))
    return taken


def _row(f: Finding, lang: str, new: frozenset[str]) -> list[Any]:
    """In the order that page.js reads: see ROW there."""
    return [
        f["fingerprint"], f["list"], f["rule_id"], f["severity"], said(f, "status", lang) or "", f["subject"], f["subject_key"],
        f["subject_name"] or "", f["district_name"] or "", f["community_name"] or "", f["developer_name"] or "", f["responsible"],
        _amount(f["area_m2"]),
        amounts_text(f["yuan_min"], f["yuan"], lang) if f["yuan"] is not None else "",
        said(f, "message", lang) or "", said(f, "cure", lang) or "", f["project_id"] or "", int(f["fingerprint"] in new),
        f["robustness"] or "", piece_of(f), f["case_state"], stood_last(f, lang),
        f["case_why"] or "", f["waived_until"] or "",
    ]  # fmt: skip


def _told(sums: Any, lang: str) -> str:
    return amounts_text(sums.yuan_min, sums.yuan, lang) if sums.yuan is not None else ""


def _amount(value: Decimal | None) -> str:
    return "" if value is None else number(value)


def _detail(pack: Pack, rules: dict[str, Any], f: Finding, lang: str) -> dict[str, Any]:
    """Law, arithmetic, facts and sources of one finding, as ``explain`` tells them."""
    rule = rules.get(f["rule_id"])
    if rule is None:
        return {"law": [], "steps": [], "facts": [], "sources": _sources(f)}
    evidence = Evidence(run=pack.run, rule=rule, finding=f, subject_key=f["subject_key"], outcome=f["outcome"], cells=())
    told = explain(evidence)
    steps = [
        (f"{s.name} {s.label.get(lang) if s.label else ''}".strip(), s.put_in, with_unit(s.value, s.unit, lang))
        for s in told.steps if s.used and s.put_in and not s.is_truth
    ]  # fmt: skip
    verified = "" if f["ordinance_verified"] or not f["ordinance_id"] else {"zh": "未核实", "en": "not verified"}[lang]
    basis = [*(rule.text or {}).get("basis", ())]
    return {
        "law": [(c.label.get(lang), clause_value(c.value, c.unit, lang), c.cite) for c in told.law if c.used],
        "basis": basis, "verified": verified,
        "steps": steps,
        "facts": [(x.label.get(lang), fact_value(find_fact(f["subject"], x.name), x.value, lang)) for x in told.facts if x.used],
        "sources": _sources(f),
        "trap": ((rule.text or {}).get("trap") or {}).get(lang, ""),
    }  # fmt: skip


def _sources(f: Finding) -> list[str]:
    return [" › ".join(str(part) for part in (s["file"], s["sheet"], s["row"]) if part) for s in f["sources"][:12]]

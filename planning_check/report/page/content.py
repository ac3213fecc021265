"""What the page says: the overview as text and numbers; what it lists is in ``listed``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from planning_check.errors import Text, speaking
from planning_check.report.console.league import told
from planning_check.report.console.lists import short
from planning_check.report.console.matching import reason
from planning_check.report.page.listed import UNDETERMINED, lacking
from planning_check.report.told.league import FIGURES, SORTS
from planning_check.report.told.numbers import ROUNDED, amounts_text, number, percent, rounded_amounts_text
from planning_check.report.told.opened import TITLE, Opened, key_of
from planning_check.report.told.pack import Pack
from planning_check.report.told.seen import alike
from planning_check.report.told.standing import stood_text
from planning_check.report.told.summary import Sums
from planning_check.report.told.verdict import MAIN, verdict
from planning_check.words import BUREAUS, LISTS, OUTCOMES, ROBUSTNESS, SEVERITIES, label, labels

#: Without script, so many lines of each list.
FIRST_LINES = 12
MOST_MATCHES = 200
_CLASSES_M2 = (0, 50, 100, 200, 300, 500, 1000)


def overview(pack: Pack, open_lines: Sequence[Opened], lang: str) -> dict[str, Any]:
    """What the template shows: verdict, the three lists, new and gone, what is open, districts, distribution, first lines, law, inputs."""
    summary, run = pack.summary, pack.run

    say = speaking(lang)
    open_ = sum(u.subjects for u in summary.unjudged)
    return {
        "title": run.title.get(lang) if run.title else say("社区公益性用房检查", "Check of community premises"),
        "notice": run.notice.get(lang) if run.notice else "",
        "as_of": run.as_of.isoformat(), "digest": run.digest, "version": run.tool_version,
        "verdict": verdict(summary).get(lang),
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
        "left_out": [(one.name.get(lang), one.why.get(lang) if one.why else "") for one in summary.cities.failed],
        "cities": _league(pack, lang),
        "districts": _districts(summary, say) if not summary.cities else [],
        "matching": _matching(pack, lang),
        "classes": _classes(summary.of("violations").lines),
        "lists": [*(_first(summary.of(code), summary, lang) for code in LISTS), _first_open(open_lines, summary, lang)],
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
    }  # fmt: skip


def _card(one: Any, summary: Any, lang: str) -> dict[str, Any]:
    return {
        "code": one.code, "name": label(LISTS, one.code, lang), "lines": one.accused.lines, "findings": one.accused.findings,
        "short": short(one, summary, lang), "area_m2": one.accused.area_m2, "money": _rounded(one.accused, lang),
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


def _league(pack: Pack, lang: str) -> dict[str, Any] | None:
    """The cities of a province, the worst first: how many, heads, and rows of name and figures as text; last those that were not checked,
    without figures, and the sums of all. None for one delivery."""
    found = pack.league() if pack.league else None
    if found is None:
        return None
    rows = [(line.name.get(lang), [told(figure, line, lang) for figure in FIGURES]) for line in (*found.lines, found.total)]
    money = ROUNDED.get(lang)
    return {
        "counted": pack.cities.counted().get(lang), "order": SORTS[found.sort][0].get(lang), "total": rows.pop(), "rows": rows,
        "heads": [(figure.head.get(lang), money if figure.kind == "money" else "", figure.note.get(lang) if figure.note else "")
                  for figure in FIGURES],
        "failed": [one.name.get(lang) for one in found.failed],
    }  # fmt: skip


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


def _first(one: Any, summary: Any, lang: str) -> dict[str, Any]:
    """The first lines of a list, for a reader without script."""
    lines = [
        {"rules": " ".join(line.rules), "key": line.key, "name": line.name,
         "district": summary.cities.place(line.district_code, line.district, lang), "developer": line.developer,
         "severity": label(SEVERITIES, line.severity, lang), "area_m2": line.area_m2, "money": _told(line, lang),
         "message": line.message.get(lang), "stood": stood_text(line.stands, lang)}
        for line in one.accused_lines[:FIRST_LINES]
    ]  # fmt: skip
    return {"code": one.code, "name": label(LISTS, one.code, lang), "lines": lines, "total": one.accused.lines,
            "empty": "" if one.total.lines else one.open.nothing_found().get(lang)}  # fmt: skip


def _first_open(lines: Sequence[Opened], summary: Any, lang: str) -> dict[str, Any]:
    """The same of what could not be judged: what is missing and from whom stands in the message, what is at stake in the money."""
    told = [
        {"rules": " ".join(one.rules), "key": key_of(one.first), "name": one.name,
         "district": summary.cities.place(one.first["district_code"], one.first["district_name"], lang),
         "developer": one.first["developer_name"] or "", "severity": OUTCOMES["error"].get(lang) if one.is_error else "", "area_m2": None,
         "money": _at_stake(one, lang), "message": lacking(one, lang), "stood": ""}
        for one in lines[:FIRST_LINES]
    ]  # fmt: skip
    return {"code": UNDETERMINED, "name": TITLE.get(lang), "lines": told, "total": len(lines),
            "empty": "" if summary.register.total else Text("没有可以判定的对象", "there was nothing to judge").get(lang)}  # fmt: skip


def _at_stake(one: Opened, lang: str) -> str:
    told = amounts_text(one.least, one.most, lang) if one.most is not None else ""
    return Text(f"涉及 {told}", f"at stake {told}").get(lang) if told else ""


def _told(sums: Any, lang: str) -> str:
    return amounts_text(sums.yuan_min, sums.yuan, lang) if sums.yuan is not None else ""


def _rounded(sums: Sums, lang: str) -> str:
    return rounded_amounts_text(sums.yuan_min, sums.yuan, lang) if sums.yuan is not None else ""

"""The matching laid out for a console, and as rows for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, fields

from planning_check.errors import Text, speaking
from planning_check.report.console.layout import WIDTH, Paint, plain, table, wrap
from planning_check.report.tables.exports import BOM, csv_row
from planning_check.report.told.matching import Line, Matching
from planning_check.report.told.numbers import number

_REASONS = {
    "farther": Text("远 {} 米", "{} m farther"),
    "other_place_or_owner": Text("不在本社区或本区县，或权属须另协商", "another community or district, or an owner to be won"),
    "taken": Text("名额给了 {}", "taken by {}"),
    "equal": Text("同样合适，取编号在前的", "as good; one had to be taken"),
    "too_small": Text("小 {} 平方米", "too small by {} ㎡"),
    "area_unknown": Text("可用面积不明", "usable area unknown"),
    "in_use": Text("利用率高，不算闲置", "in use, not idle"),
    "not_available": Text("{} 才可用", "available only on {}"),
    "withdrawn": Text("按要求除外", "left out as asked"),
    "too_far": Text("范围内没有设施", "no facility within reach"),
    "no_point": Text("办公用房没有可用的位置", "the office has no usable location"),
    "no_standard": Text("没有适用办法的面积标准（或没有选办公用房规则）", "no area asked by a governing ordinance (or no office rule was selected)"),
}  # fmt: skip


def reason(line: Line, lang: str) -> str:
    """The reason in words, with its number, day or offices."""
    return "" if line.reason is None else _REASONS[line.reason].get(lang).format(line.detail)


def matching_lines(found: Matching, lang: str, *, paint: Paint = plain) -> list[str]:
    """Matched offices with the runner-up, those left without, and who loses by a withdrawal."""

    say = speaking(lang)
    matched = [line for line in found.lines if line.facility_id]
    alone = [line for line in found.lines if not line.facility_id]
    lines = [
        paint(say(f"闲置设施匹配　截至 {found.as_of}（第 {found.run_id} 次检查）",
                  f"Idle facilities matched as of {found.as_of} (run {found.run_id})"), "title"),
        *wrap(say(f"要找地方的办公用房 {len(found.lines)} 处：配上 {len(matched)} 处，没有 {len(alone)} 处",
                  f"Offices that look for a place: {len(found.lines)}; matched {len(matched)}, without {len(alone)}"), WIDTH, indent="  "),
        "",
    ]  # fmt: skip
    if matched:
        heads = say(
            "办公用房|社区|设施|距离 米|办公 ㎡|场地 ㎡|次选|未选原因",
            "office|community|facility|m|office ㎡|ground ㎡|runner-up|why it lost",
        )
        lines += table(heads.split("|"), [_row(line, lang) for line in matched], numbers=(3, 4, 5), paint=paint)
    if alone:
        lines += ["", paint(say("没有配上的", "Left without"), "head")]
        heads = say("办公用房|社区|最近的候选|原因", "office|community|nearest choice|reason")
        rows = [[line.office_id, line.community_name or "", line.runner_up_name or "", reason(line, lang)] for line in alone]
        lines += table(heads.split("|"), rows, paint=paint)
    lines += ["", *_loss_lines(found, lang, paint)]
    far = f"{found.far_m}" if found.far_m else "-"
    lines += wrap(say(f"候选以 {far} 米为限；先求配上最多，再求总距离最短。距离、加权为本工具建议（rules/matching.yaml），联席会议可以另定。",
                      f"Candidates within {far} m; first as many offices as possible, then the least total distance. "
                      "Distances and weights are this tool's suggestion (rules/matching.yaml); the joint meeting may settle others."),
                  WIDTH, indent="  ")  # fmt: skip
    return lines


def _row(line: Line, lang: str) -> list[str]:
    ground = number(line.outdoor_m2) if line.outdoor_m2 is not None else Text("不明", "unknown").get(lang)
    return [
        line.office_id, line.community_name or "", f"{line.facility_id} {line.facility_name or ''}", number(line.distance_m, 0),
        number(line.office_m2), ground, line.runner_up_name or line.runner_up_id or "", reason(line, lang),
    ]  # fmt: skip


def _loss_lines(found: Matching, lang: str, paint: Paint) -> list[str]:
    say = speaking(lang)
    head = say("设施撤回，谁受影响", "If a facility is withdrawn")
    if found.moves is None:
        note = say("数量多，用 --without 设施编号 逐个看。", "Too many to list: name one with --without.")
        return [paint(head, "head"), *wrap(note, WIDTH, indent="  "), ""]
    if not found.moves:
        none = say(f"除去 {', '.join(found.without)} 不影响任何办公用房。", f"Nobody loses without {', '.join(found.without)}.")
        return wrap(none, WIDTH, indent="  ") if found.without else []
    none = say("没有", "none")
    rows = [
        [m.withdrawn, m.office_id, m.community_name or "", m.before or none, m.after or none, number(m.farther_m, 0)] for m in found.moves
    ]
    heads = say("撤回|办公用房|社区|原配|改配|远 米", "withdrawn|office|community|before|instead|m farther")
    return [paint(head, "head"), *table(heads.split("|"), rows, numbers=(5,), paint=paint), ""]


def matching_csv(found: Matching) -> Iterator[str]:
    """A line an office, columns as in :class:`Line`."""
    names = [f.name for f in fields(Line)]
    yield BOM + csv_row(names)
    for line in found.lines:
        yield csv_row([_cell(getattr(line, name)) for name in names])


def matching_json(found: Matching) -> Iterator[str]:
    """The whole matching; decimals as texts."""
    yield json.dumps(asdict(found), ensure_ascii=False, indent=2, default=str) + "\n"


def _cell(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)

"""What is said of where to build next: the answer, how sure it is, what rests on what is unknown, and by which numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from planning_check.errors import Text
from planning_check.report.told.numbers import counted, number
from planning_check.siting.kinds import SITES
from planning_check.siting.result import POPULATIONS, REGISTERS, WHYS, Line, Ranked, Siting

#: What the greedy answers choose the next site by.
ORDERS = {
    "people": Text("新服务人数最多的", "by people newly served"),
    "yuan": Text("每元新服务人数最多的", "by people per yuan"),
    "m2": Text("每平方米新服务人数最多的", "by people per m2"),
}
#: Names of the columns of the ranked list, for programs.
COLUMNS = (
    "order", "kind", "key", "name", "community_code", "community_name", "people_newly_served", "m2", "capacity", "yuan",
    "people_per_10k_yuan", "people_per_m2", "longitude", "latitude", "note_zh", "note_en", "source",
)  # fmt: skip


def title(found: Siting) -> Text:
    """What it is about."""
    label, whom = found.kind.label, POPULATIONS[found.population]
    return Text(
        f"下一步建在哪里：{label.zh}（{whom.zh}，截至 {found.as_of}）", f"Where to build next: {label.en} ({whom.en}, as of {found.as_of})"
    )


def answer(found: Siting) -> list[Text]:
    """The answer in sentences: what is chosen, whom it serves, how sure it is, what the simpler ways give."""
    return [_chosen(found), _people(found), _proven(found), _greedy(found)]


def _chosen(found: Siting) -> Text:
    budget = found.budget_yuan
    limits = Text(f"至多 {found.at_most} 处" + (f"、{number(budget)} 元" if budget is not None else ""),
                  f"at most {found.at_most}" + (f" and {number(budget)} yuan" if budget is not None else ""))  # fmt: skip
    if not found.chosen:
        return Text(f"{limits.zh}：没有一个候选地点能新服务任何人", f"{limits.en}: no site would serve anybody newly")
    return Text(
        f"{limits.zh}：选 {len(found.chosen)} 处，新服务 {number(found.newly)} 人，造价 {number(found.yuan)} 元",
        f"{limits.en}: {counted(len(found.chosen), 'site')} chosen, {number(found.newly)} people newly served, {number(found.yuan)} yuan",
    )


def _people(found: Siting) -> Text:
    zh, en = f"人口 {number(found.people)}", f"{number(found.people)} people"
    if found.planned:
        zh += f"（其中已批未入住项目 {number(found.planned)}）"
        en += f" (of whom {number(found.planned)} of approved projects)"
    if not found.is_told:
        return Text(f"{zh}；没有报送现有设施的台账，现在服务多少人不明：按都没有服务选址，选址后没有服务的至多 {number(found.unserved)} 人",
                    f"{en}; no register of such facilities was delivered, so nobody knows how many are served now: chosen as if nobody "
                    f"were; at most {number(found.unserved)} stay unserved")  # fmt: skip
    return Text(
        f"{zh}；现有 {len(found.known)} 处在 {found.kind.reach_m.value} 米内服务 {number(found.served_now)} 人；选址后没有服务的 "
        f"{number(found.unserved)} 人",
        f"{en}; {len(found.known)} there serve {number(found.served_now)} within {found.kind.reach_m.value} m; {number(found.unserved)} "
        "stay unserved after the choice",
    )


def _proven(found: Siting) -> Text:
    if found.is_proven:
        return Text("已证明：没有别的选法新服务更多的人", "proven: no other choice serves more people newly")
    who = Text("，用的是逐个挑选的结果", ", which is the greedy answer") if found.is_greedy else Text("", "")
    return Text(
        f"{found.seconds:g} 秒内没有证明是最好的{who.zh}：别的选法至多新服务 {number(found.bound)} 人（相差 {found.gap:.2%}）；"
        "再算一次结果可能不同，可加长 --time-limit",
        f"not proven best within {found.seconds:g} s{who.en}: no choice serves more than {number(found.bound)} newly (a gap of "
        f"{found.gap:.2%}); another run may find otherwise, and --time-limit gives it longer",
    )


def _greedy(found: Siting) -> Text:
    counts = {order: people for order, (people, _) in found.greedy.items()}
    return Text(
        "逐个挑选（不回头）：" + "；".join(f"每次挑{ORDERS[order].zh}，新服务 {number(n)} 人" for order, n in counts.items()),
        "greedily, one after the other: " + "; ".join(f"{ORDERS[order].en} {number(n)}" for order, n in counts.items()),
    )


def doubts(found: Siting) -> list[Text]:
    """What could not be counted, and what rests on it."""
    told = []
    if found.unsure:
        told.append(Text(
            f"现有设施中 {len(found.unsure)} 处服务多少人不明，没有计入；如果都能服务半径内所有的人，现在服务至多 {number(found.served_at_most)} 人，"
            f"选中的新服务至少 {number(found.people_at_least)} 人",
            f"of {len(found.unsure)} facilities nobody knows how many they serve; they are not counted. If each served everybody within "
            f"its reach, at most {number(found.served_at_most)} were served now and the chosen sites would serve at least "
            f"{number(found.people_at_least)} newly",
        ))  # fmt: skip
    told += [
        Text(f"“{one.label.zh}”有 {one.rows} 行没有用上：现有设施可能更多",
             f"{counted(one.rows, 'row')} of '{one.label.en}' set aside: there may be more facilities")
        for one in found.lost
    ]  # fmt: skip
    counts = found.counted_out
    if counts:
        told.append(Text(
            "没有计入：" + "；".join(f"{REGISTERS[r].zh} {number(n)}（{WHYS[w].zh}）" for r, w, n in counts),
            "not counted: " + "; ".join(f"{REGISTERS[r].en} {number(n)} ({WHYS[w].en})" for r, w, n in counts),
        ))  # fmt: skip
    return told


def caveats(found: Siting) -> list[Text]:
    """How it is measured, and that nobody verified its numbers."""
    unverified = sum(not one.verified for one in found.figures.values())
    return [
        Text("距离是直线距离；人口在社区内平均分布；只是建议，由会议决定",
             "distances are straight lines; people are spread evenly over their community; it proposes, the meeting decides"),
        Text(f"用到的 {len(found.figures)} 个数中 {unverified} 个没有核对，造价是虚构的示例：每个数和出处见 facilities.yaml（-o 写出的工作簿也列出）",
             f"of the {len(found.figures)} numbers used {unverified} are not verified, and the costs are invented examples: each stands "
             "with its source in facilities.yaml, and in the workbook written with -o"),
    ]  # fmt: skip


def record(found: Siting, one: Ranked) -> dict[str, Any]:
    """One site for programs, by :data:`COLUMNS`."""
    site, note = one.site, one.site.note
    values = (
        one.order or None, site.register, site.key, site.name, site.community, community_name(found, site.community), one.people, site.m2,
        site.capacity, site.yuan, one.per_10k_yuan, one.per_m2, one.longitude, one.latitude, note.zh if note else "",
        note.en if note else "", site.source.get("zh") if site.source else "",
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def community_name(found: Siting, code: str) -> str:
    """The name of a community with people; its code otherwise."""
    return found.names.get(code, code)


def site_kind(one: Ranked) -> Text:
    """What kind of site it is."""
    return SITES[one.site.register]


def figure_rows(found: Siting, lang: str) -> Iterator[tuple[str, str, str, str, str]]:
    """Every number used: name, value, unit, whether verified, source and where it stands."""
    for name, one in found.figures.items():
        verified = Text("已核对", "verified") if one.verified else Text("未核对", "not verified")
        yield name, f"{one.value:,}", one.unit, verified.get(lang), f"{one.cite} ({one.where})"


def share_class(line: Line) -> str:
    """How many of a community's people stay unserved: none, some, most."""
    return "none" if not line.unserved else "most" if 2 * line.unserved >= line.people else "some"

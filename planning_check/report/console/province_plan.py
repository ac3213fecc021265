"""The plan of a province laid out for a console: what is kept apart and what cannot be read first, then shards, and what links cities."""

from __future__ import annotations

from planning_check.errors import Text, speaking
from planning_check.record.province import JOINED, LINKED, LINKS, City, Link, ProvincePlan, Shard
from planning_check.report.console.layout import HARD_SPACE, Paint, plain, table, wrap
from planning_check.report.told.numbers import number

_MOST_SHARDS, _MOST_APART, _MOST_UNREAD, _MOST_NAMED = 15, 8, 10, 6
#: Of a check, as measured on invented deliveries: memory and processor time, the same whatever the size, and of each project.
_MEMORY_MB, _PROJECT_KB, _SECONDS, _PROJECT_MS = 600, 62, 6, 1.8


def plan_page(
    plan: ProvincePlan, file: str, lang: str, *, paint: Paint = plain, width: int = 100, full: bool = False
) -> list[str]:  # fmt: skip
    """``file``: where the plan is; ``full``: every shard, and every pair of cities that is kept apart."""
    say = speaking(lang)
    projects = sum(city.projects for city in plan.cities)
    lines = [
        paint(say(f"全省检查计划　截至 {plan.as_of}", f"Plan of a province's check as of {plan.as_of}"), "title"),
        *wrap(say(f"城市 {len(plan.cities)} 个，项目 {number(projects)} 个，分 {len(plan.shards)} 片检查",
                  f"{len(plan.cities)} cities, {number(projects)} projects, checked in {len(plan.shards)} shards"), width, indent="  "),
    ]  # fmt: skip
    for part in (_apart(plan, lang, paint, width, full), _unread(plan, lang, paint, width, full), _shards(plan, lang, paint, width, full),
                 _links(plan, lang, paint, width)):  # fmt: skip
        lines += ["", *part] if part else []
    return [*lines, "", *_costs(plan, lang, width), "", *_next(file, lang, width)]


def _apart(plan: ProvincePlan, lang: str, paint: Paint, width: int, full: bool) -> list[str]:
    """Pairs that are linked and checked each by itself, with why and what would put it right."""
    say = speaking(lang)
    pairs: dict[tuple[str, str], list[Link]] = {}
    for link in plan.links:
        if link.apart:
            pairs.setdefault((link.one, link.other), []).append(link)
    if not pairs:
        return []
    of = "pair is" if len(pairs) == 1 else "pairs are"
    lines = _alarm(say(f"有牵连而不能合起来检查的 {len(pairs)} 对：它们之间的问题这次查不出",
                       f"{len(pairs)} {of} linked and cannot be checked together: what is between them is not found"),
                   width, paint)  # fmt: skip
    shown = list(pairs.items()) if full else list(pairs.items())[:_MOST_APART]
    for (one, other), links in shown:
        comma = say("，", ", ")
        shared = comma.join(f"{LINKS[link.kind].get(lang)} {number(link.count)}" for link in links)
        lines += wrap(f"{one} - {other}{say('：', ': ')}{shared}", width, indent="  ", hanging="    ")
        lines += wrap((links[0].apart or Text("", "")).get(lang), width, indent="    ")
    if len(pairs) > len(shown):
        lines += wrap(
            say(f"另有 {len(pairs) - len(shown)} 对，-v 列出全部", f"and {len(pairs) - len(shown)} more; -v lists all"), width, indent="  "
        )
    return lines


def _alarm(text: str, width: int, paint: Paint) -> list[str]:
    return [paint(line, "alarm") for line in wrap(text, width)]


def _unread(plan: ProvincePlan, lang: str, paint: Paint, width: int, full: bool) -> list[str]:
    say = speaking(lang)
    broken = [city for city in plan.cities if city.problem]
    if not broken:
        return []
    of = "city" if len(broken) == 1 else "cities"
    lines = _alarm(say(f"读不出的城市 {len(broken)} 个：不会在任何名单和合计里",
                       f"{len(broken)} {of} cannot be read: in no list and no sum"), width, paint)  # fmt: skip
    shown = broken if full else broken[:_MOST_UNREAD]
    for city in shown:
        first = (city.problem or Text("", "")).get(lang).split("\n")[0]
        lines += wrap(f"{city.label}{say('：', ': ')}{first}", width, indent="  ", hanging="    ")
    if len(broken) > len(shown):
        lines += wrap(
            say(f"另有 {len(broken) - len(shown)} 个，-v 列出全部", f"and {len(broken) - len(shown)} more; -v lists all"),
            width,
            indent="  ",
        )
    return lines


def _shards(plan: ProvincePlan, lang: str, paint: Paint, width: int, full: bool) -> list[str]:
    say = speaking(lang)
    order = sorted(plan.shards, key=lambda shard: (-shard.projects, shard.code))
    shown = list(plan.shards) if full else order[:_MOST_SHARDS]
    heads = say("分片|城市|项目|MB|为何一起", "shard|cities|projects|MB|why together").split("|")
    rows = [
        [shard.code, _named(shard, plan, lang), number(shard.projects), f"{shard.bytes / 1e6:.1f}", _why(shard, lang)] for shard in shown
    ]
    lines = [paint(say("分片", "Shards"), "head"), *table(heads, rows, numbers=(2, 3), width=width, paint=paint)]
    if full:
        for shard in (one for one in shown if len(one.cities) > 1):
            names = Text("、", ", ").get(lang).join(_called(plan.city(label), lang) for label in shard.cities)
            lines += wrap(f"{shard.code}{say('：', ': ')}{names}", width, indent="  ", hanging="    ")
    elif len(order) > len(shown) or any(len(shard.cities) > 1 for shard in shown):
        rest = len(order) - len(shown)
        more = say(f"另有 {rest} 片；", f"and {rest} more; ") if rest else ""
        lines += wrap(more + say("-v 列出全部城市", "-v lists all cities"), width, indent="  ")
    return lines


def _why(shard: Shard, lang: str) -> str:
    words = {LINKED: Text("有牵连", "linked"), JOINED: Text("都小，并在一起", "small, joined")}
    return words.get(shard.why, Text("单独", "alone")).get(lang)


def _named(shard: Shard, plan: ProvincePlan, lang: str) -> str:
    """The cities of a shard, a few of many, with their number."""
    labels = [_called(plan.city(label), lang) for label in shard.cities[:_MOST_NAMED]]
    named = Text("、", ", ").get(lang).join(labels)
    count = len(shard.cities)
    return named if count < 2 else Text(f"{count} 个：{named}", f"{count}: {named}").get(lang)


def _called(city: City, lang: str) -> str:
    title = city.title.get(lang) if city.title else ""
    return city.label if not title or title in city.label else f"{city.label}({title})"


def _links(plan: ProvincePlan, lang: str, paint: Paint, width: int) -> list[str]:
    """What links cities that are checked together, by kind, with one of each."""
    say = speaking(lang)
    lines = []
    for kind, words in LINKS.items():
        links = [link for link in plan.links if link.kind == kind and not link.apart]
        if links:
            most = max(links, key=lambda link: link.count)
            pairs, places = number(len(links)), number(sum(link.count for link in links))
            told = say(f"{words.zh}：{pairs} 对城市，{places} 处；如 {most.one} - {most.other}：{most.example}",
                       f"{words.en}: {pairs} {'pair' if len(links) == 1 else 'pairs'} of cities, {places} in all; such as {most.one} - "
                       f"{most.other}: {most.example}")  # fmt: skip
            lines += wrap(told, width, indent="  ", hanging="    ")
    if not lines:
        return wrap(say("没有要一起检查的城市", "no cities have to be checked together"), width, indent="  ")
    return [paint(say("为什么要一起检查", "Why together"), "head"), *lines]


def _costs(plan: ProvincePlan, lang: str, width: int) -> list[str]:
    """What the run will take, by what was measured elsewhere: an estimate, and said to be one."""
    largest = max(plan.shards, key=lambda shard: shard.projects)
    memory = (_MEMORY_MB + largest.projects * _PROJECT_KB / 1000) / 1000
    seconds = sum(_SECONDS + shard.projects * _PROJECT_MS / 1000 for shard in plan.shards if shard.projects)
    minutes = max(1, round(seconds / 60))
    return wrap(
        speaking(lang)(
            f"估计：最大的一片（{largest.code}）约用内存 {memory:.1f}{HARD_SPACE}GB，全部约用处理器 {minutes}{HARD_SPACE}分钟（按虚构数据上量得的推算）",
            f"Estimate: the largest shard ({largest.code}) takes about {memory:.1f}{HARD_SPACE}GB of memory, all of them about "
            f"{minutes}{HARD_SPACE}min of processor time (from what invented data took)",
        ), width, indent="  ",
    )  # fmt: skip


def _next(file: str, lang: str, width: int) -> list[str]:
    command = f"planning-check province run {file} --out {Text('结果', 'results').get(lang)}"
    return [*wrap(speaking(lang)("下一步：", "Next:"), width, indent="  "), f"    {command}"]

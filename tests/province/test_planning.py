"""Plans of small provinces: what is kept apart, what is joined, and what each digest is over."""

import pytest

from planning_check.pipeline.province.planning import plan_province
from planning_check.report.console.layout import display_width
from planning_check.report.console.province_plan import plan_page
from tests import estates
from tests.province import pairs
from tests.province.test_reaching import TITLE, both, named_over_there


def plan_of(folders, **more):
    return plan_province(folders, pairs.AS_OF, **more)


def shards(plan):
    return [shard.cities for shard in plan.shards]


def test_small_ones_are_joined_and_nothing_changes_by_it(tmp_path):
    one, other = pairs.pair()
    both("用房", 现状用途="商业")(one, other)
    folders = pairs.write(tmp_path, A=one, B=other)
    plan = plan_of(folders)
    assert shards(plan) == [("A", "B")] and plan.shards[0].why == "joined" and not plan.links
    assert shards(plan_of(folders, join_below=0)) == shards(plan_of(folders, join_below=2)) == [("A",), ("B",)]
    assert pairs.heads(folders) == pairs.heads(folders[:1]) + pairs.heads(folders[1:])


def test_two_that_number_alike_are_kept_apart_and_it_is_said_first(tmp_path):
    one, other = pairs.pair()
    for table in other.values():  # ids of the first, each of another project
        for row in table:
            row.update({head: value.replace("PB0", "PA0") for head, value in row.items() if isinstance(value, str) and "编号" in head})
    plan = plan_of(pairs.write(tmp_path, A=one, B=other))
    assert shards(plan) == [("A",), ("B",)]
    (link,) = [link for link in plan.links if link.kind == "ids"]
    assert link.apart and "编号撞了：开发项目有 2 个编号两边都有，其中 2 个各指各的" in link.apart.zh
    lines = plan_page(plan, "plan.json", "zh", width=80)
    assert lines.index("有牵连而不能合起来检查的 1 对：它们之间的问题这次查不出") < lines.index("分片")
    for lang in ("zh", "en"):
        for width in (80, 120):
            assert all(display_width(line) <= width for line in plan_page(plan, "plan.json", lang, width=width))
    assert "A 或 B 改用自己的编号" in "".join(line.strip() for line in lines)


@pytest.mark.parametrize(("spoil", "said"), [
    (lambda other: other.pop("催告"), "A 报了催告，B 没报"),
    (lambda other: [row.pop("备案日期") and row.pop("备案号") for row in other["项目"]], "A 报了开发项目的备案日期，B 没报"),
    (lambda other: other["区县"][0].update(区县名称="A市试验区"), "两边都有“a市试验区”而代码不同"),
])  # fmt: skip
def test_what_would_accuse_the_innocent_is_not_united(tmp_path, spoil, said):
    one, other = pairs.pair()
    both("用房", 产权证号=TITLE)(one, other)
    spoil(other)
    plan = plan_of(pairs.write(tmp_path, A=one, B=other))
    assert shards(plan) == [("A",), ("B",)] and {link.kind for link in plan.links} == {"titles"}
    assert said in plan.links[0].apart.zh


def test_of_three_the_two_that_cannot_meet_never_do(tmp_path):
    """The first and the third are both linked with the second, and call a district alike."""
    one, other, third = pairs.city("A", "990111"), pairs.city("B", "990121"), pairs.city("C", "990131")
    named_over_there(one, other)
    named_over_there(third, other)
    other["用房"][0]["项目编号"], other["用房"][1]["项目编号"] = "PA01", "PC01"
    third["区县"][0]["区县名称"] = one["区县"][0]["区县名称"]
    plan = plan_of(pairs.write(tmp_path, A=one, B=other, C=third), join_below=0)
    assert shards(plan) == [("A", "B"), ("C",)]
    apart = {(link.one, link.other): link.apart for link in plan.links}
    assert apart["A", "B"] is None and "各自连着的城市里，有不能合在一起的" in apart["B", "C"].zh


def test_each_digest_is_over_what_it_says(tmp_path):
    folders = pairs.write(tmp_path, **dict(zip("AB", pairs.pair(), strict=True)))
    before = plan_of(folders, join_below=0)
    assert plan_of(folders, join_below=0) == before
    (folders[0] / "说明.md").write_text("not read", "utf-8")
    assert [city.digest for city in plan_of(folders, join_below=0).cities] == [city.digest for city in before.cities]
    estates.write(folders[1], {"催告": [{"催告编号": "C1", "项目编号": "PB01", "送达日期": "2010-08-01", "限期": "2010-10-01"}]})
    after = plan_of(folders, join_below=0)
    same, changed = [(b.digest == a.digest) for b, a in zip(before.cities, after.cities, strict=True)]
    assert (same, changed) == (True, False)
    assert [b.digest == a.digest for b, a in zip(before.shards, after.shards, strict=True)] == [True, False]
    assert before.digest != after.digest and before.rules_digest == after.rules_digest
    other_day = plan_province(folders, pairs.AS_OF.replace(month=5), join_below=0)
    assert not {shard.digest for shard in other_day.shards} & {shard.digest for shard in after.shards}


def test_corrections_are_of_their_own_city_when_two_are_given_together(tmp_path):
    """Both registers name the file by its name, which the other city has, too."""
    one, other = pairs.pair()
    for letter, tables in (("A", one), ("B", other)):
        tables["更正登记"] = [{
            "更正的文件": "用房.csv", "更正的记录编号": f"P{letter}01-Y1", "更正的字段": "实测面积", "原值": "500", "更正值": "450", "更正理由": "复测",
            "更正人": "王", "更正日期": "2011-05-01",
        }]  # fmt: skip
    both("用房", 产权证号=TITLE)(one, other)
    folders = pairs.write(tmp_path, A=one, B=other)
    assert shards(plan_of(folders)) == [("A", "B")]
    found = [head for head in pairs.heads(folders) if "PA01" in head or "PB01" in head]
    assert {head[1] for head in found} >= {"AR03"} and {head[4] for head in found if head[1] == "AR03"} == {"PA01", "PB01"}

"""The paper that says which of the papers in a folder is for whom."""

from __future__ import annotations

from collections.abc import Collection
from fnmatch import fnmatchcase

from planning_check.errors import Text
from planning_check.record.run import StoredRun
from planning_check.words import PAPERS

#: What the paper is called.
NAME = Text("先读我.txt", "README.txt")


#: Names in the folder (of the reader's language) -> for whom, and what it is. Every paper that ``report`` writes is of one line.
def _named(*names: str) -> tuple[Text, ...]:
    """Of one name in every language."""
    return tuple(Text(name, name) for name in names)


_PAPERS = (
    ((PAPERS["meeting"],),
     Text("开会的人：一页汇总和各名单，在决定栏里填写", "the meeting: one page of summary and the lists, with columns to decide in")),
    ((PAPERS["annex"], Text("survey_zh.csv", "survey_en.csv")),
     Text("各部门经办人：逐条的问题、各登记表和各区县的统计", "the desks of the bureaus: every finding, all registers, the survey by district")),
    ((Text("findings_zh.html", "findings_en.html"),),
     Text("所有人：网页，双击打开，不用联网，有地图和筛选", "everybody: a page with map and filters; opens without a network")),
    ((PAPERS["notices"],), Text("发文的人：文书草稿，核对后才能制发", "who sends letters: drafts, to be made sure of before they go out")),
    ((Text("layers_zh.gpkg", "layers_en.gpkg"),), Text("规划、测绘：用 QGIS 打开，样式已在里面", "planners and surveyors: opens styled in QGIS")),
    (_named("problems.csv", "returns.csv", "disagreements.csv"),
     Text("报送数据的人：没有读进来的、要退回更正的、各处说法不一的", "who delivered: what was not read, goes back, or is told differently by others")),
    (_named("corrections.csv", "outcomes_without.csv", "controls.csv"),
     Text("监督的人：用过的更正，和不更正会怎样；各部门每年放过了什么",
          "who oversees: the corrections used, and what the outcome is without them; what bureaus let pass by year")),
    (_named("reading.csv"), Text("核对的人：每一列是怎么读的", "who verifies: how every column was read")),
    ((Text("findings.csv", "findings.csv"), Text("findings_zh.csv", "findings_en.csv"),
      *_named("findings.json*", "findings.schema.json", "findings.geojson")),
     Text("用 Excel 或程序继续处理的人：全部问题", "who works on in Excel or a program: all findings")),
    (_named("manifest.json"), Text("审计：每个文件由哪些数据得出，及其摘要", "auditors: what every file was made from, with its digest")),
)  # fmt: skip


def guide(run: StoredRun, names: Collection[str], lang: str) -> str:
    """The text for the papers that are there. ``names``: of everything in the folder, what lies in folders by its path with ``/``."""
    tops = {f"{name.split('/')[0]}/" if "/" in name else name for name in names}
    city = f"{run.title.get(lang)} · " if run.title else ""
    lines = [city + Text("检查材料，检查基准日 {}", "papers of the check as of {}").get(lang).format(run.as_of.isoformat()), ""]
    for patterns, told in _PAPERS:
        found = [name for pattern in patterns for name in sorted(tops) if fnmatchcase(name.rstrip("/"), pattern.get(lang))]
        if found:
            comma, colon = Text("、", ", ").get(lang), Text("：", ": ").get(lang)
            lines.append(f"{comma.join(dict.fromkeys(found))}{colon}{told.get(lang)}")
    return "\n".join(lines) + "\n"

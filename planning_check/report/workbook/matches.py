"""The offices that look for a place and the idle facilities proposed for them, with the runner-up and why it lost."""

from __future__ import annotations

from planning_check.report.console.matching import reason
from planning_check.report.told.pack import Pack
from planning_check.report.workbook.book import MOST_ROWS, Book, Column
from planning_check.report.workbook.lists import finish


def write_matches(book: Book, pack: Pack) -> None:
    """A row an office: first those with a facility. Nothing where the run recorded no matching."""
    if pack.matching is None:
        return
    say, lines = book.say, pack.matching.lines
    columns = [
        Column(say("办公用房", "office"), 12, "code"), Column(say("社区", "community"), 14), Column(say("建议的设施", "facility proposed"), 30),
        Column(say("距离 米", "distance, m"), 12, "area"), Column(say("可作办公 ㎡", "for the office, m2"), 14, "area"),
        Column(say("可作场地 ㎡", "for the ground, m2"), 14, "area"), Column(say("次选", "runner-up"), 28),
        Column(say("次选未选、或没有配上的原因", "why the runner-up lost, or why there is none"), 36),
        Column(say("会议意见", "the meeting's view"), 20, "typed"),
    ]  # fmt: skip
    sheet = book.sheet(say("闲置设施匹配", "Idle facilities"), columns, heading=2, freeze=1)
    matched = sum(1 for line in lines if line.facility_id)
    sheet.title(
        say("闲置设施匹配（建议）", "Idle facilities proposed for offices"),
        say(f"要找地方的办公用房 {len(lines)} 处，配上 {matched} 处；先求配上最多，再求总距离最短；直线距离，范围和加权是本工具建议，可以另定",
            f"{len(lines)} offices look for a place, {matched} have one; first as many as possible, then the least total distance in a "
            "straight line; reach and weights are this tool's suggestion"),
    )  # fmt: skip
    sheet.heads()
    first = sheet.row
    for line in sorted(lines, key=lambda line: line.facility_id is None)[:MOST_ROWS]:
        sheet.line([
            line.office_id, line.community_name, " ".join(part for part in (line.facility_id, line.facility_name) if part), line.distance_m,
            line.office_m2, line.outdoor_m2, line.runner_up_name or line.runner_up_id, reason(line, book.lang), None,
        ])  # fmt: skip
    finish(book, sheet, first, len(lines), len(columns))

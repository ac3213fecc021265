"""Take in one file: read it, find out which table each sheet is, stage it; what cannot be used is a problem, not an error."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path, PurePath

from planning_check.errors import Text
from planning_check.ingest.archives import unpacked
from planning_check.ingest.boundary import problem_of, sound
from planning_check.ingest.collecting import no_collecting
from planning_check.ingest.column_notes import note_columns
from planning_check.ingest.delivery import File, digest, leads_out
from planning_check.ingest.geopackage import Computed
from planning_check.ingest.head_rows import Groups
from planning_check.ingest.headers import Header
from planning_check.ingest.kinds import Kind, is_geodatabase, kind_of, named_otherwise
from planning_check.ingest.layer import Layer
from planning_check.ingest.layers import companions, files_of, read_layers
from planning_check.ingest.mapped import read_as_told
from planning_check.ingest.mapped_layer import read_layer_as_told
from planning_check.ingest.mapped_words import keep_words
from planning_check.ingest.mapping import SheetMapping
from planning_check.ingest.meeting import is_cover, is_meeting
from planning_check.ingest.parts import rows_told, share_out
from planning_check.ingest.plain import is_blank, without_controls
from planning_check.ingest.problems import note
from planning_check.ingest.readers import read_sheets
from planning_check.ingest.recognise import HEADER_ROWS, Recognised, recognise, stated_around, tables_named
from planning_check.ingest.saying import line_told, note_form, note_none, note_stale, order_days
from planning_check.ingest.seen import Nearest, nearest, sample, see_other, see_table, told
from planning_check.ingest.sheets import FileProblem, Sheet
from planning_check.ingest.staged import all_or_nothing, bring_back, keeping_staged, key_of
from planning_check.ingest.staging import Staging
from planning_check.ingest.stated import Stated, listening, with_units
from planning_check.ingest.templated import as_form
from planning_check.schema import BY_NAME
from planning_check.template import is_guide

#: Problems of files that may hold rows of any table.
_HIDDEN_ROWS = (
    "unreadable_file", "password_protected", "link_outside", "unreadable_folder", "changed_file", "text_encoding", "archive_file",
    "database_file", "internal_error", "too_large_file",
)  # fmt: skip
#: Rows (without the header, and with it) at which a preview or a format of files ends.
CUT_OFF = frozenset({1_000, 65_535, 65_536, 1_048_575, 1_048_576})


def take_in(staging: Staging, file: File) -> None:
    """Stage every table of one file, or of all files of an archive. Sheets before a fault in a file stay staged."""
    try:
        if file.refused:
            raise FileProblem(file.refused, file.detail)
        if not (file.path.is_file() or is_geodatabase(file.path)):  # reading it might never end
            raise FileProblem(
                "unreadable_file",
                Text("不是文件，是文件夹、管道、设备或断了的链接", "no file: a folder, a pipe, a device or a broken link"),
            )
        kind = kind_of(file.path)
        if kind.by == "archive":
            _take_archive(staging, file)
        else:
            _take_file(staging, file, kind)
    except Exception as error:
        problem = problem_of(error)
        _not_read(staging, file, problem.code)
        note(staging.con, problem.code, file=file.name, detail=problem.detail)


def _take_archive(staging: Staging, file: File) -> None:
    if file.packed:
        raise FileProblem("archive_file", Text("压缩包里的压缩包", "an archive inside an archive"))
    with unpacked(file) as members:
        if not members:
            raise FileProblem("empty_file")
        for member in members:
            take_in(staging, member)


def _take_file(staging: Staging, file: File, kind: Kind) -> None:
    if kind.by == "layers" and file.roots and any(leads_out(path, file.roots) for path in companions(file.path, kind)):
        raise FileProblem("link_outside")
    files = files_of(file.path, kind)
    before = _stamps(files)
    sha256 = digest(files)
    mapping = staging.mapping if staging.mapping and staging.mapping.about(file.name) else None
    key = key_of(file, files, sha256, mapping.sha256 if mapping else "")
    if bring_back(staging, file, key):
        return
    with keeping_staged(staging, file, key), no_collecting():
        _read(staging, file, sha256, kind)
        if _stamps(files) != before:
            raise FileProblem("changed_file")


def _stamps(files: Iterable[Path]) -> list[tuple[int, int]]:
    """Size and time of last change."""
    return [(told.st_size, told.st_mtime_ns) for told in (path.stat() for path in files)]


def _read(staging: Staging, file: File, sha256: str, kind: Kind) -> None:
    if detail := named_otherwise(file.path, kind):
        note(staging.con, "other_ending", file=file.name, detail=detail)
    if kind.by == "layers":
        is_empty = True
        for layer in sound(read_layers(file.path, kind)):
            is_empty = False
            if isinstance(layer, Computed):
                _note_computed(staging, file, layer)
                continue
            before = staging.rows
            with all_or_nothing(staging):
                _take_layer(staging, file, sha256, layer)
            _note_whole(staging, file, layer.name, layer.notes, staging.rows - before)
        if is_empty:
            raise FileProblem("empty_file")
        return
    of_meeting = False
    for sheet in sound(read_sheets(file.path, kind)):
        before = staging.rows
        sheet.rows = sound(sheet.rows)
        with all_or_nothing(staging):
            of_meeting = _take_sheet(staging, file, sha256, sheet, of_meeting=of_meeting)
        _note_whole(staging, file, sheet.name, sheet.notes, staging.rows - before)


def _note_whole(staging: Staging, file: File, sheet: str, notes: Sequence[tuple[str, Text]], rows: int) -> None:
    """What its reader says of a sheet, and whether its length is one at which programs cut off what they export."""
    for code, detail in notes:
        note(staging.con, code, file=file.name, sheet=sheet, detail=detail)
    if rows in CUT_OFF:
        note(staging.con, "cut_off", file=file.name, sheet=sheet, detail=Text(f"{rows:,}", f"{rows:,}"))


def _not_read(staging: Staging, file: File, code: str) -> None:
    """A file that may hold rows which nobody has seen: of the tables that its name says,
    else of any (but other kinds of paper are no tables)."""
    tables = tables_named(_stem(file))
    nameless = (None,) if code in _HIDDEN_ROWS else ()
    staging.unread(file.name, "", tables or nameless)
    see_other(staging.con, file.name, "", code)


def _take_sheet(staging: Staging, file: File, sha256: str, sheet: Sheet, *, of_meeting: bool) -> bool:
    """``of_meeting``: a sheet before it was the cover of a meeting's workbook; returns the same for the next."""
    head = list(islice(sheet.rows, HEADER_ROWS))
    if not any(not is_blank(cell) for row in head for cell in row):
        rest = chain(head, sheet.rows)
        head = list(islice(_from_first_text(rest, sheet), HEADER_ROWS))
    of_meeting = of_meeting or is_cover(head)
    if of_meeting or is_meeting(head):
        note_form(staging, file, sheet, "meeting_book", sum(not is_blank("".join(row)) for row in chain(head, sheet.rows)))
    else:
        _take_table(staging, file, sha256, sheet, head)
    return of_meeting


def _take_table(staging: Staging, file: File, sha256: str, sheet: Sheet, head: list[list[str]]) -> None:
    groups = [(top - sheet.first_row, left, bottom - sheet.first_row, right) for top, left, bottom, right in sheet.blocks]
    if staging.mapping and (told := staging.mapping.of(file.name, sheet.name)):
        take = _take_parts if told.parts else _take_as_told
        take(staging, file, sha256, sheet, head, groups, told)
        return
    found = recognise(head, sheet.name, _stem(file), groups=groups, first_row=sheet.first_row)
    if found.header is None:
        rows = sum(not is_blank("".join(row)) for row in chain(head, sheet.rows))
        if is_guide(head):
            note_form(staging, file, sheet, "template_guide", rows)
            return
        _note_unrecognised(staging, file, sheet.name, found, nearest(head, groups), rows, head)
        return
    top = found.header.row + 1
    form = as_form(head[:top], chain(head[top:], sheet.rows))
    if form.is_untouched:
        note_form(staging, file, sheet, "template_untouched", 0, form.answer)
        return
    sheet.rows, before = form.rows, staging.rows
    header = _stage(staging, file, sha256, sheet, found.header, head[:top], found.stated)
    shown = sample(head[header.row + 1 :]) if sheet.encoding else ""
    see_table(
        staging.con, file.name, sheet.name, staging.sources, header, is_hidden=sheet.hidden, hidden_rows=len(sheet.hidden_rows), shown=shown
    )
    note_columns(staging, header)
    note_none(staging, header.table, before, form.answer if form.said_none else "")


def _stage(
    staging: Staging, file: File, sha256: str, sheet: Sheet, header: Header, head: list[list[str]], before: Sequence[Stated],
    rewritten: Callable[[Iterator[list[str]]], Iterator[list[str]]] = iter,
) -> Header:  # fmt: skip
    """Stage the rows below a header, ``rewritten``; its columns in the units that are stated ``before`` them and in notes among them."""
    stated = list(before)
    sheet.rows = rewritten(listening(sheet.rows, sheet.first_row + len(head), header, stated))
    as_stated = with_units(header, before)
    staging.add_sheet(file.name, sha256, sheet, as_stated, head)
    if len(stated) > len(before):
        as_stated = with_units(header, stated)
        staging.restate(as_stated)
    return as_stated


def _take_parts(
    staging: Staging, file: File, sha256: str, sheet: Sheet, head: list[list[str]], groups: Groups, told: SheetMapping
) -> None:  # fmt: skip
    """Stage a sheet as several tables, each of its own rows; those that no part takes, or two of one table, are told."""
    rows = [*head, *sheet.rows]
    top = max(len(head), (told.header_row or 0) - sheet.first_row + 1)
    shared = share_out(told.parts, rows, top, sheet.first_row, groups)
    there = {part.table for part, only in zip(told.parts, shared.taken, strict=True) if only}
    for part, only in zip(told.parts, shared.taken, strict=True):
        if only == frozenset():  # which is not that there is none: the words of its condition may have changed
            note(staging.con, "part_without_rows", file=file.name, sheet=sheet.name, table=part.table, detail=line_told(part))
            staging.unread(file.name, sheet.name, () if part.table in there else (part.table,))
            continue
        _take_as_told(staging, file, sha256, replace(sheet, rows=iter(rows[top:])), rows[:top], groups, part, only or ())
    for code, numbers in (("rows_of_no_part", shared.untaken), ("rows_of_two_parts", shared.claimed)):
        if numbers:
            note(staging.con, code, file=file.name, sheet=sheet.name, detail=rows_told(numbers))
            see_other(staging.con, file.name, sheet.name, code, rows=len(numbers))


def _take_as_told(
    staging: Staging, file: File, sha256: str, sheet: Sheet, head: list[list[str]], groups: Groups, told: SheetMapping,
    only: Collection[int] | None = None,
) -> None:  # fmt: skip
    """Stage a sheet as the mapping says; ``only``: the rows that are meant, by their numbers in the sheet."""
    head += islice(sheet.rows, max(0, (told.header_row or 0) - sheet.first_row + 1 - len(head)))
    read = read_as_told(told, head, sheet.first_row, groups)
    if read is None or read.takes is None:
        rows = sum(not is_blank("".join(row)) for row in chain(head, sheet.rows))
        if is_guide(head):
            note_form(staging, file, sheet, "template_guide", rows)
            return
        staging.unread(file.name, sheet.name, (told.table,))
        stale = read.missing if read else [column.heading for column in told.columns]
        note_stale(staging, told, stale, file=file.name, sheet=sheet.name)
        see_other(staging.con, file.name, sheet.name, "stale_mapping", rows=rows, near=nearest(head, groups))
        return
    form = as_form(read.head, chain(head[read.header.row + 1 :], sheet.rows))
    if form.is_untouched:
        note_form(staging, file, sheet, "template_untouched", 0, form.answer)
        return
    sheet.rows, before = form.rows, staging.rows
    stated = stated_around(read.header, head[: read.header.row], sheet.name, _stem(file), sheet.first_row)
    first = sheet.first_row + read.header.row + 1

    def rewritten(rows: Iterator[list[str]]) -> Iterator[list[str]]:
        return read.rewriting.rows(row if only is None or number in only else [] for number, row in enumerate(rows, first))

    header = _stage(staging, file, sha256, sheet, read.header, read.head, stated, rewritten)
    keep_words(staging.con, staging.sources, told.table, read.rewriting.words)
    order_days(staging, told)
    see_table(
        staging.con, file.name, sheet.name, staging.sources, header, is_hidden=sheet.hidden, hidden_rows=len(sheet.hidden_rows)
    )  # fmt: skip
    if read.missing:
        note_stale(staging, told, read.missing, source_id=staging.sources, table=told.table)
    if read.rewriting.added[0]:
        rows, made = read.rewriting.added
        note(
            staging.con,
            "added_up",
            source_id=staging.sources,
            table=told.table,
            detail=Text(f"{rows} 行并成 {made} 行", f"{rows} rows into {made}"),
        )
    note_columns(staging, header)
    note_none(staging, told.table, before, form.answer if form.said_none else "")


def _from_first_text(rows: Iterator[list[str]], sheet: Sheet) -> Iterator[list[str]]:
    """The rows from the first one that is not blank; moves the sheet's first row along."""
    begun = False
    for row in rows:
        begun = begun or any(not is_blank(cell) for cell in row)
        if begun:
            yield row
        else:
            sheet.first_row += 1


def _take_layer(staging: Staging, file: File, sha256: str, layer: Layer) -> None:
    attributes = layer.table.column_names[:-1]
    has_geometry = layer.table.column("geometry").null_count < max(layer.table.num_rows, 1)
    if staging.mapping and (told := staging.mapping.of(file.name, layer.name)):
        if told.parts:
            staging.unread(file.name, layer.name, tuple(dict.fromkeys(part.table for part in told.parts)))
            note(staging.con, "layer_in_parts", file=file.name, sheet=layer.name, detail=line_told(told))
            see_other(staging.con, file.name, layer.name, "layer_in_parts", rows=layer.table.num_rows)
            return
        _take_layer_as_told(staging, file, sha256, layer, told)
        return
    found = recognise([attributes], layer.name, _stem(file), geometry=has_geometry, attributes=layer.encoding or "")
    if found.header is None:
        near = nearest([attributes], None, layer.encoding or "")
        _note_unrecognised(staging, file, layer.name, found, near, layer.table.num_rows, columns=attributes)
        return
    _stage_layer(staging, file, sha256, layer, found.header)


def _stage_layer(staging: Staging, file: File, sha256: str, layer: Layer, header: Header) -> None:
    before = staging.rows
    staging.add_layer(file.name, sha256, layer, header)
    first = [[str(v) for v in layer.table.column(name).slice(0, 2).to_pylist() if v is not None] for name in layer.table.column_names[:-1]]
    see_table(staging.con, file.name, layer.name, staging.sources, header, shown=sample(first) if layer.encoding else "")
    note_columns(staging, header)
    note_none(staging, header.table, before)
    has_geometry = layer.table.column("geometry").null_count < max(layer.table.num_rows, 1)
    if layer.crs is None and has_geometry and BY_NAME[header.table].geometry:
        note(staging.con, "no_crs", source_id=staging.sources, table=header.table, field="geometry")


def _take_layer_as_told(staging: Staging, file: File, sha256: str, layer: Layer, told: SheetMapping) -> None:
    """Stage a layer as the mapping says."""
    read = read_layer_as_told(told, layer)
    if read is None:
        staging.unread(file.name, layer.name, (told.table,))
        note_stale(staging, told, [column.heading for column in told.columns], file=file.name, sheet=layer.name)
        near = nearest([layer.table.column_names[:-1]], None, layer.encoding or "")
        see_other(staging.con, file.name, layer.name, "stale_mapping", rows=layer.table.num_rows, near=near)
        return
    _stage_layer(staging, file, sha256, read.layer, read.header)
    keep_words(staging.con, staging.sources, told.table, read.words)
    order_days(staging, told)
    if read.missing:
        note_stale(staging, told, read.missing, source_id=staging.sources, table=told.table)


def _note_computed(staging: Staging, file: File, layer: Computed) -> None:
    """A layer that is not read: of the table that its columns and names say, some rows may be missing;
    of any, where nobody knows its columns."""
    found = recognise([layer.columns], layer.name, _stem(file), geometry=True, attributes="")
    named = (found.header.table,) if found.header else found.candidates or tables_named(layer.name)
    if not (named or layer.columns):
        named = tables_named(_stem(file))
    staging.unread(file.name, without_controls(layer.name), named or (() if layer.columns else (None,)))
    note(staging.con, "computed_layer", file=file.name, sheet=without_controls(layer.name))
    see_other(staging.con, file.name, without_controls(layer.name), "computed_layer")


def _stem(file: File) -> str:
    return PurePath(file.name).stem


def _note_unrecognised(
    staging: Staging, file: File, sheet: str, found: Recognised, near: Sequence[Nearest], rows: int,
    head: Sequence[Sequence[str]] = (), *, columns: Sequence[str] | None = None,
) -> None:  # fmt: skip
    """A sheet or layer that is no table, or could be several. ``near``: the tables it is most like; ``head``: a sheet's first rows;
    ``columns``: a layer's."""
    staging.unread(file.name, sheet, found.candidates or tables_named(sheet or _stem(file)))
    if found.candidates:
        labels = [BY_NAME[c].label for c in found.candidates]
        code, detail = "ambiguous_sheet", Text("、".join(t.zh for t in labels), ", ".join(t.en for t in labels))
    elif columns is not None:
        shown = [name[:30] for name in columns[:12]] + (["…"] if len(columns) > 12 else [])
        code, detail = "unknown_layer", Text("、".join(shown) or "没有", ", ".join(shown) or "none")
    else:
        code, detail = ("unknown_sheet" if rows else "empty_sheet"), told(near)
    note(staging.con, code, file=file.name, sheet=sheet, detail=detail)
    see_other(staging.con, file.name, sheet, code, rows=rows, near=near, head=head)

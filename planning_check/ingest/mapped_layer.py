"""Layers read as a mapping says: their attributes are headings, and what it puts in are attributes more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from planning_check.ingest.headers import Column, Header
from planning_check.ingest.layer import Layer
from planning_check.ingest.mapped import read_as_told
from planning_check.ingest.mapping import SheetMapping
from planning_check.ingest.plain import is_blank

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class MappedLayer:
    """The header that a mapping makes of a layer, and the layer with what it puts in. ``words``: by field, and what
    they mean; ``missing``: what it names and the layer has not,
    or cannot take: places of points, rows to be added up."""

    header: Header
    layer: Layer
    words: Mapping[str, Mapping[str, str]]
    missing: tuple[str, ...]


def read_layer_as_told(told: SheetMapping, layer: Layer) -> MappedLayer | None:
    """Read a layer by its mapping; None where not one of the attributes is there."""
    attributes = layer.table.column_names[:-1]
    read = read_as_told(replace(told, header_row=None), [attributes], 1, None)
    if read is None:
        return None
    table, columns = layer.table, {}
    for field, column in read.header.columns.items():
        if column.index < len(attributes):
            columns[field] = _named(column, attributes[column.index])
        else:
            columns[field] = replace(column, letter=f"{column.header} {field}", header=f"{column.header} {field}")
            table = _with(table, columns[field].header, _put_in(told, field, read.rewriting.parts, table))
    for field in read.rewriting.words:
        name = columns[field].header
        table = table.set_column(table.column_names.index(name), name, _texts(table.column(name)))
    places = tuple(one.header for one in (read.header.longitude, read.header.latitude) if one)
    left = tuple(replace(one, letter=one.header) for one in read.header.unused)
    beside = tuple(_named(one, attributes[one.index]) for one in read.header.beside)
    header = replace(read.header, columns=columns, longitude=None, latitude=None, unused=left, beside=beside)
    return MappedLayer(
        header, replace(layer, table=table), read.rewriting.words, (*read.missing, *places, *(["add_up"] if told.add_up else []))
    )


def _named(column: Column, name: str) -> Column:
    """An attribute has no letter but its name."""
    return replace(column, letter=name, header=name)


def _with(table: pa.Table, name: str, column: Any) -> pa.Table:
    """One attribute more, before the geometry."""
    return table.add_column(table.num_columns - 1, name, column)


def _put_in(told: SheetMapping, field: str, parts: Mapping[str, Any], table: pa.Table) -> Any:
    """A constant, or an id made of the attributes at these places; none where one of them is blank."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if field in told.constants:
        return pa.array([told.constants[field]], pa.string()).take(pa.array([0] * table.num_rows, pa.int64()))
    places = parts[field]
    if any(place is None for place in places):
        return pa.nulls(table.num_rows, pa.string())
    return pc.binary_join_element_wise(*(_texts(table.column(place)) for place in places), "-")


def _texts(column: Any) -> pa.Array:
    """The attribute as text; none where it is blank."""
    import pyarrow as pa

    coded = column.combine_chunks()
    coded = (coded if isinstance(coded, pa.Array) else pa.concat_arrays(coded.chunks)).dictionary_encode()
    told = [_text(value) for value in coded.dictionary.to_pylist()]
    return pa.array(told, pa.string()).take(coded.indices)


def _text(value: Any) -> str | None:
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return None if value is None or is_blank(text) else text.strip()

"""Column types of the store: exact decimals and JSON, the same on every database."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, SmallInteger, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

HALF_64 = 2**63


class Scaled(TypeDecorator[Decimal]):
    """An exact decimal held as a whole number of its smallest step (0.01 m2 = 1 dm2, 0.01 yuan = 1 fen).

    SQLite has no exact decimal and sums REAL: whole numbers add up exactly everywhere.
    """

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int = 2) -> None:
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        scaled = Decimal(value).scaleb(self.places)
        if scaled != int(scaled):
            raise ValueError(f"{value} has more than {self.places} decimal places")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(int(value)).scaleb(-self.places)


class Coded(TypeDecorator[str]):
    """One of a closed list of words, held as its place in the list, which therefore only grows at its end."""

    impl = SmallInteger
    cache_ok = True

    def __init__(self, *words: str) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: str | None, dialect: Dialect) -> int | None:
        return None if value is None else self.words.index(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> str | None:
        return None if value is None else self.words[value]


class Hex64(TypeDecorator[str]):
    """Sixteen hexadecimal digits held as a whole number of 64 bits, shifted into the range that has a sign."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value, 16) - HALF_64

    def process_result_value(self, value: int | None, dialect: Dialect) -> str | None:
        return None if value is None else f"{int(value) + HALF_64:016x}"


class JsonText(TypeDecorator[Any]):
    """JSON kept as the text that was written, so that identical runs hold identical bytes."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)

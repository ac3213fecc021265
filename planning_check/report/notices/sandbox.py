"""What an office's own template may do: put fields where they belong. Values are escaped for XML; the same fields give the same text."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from jinja2 import StrictUndefined
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext
from jinja2.sandbox import SandboxedEnvironment

#: Filters that give another text each time, or print where in memory something is.
_UNSTEADY = ("random", "attr", "pprint")
#: Filters that make much of little.
_GROWING = ("center", "indent", "batch", "slice", "format")


class _Sandbox(SandboxedEnvironment):
    intercepted_binops = frozenset({"*", "**"})

    def getattr(self, obj: Any, attribute: str) -> Any:
        """What a field or an item has by that name, and what a loop counts; never what Python knows of it."""
        if isinstance(obj, LoopContext):
            return super().getattr(obj, attribute)
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        try:
            return obj[argument]
        except (LookupError, TypeError, AttributeError):
            return self.undefined(obj=obj, name=argument)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Of numbers only: a text times 10**12 would fill the memory."""
        if operator == "**" or not all(isinstance(side, int | float) for side in (left, right)):
            raise SecurityError(f"{operator} is not for templates")
        return super().call_binop(context, operator, left, right)


def environment() -> SandboxedEnvironment:
    """The environment that templates are read in: no functions besides the filters, no other templates."""
    made = _Sandbox(autoescape=True, undefined=StrictUndefined, finalize=_printable)
    made.globals.clear()
    for name in (*_UNSTEADY, *_GROWING):
        made.filters.pop(name, None)
    return made


def _printable(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float | Decimal):
        return value
    raise SecurityError(f"{type(value).__name__} is no text")

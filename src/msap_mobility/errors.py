"""What can go wrong, as one tree.

.. code-block:: text

    MsapError
    ├── InputError      (also a ValueError)    the input is wrong; carries every Fault found
    ├── MissingExtra    (also an ImportError)  an optional package is not installed
    ├── LedgerError     the ledger cannot, or will not
    │   ├── Refused     (ledger) it says no to an entry, with the rule and the amounts
    │   └── Unusable    (ledger) its file or server cannot be used now
    └── BrokenInvariant (also a RuntimeError)  a fault of ours: please report it

Infeasible and unreachable are *not* errors: they are answers, found in a result's `unserved`.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self

from msap_mobility.wording import LANGUAGES, Lang, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from types import TracebackType

__all__ = [
    "BrokenInvariant",
    "Fault",
    "Faults",
    "InputError",
    "LedgerError",
    "MissingExtra",
    "MsapError",
]


class MsapError(Exception):
    """Root of every exception this library raises on purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong in an input: where, what value, and which rule it breaks.

    Parameters
    ----------
    code
        Stable code; ``fault.<code>.what`` and ``fault.<code>.remedy`` are its words.
    file, row, column
        Where. `row` is the line number a spreadsheet shows (the header is row 1). Empty or None
        where it does not apply.
    value
        The offending value, as it was written.
    details
        Further values the words need (a limit, the nearest known name).

    Examples
    --------
    >>> fault = Fault(code="not_a_number", file="homes.csv", row=7, column="people", value="two")
    >>> print(fault.text("en"))
    homes.csv, row 7, column people: 'two' is not a number. Write digits only, for example 2 or 2.5.
    """

    code: str
    file: str = ""
    row: int | None = None
    column: str = ""
    value: object = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def what(self, lang: Lang = "en") -> str:
        """What is wrong, in `lang`."""
        return say(f"fault.{self.code}.what", lang, **self._values())

    def remedy(self, lang: Lang = "en") -> str:
        """What to do about it, in `lang`."""
        return say(f"fault.{self.code}.remedy", lang, **self._values())

    def place(self, lang: Lang = "en") -> str:
        """Where it is, in `lang`; empty if it has no place."""
        parts = [self.file] if self.file else []
        if self.row is not None:
            parts.append(say("fault.place.row", lang, row=self.row))
        if self.column:
            parts.append(say("fault.place.column", lang, column=self.column))
        return ", ".join(parts)

    def text(self, lang: Lang = "en") -> str:
        """Place, fault and remedy as one line, in `lang`."""
        place = self.place(lang)
        lead = say("fault.place.lead", lang, place=place) if place else ""
        return f"{lead}{self.what(lang)} {self.remedy(lang)}"

    def to_dict(self) -> dict[str, Any]:
        """The fault as JSON data, words in every language included."""
        return {
            "code": self.code,
            "file": self.file or None,
            "row": self.row,
            "column": self.column or None,
            "value": None if self.value is None else str(_written_out(self.value)),
            "what": {lang: self.what(lang) for lang in LANGUAGES},
            "remedy": {lang: self.remedy(lang) for lang in LANGUAGES},
        }

    def _values(self) -> dict[str, Any]:
        return {
            "value": _written_out(self.value),
            "column": self.column,
            "file": self.file,
            **self.details,
        }


def _written_out(value: object) -> object:
    """The value, or its size if Python will not write it out: an integer of thousands of digits."""
    try:
        repr(value)
    except ValueError:
        return f"~10**{int(value.bit_length() * 0.30103)}" if isinstance(value, int) else "…"
    return value


class InputError(MsapError, ValueError):
    """The input is wrong. Carries every fault found, not only the first.

    Parameters
    ----------
    faults
        At least one fault.

    Examples
    --------
    >>> error = InputError([Fault(code="not_a_number", column="people", value="two")])
    >>> error.faults[0].code
    'not_a_number'
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__(self.text("en"))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Fault, ...]]]:
        return InputError, (self.faults,)

    def text(self, lang: Lang = "en") -> str:
        """All faults, a line each, in `lang`."""
        return "\n".join(fault.text(lang) for fault in self.faults)


class MissingExtra(MsapError, ImportError):  # noqa: N818 - the name says what is missing
    """An optional package is needed and not installed.

    Parameters
    ----------
    package
        The package that could not be imported.
    extra
        The extra of ours that brings it.

    Examples
    --------
    >>> print(MissingExtra("osmium", "osm"))
    osmium is not installed. Install it with: pip install "msap-mobility[osm]"
    """

    def __init__(self, package: str, extra: str) -> None:
        self.package = package
        self.extra = extra
        super().__init__(self.text("en"))

    def __reduce__(self) -> tuple[type[MissingExtra], tuple[str, str]]:
        return MissingExtra, (self.package, self.extra)

    def text(self, lang: Lang = "en") -> str:
        """What is missing and the line that installs it, in `lang`."""
        return say("error.missing_extra", lang, package=self.package, extra=self.extra)


class LedgerError(MsapError):
    """Root of what the ledger raises: a refusal, or a file or server that cannot be used."""

    def text(self, lang: Lang = "en") -> str:
        """What is the matter and what to do about it, in `lang`."""
        raise NotImplementedError


class BrokenInvariant(MsapError, RuntimeError):  # noqa: N818 - the name says what broke
    """Something that must always hold did not: a fault of the library, not of the input.

    Parameters
    ----------
    invariant
        Which one, in words for the person who will mend it.
    **values
        What was found.

    Examples
    --------
    >>> print(BrokenInvariant("plan passes the checker", violations=2))
    broken invariant: plan passes the checker (violations=2)
    """

    def __init__(self, invariant: str, **values: object) -> None:
        self.invariant = invariant
        self.values = values
        found = ", ".join(f"{name}={value!r}" for name, value in values.items())
        super().__init__(f"broken invariant: {invariant} ({found})")


class Faults:
    """Collects faults while reading on, then raises them all at once.

    Used as a context manager it raises on leaving the block; an `InputError` raised inside joins
    the collection.

    Examples
    --------
    >>> with Faults(file="homes.csv") as faults:
    ...     faults.add("not_a_number", row=2, column="people", value="two")
    ...     faults.add("duplicate_id", row=3, column="id", value="h1", first_row=2)
    Traceback (most recent call last):
    ...
    msap_mobility.errors.InputError: homes.csv, row 2, column people: 'two' is not a number. ...
    """

    def __init__(self, *, file: str = "") -> None:
        self.file = file
        self.found: list[Fault] = []

    def add(
        self,
        code: str,
        *,
        row: int | None = None,
        column: str = "",
        value: object = None,
        file: str = "",
        **details: Any,
    ) -> None:
        """Note one fault."""
        self.found.append(
            Fault(
                code=code,
                file=file or self.file,
                row=row,
                column=column,
                value=value,
                details=details,
            ),
        )

    @contextmanager
    def also(self, *, row: int | None = None, column: str = "") -> Iterator[None]:
        """Let a block fail on its own: its faults join the collection and reading goes on.

        Parameters
        ----------
        row, column
            Given, with the file, to faults that do not say it themselves.

        Examples
        --------
        >>> faults = Faults(file="homes.csv")
        >>> with faults.also(row=2, column="people"):
        ...     raise InputError([Fault(code="not_a_number", value="two")])
        >>> faults.found[0].place()
        'homes.csv, row 2, column people'
        """
        try:
            yield
        except InputError as error:
            self.found.extend(
                replace(
                    fault,
                    file=fault.file or self.file,
                    row=row if fault.row is None else fault.row,
                    column=fault.column or column,
                )
                for fault in error.faults
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, InputError):
            self.found.extend(error.faults)
        elif error is not None:
            return
        if self.found:
            raise InputError(self.found) from None

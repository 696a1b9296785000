"""Who takes part in the carpool, and how to reach them: kept apart, for the second is forgotten."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, Self, get_args

from msap_mobility.calendar.checks import check_choice
from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.model.sharing import check_names, check_person
from msap_mobility.model.written import names_from, names_of, read_record, told

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from msap_mobility.model.written import Names

__all__ = ["Contact", "Member", "Role"]

Role = Literal["driver", "rider", "shop"]
"""What a member does in the scheme; many do two."""

_COMMUNE = re.compile(r"[0-9][0-9AB][0-9]{3}")
_LONGEST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who is registered, under an id that names nobody.

    At registration the charter is signed and papers are shown: the identity card, by who drives
    the driving licence too. A driver gets a numbered badge for the windscreen (Ecosyst'M:
    ithea-conseil.fr, busetcar.com 619726).

    Parameters
    ----------
    id
        Opaque: it stays in events and in the ledger for ever.
    roles
        See `Role`; at least one.
    charter_signed
        Day the charter was signed; None: not yet.
    id_seen, licence_seen
        Day the identity card and the driving licence were shown; None: not yet.
    badge
        Number of the badge; empty without one.
    commune_code
        INSEE code of the commune the member lives in; empty if unknown.

    Raises
    ------
    InputError
        With every fault.

    Examples
    --------
    >>> jeanne = Member.of(id="jeanne", roles="driver;rider", charter_signed="2026-03-02",
    ...                    licence_seen="2026-03-02", badge="12", commune_code="19015")
    >>> jeanne.lacks("driver"), Member.of(id="paul", roles="rider").lacks("driver")
    ((), ('role', 'charter', 'licence', 'badge'))
    """

    id: str
    roles: frozenset[str]
    charter_signed: date | None = None
    id_seen: date | None = None
    licence_seen: date | None = None
    badge: str = ""
    commune_code: str = ""

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_person(faults, "id", self.id)
            if check_names(faults, roles=self.roles):
                for role in sorted(self.roles):
                    check_choice(faults, "roles", role, get_args(Role))
                if not self.roles:
                    faults.add("member_without_role", column="roles", value=self.id)
            for column in ("charter_signed", "id_seen", "licence_seen"):
                day = getattr(self, column)
                if day is not None and type(day) is not date:
                    faults.add("not_a_date", column=column, value=day)
            if self.badge != "":
                check_person(faults, "badge", self.badge)
            if self.commune_code != "" and not _COMMUNE.fullmatch(str(self.commune_code)):
                faults.add("not_a_commune_code", column="commune_code", value=self.commune_code)

    @classmethod
    def of(
        cls,
        *,
        id: str,  # noqa: A002 - the field is called so
        roles: Names,
        charter_signed: str | date | None = None,
        id_seen: str | date | None = None,
        licence_seen: str | date | None = None,
        badge: str = "",
        commune_code: str = "",
    ) -> Self:
        """Read a member as people write one.

        Parameters
        ----------
        id, badge, commune_code
            See the class.
        roles
            Names, or one text of names parted by semicolons.
        charter_signed, id_seen, licence_seen
            Days, or texts like "2026-03-02"; empty is none.

        Raises
        ------
        InputError
            With every fault.
        """
        written = {
            "charter_signed": charter_signed,
            "id_seen": id_seen,
            "licence_seen": licence_seen,
        }
        days: dict[str, date | None] = {}
        with Faults() as faults:
            for column, value in written.items():
                with faults.also(column=column):
                    days[column] = _day_from(value)
        return cls(id=id, roles=names_of(roles), badge=badge, commune_code=commune_code, **days)

    def lacks(self, role: Role) -> tuple[str, ...]:
        """What is missing before the member may act in a role.

        Returns
        -------
        tuple of str
            Of ``"role"``, ``"charter"``, ``"licence"``, ``"badge"``.
        """
        needed = {"role": role in self.roles}
        if role != "shop":
            needed["charter"] = self.charter_signed is not None
        if role == "driver":
            needed["licence"] = self.licence_seen is not None
            needed["badge"] = self.badge != ""
        return tuple(name for name, there in needed.items() if not there)

    def to_dict(self) -> dict[str, Any]:
        """JSON data."""
        data = {name: told(getattr(self, name)) for name in self.__slots__}
        for column in ("charter_signed", "id_seen", "licence_seen"):
            day = getattr(self, column)
            data[column] = None if day is None else day.isoformat()
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_dict` back.

        Raises
        ------
        InputError
            With every fault.
        """
        return read_record(cls, data, _READERS)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Contact:
    """Who a member is to the maison: personal data, to be forgotten one day.

    `repr`, `str` and faults show none of it.

    Parameters
    ----------
    name, phone, email, address
        As noted; each may be empty.

    Raises
    ------
    InputError
        With every fault.

    Examples
    --------
    >>> Contact(name="Paul Lagarde", phone="05 55 00 00 00")
    Contact(name, phone)
    """

    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""

    def __post_init__(self) -> None:
        with Faults() as faults:
            for column in self.__slots__:
                value = getattr(self, column)
                if not isinstance(value, str):
                    faults.add("not_a_text", column=column, value=type(value).__name__)
                elif not value.isprintable():
                    faults.add("not_printable", column=column, value=f"<{column}>")
                elif len(value) > _LONGEST:
                    faults.add(
                        "text_too_long", column=column, value=f"<{column}>", longest=_LONGEST
                    )

    def __repr__(self) -> str:
        return f"Contact({', '.join(name for name in self.__slots__ if getattr(self, name))})"

    def to_dict(self) -> dict[str, str]:
        """JSON data: for the maison's own files alone."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_dict` back.

        Raises
        ------
        InputError
            With every fault.
        """
        return read_record(cls, data, {})


def _day_from(value: Any) -> Any:
    """A day, or the text of one; what is neither is left to the record's own check."""
    if not isinstance(value, str):
        return value
    if not value.strip():
        return None
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        raise InputError([Fault(code="not_a_date", value=value)]) from None


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "roles": names_from,
    "charter_signed": _day_from,
    "id_seen": _day_from,
    "licence_seen": _day_from,
}

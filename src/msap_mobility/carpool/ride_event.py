"""What happens to one passenger's ride, as data that is kept for good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, Self, get_args

from msap_mobility.carpool.law.checks import check_id, check_instant
from msap_mobility.errors import Fault, Faults, InputError

__all__ = ["EVENTS", "EventKind", "RideEvent"]

EventKind = Literal[
    "asked",
    "proposed",
    "declined",
    "expired",
    "promised",
    "driven",
    "confirmed",
    "settled",
    "cancelled",
    "no_show",
]
EVENTS: tuple[EventKind, ...] = get_args(EventKind)

Fact = str | int | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RideEvent:
    """One thing that happened to a ride.

    Parameters
    ----------
    id
        Unique; the same event told twice has the same id and counts once.
    ride
        Id of the ride of one passenger: what `Ride.fares` names.
    kind
        What happened, see `lifecycle.TRANSITIONS`.
    at
        When: an aware datetime. For a slip of paper the day of the ride, not that of entering it.
    by
        Member id of who said so, or the agent's.
    data
        Further facts: texts, whole numbers, true, false or None by name. A proposal says its
        ``offer``, and in ``until`` (ISO 8601 with offset) how long it stands.

    Raises
    ------
    InputError
        With every fault.

    Examples
    --------
    >>> event = RideEvent(id="e1", ride="o1+r1", kind="asked", by="agent",
    ...                   at=datetime(2026, 11, 30, 9, 0, tzinfo=UTC))
    >>> RideEvent.from_dict(event.to_dict()) == event
    True
    """

    id: str
    ride: str
    kind: EventKind
    at: datetime
    by: str
    data: Mapping[str, Fact] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with Faults() as faults:
            for column in ("id", "ride", "by"):
                check_id(faults, column, getattr(self, column))
            if self.kind not in EVENTS:
                choices = ", ".join(EVENTS)
                faults.add("unknown_choice", column="kind", value=self.kind, choices=choices)
            check_instant(faults, "at", self.at)
            check_facts(faults, self.data)
        object.__setattr__(self, "at", self.at.astimezone(UTC))
        object.__setattr__(self, "data", dict(self.data))

    @property
    def until(self) -> datetime | None:
        """How long a proposal stands; None if nobody said."""
        text = self.data.get("until")
        return datetime.fromisoformat(text) if isinstance(text, str) else None

    def to_dict(self) -> dict[str, Any]:
        """JSON data."""
        return {
            "id": self.id,
            "ride": self.ride,
            "kind": self.kind,
            "at": self.at.isoformat(),
            "by": self.by,
            "data": dict(self.data),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_dict` back.

        Raises
        ------
        InputError
            ``not_an_event``, and as the constructor.
        """
        try:
            facts = {name: data[name] for name in cls.__slots__}
            facts["at"] = datetime.fromisoformat(facts["at"])
        except (KeyError, TypeError, ValueError):
            raise InputError([Fault(code="not_an_event", value=data)]) from None
        return cls(**facts)


def check_facts(faults: Faults, data: object) -> None:
    """Note what is wrong unless `data` gives names their texts, whole numbers, true, false, None.

    ``until`` is an instant with its timezone.
    """
    if not isinstance(data, Mapping):
        faults.add("not_a_mapping", column="data", value=data)
        return
    for name, value in data.items():
        check_id(faults, "data", name)
        if value is not None and type(value) not in {str, int, bool}:
            faults.add("not_a_fact", column=str(name), value=value)
    until = data.get("until")
    if until is None:
        return
    try:
        stands = datetime.fromisoformat(until)
    except (TypeError, ValueError):
        faults.add("law_not_an_instant", column="until", value=until)
    else:
        check_instant(faults, "until", stands)

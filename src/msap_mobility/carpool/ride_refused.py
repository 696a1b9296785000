"""Why an event cannot follow in the life of a ride."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from msap_mobility.wording import LANGUAGES, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from msap_mobility.carpool.ride_event import EventKind
    from msap_mobility.wording import Lang

__all__ = ["EventRefused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRefused:
    """An event was not taken. Nothing was changed by it.

    Parameters
    ----------
    code
        Stable code; ``ride.refused.<code>`` are its words.
    event, ride, kind
        Of the event.
    values
        What the words need besides: the stage, what is possible, until when.
    """

    code: str
    event: str
    ride: str
    kind: EventKind
    values: Mapping[str, str] = field(default_factory=dict)

    def text(self, lang: Lang = "en") -> str:
        """The reason and what to do about it, in `lang`."""
        values = dict(self.values)
        if "stage" in values:
            values["stage"] = say(f"ride.stage.{values['stage']}", lang)
        if "possible" in values:
            kinds = values["possible"].split(";") if values["possible"] else []
            values["possible"] = ", ".join(say(f"ride.event.{kind}", lang) for kind in kinds)
        happened = say(f"ride.event.{self.kind}", lang)
        return say(
            f"ride.refused.{self.code}",
            lang,
            event=self.event,
            ride=self.ride,
            happened=happened,
            **values,
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON data, words in every language included."""
        return {
            "code": self.code,
            "event": self.event,
            "ride": self.ride,
            "kind": self.kind,
            "values": dict(self.values),
            "text": {lang: self.text(lang) for lang in LANGUAGES},
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_dict` back."""
        return cls(**{name: data[name] for name in cls.__slots__})

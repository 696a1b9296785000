"""What an agent may want to know when there is time: why nobody else can, and what would help."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from msap_mobility.carpool.almost import openings
from msap_mobility.carpool.obstacles import refusals

if TYPE_CHECKING:
    from msap_mobility.carpool.almost import Almost
    from msap_mobility.carpool.enquiry import Enquiry
    from msap_mobility.carpool.refusals import Refusal

__all__ = ["Sought"]


class Sought:
    """The rest of an answer, found when it is first asked for.

    Parameters
    ----------
    enquiry
        What was asked.
    """

    def __init__(self, enquiry: Enquiry) -> None:
        self._enquiry = enquiry

    @cached_property
    def refused(self) -> tuple[Refusal, ...]:
        """Why each offer cannot."""
        return tuple(refusals(self._enquiry))

    @cached_property
    def almost(self) -> tuple[Almost, ...]:
        """What would open a choice, where there is none."""
        return () if len(self._enquiry.options.out) else tuple(openings(self._enquiry))

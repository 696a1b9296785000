"""One routing server: a question, an answer in JSON, or one plain fault."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from msap_mobility.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["RoutingServer"]

PAUSE_S = 1.0
"""Before a question is asked the second and last time."""

_PASSING = ("routing_server_down", "routing_server_busy")


@dataclass(frozen=True, slots=True)
class RoutingServer:
    """Where it is, and how long to wait for it.

    Parameters
    ----------
    url
        ``http://`` or ``https://``, with a path if the service has one.
    timeout_s
        For connecting and for each piece of the answer.

    Raises
    ------
    InputError
        ``routing_server_address``.

    Examples
    --------
    >>> RoutingServer("http://me:secret@localhost:5000/osrm", 30).shown
    'localhost:5000'
    """

    url: str
    timeout_s: float

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InputError([Fault(code="routing_server_address", value=self.url)])

    @property
    def shown(self) -> str:
        """Host and port: neither a password nor a key that may be in the address."""
        return urlsplit(self.url).netloc.rpartition("@")[2]

    def ask(self, path: str, data: Mapping[str, Any] | None = None) -> Any:
        """Ask, and once more if that may help.

        Parameters
        ----------
        path
            Below the address, with its query.
        data
            Posted as JSON; None = a GET.

        Returns
        -------
        dict or list
            What the server says, be it that it will not (HTTP 4xx).

        Raises
        ------
        InputError
            ``routing_server_down`` (no answer in time), ``routing_server_busy`` (HTTP 429 or 5xx),
            ``routing_server_too_big`` (413, 414) or ``routing_server_unreadable``.
        """
        try:
            return self._ask(path, data)
        except InputError as error:
            if error.faults[0].code not in _PASSING:
                raise
        time.sleep(PAUSE_S)
        return self._ask(path, data)

    def fault(self, code: str, cause: str = "") -> InputError:
        """The error that says what is wrong with this server."""
        short = cause if len(cause) < 200 else cause[:200] + "…"
        return InputError([Fault(code=code, value=self.shown, details={"cause": short})])

    def _ask(self, path: str, data: Mapping[str, Any] | None) -> Any:
        status, content = self._exchange(path, data)
        if status in (413, 414):
            raise self.fault("routing_server_too_big", f"HTTP {status}")
        if status == 429 or status >= 500:
            raise self.fault("routing_server_busy", f"HTTP {status}")
        try:
            answer = json.loads(content)
        except ValueError:
            answer = None
        if not isinstance(answer, dict | list):
            raise self.fault("routing_server_unreadable", f"HTTP {status}")
        return answer

    def _exchange(self, path: str, data: Mapping[str, Any] | None) -> tuple[int, bytes]:
        """HTTP status and body."""
        request = Request(  # noqa: S310 - the scheme was checked
            f"{self.url.rstrip('/')}/{path}",
            data=None if data is None else json.dumps(data).encode(),
            headers={"Accept": "application/json", "Content-Type": "application/json"},
        )
        try:
            try:
                answer = urlopen(request, timeout=self.timeout_s)  # noqa: S310 - as above
            except HTTPError as refusal:
                answer = refusal
            with answer:
                return int(answer.status or 0), bytes(answer.read())
        except (OSError, HTTPException) as error:
            cause = str(getattr(error, "reason", "") or error) or type(error).__name__
            raise self.fault("routing_server_down", cause) from None

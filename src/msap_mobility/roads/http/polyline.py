"""Lines as the routing servers write them: Google's encoded polyline format."""

from __future__ import annotations

from itertools import accumulate

__all__ = ["decoded"]


def decoded(text: str, *, decimals: int) -> tuple[tuple[float, float], ...]:
    """The (lon, lat) pairs of an encoded line.

    Parameters
    ----------
    text
        Encoded differences, latitude first.
    decimals
        Of a degree: 5 ("polyline") or 6 ("polyline6", Valhalla's own).

    Raises
    ------
    ValueError
        If the text is no such line.

    Examples
    --------
    >>> decoded("_p~iF~ps|U_ulLnnqC_mqNvxq`@", decimals=5)
    ((-120.2, 38.5), (-120.95, 40.7), (-126.453, 43.252))
    """
    steps = _numbers(text)
    lat, lon = accumulate(steps[::2]), accumulate(steps[1::2])
    scale = 10**decimals
    return tuple((x / scale, y / scale) for x, y in zip(lon, lat, strict=True))


def _numbers(text: str) -> list[int]:
    """Signed integers, five bits a letter, the lowest first; the sign is in the last bit."""
    numbers: list[int] = []
    number = shift = 0
    for letter in text:
        bits = ord(letter) - 63
        if not 0 <= bits < 64:
            raise ValueError(text)
        number |= (bits & 31) << shift
        shift += 5
        if bits < 32:
            numbers.append(number >> 1 ^ -(number & 1))
            number = shift = 0
    if shift:
        raise ValueError(text)
    return numbers

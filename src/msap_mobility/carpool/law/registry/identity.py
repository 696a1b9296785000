"""Who rode, as the registry may know it: a digest, and a telephone number without its end."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from msap_mobility.carpool.law.checks import check_flag, check_id, check_pattern
from msap_mobility.errors import Fault, Faults, InputError

__all__ = ["Identity", "identity_key", "international_phone", "normalised_name",
           "truncated_phone"]  # fmt: skip

_PHONE = re.compile(r"\+[0-9]{11,14}")
_TRUNCATED = re.compile(r"\+[0-9]{9,12}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_BETWEEN = re.compile(r"[ .\-/\u00a0\u202f]|\(0\)")
_LETTERS = str.maketrans({"Œ": "OE", "Æ": "AE", "Ø": "O", "Đ": "D", "Ð": "D", "Ł": "L", "Þ": "TH",
                          "ẞ": "SS"})  # fmt: skip


def normalised_name(last_name: str) -> str:
    """A family name as the registry writes it: ``[A-Z ]``, no accent, hyphen or apostrophe.

    API v3.3, identity_key.

    Parameters
    ----------
    last_name
        The whole family name.

    Raises
    ------
    InputError
        ``law_name_unread`` if anything but Latin letters, accents and signs between them is left.

    Examples
    --------
    >>> normalised_name("D'Hérûg-de-l'Hérault"), normalised_name("Lebœuf")
    ('D HERUG DE L HERAULT', 'LEBOEUF')
    """
    if isinstance(last_name, str):
        plain = unicodedata.normalize("NFKD", last_name.upper().translate(_LETTERS))
        letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
        spaced = "".join(
            " " if unicodedata.category(sign)[0] in "PZ" or sign in "´`\t" else sign
            for sign in letters
        )
        name = " ".join(spaced.split())
        if re.fullmatch("[A-Z ]+", name):
            return name
    raise InputError([Fault(code="law_name_unread", column="last_name", value=last_name)])


def international_phone(phone: str, *, prefix: str = "+33") -> str:
    """A telephone number as E.164 writes it: ``+33701020304``.

    Parameters
    ----------
    phone
        With an international prefix (``+`` or ``00``), or as dialled within a country (``0…``).
    prefix
        Of that country: ``"+33"``, ``"+590"``.

    Raises
    ------
    InputError
        ``law_phone_unread`` unless 11 to 14 digits come out: of the shortened number API v3.3 asks
        for 9 to 12.

    Examples
    --------
    >>> international_phone("07 01 02 03 04"), international_phone("0033 7.01.02.03.04")
    ('+33701020304', '+33701020304')
    """
    if isinstance(phone, str):
        dialled = _BETWEEN.sub("", phone.strip())
        if dialled.startswith("00"):
            dialled = f"+{dialled[2:]}"
        elif dialled.startswith("0"):
            dialled = f"{prefix}{dialled[1:]}"
        if _PHONE.fullmatch(dialled) and dialled[1] != "0":
            return dialled
    raise InputError([Fault(code="law_phone_unread", column="phone", value=phone)])


def truncated_phone(phone: str, *, prefix: str = "+33") -> str:
    """The number without its last two digits (API v3.3, phone_trunc).

    Parameters
    ----------
    phone, prefix
        See `international_phone`.

    Raises
    ------
    InputError
        See `international_phone`.

    Examples
    --------
    >>> truncated_phone("06 01 02 03 04")
    '+336010203'
    """
    return international_phone(phone, prefix=prefix)[:-2]


def identity_key(phone: str, last_name: str, *, prefix: str = "+33") -> str:
    """The digest by which operators recognise a person: SHA-256 of ``{phone}-{LAST NAME}``.

    API v3.3, identity_key. It is no secret: who knows a number and a name can make it.

    Parameters
    ----------
    phone, prefix
        See `international_phone`.
    last_name
        See `normalised_name`.

    Raises
    ------
    InputError
        With every fault.

    Examples
    --------
    >>> identity_key("07 01 02 03 04", "D'Hérûg-de-l'Hérault")
    'f44ff5364363e53da750d8b7b44fa3176ea36228c5f951a9c1e606c915093d30'
    """
    with Faults() as faults:
        number = name = ""
        with faults.also():
            number = international_phone(phone, prefix=prefix)
        with faults.also():
            name = normalised_name(last_name)
    return hashlib.sha256(f"{number}-{name}".encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One person, as it goes to the registry. The number and the name are not kept.

    Parameters
    ----------
    user_id
        The maison's own id of the person (``operator_user_id``).
    key
        From `identity_key`.
    phone_trunc
        From `truncated_phone`.
    over_18
        Whether the passenger is of age; None: not said (many campaigns then pay nothing).

    Raises
    ------
    InputError
        With every fault.

    Examples
    --------
    >>> paul = Identity.of("m17", phone="07 01 02 03 04", last_name="D'Hérûg-de-l'Hérault")
    >>> paul.phone_trunc, paul.key[:8]
    ('+337010203', 'f44ff536')
    """

    user_id: str
    key: str
    phone_trunc: str
    over_18: bool | None = None

    def __post_init__(self) -> None:
        with Faults() as faults:
            check_id(faults, "user_id", self.user_id)
            check_pattern(faults, "law_not_a_digest", "key", self.key, _DIGEST)
            check_pattern(
                faults, "law_phone_not_truncated", "phone_trunc", self.phone_trunc, _TRUNCATED
            )
            if self.over_18 is not None:
                check_flag(faults, "over_18", self.over_18)

    @classmethod
    def of(
        cls,
        user_id: str,
        *,
        phone: str,
        last_name: str,
        prefix: str = "+33",
        over_18: bool | None = None,
    ) -> Identity:
        """An identity from a number and a family name, as people write them.

        Raises
        ------
        InputError
            With every fault.
        """
        return cls(
            user_id=user_id,
            key=identity_key(phone, last_name, prefix=prefix),
            phone_trunc=truncated_phone(phone, prefix=prefix),
            over_18=over_18,
        )

    def to_payload(self) -> dict[str, Any]:
        """The registry's ``identity`` object."""
        payload = {
            "operator_user_id": self.user_id,
            "identity_key": self.key,
            "phone_trunc": self.phone_trunc,
        }
        return payload if self.over_18 is None else {**payload, "over_18": self.over_18}

"""Who rode: names, numbers and digests as the registry wants them."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.carpool.law.registry import (
    Identity,
    identity_key,
    international_phone,
    normalised_name,
    truncated_phone,
)
from msap_mobility.errors import InputError

VECTOR = "f44ff5364363e53da750d8b7b44fa3176ea36228c5f951a9c1e606c915093d30"


def test_the_registrys_own_example() -> None:
    """API v3.3, identity_key: '+33701020304-D HERUG DE L HERAULT'."""
    assert identity_key("07 01 02 03 04", "D'Hérûg-de-l'Hérault") == VECTOR
    assert hashlib.sha256(b"+33701020304-D HERUG DE L HERAULT").hexdigest() == VECTOR


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Roche", "ROCHE"),
        ("D'Hérûg-de-l'Hérault", "D HERUG DE L HERAULT"),
        ("D\u2019Hérûg\u2011de l\u02bcHérault".replace("\u02bc", "'"), "D HERUG DE L HERAULT"),
        ("  Le  Goff ", "LE GOFF"),
        ("Lebœuf", "LEBOEUF"),
        ("Læticia", "LAETICIA"),
        ("Groß", "GROSS"),
        ("Łódź", "LODZ"),
        ("Nuñez", "NUNEZ"),
        ("Tô", "TO"),
        ("St. Jean", "ST JEAN"),
        ("He\u0301rault", "HERAULT"),  # an accent of its own
    ],
)
def test_names(name: str, written: str) -> None:
    assert normalised_name(name) == written


@pytest.mark.parametrize("name", ["", "  ", "-", "日本", "R2D2", "Ив", None, 5])
def test_names_that_cannot_be_written(name: Any) -> None:
    with pytest.raises(InputError) as caught:
        normalised_name(name)
    assert [fault.code for fault in caught.value.faults] == ["law_name_unread"]


@pytest.mark.parametrize(
    ("phone", "written"),
    [
        ("+33701020304", "+33701020304"),
        ("07 01 02 03 04", "+33701020304"),
        ("07.01.02.03.04", "+33701020304"),
        ("07-01-02-03-04", "+33701020304"),
        ("0033 7 01 02 03 04", "+33701020304"),
        ("+33 (0)7 01 02 03 04", "+33701020304"),
        ("+590690101010", "+590690101010"),
        ("+352 621 123 456", "+352621123456"),
    ],
)
def test_numbers(phone: str, written: str) -> None:
    assert international_phone(phone) == written
    assert truncated_phone(phone) == written[:-2]


def test_a_number_from_overseas_as_it_is_dialled_there() -> None:
    assert international_phone("0690 10 10 10", prefix="+590") == "+590690101010"
    assert truncated_phone("0690 10 10 10", prefix="+590") == "+5906901010"


@pytest.mark.parametrize(
    "phone",
    ["", "3949", "07 01 02 03", "+3546112233", "seven", "+0033701020304", "701020304",
     "+33 7 01 02 03 04 05 06",
     "٠٧٠١٠٢٠٣٠٤", None, 701020304],
)  # fmt: skip
def test_numbers_that_cannot_be_read(phone: Any) -> None:
    with pytest.raises(InputError) as caught:
        international_phone(phone)
    assert [fault.code for fault in caught.value.faults] == ["law_phone_unread"]


def test_both_faults_at_once() -> None:
    with pytest.raises(InputError) as caught:
        identity_key("12", "日本")
    assert [fault.code for fault in caught.value.faults] == ["law_phone_unread", "law_name_unread"]
    with pytest.raises(InputError) as caught:
        Identity(user_id="", key=VECTOR.upper(), phone_trunc="07", over_18="yes")  # type: ignore[arg-type]
    assert [fault.column for fault in caught.value.faults] == [
        "user_id", "key", "phone_trunc", "over_18",
    ]  # fmt: skip


def test_an_identity_keeps_neither_name_nor_number() -> None:
    paul = Identity.of("m17", phone="07 01 02 03 04", last_name="D'Hérûg-de-l'Hérault")
    assert paul.to_payload() == {
        "operator_user_id": "m17",
        "identity_key": VECTOR,
        "phone_trunc": "+337010203",
    }
    assert "01020304" not in repr(paul)
    assert "RUG" not in repr(paul).upper()
    grown = Identity.of("m17", phone="0701020304", last_name="Faure", over_18=True)
    assert grown.to_payload()["over_18"] is True


@given(st.text(max_size=40))
def test_a_name_is_letters_and_single_spaces_or_refused(name: str) -> None:
    try:
        written = normalised_name(name)
    except InputError:
        return
    assert re.fullmatch("[A-Z]+( [A-Z]+)*", written)
    assert normalised_name(written) == written
    assert normalised_name(written.lower()) == written


@given(st.text("ABCDÉÈœ -'", min_size=1, max_size=12), st.integers(10**8, 10**9 - 1))
def test_case_spaces_and_dots_do_not_change_the_digest(name: str, digits: int) -> None:
    phone = f"+33{digits}"
    dotted = f"0{digits // 10**6}.{digits % 10**6:06d}"
    try:
        key = identity_key(phone, name)
    except InputError:
        return
    assert key == identity_key(dotted, f" {name.lower()} ")
    assert re.fullmatch("[0-9a-f]{64}", key)

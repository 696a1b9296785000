"""Who takes part, and how they are reached: as written, as data, and what is wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from msap_mobility.errors import InputError
from msap_mobility.model.member import Contact, Member
from tests.desk.scenes import driver, rider


def codes(raised: pytest.ExceptionInfo[InputError]) -> list[tuple[str, str]]:
    return [(fault.column, fault.code) for fault in raised.value.faults]


def test_a_member_is_read_back() -> None:
    jeanne = driver("jeanne", id_seen=date(2026, 3, 2), commune_code="19015")
    assert Member.from_dict(jeanne.to_dict()) == jeanne
    assert jeanne.to_dict()["charter_signed"] == "2026-03-02"
    assert Member.from_dict({"id": "paul", "roles": ["rider"]}) == Member.of(
        id="paul", roles={"rider"}, charter_signed=" "
    )
    contact = Contact(name="Paul", email="paul@example.org")
    assert Contact.from_dict(contact.to_dict()) == contact


def test_what_a_role_needs() -> None:
    assert driver("jeanne").lacks("driver") == ()
    assert driver("jeanne").lacks("rider") == ("role",)
    assert rider("paul", charter_signed=None).lacks("rider") == ("charter",)
    assert Member.of(id="bakery", roles="shop").lacks("shop") == ()


def test_days_are_days() -> None:
    with pytest.raises(InputError) as raised:
        Member(id="paul", roles=frozenset({"rider"}), id_seen=datetime(2026, 3, 2, tzinfo=UTC))
    assert codes(raised) == [("id_seen", "not_a_date")]
    with pytest.raises(InputError) as raised:
        Member.of(id="paul", roles="rider", charter_signed="2026-02-30", licence_seen="soon")
    assert codes(raised) == [("charter_signed", "not_a_date"), ("licence_seen", "not_a_date")]


def test_a_member_has_a_role() -> None:
    with pytest.raises(InputError) as raised:
        Member.of(id="paul", roles="")
    assert codes(raised) == [("roles", "member_without_role")]


def test_a_contact_is_text() -> None:
    with pytest.raises(InputError) as raised:
        Contact(name="Paul\n", phone=555, address="x" * 501)  # type: ignore[arg-type]
    assert codes(raised) == [
        ("name", "not_printable"),
        ("phone", "not_a_text"),
        ("address", "text_too_long"),
    ]
    for secret in ("Paul", "555", "xx"):
        assert secret not in raised.value.text("fr")

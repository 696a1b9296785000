"""Faults speak both languages, and all of them are raised at once."""

from __future__ import annotations

import pickle

import pytest

from msap_mobility.errors import BrokenInvariant, Fault, Faults, InputError, MissingExtra, MsapError


def test_a_fault_tells_place_value_and_remedy_in_both_languages() -> None:
    fault = Fault(code="not_a_number", file="homes.csv", row=7, column="people", value="deux")
    assert fault.text("en") == (
        "homes.csv, row 7, column people: 'deux' is not a number. "
        "Write digits only, for example 2 or 2.5."
    )
    assert fault.text("fr").startswith("homes.csv, ligne 7, colonne people : 'deux' n'est pas")


def test_a_fault_without_place_has_no_lead() -> None:
    assert Fault(code="not_a_clock", value="25:00").text("en").startswith("'25:00' is not")


def test_every_fault_is_raised_at_once_even_those_of_inner_errors() -> None:
    with pytest.raises(InputError) as caught, Faults(file="homes.csv") as faults:
        faults.add("not_a_number", row=2, column="people", value="two")
        with faults.also():
            raise InputError([Fault(code="not_a_clock", value="25:00")])
        faults.add("duplicate_id", row=3, column="id", value="h1", first_row=2)
    assert [fault.code for fault in caught.value.faults] == [
        "not_a_number",
        "not_a_clock",
        "duplicate_id",
    ]


def test_a_foreign_exception_passes_through_the_collection() -> None:
    with pytest.raises(ZeroDivisionError), Faults() as faults:
        faults.add("not_a_clock", value="25:00")
        raise ZeroDivisionError


def test_no_fault_no_exception() -> None:
    with Faults() as faults:
        pass
    assert faults.found == []


def test_json_data_of_a_fault_holds_both_languages() -> None:
    data = Fault(code="not_a_date", row=4, column="start", value="2027-02-30").to_dict()
    assert data["code"] == "not_a_date"
    assert data["value"] == "2027-02-30"
    assert set(data["what"]) == set(data["remedy"]) == {"en", "fr"}
    assert data["file"] is None


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (InputError([Fault(code="not_a_clock", value="x")]), ValueError),
        (MissingExtra("osmium", "osm"), ImportError),
        (BrokenInvariant("sums to zero", rest=1), RuntimeError),
    ],
)
def test_each_error_is_ours_and_what_python_would_expect(
    error: MsapError,
    builtin: type[Exception],
) -> None:
    assert isinstance(error, MsapError)
    assert isinstance(error, builtin)
    assert str(error)


def test_the_missing_extra_names_the_line_that_installs_it() -> None:
    error = MissingExtra("osmium", "osm")
    assert 'pip install "msap-mobility[osm]"' in error.text("fr")


@pytest.mark.parametrize(
    "error",
    [
        InputError([Fault(code="not_a_clock", value="x", details={"a": 1})]),
        MissingExtra("osmium", "osm"),
    ],
)
def test_errors_cross_process_borders(error: MsapError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert str(copy) == str(error)

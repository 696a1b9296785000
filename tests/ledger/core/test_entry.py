"""What may be asked of a journal, and that all else is an `InputError` which tells every fault."""

from __future__ import annotations

import math
from collections import UserDict
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msap_mobility.errors import InputError
from msap_mobility.ledger.entry import MOST_UNITS, AccountTerms, Entry, Mark, data_text
from msap_mobility.wording import LANGUAGES
from tests.ledger.strategies import EVIL, entries

NO_WHOLE_NUMBERS: tuple[Any, ...] = (
    *(1.0, 0.5, -0.0, 0.0, math.nan, math.inf, 2.0**53, 1 + 0j, True, False, None),
    *(Decimal(1), Decimal("1.5"), Decimal("NaN"), Decimal("sNaN"), Fraction(1, 2)),
    *("1", b"1", [1], (1,), {}),
)
TOO_LARGE = (MOST_UNITS + 1, -MOST_UNITS - 1, 2**63, -(2**64), 10**100)
UNUSABLE_NAMES: tuple[Any, ...] = (
    *("", " ", " a", "a ", "  a  ", "x" * 201, "a\nb", "a\tb", "a\0b", "\x1b[2J", "a\rb", "\x85"),
    *("a\u200bb", "a\xadb", "a\u202eb", "a\u2066b", "\ufeffa", "a\u200fb", "a\u2060b"),
    *("a\u2028b", "a\u2029b", "\ud800", "a\udfff", "\x7f", None, 5, b"a", ["a"], 1.5, True),
)
UNUSABLE_TEXTS = [text for text in UNUSABLE_NAMES if text not in ("", " ", " a", "a ", "  a  ")]


def faults_of(make: Any, **given: Any) -> list[str]:
    """Codes of the faults, each told in both languages with place, value and remedy."""
    with pytest.raises(InputError) as caught:
        make(**given)
    for lang in LANGUAGES:
        assert len(caught.value.text(lang).splitlines()) >= len(caught.value.faults)
    return [fault.code for fault in caught.value.faults]


def entry(**given: Any) -> Entry:
    return Entry(**{"key": "k", "kind": "ride", "legs": {"a": -1, "b": 1}, **given})


def account(**given: Any) -> AccountTerms:
    return AccountTerms(**{"id": "a", "asset": "KM", **given})


def mark(**given: Any) -> Mark:
    return Mark(**{"serial": "A1", "before": "", "after": "printed", **given})


# ---------------------------------------------------------------------- amounts


@pytest.mark.parametrize("amount", NO_WHOLE_NUMBERS, ids=repr)
def test_an_amount_is_a_whole_number_and_nothing_like_one(amount: Any) -> None:
    assert "not_whole" in faults_of(entry, legs={"a": amount, "b": 1})
    assert "not_whole" in faults_of(entry, legs={"a": amount, "b": 1}, phase="reserve")
    if not isinstance(amount, str):
        assert faults_of(entry, data={"n": amount}) == ["not_whole"]
    if amount is not None:
        assert faults_of(entry, effective=amount) == ["not_whole"]
        assert faults_of(entry, phase="reserve", expires=amount) == ["not_whole"]
        assert faults_of(account, floor=amount) == ["not_whole"]
        assert faults_of(account, ceiling=amount) == ["not_whole"]
    assert faults_of(account, weight=amount) == ["not_whole"]


@pytest.mark.parametrize("amount", TOO_LARGE)
def test_an_amount_stays_where_every_reader_is_exact(amount: int) -> None:
    for given_more in ({}, {"phase": "reserve"}):
        assert faults_of(entry, legs={"a": amount}, **given_more) == ["too_many_units"]
    assert faults_of(entry, data={"n": amount}) == ["too_many_units"]
    assert faults_of(entry, effective=amount) == ["too_many_units"]
    assert faults_of(entry, phase="reserve", expires=amount) == ["too_many_units"]
    assert faults_of(account, floor=amount) == ["too_many_units"]
    assert faults_of(account, ceiling=amount) == ["too_many_units"]
    assert faults_of(account, weight=amount) == ["too_many_units"]


@pytest.mark.parametrize("amount", [MOST_UNITS, -MOST_UNITS])
def test_the_largest_amounts_are_taken(amount: int) -> None:
    assert entry(legs={"a": amount}).legs == {"a": amount}
    assert entry(legs={"a": amount}, phase="reserve", expires=amount).expires == amount
    assert entry(effective=amount, data={"n": amount}).effective == amount
    assert account(floor=amount, ceiling=amount, weight=amount).weight == amount


def test_nothing_is_no_amount() -> None:
    assert faults_of(entry, legs={"a": 0}) == ["amount_zero"]
    assert faults_of(entry, legs={"a": 0}, phase="reserve") == ["amount_zero"]
    assert entry(data={"n": 0}, effective=0).data == {"n": 0}


# ---------------------------------------------------------------------- names and texts


@pytest.mark.parametrize("name", UNUSABLE_NAMES, ids=repr)
def test_what_cannot_name_anything_is_told(name: Any) -> None:
    told = {"not_a_name", "not_printable", "text_too_long"}
    assert set(faults_of(entry, key=name)) <= told
    assert set(faults_of(entry, kind=name)) <= told
    assert set(faults_of(entry, phase="void", legs={}, target=name)) <= told
    assert set(faults_of(account, id=name)) <= told
    assert set(faults_of(account, asset=name)) <= told
    assert set(faults_of(mark, serial=name)) <= told
    assert set(faults_of(mark, after=name)) <= told
    if not isinstance(name, list):
        assert set(faults_of(entry, legs={name: 1})) <= told
        assert set(faults_of(entry, legs={name: 1}, phase="reserve")) <= told
        assert set(faults_of(entry, data={name: 1})) <= told


@pytest.mark.parametrize("text", UNUSABLE_TEXTS, ids=repr)
def test_what_is_no_line_of_text_is_told(text: Any) -> None:
    told = {"not_a_text", "not_printable", "text_too_long"}
    assert set(faults_of(entry, ref=text)) <= told
    assert set(faults_of(entry, actor=text)) <= told
    assert set(faults_of(mark, before=text)) <= told


@pytest.mark.parametrize("name", EVIL)
def test_texts_that_mean_something_elsewhere_are_just_texts(name: str) -> None:
    made = entry(key=name, kind=name, legs={name: 1}, ref=name, actor=name, data={name: name})
    assert (made.key, made.kind, made.ref, made.actor) == (name,) * 4
    assert entry(key=name, kind=name, legs={name: 1}, ref=name, actor=name).legs == {name: 1}
    assert account(id=name, asset=name).id == name
    assert mark(serial=name, before=name, after=name).before == name


def test_names_have_two_hundred_characters_at_most() -> None:
    longest = "é" * 200
    for field in ("key", "kind", "ref", "actor"):
        assert getattr(entry(**{field: longest}), field) == longest
        assert faults_of(entry, **{field: longest + "e"}) == ["text_too_long"]
    assert entry(legs={longest: 1}).legs == {longest: 1}
    assert faults_of(entry, legs={longest + "e": 1}) == ["text_too_long"]
    assert entry(phase="void", legs={}, target=longest).target == longest
    assert faults_of(entry, phase="void", legs={}, target=longest + "e") == ["text_too_long"]
    fault = _first_fault(kind=longest + "end")
    assert (fault.column, fault.value) == ("kind", "é" * 20)
    assert fault.details == {"longest": 200}


def _first_fault(**given: Any) -> Any:
    with pytest.raises(InputError) as caught:
        entry(**given)
    return caught.value.faults[0]


def test_the_key_of_an_end_may_be_longer_by_its_ending() -> None:
    hold = "h" * 200
    end = entry(key=hold + "/expired", phase="expire", legs={}, target=hold)
    assert len(end.key) == 208
    longer = hold + "h"
    told = faults_of(entry, key=longer + "/expired", phase="expire", legs={}, target=longer)
    assert told == ["text_too_long", "text_too_long"]


def test_data_are_texts_of_any_lines_and_whole_numbers() -> None:
    assert entry(data={"note": "two\nlines\tand a tab"}).data == {"note": "two\nlines\tand a tab"}
    assert entry(data={"note": "x" * 5000}).data == {"note": "x" * 5000}
    for bad in ("a\0b", "\ud800", "\udfff"):
        assert faults_of(entry, data={"note": bad}) == ["not_printable"]
    for bad_data in ([("a", 1)], "text", 5, 0, "", (), False):
        assert faults_of(entry, data=bad_data) == ["not_a_mapping"]
    assert entry(data={}).data == {}
    assert faults_of(entry, data={"n": 1.5, "": 1, "m": None}) == [
        *("not_whole", "not_a_name", "not_whole")
    ]


# ---------------------------------------------------------------------- shapes


@pytest.mark.parametrize("legs", [None, [("a", 1)], "a", 5, (), {"a"}])
def test_legs_give_accounts_their_amounts(legs: Any) -> None:
    assert faults_of(entry, legs=legs) == ["not_a_mapping"]


@pytest.mark.parametrize("field", ["accounts", "marks"])
def test_accounts_and_marks_are_tuples_of_their_records(field: str) -> None:
    wrong = mark() if field == "accounts" else account()
    right = account() if field == "accounts" else mark()
    for given_records in (("a",), (None,), (wrong,), (right, wrong), right, [right], None, "a", {}):
        assert faults_of(entry, **{field: given_records}) == ["not_records"]
    assert getattr(entry(**{field: (right,)}), field) == (right,)


def test_nothing_is_named_twice_in_one_entry() -> None:
    twice = (account(id="a"), account(id="b"), account(id="a", floor=-5))
    assert faults_of(entry, accounts=twice) == ["named_twice"]
    again = (mark(), mark(before="printed", after="sold"), mark(serial="A2"))
    assert faults_of(entry, marks=again) == ["named_twice"]
    assert len(entry(accounts=twice[:2], marks=again[1:]).marks) == 2


@pytest.mark.parametrize("wrap", [dict, MappingProxyType, UserDict])
def test_what_the_caller_changes_afterwards_changes_nothing(wrap: Any) -> None:
    legs, data = {"a": -1, "b": 1}, {"n": 1}
    for more in ({}, {"phase": "reserve", "data": wrap(data)}):
        made = entry(legs=wrap(legs), **more)
        legs["a"] = -2.5  # type: ignore[assignment]
        data["n"] = 2
        assert made.legs == {"a": -1, "b": 1}
        assert made.data in (None, {"n": 1})
        legs["a"], data["n"] = -1, 1


def test_an_account_is_closed_or_not() -> None:
    for closed in ("no", "", 2, None, "closed", []):
        assert faults_of(account, closed=closed) == ["not_yes_no"]


@pytest.mark.parametrize("holder", ["", "driver", None, 5, ["person"]])
def test_an_account_is_held_by_a_known_sort(holder: Any) -> None:
    assert faults_of(account, holder=holder) == ["not_one_of"]


def test_limits_are_in_order() -> None:
    assert faults_of(account, floor=1, ceiling=0) == ["limits_crossed"]
    assert account(floor=0, ceiling=0).ceiling == 0
    assert account(floor=5).ceiling is None
    assert account(ceiling=-5).floor is None
    assert faults_of(account, floor=1, ceiling="x") == ["not_whole"]


# ---------------------------------------------------------------------- phases


def test_each_phase_has_what_it_needs_and_no_more() -> None:
    legs = {"a": -1, "b": 1}
    assert entry(legs={}).legs == {}
    for phase in ("capture", "reverse"):
        assert entry(phase=phase, target="h").target == "h"
        assert faults_of(entry, phase=phase) == ["not_a_name"]
        assert faults_of(entry, phase=phase, target="h", legs={}) == ["legs_missing"]
    assert entry(phase="void", target="h", legs={}).legs == {}
    assert faults_of(entry, phase="void", target="h") == ["legs_not_wanted"]
    assert faults_of(entry, phase="void", legs={}) == ["not_a_name"]
    assert entry(phase="reserve", expires=5).expires == 5
    assert faults_of(entry, phase="reserve", legs={}) == ["legs_missing"]
    for phase in ("post", "reserve"):
        assert faults_of(entry, phase=phase, target="h") == ["target_not_wanted"]
        assert faults_of(entry, phase=phase, target=None) == ["target_not_wanted"]
    for phase in ("post", "capture", "reverse"):
        target = "" if phase == "post" else "h"
        assert faults_of(entry, phase=phase, target=target, expires=5) == ["expiry_not_wanted"]
        assert faults_of(entry, phase=phase, target=target, expires=0) == ["expiry_not_wanted"]
    assert faults_of(entry, phase="void", target="h", legs=legs, expires=1) == [
        *("expiry_not_wanted", "legs_not_wanted")
    ]


@pytest.mark.parametrize("phase", ["", "Post", None, 5, ["post"], "delete"])
def test_there_are_six_phases(phase: Any) -> None:
    assert faults_of(entry, phase=phase) == ["not_one_of"]


def test_the_end_of_a_hold_has_its_own_key() -> None:
    end = {"phase": "expire", "legs": {}}
    assert entry(key="h/expired", target="h", **end).target == "h"
    assert faults_of(entry, key="g/expired", target="h", **end) == ["key_kept_back"]
    assert faults_of(entry, key="h", target="h", **end) == ["key_of_expiry"]
    assert faults_of(entry, key="h/expired", **end) == ["key_kept_back", "not_a_name"]
    assert faults_of(entry, key="h/expired", target="h", phase="expire") == ["legs_not_wanted"]
    for phase, more in (("post", {}), ("reserve", {}), ("capture", {"target": "h"})):
        assert faults_of(entry, key="h/expired", phase=phase, **more) == ["key_kept_back"]
    assert entry(key="/expired/").key == "/expired/"


# ---------------------------------------------------------------------- all faults, two ways


def test_every_fault_is_told_at_once() -> None:
    told = faults_of(
        entry, key="", kind=None, legs={"": 1.5, "b": 0}, ref=5, actor="\n", data={"n": 1.5}
    )
    assert told == [
        *("not_a_name", "not_a_name", "not_a_text", "not_printable"),
        *("not_a_name", "not_whole", "amount_zero", "not_whole"),
    ]
    assert faults_of(account, id="", asset=" ", holder="x", floor=1.5, ceiling="", weight=None) == [
        *("not_a_name", "not_a_name", "not_one_of", "not_whole", "not_whole", "not_whole")
    ]
    assert faults_of(mark, serial="", before=None, after="") == [
        *("not_a_name", "not_a_name", "not_a_text")
    ]
    both = faults_of(entry, effective=1.5, expires="x", legs=None, accounts=None, marks=None)
    assert sorted(both) == sorted(
        ["not_a_mapping", "not_whole", "not_whole", "expiry_not_wanted", *["not_records"] * 2]
    )


odd_names = st.one_of(st.sampled_from(UNUSABLE_NAMES[:20]), st.sampled_from(("k", "a", "x" * 200)))
odd_units = st.sampled_from((1, -1, 0, MOST_UNITS, MOST_UNITS + 1, -MOST_UNITS - 1, 1.0, True))


@given(
    key=st.one_of(odd_names, st.just("k/expired")),
    kind=odd_names,
    legs=st.dictionaries(odd_names, odd_units, max_size=3),
    ref=odd_names,
    actor=odd_names,
)
def test_the_quick_way_and_the_thorough_way_agree(**given_fields: Any) -> None:
    class Thorough(Entry):
        __slots__ = ()

        def _plain(self) -> bool:
            return False

    def made(sort: type[Entry]) -> Any:
        try:
            one = sort(**given_fields)
        except InputError as error:
            return error.faults
        return one.key, one.kind, one.legs, one.ref, one.actor

    assert made(Entry) == made(Thorough)


@given(entry=entries())
def test_every_entry_of_the_strategies_is_one(entry: Entry) -> None:
    assert Entry(**{name: getattr(entry, name) for name in Entry.__dataclass_fields__}) == entry


def test_data_have_one_text() -> None:
    assert data_text({"b": 1, "a": 'é\n"', "c": -5}) == '{"a":"é\\n\\"","b":1,"c":-5}'
    assert data_text(None) == data_text({}) == ""

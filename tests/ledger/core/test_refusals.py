"""Every refusal there is: when, with which values, in both languages, on every store."""

from __future__ import annotations

import ast
import inspect
import json
import pickle
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

import pytest

from msap_mobility.ledger import judge
from msap_mobility.ledger.canonical import payload_hash, payload_text
from msap_mobility.ledger.entry import MOST_UNITS, AccountTerms, Entry, Mark
from msap_mobility.ledger.limits import BrokenLimit
from msap_mobility.ledger.outcome import Amount, Refusal, Refused
from msap_mobility.wording import LANGUAGES
from tests.ledger.stores import NOON, person, ride, sale, shop, system

if TYPE_CHECKING:
    from msap_mobility.ledger.journal import Journal


def km(units: int) -> Amount:
    return Amount(units, "KM", 0)


def euros(cents: int) -> Amount:
    return Amount(cents, "EUR", 2)


def move(key: str = "k", phase: Any = "post", target: str = "", **legs: int) -> Entry:
    """Coupons from one to another: ``paul=-5, jeanne=5``."""
    whole = {f"{name}/KM": amount for name, amount in legs.items()}
    return Entry(key=key, kind="move", legs=whole, phase=phase, target=target)


def hold(key: str = "hold", units: int = 10, expires: int | None = None) -> Entry:
    legs = {"paul/KM": -units, "jeanne/KM": units}
    return Entry(key=key, kind="booking", legs=legs, phase="reserve", expires=expires)


def void(target: str, key: str = "k") -> Entry:
    return Entry(key=key, kind="void", legs={}, phase="void", target=target)


def terms(*accounts: AccountTerms, key: str = "k") -> Entry:
    return Entry(key=key, kind="terms", legs={}, accounts=accounts)


def mark(serial: str, before: str, after: str, key: str = "k") -> Entry:
    change = Mark(serial=serial, before=before, after=after)
    return Entry(key=key, kind="coupon", legs={}, marks=(change,))


@dataclass(frozen=True)
class Case:
    """A refusal: what went before, what is asked, what is answered."""

    code: str
    asked: Entry
    values: dict[str, Any]
    before: tuple[Entry, ...] = ()


BIG = {"bank/EUR": MOST_UNITS, "fees/EUR": -MOST_UNITS}
OTHER = ride("ride", 20)

CASES = [
    Case(
        "key_reused",
        OTHER,
        {
            "first": payload_text(ride("ride", 25)),
            "second": payload_text(OTHER),
            "first_hash": payload_hash(payload_text(ride("ride", 25))),
            "second_hash": payload_hash(payload_text(OTHER)),
        },
        (ride("ride", 25),),
    ),
    Case("unknown_account", move(paul=-5, nobody=5), {"account": "nobody/KM"}),
    Case("unknown_account", move(nobody=-5, paul=5), {"account": "nobody/KM"}),
    Case(
        "closed_account",
        move(paul=-5, luc=5),
        {"account": "luc/KM"},
        (terms(person("luc/KM", closed=True), key="open"),),
    ),
    Case(
        "below_floor",
        move(paul=-51, jeanne=51),
        {"account": "paul/KM", "available": km(50), "needed": km(51), "floor": km(0)},
    ),
    Case(
        "below_floor",
        move(paul=-41, jeanne=41),
        {"account": "paul/KM", "available": km(40), "needed": km(41), "floor": km(0)},
        (hold(units=10),),
    ),
    Case(
        "below_floor",
        move(phase="reserve", paul=-41, jeanne=41),
        {"account": "paul/KM", "available": km(40), "needed": km(41), "floor": km(0)},
        (hold(units=10),),
    ),
    Case(
        "below_floor",
        move(jeanne=-6, paul=6),
        {"account": "jeanne/KM", "available": km(0), "needed": km(6), "floor": km(-5)},
        (terms(person("jeanne/KM", floor=-5), key="limits"),),
    ),
    Case(
        "above_ceiling",
        move(paul=-11, jeanne=11),
        {"account": "jeanne/KM", "posted": km(0), "added": km(11), "ceiling": km(10)},
        (terms(person("jeanne/KM", ceiling=10), key="limits"),),
    ),
    Case(
        "above_ceiling",
        move(phase="reserve", paul=-3, jeanne=3),
        {"account": "jeanne/KM", "posted": km(8), "added": km(3), "ceiling": km(10)},
        (terms(person("jeanne/KM", ceiling=10), key="limits"), hold(units=8)),
    ),
    Case(
        "too_large",
        Entry(key="k", kind="move", legs={"bank/EUR": 1, "fees/EUR": -1}),
        {"account": "bank/EUR", "most": MOST_UNITS},
        (Entry(key="big", kind="move", legs=BIG),),
    ),
    Case(
        "too_large",
        Entry(key="k", kind="move", legs={"fees/EUR": -1, "bank/EUR": 1}),
        {"account": "fees/EUR", "most": MOST_UNITS},
        (Entry(key="big", kind="move", legs=BIG),),
    ),
    Case(
        "too_large",
        Entry(key="k", kind="move", legs={"bank/EUR": 1, "fees/EUR": -1}, phase="reserve"),
        {"account": "bank/EUR", "most": MOST_UNITS},
        (Entry(key="big", kind="move", legs=BIG, phase="reserve"),),
    ),
    Case(
        "too_large",
        Entry(key="k", kind="move", legs={"fees/EUR": -1, "bank/EUR": 1}, phase="reserve"),
        {"account": "fees/EUR", "most": MOST_UNITS},
        (Entry(key="big", kind="move", legs=BIG, phase="reserve"),),
    ),
    Case("unbalanced", move(paul=-5, jeanne=4), {"asset": "KM", "off": km(-1)}),
    Case("unbalanced", move(paul=5), {"asset": "KM", "off": km(5)}),
    Case(
        "unbalanced",
        Entry(key="k", kind="x", legs={"paul/KM": -5, "jeanne/YACA": 5}),
        {"asset": "KM", "off": km(-5)},
    ),
    Case("cover_broken", move(issue=-5, paul=5), {"off": -30}),
    Case(
        "cover_broken",
        Entry(key="k", kind="x", legs={"fund/EUR": -1, "bank/EUR": 1}),
        {"off": -1},
    ),
    Case(
        "effective_in_future",
        ride("k", effective=NOON + 1),
        {"effective": NOON + 1, "recorded": NOON},
    ),
    Case("expires_in_past", hold("k", expires=NOON), {"expires": NOON, "recorded": NOON}),
    Case("unknown_target", void("nothing"), {"target": "nothing"}),
    Case("unknown_target", move("k", "capture", "no", paul=-1, jeanne=1), {"target": "no"}),
    Case("no_void", void("sale"), {"target": "sale", "phase": "post"}),
    Case(
        "no_capture",
        move("k", "capture", "sale", paul=-1, jeanne=1),
        {"target": "sale", "phase": "post"},
    ),
    Case(
        "no_expire",
        Entry(key="sale/expired", kind="expiry", legs={}, phase="expire", target="sale"),
        {"target": "sale", "phase": "post"},
    ),
    Case(
        "no_reverse",
        move("k", "reverse", "hold", paul=10, jeanne=-10),
        {"target": "hold", "phase": "reserve"},
        (hold(),),
    ),
    Case(
        "no_reverse",
        move("k", "reverse", "undo", paul=-5, jeanne=5),
        {"target": "undo", "phase": "reverse"},
        (ride(km=5), move("undo", "reverse", "ride", paul=5, jeanne=-5)),
    ),
    Case(
        "not_over",
        Entry(key="hold/expired", kind="expiry", legs={}, phase="expire", target="hold"),
        {"target": "hold", "recorded": NOON},
        (hold(expires=NOON + 1),),
    ),
    Case(
        "not_over",
        Entry(key="hold/expired", kind="expiry", legs={}, phase="expire", target="hold"),
        {"target": "hold", "recorded": NOON},
        (hold(),),
    ),
    Case(
        "already_closed",
        void("hold"),
        {"target": "hold", "closer": "let go"},
        (hold(), void("hold", "let go")),
    ),
    Case(
        "already_closed",
        move("k", "reverse", "ride", paul=5, jeanne=-5),
        {"target": "ride", "closer": "undo"},
        (ride(km=5), move("undo", "reverse", "ride", paul=5, jeanne=-5)),
    ),
    Case(
        "beyond_hold",
        move("k", "capture", "hold", paul=-11, jeanne=11),
        {"account": "paul/KM", "target": "hold"},
        (hold(),),
    ),
    Case(
        "beyond_hold",
        move("k", "capture", "hold", paul=-5, luc=5),
        {"account": "luc/KM", "target": "hold"},
        (terms(person("luc/KM"), key="open"), hold()),
    ),
    Case(
        "beyond_hold",
        move("k", "capture", "hold", luc=-5, paul=5),
        {"account": "luc/KM", "target": "hold"},
        (terms(person("luc/KM", floor=-9), key="open"), hold()),
    ),
    Case(
        "beyond_hold",
        move("k", "capture", "hold", paul=5, jeanne=-5),
        {"account": "paul/KM", "target": "hold"},
        (hold(),),
    ),
    Case(
        "not_the_opposite",
        move("k", "reverse", "ride", paul=4, jeanne=-4),
        {"target": "ride"},
        (ride(km=5),),
    ),
    Case("unknown_asset", terms(system("x/GOLD")), {"asset": "GOLD"}),
    Case("account_differs", terms(shop("paul/KM")), {"account": "paul/KM"}),
    Case("account_differs", terms(person("paul/KM", weight=1)), {"account": "paul/KM"}),
    Case(
        "account_differs",
        terms(AccountTerms(id="paul/KM", asset="EUR", holder="person", floor=0)),
        {"account": "paul/KM"},
    ),
    Case(
        "account_not_empty",
        terms(person("paul/KM", closed=True)),
        {"account": "paul/KM", "posted": km(50)},
    ),
    Case(
        "account_not_empty",
        terms(person("jeanne/KM", closed=True)),
        {"account": "jeanne/KM", "posted": km(0)},
        (hold(),),
    ),
    Case(
        "account_not_empty",
        terms(person("luc/KM", closed=True, floor=-10)),
        {"account": "luc/KM", "posted": km(0)},
        (
            terms(person("luc/KM", floor=-10), key="open"),
            move("owed", "reserve", luc=-3, paul=3),
        ),
    ),
    Case(
        "limit_unmet",
        terms(person("paul/KM", floor=51)),
        {"account": "paul/KM", "posted": km(50)},
    ),
    Case(
        "limit_unmet",
        terms(person("paul/KM", floor=41)),
        {"account": "paul/KM", "posted": km(50)},
        (hold(),),
    ),
    Case(
        "limit_unmet",
        terms(person("paul/KM", ceiling=49)),
        {"account": "paul/KM", "posted": km(50)},
    ),
    Case(
        "limit_unmet",
        terms(person("jeanne/KM", ceiling=9)),
        {"account": "jeanne/KM", "posted": km(0)},
        (hold(),),
    ),
    Case("limit_unmet", terms(person("luc/KM", floor=1)), {"account": "luc/KM", "posted": km(0)}),
    Case(
        "limit_unmet",
        terms(person("luc/EUR", floor=None, ceiling=-1)),
        {"account": "luc/EUR", "posted": euros(0)},
    ),
    Case(
        "coupon_state",
        mark("A1", "printed", "sold"),
        {"serial": "A1", "state": "", "wanted": "printed", "after": "sold"},
    ),
    Case(
        "coupon_state",
        mark("A1", "", "printed"),
        {"serial": "A1", "state": "printed", "wanted": "", "after": "printed"},
        (mark("A1", "", "printed", "first"),),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_a_refusal_says_why_and_changes_nothing(journal: Journal, case: Case) -> None:
    journal.post(sale())
    for entry in case.before:
        journal.post(entry)
    before = state(journal)
    with pytest.raises(Refused) as caught:
        journal.post(case.asked)
    refusal = caught.value.refusal
    assert (refusal.code, refusal.key) == (case.code, case.asked.key)
    assert refusal.values == case.values
    assert state(journal) == before
    (again,) = journal.post_each([case.asked])  # the same as data, and once more
    assert again == refusal
    assert caught.value.text("fr") == refusal.text("fr") != str(caught.value)
    assert str(caught.value) == refusal.text("en")
    assert pickle.loads(pickle.dumps(caught.value)).refusal == refusal
    assert json.loads(json.dumps(refusal.to_dict()))["code"] == case.code


def state(journal: Journal) -> tuple[Any, ...]:
    """All that a journal holds."""
    reader = journal.engine.reader
    return reader.head(), list(journal.entries()), journal.accounts(), reader.state("A1")


def codes_of_the_judge() -> set[str]:
    """The codes written in its source."""
    found = set(get_args(BrokenLimit)) - {""}
    for node in ast.walk(ast.parse(inspect.getsource(judge))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_Refuse":
            code = node.args[0]
            if isinstance(code, ast.Constant):
                found.add(code.value)
            elif isinstance(code, ast.JoinedStr):
                found |= {f"no_{phase}" for phase in ("capture", "void", "expire", "reverse")}
    return found


def test_every_refusal_of_the_judge_is_among_the_cases() -> None:
    assert {case.code for case in CASES} == codes_of_the_judge()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_the_values_of_a_refusal_fill_its_words(case: Case) -> None:
    refusal = Refusal(code=case.code, key="k", values=case.values)
    texts = [f(lang) for lang in LANGUAGES for f in (refusal.what, refusal.remedy)]
    assert len(set(texts)) == 4
    for lang in LANGUAGES:
        assert refusal.text(lang) == f"{refusal.what(lang)} {refusal.remedy(lang)}"
    assert case.code != "key_reused" or all("'k'" in refusal.what(lang) for lang in LANGUAGES)
    account = case.values.get("account")
    assert account is None or all(account in refusal.what(lang) for lang in LANGUAGES)


def test_the_first_rule_that_stands_in_the_way_is_told(journal: Journal) -> None:
    """Each asked entry breaks several rules; what is told is told alike by every store."""
    journal.post(sale())
    luc = person("luc/KM", closed=True)
    journal.post(terms(luc, key="open"))
    asked = {
        "key_reused": ride("sale", 99, effective=NOON + 5),
        "effective_in_future": ride("a", 99, effective=NOON + 5, accounts=(system("x/GOLD"),)),
        "unknown_asset": ride("b", 99, accounts=(system("x/GOLD"), shop("paul/KM"))),
        "account_differs": ride("c", 99, accounts=(shop("paul/KM", closed=True), system("x/GOLD"))),
        "account_not_empty": ride("d", 99, accounts=(person("paul/KM", floor=99, closed=True),)),
        "unknown_account": move("e", paul=-5, nobody=4),
        "unbalanced": move("f", paul=-5, issue=4),
        "cover_broken": move("g", "capture", "nothing", paul=-5, issue=5),
        "unknown_target": move("h", "capture", "nothing", paul=-99, luc=99),
        "closed_account": move("i", luc=99, paul=-99),
        "below_floor": move("j", paul=-99, luc=99),
    }
    told = {
        code: answer.code if isinstance(answer, Refusal) else ""
        for code, answer in zip(asked, journal.post_each([*asked.values()]), strict=True)
    }
    assert told == {code: code for code in asked}


def test_a_hold_or_a_move_up_to_the_limits_is_taken(journal: Journal) -> None:
    """Each limit is reached exactly, and passed by one."""
    journal.post(sale())
    journal.post(terms(person("jeanne/KM", floor=0, ceiling=50), key="limits"))
    journal.post(hold(units=20))
    journal.post(ride(km=30))
    assert journal.balance("paul/KM").available == 0
    for again in (ride("k", 1), hold("k", 1)):
        with pytest.raises(Refused, match="floor"):
            journal.post(again)
    journal.post(move("take", "capture", "hold", paul=-20, jeanne=20))
    assert journal.balance("jeanne/KM").posted == 50
    assert journal.post(Entry(key="big", kind="x", legs=BIG)).balances == BIG
    assert journal.post(
        Entry(key="back", kind="x", legs={name: -units for name, units in BIG.items()})
    ).balances == {"bank/EUR": 0, "fees/EUR": 0}
    negative = {name: -units for name, units in BIG.items()}
    assert journal.post(Entry(key="low", kind="x", legs=negative)).balances == negative


def test_weights_and_amounts_at_their_bounds_are_summed_exactly(journal: Journal) -> None:
    """Sums far beyond 64 bits neither overflow nor round."""
    heavy = (
        system("heavy/KM", weight=MOST_UNITS),
        system("heavier/KM", weight=-MOST_UNITS),
        system("light/KM", weight=MOST_UNITS - 1),
    )
    journal.post(terms(*heavy, key="open"))
    most = MOST_UNITS
    answer = journal.post_each(
        [
            Entry(key="a", kind="x", legs={"heavy/KM": most, "light/KM": -most}),
            Entry(key="b", kind="x", legs={"heavy/KM": most, "heavier/KM": most, "paul/KM": 2}),
        ]
    )
    off, unbalanced = answer
    assert isinstance(off, Refusal)
    assert (off.code, off.values) == ("cover_broken", {"off": most})
    assert isinstance(unbalanced, Refusal)
    assert unbalanced.values == {"asset": "KM", "off": km(2 * most + 2)}
    assert "18,014,398,509,481,984 KM" in unbalanced.what("en")

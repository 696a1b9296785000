"""Hypothesis strategies of the ledger's words: names, amounts, terms, coupons, whole entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from hypothesis import strategies as st

from msap_mobility.ledger.entry import MOST_UNITS, AccountTerms, Entry, Holder, Mark, Phase

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

EVIL = (
    "'; DROP TABLE ledger_leg; --",
    '"; DELETE FROM ledger_entry; --',
    "?",
    "%s %(x)s %",
    "{p} {0} {account!r}",
    "\\N \\t \\x00",
    "1:a2:bb;",
    "$$ $1 $body$",
    "NULL",
    "Zoé Łódź 日本 🚲",
    "a b",
    "´`“”\N{NO-BREAK SPACE}\N{COMBINING ACUTE ACCENT}",
    "x" * 200,
)
"""Texts that mean something to SQL, to formats, to the hashed form; printable, so allowed."""

names: SearchStrategy[str] = st.one_of(
    st.sampled_from(EVIL),
    st.text("0123456789:;", min_size=1, max_size=5),  # looks like lengths of the hashed form
    st.text("abK/é ", min_size=1, max_size=12).map(str.strip).filter(bool),
    st.text(
        st.characters(
            codec="utf-8",
            exclude_categories=("Cc", "Cf", "Zl", "Zp"),
            exclude_characters="\u2065",  # among the unseen, though nothing yet
        ),
        min_size=1,
        max_size=200,
    ).filter(lambda text: text == text.strip(" ")),
)
"""What may name an account, an asset, an entry."""

texts = st.one_of(st.just(""), names)
"""What may stand in a field that may be empty."""

units = st.one_of(
    st.integers(-50, 50),
    st.integers(-MOST_UNITS, MOST_UNITS),
    st.sampled_from((MOST_UNITS, -MOST_UNITS, 2**31, -(2**31) - 1)),
)
"""Any whole number a ledger takes."""

amounts = units.filter(bool)

legs = st.dictionaries(names, amounts, max_size=5)

data = st.one_of(
    st.none(), st.dictionaries(names, st.one_of(units, texts, st.just("two\nlines")), max_size=3)
)


@st.composite
def terms(draw: Any, *, name: SearchStrategy[str] = names) -> AccountTerms:
    """An account's terms, its limits in order."""
    low, high = sorted((draw(units), draw(units)))
    return AccountTerms(
        id=draw(name),
        asset=draw(names),
        holder=draw(st.sampled_from(get_args(Holder))),
        floor=draw(st.sampled_from((None, low))),
        ceiling=draw(st.sampled_from((None, high))),
        weight=draw(units),
        closed=draw(st.booleans()),
    )


marks = st.builds(Mark, serial=names, before=texts, after=names)


@st.composite
def entries(draw: Any) -> Entry:
    """Any entry that may be asked, of any phase."""
    phase: Phase = draw(st.sampled_from(("post", "post", "reserve", "capture", "void", "reverse")))
    needs_legs = phase in ("reserve", "capture", "reverse")
    return Entry(
        key=draw(names),
        kind=draw(names),
        legs={} if phase == "void" else draw(legs.filter(bool) if needs_legs else legs),
        phase=phase,
        effective=draw(st.one_of(st.none(), units)),
        ref=draw(texts),
        actor=draw(texts),
        data=draw(data),
        target=draw(names) if phase in ("capture", "void", "reverse") else "",
        expires=draw(st.one_of(st.none(), units)) if phase == "reserve" else None,
        accounts=tuple(draw(st.lists(terms(), max_size=2, unique_by=lambda each: each.id))),
        marks=tuple(draw(st.lists(marks, max_size=2, unique_by=lambda each: each.serial))),
    )

"""``msap ledger init``, ``rules`` and ``amend``: a scheme begins, and changes its rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msap_mobility.cli.asking import clock_us
from msap_mobility.cli.ledger import options
from msap_mobility.cli.ledger.asking import gently
from msap_mobility.cli.ledger.command import reading, writing
from msap_mobility.cli.ledger.telling import document, iso, print_posted
from msap_mobility.cli.ledger.typed import read
from msap_mobility.cli.printing import print_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    import click

    from msap_mobility.cli.ledger.asking import Desk
    from msap_mobility.ledger import Ledger, SchemeRules
    from msap_mobility.wording import Lang

__all__ = ["BUNDLED", "commands"]

BUNDLED = ("ayen", "argences", "centre")
"""Rules that come with the library."""


def commands(lang: Lang) -> Iterator[click.Command]:
    """The commands of this module."""
    rules = options.option("rules", lang, required=True)
    yield reading("init", lang, init, rules)
    yield reading("rules", lang, show_rules)
    yield writing("amend", lang, amend, rules)


def init(desk: Desk, rules: str) -> None:
    """Begin a scheme; with a key, the same rules again are answered as the first time."""
    chosen = _rules_of(rules)
    begun, replayed = _begun(desk, chosen)
    with begun as ledger:
        first = ledger.journal.engine.reader.numbered(1)
        if desk.as_json and first is not None:
            entry = {"seq": first.seq, "recorded": iso(first.recorded), "hash": first.hash}
            founded = {**entry, "replayed": replayed, "rules": ledger.rules.to_dict()}
            print_json(document("begun", ledger, **founded))
            return
        code = "begun_before" if replayed else "begun"
        desk.tell(f"cli.ledger.{code}", scheme=ledger.journal.engine.name, place=desk.shown)
        _tell_rules(desk, ledger.rules)
        desk.mention("cli.ledger.lawful")


def show_rules(desk: Desk) -> None:
    """The rules in force."""
    with desk.ledger() as ledger:
        if desk.as_json:
            print_json(document("rules", ledger, rules=ledger.rules.to_dict()))
        else:
            _tell_rules(desk, ledger.rules)


def amend(desk: Desk, rules: str) -> None:
    """Bring new rules into force."""
    given = read(date=desk.date)
    chosen = _rules_of(rules)
    with desk.ledger() as ledger:
        posted = ledger.amend(chosen, **desk.slip(given["date"]))
        print_posted(desk, ledger, posted, "amend")


def _rules_of(rules: str) -> SchemeRules:
    from msap_mobility.ledger import SchemeRules

    if rules in BUNDLED:
        made: SchemeRules = getattr(SchemeRules, rules)()
        return made
    return SchemeRules.of(Path(rules))


def _begun(desk: Desk, rules: SchemeRules) -> tuple[Ledger, bool]:
    """The new ledger; or the one that was begun before, by the same request."""
    from msap_mobility.errors import InputError
    from msap_mobility.ledger import Ledger
    from msap_mobility.ledger.scheme.editions import founding

    try:
        with gently(desk.place, desk.lang):
            begun = Ledger.create(
                desk.place,
                rules=rules,
                scheme=desk.scheme,
                schema=desk.schema_or_usual,
                clock=clock_us,
            )
    except InputError as error:
        if not desk.key or error.faults[0].code != "scheme_exists":
            raise
        name, schema = desk.scheme or rules.name, desk.schema_or_usual
        earlier = Ledger.open(desk.place, name, schema=schema, clock=clock_us)
        if founding(earlier.journal.engine.reader).rules == rules:
            return earlier, True
        earlier.close()
        raise
    return begun, False


def _tell_rules(desk: Desk, rules: SchemeRules) -> None:
    from msap_mobility.ledger.outcome import Amount

    worth = Amount(rules.cents_per_coupon, "EUR", 2)
    desk.tell("cli.ledger.rule.coupon", km=rules.km_per_coupon, worth=worth)
    if rules.booklets_km:
        desk.tell("cli.ledger.rule.booklets", sizes=", ".join(map(str, rules.booklets_km)))
    if rules.currency is not None:
        desk.tell("cli.ledger.rule.currency", currency=rules.currency)
    desk.tell("cli.ledger.rule.shops", asset=rules.shop_asset)
    if rules.dues_required:
        desk.tell("cli.ledger.rule.dues", dues=Amount(rules.dues_cents, "EUR", 2))

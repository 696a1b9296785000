"""What was posted and what is held, as sentences and as strict JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from msap_mobility.cli.printing import print_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from msap_mobility.cli.ledger.asking import Desk
    from msap_mobility.ledger import Balance, Ledger, Posted

__all__ = ["document", "held", "iso", "money", "posted_data", "print_posted"]

_OWN_TOLD = ("fund", "bank", "paper", "lost")
"""The scheme's own accounts a person wants to hear of; the others mirror these."""


def document(name: str, ledger: Ledger, **parts: Any) -> dict[str, Any]:
    """A JSON document of the ledger: its schema ``msap.ledger.<name>/1``, its scheme, its parts."""
    return {"schema": f"msap.ledger.{name}/1", "scheme": ledger.journal.engine.name, **parts}


def money(units: int, asset: str, decimals: int) -> dict[str, Any]:
    """An amount as JSON data: minor units, never a fraction.

    Examples
    --------
    >>> money(300, "EUR", 2)
    {'units': 300, 'asset': 'EUR', 'decimals': 2}
    """
    return {"units": units, "asset": asset, "decimals": decimals}


def iso(microseconds: int) -> str:
    """An instant as JSON data.

    Examples
    --------
    >>> iso(0)
    '1970-01-01T00:00:00+00:00'
    """
    from msap_mobility.ledger.journal import instant_of

    return instant_of(microseconds).isoformat()


def posted_data(ledger: Ledger, posted: Posted) -> dict[str, Any]:
    """An entry that was written, as JSON data."""
    decimals = ledger.rules.decimals
    balances = []
    for account, units in sorted(posted.balances.items()):
        asset = account.rpartition("/")[2]
        balances.append({"account": account, **money(units, asset, decimals[asset])})
    return {
        "key": posted.key,
        "seq": posted.seq,
        "recorded": iso(posted.recorded),
        "hash": posted.hash,
        "replayed": posted.replayed,
        "balances": balances,
    }


def print_posted(desk: Desk, ledger: Ledger, posted: Posted, verb: str, **values: object) -> None:
    """Tell what was written and what is held now.

    Parameters
    ----------
    desk, ledger
        Who asks, and where.
    posted
        The answer of the ledger.
    verb
        ``cli.ledger.done.<verb>`` is the sentence.
    **values
        What it is filled with.
    """
    if desk.as_json:
        print_json(document("posted", ledger, posted=posted_data(ledger, posted)))
        return
    done = desk.say(f"cli.ledger.done.{verb}", **values)
    if posted.replayed:
        done = desk.say("cli.ledger.replayed", done=done, seq=posted.seq, key=posted.key)
    else:
        done = desk.say("cli.ledger.written", done=done, seq=posted.seq, key=posted.key)
    click.echo(done)
    holdings = list(_holdings(ledger, posted, desk))
    if holdings:
        desk.tell("cli.ledger.holdings", holdings=desk.say("cli.ledger.between").join(holdings))


def _holdings(ledger: Ledger, posted: Posted, desk: Desk) -> Iterator[str]:
    """What the members of an entry hold now, then the accounts of the scheme's own."""
    from msap_mobility.ledger.scheme.chart import check_owner, owner_of

    own: dict[str, list[str]] = {}
    members: dict[str, None] = {}
    for account in posted.balances:
        owner = owner_of(account)
        try:
            check_owner(owner, "")
            members[owner] = None
        except ValueError:  # an account of the scheme's own
            own.setdefault(owner, []).append(account)
    for member in members:
        yield desk.say(
            "cli.ledger.holder", who=member, what=held(ledger, ledger.balance(member), desk)
        )
    for owner in _OWN_TOLD:
        for account in own.get(owner, ()):
            who = desk.say(f"cli.ledger.account.{owner}")
            yield desk.say(
                "cli.ledger.holder", who=who, what=held(ledger, ledger.balance(account), desk)
            )


def held(ledger: Ledger, balances: Mapping[str, Balance], desk: Desk) -> str:
    """What an owner holds, asset by asset: coupons with their value in euros."""
    found = [each for each in balances.values() if each.posted] or list(balances.values())[:1]
    return ", ".join(_one_held(ledger, each, desk) for each in found)


def _one_held(ledger: Ledger, balance: Balance, desk: Desk) -> str:
    told = _units(ledger, balance.asset, balance.posted, desk)
    if not balance.outgoing:
        return told
    back = _units(ledger, balance.asset, balance.outgoing, desk)
    return desk.say("cli.ledger.held_back", told=told, back=back)


def _units(ledger: Ledger, asset: str, units: int, desk: Desk) -> str:
    from msap_mobility.ledger.outcome import Amount

    rules = ledger.rules
    if asset == rules.coupon:
        value = Amount(rules.cents(units, asset), "EUR", 2)
        return desk.say("cli.ledger.coupons_worth", n=units, value=value)
    return desk.say("cli.ledger.amount", amount=Amount(units, asset, rules.decimals[asset]))

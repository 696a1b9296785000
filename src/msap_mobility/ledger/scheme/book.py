"""What the verbs of a scheme share: its journal, its rules, its clock; ask once, answer always."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from msap_mobility.errors import Faults
from msap_mobility.ledger.checks import check_name
from msap_mobility.ledger.journal import instant_of
from msap_mobility.ledger.outcome import Amount, Posted, Refusal, Refused
from msap_mobility.ledger.scheme.alike import Known
from msap_mobility.ledger.scheme.chart import account_of, members_account
from msap_mobility.ledger.scheme.editions import following, founding
from msap_mobility.ledger.scheme.plain import spoken
from msap_mobility.ledger.scheme.slip import Asked, Slip, instant_us, new_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from msap_mobility.ledger.entry import AccountTerms, Entry, Holder
    from msap_mobility.ledger.journal import Journal
    from msap_mobility.ledger.outcome import Balance
    from msap_mobility.ledger.reading import Reader
    from msap_mobility.ledger.scheme.editions import Edition
    from msap_mobility.ledger.scheme.rules import SchemeRules

__all__ = ["Book", "heed", "refuse"]

_LOOK_AGAIN = ("key_reused", "already_closed", "coupon_state", "account_differs")
"""Refusals that may only mean that somebody wrote between our look and our entry."""


class Book:
    """One scheme's journal with its rules; `up_to_date` at the beginning of every request.

    Parameters
    ----------
    journal
        The journal.
    clock
        Gives microseconds since 1970 UTC.
    """

    def __init__(self, journal: Journal, clock: Callable[[], int]) -> None:
        self.journal = journal
        self.clock = clock

    @cached_property
    def _editions(self) -> list[Edition]:
        return [founding(self.reader)]

    @property
    def reader(self) -> Reader:
        """Reads the scheme, from any thread."""
        return self.journal.engine.reader

    def up_to_date(self) -> Self:
        """The book, once it knows the rules another program may have brought meanwhile."""
        editions = self._editions
        while (later := following(self.reader, editions[-1])) is not None:
            editions.append(later)
        return self

    @property
    def edition(self) -> Edition:
        """The rules in force, and since when."""
        return self._editions[-1]

    @property
    def rules(self) -> SchemeRules:
        """The rules in force."""
        return self.edition.rules

    @property
    def issues(self) -> dict[str, int]:
        """The accounts that issue or issued coupons, and what one was worth, euro cents."""
        return {each.issue: each.rules.cents_per_coupon for each in self._editions}

    def balances(self, owner: str, at: datetime | None) -> dict[str, Balance]:
        """What a member's accounts hold, or one account, by asset; see `Journal.balance`.

        Raises
        ------
        Refused
            If there is no such account.
        """
        with Faults() as faults:
            check_name(faults, "account", owner)
        if "/" in owner:
            accounts = [owner]
        else:
            known = (account_of(owner, asset) for asset in self.rules.decimals)
            accounts = [name for name in known if self.reader.standing(name) is not None]
            if not accounts:
                values = {"account": owner, "member": owner}
                no = Refusal(code="unknown_account", key="", values=values, words="nobody_known")
                raise Refused(no)
        now = instant_of(self.clock())
        found = [self.journal.balance(name, at=at, now=now) for name in accounts]
        return {balance.asset: balance for balance in found}

    @property
    def zone(self) -> ZoneInfo:
        """The scheme's timezone."""
        return ZoneInfo(self.rules.timezone)

    @property
    def first_day(self) -> date:
        """The first day of which slips are taken: of the year in which the scheme began."""
        return date(instant_of(self._editions[0].since).astimezone(self.zone).year, 1, 1)

    def now(self) -> datetime:
        """The present instant, in the scheme's timezone."""
        return instant_of(self.clock()).astimezone(self.zone)

    def _today(self) -> int:
        """When the present day begins, microseconds since 1970 UTC."""
        return instant_us(self.now().date(), self.zone)

    def asked(
        self,
        slip: Slip,
        kind: str,
        facts: Mapping[str, str | int],
        *,
        identity: str = "",
        serials: Sequence[str] = (),
        expires: int | None = None,
    ) -> Asked:
        """A request in the form it is compared in.

        Parameters
        ----------
        slip, kind, facts, serials, expires
            See `Slip` and `Asked`.
        identity
            Key of what happens once: a ride, the dues of a year. No other key is taken for it, so
            that it cannot be written twice; once it was reversed, a corrected request goes to
            ``identity/2`` by itself.

        Raises
        ------
        Refused
            If another key is given than the identity's, or it would have happened before the
            year in which the scheme began.
        InputError
            If the slip cannot be read.
        """
        effective = None if slip.effective is None else instant_us(slip.effective, self.zone)
        day = None if isinstance(slip.effective, datetime) else effective
        own = identity or (f"{kind}/{serials[0]}" if serials else "")
        key = slip.key or own or new_key(kind)
        if identity and key != identity and key not in self.keys_of(identity):
            values = {"wanted": self.keys_of(identity)[-1]}
            raise Refused(Refusal(code="key_of_its_own", key=key, values=values))
        self._heed_beginning(key, slip, effective)
        asked = Asked(
            key=key,
            kind=kind,
            facts=facts,
            effective=effective if day is None or day != self._today() else None,
            ref=slip.ref,
            actor=slip.actor,
            day=day,
            serials=tuple(serials),
            expires=expires,
            identity=identity or key,
        )
        return self._corrected(asked) if own and not slip.key else asked

    def _heed_beginning(self, key: str, slip: Slip, effective: int | None) -> None:
        """A year typed wrong is refused; paper of the first year's earlier months is not.

        Whoever begins to keep the ledger in spring enters the slips of the winter first.
        """
        first = self.first_day
        if effective is not None and effective < instant_us(first, self.zone):
            values = {"day": slip.effective, "first": first}
            raise Refused(Refusal(code="before_the_scheme", key=key, values=values))

    def _corrected(self, asked: Asked) -> Asked:
        """The request under the next number if another was written under its key and reversed."""
        for key in reversed(keys := self.keys_of(asked.key)):
            written = self.journal.entry(key)
            if written is not None and asked.answered_by(written, self.zone):
                return replace(asked, key=key)
        return replace(asked, key=keys[-1])

    def post(self, asked: Asked, build: Callable[[], Sequence[Entry]]) -> Posted:
        """Answer a request: as the first time if it was asked before, else by new entries.

        Parameters
        ----------
        asked
            The request.
        build
            Makes the entries from what the ledger holds now; they are written together. One of them
            bears the key of the request.

        Raises
        ------
        Refused
            If a rule stands in the way, the key was used for another request, or what was
            written for this one was undone.
        """
        for last in (False, True):
            earlier = self.journal.entry(asked.key)
            if earlier is not None:
                if not asked.answered_by(earlier, self.zone):
                    raise Refused(asked.conflict(earlier, self.zone))
                self._heed_undone(asked)
                return self.reader.answer(earlier)
            try:
                answers = self.journal.post_together(build())
            except Refused as no:
                if last or no.refusal.code not in _LOOK_AGAIN:
                    raise Refused(spoken(no.refusal, asked, self.rules)) from None
            else:
                break
        return next(answer for answer in answers if answer.key == asked.key)

    def _heed_undone(self, asked: Asked) -> None:
        """No success is told of what was reversed or cancelled since."""
        closer = self.reader.closer(asked.key)
        end = None if closer is None else self.journal.entry(closer)
        if end is None:
            return
        if end.entry.kind == "cancel":
            raise refuse("booking_cancelled", asked, first=asked.key, by=closer)
        if end.entry.phase == "reverse":
            again = self.keys_of(asked.identity)[-1]
            code = "undone" if self.journal.entry(again) is None else "undone_and_rewritten"
            raise refuse(code, asked, first=asked.key, by=closer, again=again)

    def keys_of(self, identity: str) -> list[str]:
        """Keys under which something that happens once was written, then reversed, then again.

        The last is the one that counts, or may be used.
        """
        keys = [identity]
        while (closer := self.reader.closer(keys[-1])) is not None:
            end = self.journal.entry(closer)
            if end is None or end.entry.phase != "reverse":
                break
            keys.append(f"{identity}/{len(keys) + 1}")
        return keys

    def rules_for(self, asked: Asked) -> SchemeRules:
        """The rules in force when it happened: slips come in later than the rules change."""
        if asked.effective is None:
            return self.rules
        in_force = [each for each in self._editions if each.since <= asked.effective]
        return (in_force or self._editions)[-1 if in_force else 0].rules

    def holder(self, owner: str) -> Holder | None:
        """Whether an id is a shop's or a person's; None if it has no account yet."""
        rules = self.rules
        for asset in (rules.currency, rules.coupon):
            standing = asset and self.reader.standing(account_of(owner, asset))
            if standing:
                return standing.terms.holder
        return None

    @cached_property
    def known(self) -> Known:
        """The ids of members, to tell those that look alike."""
        return Known()

    def heed_alike(self, owner: str) -> None:
        """Nobody becomes two members by a capital or a space.

        Raises
        ------
        Refused
            If another member's id differs from this one in these only.
        """
        other = self.known.like(owner, self.reader)
        if other is not None:
            values = {"member": owner, "other": other}
            raise Refused(Refusal(code="member_alike", key="", values=values))

    def opened(self, owner: str, asset: str) -> tuple[AccountTerms, ...]:
        """The account of a member, if it has to be opened first."""
        if self.reader.standing(account_of(owner, asset)) is not None:
            return ()
        self.heed_alike(owner)
        return (members_account(owner, asset, self.holder(owner) or "person"),)

    def amount(self, units: int, asset: str) -> Amount:
        """Minor units of an asset, for people to read."""
        return Amount(units, asset, self.rules.decimals.get(asset, 0))


def heed(refusal: Refusal | None, asked: Asked) -> None:
    """Refuse a request a guard objects to.

    Raises
    ------
    Refused
        With the guard's objection, under the key of the request.
    """
    if refusal is not None:
        raise Refused(replace(refusal, key=asked.key))


def refuse(code: str, asked: Asked, **values: object) -> Refused:
    """A refusal to be raised.

    Examples
    --------
    >>> from msap_mobility.ledger.scheme.slip import Asked
    >>> asked = Asked(key="k", kind="spend", facts={}, effective=None, ref="", actor="")
    >>> refuse("unknown_shop", asked, shop="bakery").refusal.code
    'unknown_shop'
    """
    return Refused(Refusal(code=code, key=asked.key, values=values))

"""Which account of the French general plan each account of the ledger belongs to.

No official number exists for local currency in circulation; the default follows what associations
do: a third-party account 467 with the member as auxiliary, the guarantee fund as a bank account of
its own (regulations ANC 2014-03 and 2018-06 give the classes). An accountant who does otherwise
writes another chart:

.. code-block:: toml

    [accounts]                      # the scheme's own accounts, by owner or by whole id
    fund = "512200"
    "bank/EUR" = {number = "512110", label = "Crédit coopératif"}

    [holders]                       # all accounts of persons, all accounts of shops
    person = "467100"

    [carried]                       # result of earlier years: profit, loss
    profit = "110000"

    [journals]                      # code and label: of the ledger's entries, of the opening entry
    ledger = {code = "ML", label = "Monnaie locale"}
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

from msap_mobility.errors import Fault, Faults, InputError
from msap_mobility.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from msap_mobility.ledger.entry import AccountTerms

__all__ = ["Chart", "Named", "Place", "is_issue", "is_mirror"]

_DEFAULTS = {
    "accounts": {
        "fund": "512200",
        "bank": "512100",
        "fees": "706000",
        "dues": "756000",
        "expired": "758000",
        "subsidy": "657000",
        "paper": "467300",
        "lost": "467400",
    },
    "holders": {"person": "467100", "shop": "467200"},
    "carried": {"profit": "110000", "loss": "119000"},
    "journals": {"ledger": "ML", "opening": "AN"},
}

MIRROR = "backed"
"""What the fund owes: the same euros as the holders' units, with the other sign."""

_ISSUE = "issue"
_CODES = ("journals",)


@dataclass(frozen=True, slots=True)
class Named:
    """A number of the general plan, or a code of a journal, and what it is called."""

    number: str
    label: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where an account of the ledger stands: a general account, and its third party if any."""

    account: Named
    auxiliary: str = ""


@cache
def _usual(table: str) -> Mapping[str, Named]:
    named = {
        name: Named(number, say(f"books.chart.{table}.{name}", "fr"))
        for name, number in _DEFAULTS[table].items()
    }
    return MappingProxyType(named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The general accounts of a scheme; `Chart()` is the usual ones.

    Parameters
    ----------
    accounts
        Of the scheme's own accounts, by owner ("fund") or whole id ("fund/EUR").
    holders
        Of persons and of shops.
    carried
        Where the result of earlier years goes in the opening entry: ``profit`` and ``loss``.
    journals
        Code and label of the journal of the ledger's entries (``ledger``) and of the opening entry
        (``opening``).

    Examples
    --------
    >>> Chart().accounts["fund"].number
    '512200'
    >>> Chart.of({"accounts": {"fund": "51A"}, "holder": {}})
    Traceback (most recent call last):
    ...
    msap_mobility.errors.InputError: column holder: 'holder' is not one of: ...
    column accounts.fund: '51A' is no number of the French plan. ...
    """

    accounts: Mapping[str, Named] = field(default_factory=lambda: _usual("accounts"))
    holders: Mapping[str, Named] = field(default_factory=lambda: _usual("holders"))
    carried: Mapping[str, Named] = field(default_factory=lambda: _usual("carried"))
    journals: Mapping[str, Named] = field(default_factory=lambda: _usual("journals"))

    @classmethod
    def of(cls, data: Mapping[str, Any], *, file: str = "") -> Self:
        """Read a chart: what it does not say stays as usual.

        Parameters
        ----------
        data
            As in the head of this module.
        file
            Its name, for the faults.

        Raises
        ------
        InputError
            With every fault: unknown names, numbers whose first three characters are no digits
            (article A47 A-1 of the Livre des procédures fiscales), labels a table cannot hold.
        """
        with Faults(file=file) as faults:
            for table in data:
                if table not in _DEFAULTS:
                    faults.add("not_one_of", column=table, value=table, known=tuple(_DEFAULTS))
            read = {table: _read_table(table, data.get(table, {}), faults) for table in _DEFAULTS}
        return cls(**read)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a chart from a TOML file.

        Raises
        ------
        InputError
            If it is missing, no TOML, or faulty.
        """
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except OSError:
            raise InputError([Fault(code="chart_missing", value=str(path))]) from None
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise InputError([Fault(code="not_toml", file=path.name, value=error)]) from None
        return cls.of(data, file=path.name)

    def place(self, terms: AccountTerms) -> Place | None:
        """Where an account stands; None if this chart has no place for it."""
        owner = terms.id.rpartition("/")[0]
        if terms.id in self.accounts:
            return Place(self.accounts[terms.id])
        if terms.holder in self.holders:
            return Place(self.holders[terms.holder], owner)
        return Place(self.accounts[owner]) if owner in self.accounts else None

    def places(self, accounts: Iterable[AccountTerms]) -> dict[str, Place]:
        """Where each of these accounts stands, those that only mirror others left out.

        Raises
        ------
        InputError
            With every account this chart has no place for.
        """
        places = {}
        with Faults() as faults:
            for terms in accounts:
                if is_mirror(terms.id):
                    continue
                place = self.place(terms)
                if place is None:
                    faults.add("no_general_account", value=terms.id)
                else:
                    places[terms.id] = place
        return places


def is_issue(account: str) -> bool:
    """Whether an account issues units: ``issue/KM``, or ``issue.2/KM`` of a later edition.

    Examples
    --------
    >>> is_issue("issue/KM"), is_issue("issue.2/KM"), is_issue("issuer/KM")
    (True, True, False)
    """
    return account.rpartition("/")[0].partition(".")[0] == _ISSUE


def is_mirror(account: str) -> bool:
    """Whether an account only shows others from the other side, so that no books hold it."""
    return is_issue(account) or account.rpartition("/")[0] == MIRROR


def _read_table(table: str, given: Any, faults: Faults) -> Mapping[str, Named]:
    if not hasattr(given, "items"):
        faults.add("not_a_mapping", column=table, value=given)
        return {}
    named = dict(_usual(table))
    for name, value in given.items():
        column = f"{table}.{name}"
        if table != "accounts" and name not in named:
            faults.add("not_one_of", column=column, value=name, known=tuple(named))
        else:
            named[name] = _read_named(table, column, value, named.get(name), faults)
    return named


def _read_named(table: str, column: str, value: Any, usual: Named | None, faults: Faults) -> Named:
    """One account or journal: its number alone, or number (or code) and label."""
    label: Any = usual.label if usual else column.partition(".")[2]
    word = "code" if table in _CODES else "number"
    number = value
    if hasattr(value, "items"):
        for key in value.keys() - {word, "label"}:
            faults.add("not_one_of", column=f"{column}.{key}", value=key, known=(word, "label"))
        number, label = value.get(word, usual.number if usual else ""), value.get("label", label)
    for text in (number, label):
        if not isinstance(text, str) or not text.strip() or not text.isprintable():
            faults.add("not_a_name", column=column, value=text)
            return Named("", "")
    if word == "number" and not (number[:3].isascii() and number[:3].isdigit() and len(number) > 2):
        faults.add("not_in_the_plan", column=column, value=number)
    return Named(number, label)

"""``msap ledger``: the accounts of a scheme, from the desk to the treasurer."""

from msap_mobility.cli.ledger.group import ledger_group

__all__ = ["ledger_group"]

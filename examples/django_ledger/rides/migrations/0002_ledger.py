"""The ledger's tables, and the scheme of the village."""

from typing import Any

from django.db import migrations

from msap_mobility.ledger.engines.guest import begin_as_guest
from msap_mobility.ledger.engines.postgres_schema import schema_sql
from msap_mobility.ledger.engines.sqlite_scheme import make_tables
from msap_mobility.ledger.scheme.editions import first_entry
from msap_mobility.ledger.scheme.rules import SchemeRules


def make_ledger(_apps: Any, editor: Any) -> None:
    """Make the tables and begin the scheme, in the migration's own transaction."""
    rules = SchemeRules.ayen()
    with editor.connection.cursor() as cursor:
        if editor.connection.vendor == "postgresql":
            cursor.execute(schema_sql())
        else:
            make_tables(cursor)
        begin_as_guest(cursor, rules.name, first_entry(rules))


class Migration(migrations.Migration):
    """Nothing to undo: what is posted stays."""

    dependencies = (("rides", "0001_initial"),)
    operations = (migrations.RunPython(make_ledger),)

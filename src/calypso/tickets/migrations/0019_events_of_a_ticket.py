"""PostgreSQL is told how many entries a ticket has: seven, about.

Entries of one ticket lie side by side, and a sample of pages finds few tickets: the planner believed thirty entries
a ticket, and read every account to name their authors.
"""

from django.db import migrations


def tell(apps, schema_editor):
    _say(schema_editor, "SET (n_distinct = -0.15)")


def forget(apps, schema_editor):
    _say(schema_editor, "RESET (n_distinct)")


def _say(schema_editor, word):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER TABLE tickets_ticketevent ALTER COLUMN ticket_id {word}")
        schema_editor.execute("ANALYZE tickets_ticketevent (ticket_id)")


class Migration(migrations.Migration):
    dependencies = [("tickets", "0018_fewer_indexes")]

    operations = [migrations.RunPython(tell, forget)]

"""The documents of the search, and on each engine the index of their terms."""

import django.db.models.deletion
from django.db import migrations, models

_POSTGRESQL = (
    # An index that wrote its entries later would make a search pay for the acts before it.
    """CREATE INDEX search_document_terms ON search_searchdocument
       USING gin (array_to_tsvector(string_to_array(terms, ' '))) WITH (fastupdate = off)""",
)
# The triggers hang on the table: a later migration that rebuilds it on SQLite must create them again.
_SQLITE = (
    """CREATE VIRTUAL TABLE search_fts USING fts5(
       terms, content='search_searchdocument', content_rowid='ticket_id', detail='none',
       tokenize="ascii tokenchars '=~#@'")""",
    """CREATE TRIGGER search_document_added AFTER INSERT ON search_searchdocument BEGIN
       INSERT INTO search_fts(rowid, terms) VALUES (new.ticket_id, new.terms); END""",
    """CREATE TRIGGER search_document_removed AFTER DELETE ON search_searchdocument BEGIN
       INSERT INTO search_fts(search_fts, rowid, terms) VALUES ('delete', old.ticket_id, old.terms); END""",
    """CREATE TRIGGER search_document_changed AFTER UPDATE ON search_searchdocument BEGIN
       INSERT INTO search_fts(search_fts, rowid, terms) VALUES ('delete', old.ticket_id, old.terms);
       INSERT INTO search_fts(rowid, terms) VALUES (new.ticket_id, new.terms); END""",
)
_BACK_POSTGRESQL = ("DROP INDEX search_document_terms",)
_BACK_SQLITE = ("DROP TABLE search_fts",)  # the triggers leave with the table of documents


def index(apps, schema_editor):
    _run(schema_editor, _SQLITE, _POSTGRESQL)


def no_index(apps, schema_editor):
    _run(schema_editor, _BACK_SQLITE, _BACK_POSTGRESQL)


def _run(schema_editor, on_sqlite, on_postgresql):
    for statement in on_sqlite if schema_editor.connection.vendor == "sqlite" else on_postgresql:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tickets", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="KnownWord",
            fields=[
                ("word", models.CharField(max_length=40, primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        related_query_name="document",
                        serialize=False,
                        to="tickets.ticket",
                    ),
                ),
                ("terms", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Spelling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("spelling", models.CharField(max_length=40)),
                ("word", models.CharField(max_length=40)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("spelling", "word"), name="spelling_once")],
            },
        ),
        migrations.RunPython(index, no_index),
    ]

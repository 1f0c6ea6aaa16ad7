"""The names of projects folded again: « ł đ ø » are letters that people search by as « l d o »."""

import unicodedata

from django.db import migrations

_PLAIN = str.maketrans(
    {"œ": "oe", "æ": "ae", "ł": "l", "đ": "d", "ð": "d", "ø": "o", "ħ": "h", "ı": "i", "ŧ": "t", "ŋ": "n", "þ": "th"}
)


def fold(text):
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return "".join(c for c in plain if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")


def store(apps, schema_editor):
    for row in apps.get_model("projects", "Project").objects.order_by("pk").iterator():
        row.search_text = fold(row.name)[:200]
        row.save(update_fields=["search_text"])


class Migration(migrations.Migration):
    dependencies = [("projects", "0005_history")]

    operations = [migrations.RunPython(store, migrations.RunPython.noop)]

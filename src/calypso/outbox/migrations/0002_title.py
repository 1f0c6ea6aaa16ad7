"""A message says what happened in its title; its subject is the same for all the messages about a ticket."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Until now, the subject of a message was its title."""
    apps.get_model("outbox", "OutgoingEmail").objects.update(title=F("subject"))


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]

    operations = [
        migrations.AddField("OutgoingEmail", "title", models.CharField(max_length=400, default=""), preserve_default=False),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

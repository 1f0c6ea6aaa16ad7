"""Mails leave without a task (ADR 0016): those that are still to be run name one that is no more."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def forget(apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
    tasks = apps.get_model("django_ox", "OxTask").objects.using(schema.connection.alias)
    tasks.filter(task_path="calypso.outbox.tasks.deliver_due").delete()


class Migration(migrations.Migration):
    dependencies = [("outbox", "0004_fewer_indexes"), ("django_ox", "0001_initial")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]

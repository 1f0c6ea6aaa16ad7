"""The tables of sla, as release 0.1.0 has them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ServiceLevel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "phase",
                    models.CharField(choices=[("setup", "Paramétrage"), ("live", "Exploitation")], max_length=10),
                ),
                ("priority", models.CharField(max_length=1)),
                ("answer_hours", models.PositiveSmallIntegerField(null=True)),
                ("process_hours", models.PositiveSmallIntegerField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("phase", "priority"), name="service_level_once")],
            },
        ),
    ]

"""The tables of outbox, as release 0.1.0 has them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Notification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=16)),
                ("recipient_key", models.CharField(max_length=32)),
                ("kind", models.CharField(max_length=60)),
                ("about", models.CharField(max_length=60)),
                ("title", models.CharField(max_length=400)),
                ("page", models.CharField(max_length=200)),
                ("dedupe_key", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField(db_index=True)),
                ("seen_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["recipient_key", "-id"], name="notification_newest"),
                    models.Index(
                        condition=models.Q(("seen_at__isnull", True)),
                        fields=["recipient_key"],
                        name="notification_unseen",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("key",), name="notification_key_once"),
                    models.UniqueConstraint(fields=("dedupe_key",), name="notification_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutgoingEmail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=32)),
                ("kind", models.CharField(max_length=60)),
                ("about", models.CharField(max_length=60)),
                ("recipient_key", models.CharField(max_length=32)),
                ("recipient", models.CharField(max_length=254)),
                ("language", models.CharField(default="fr", max_length=2)),
                ("subject", models.CharField(max_length=400)),
                ("text", models.TextField()),
                ("html", models.TextField()),
                ("headers", models.JSONField(default=dict)),
                ("dedupe_key", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "En attente"),
                            ("sent", "Remis"),
                            ("failed", "Échec"),
                            ("dropped", "Abandonné"),
                            ("grouped", "Regroupé"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("next_try", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(null=True)),
                ("held", models.BooleanField(default=False)),
                ("error", models.CharField(blank=True, max_length=500)),
                ("created_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["next_try", "id"], name="outbox_due"
                    ),
                    models.Index(fields=["recipient", "sent_at"], name="outbox_recipient_sent"),
                    models.Index(fields=["-created_at", "-id"], name="outbox_newest"),
                    models.Index(fields=["about"], name="outbox_about"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("key",), name="outbox_key_once"),
                    models.UniqueConstraint(fields=("dedupe_key",), name="outbox_mail_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "sent", "failed", "dropped", "grouped"])),
                        name="outbox_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("state", "sent")),
                            models.Q(("state", "sent"), _negated=True),
                            _connector="OR",
                        ),
                        name="outbox_sent_has_date",
                    ),
                ],
            },
        ),
    ]

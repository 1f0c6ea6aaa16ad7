"""The tables of phases, as release 0.1.0 has them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("projects", "0001_initial"),
        ("tickets", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PhaseChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=16, unique=True)),
                (
                    "phase",
                    models.CharField(choices=[("setup", "Paramétrage"), ("live", "Exploitation")], max_length=10),
                ),
                ("note", models.TextField(blank=True, max_length=20000)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("done", "Done"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("vendor_agreed_at", models.DateTimeField(null=True)),
                ("client_agreed_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=1000)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "client_agreed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        related_query_name="phase_change",
                        to="projects.project",
                    ),
                ),
                (
                    "vendor_agreed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="PhaseItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(max_length=12)),
                (
                    "choice",
                    models.CharField(
                        choices=[("carry", "Carry"), ("close", "Close"), ("postpone", "Postpone")], max_length=10
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=1000)),
                ("done", models.BooleanField(default=False)),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        related_query_name="item",
                        to="phases.phasechange",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        related_query_name="phase_item",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddConstraint(
            model_name="phasechange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")), fields=("project",), name="phase_change_one_open_a_project"
            ),
        ),
        migrations.AddConstraint(
            model_name="phasechange",
            constraint=models.CheckConstraint(
                condition=models.Q(("phase__in", ["setup", "live"])), name="phase_change_phase_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="phaseitem",
            constraint=models.UniqueConstraint(fields=("change", "ticket"), name="phase_item_once"),
        ),
    ]

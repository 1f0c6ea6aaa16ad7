"""The tables of projects, as release 0.1.0 has them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Project",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=16, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("search_text", models.CharField(blank=True, max_length=200)),
                (
                    "phase",
                    models.CharField(
                        choices=[("setup", "Paramétrage"), ("live", "Exploitation")], default="setup", max_length=10
                    ),
                ),
                ("event_date", models.DateField(null=True)),
                ("restricted", models.BooleanField(default=False)),
                ("by_batch", models.BooleanField(default=False)),
                ("asks_satisfaction", models.BooleanField(default=False)),
                ("remind_days", models.PositiveSmallIntegerField(null=True)),
                ("archived_at", models.DateTimeField(null=True)),
                ("phase_changed_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "client_manager",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        related_query_name="managed_client_project",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        related_query_name="project",
                        to="accounts.organization",
                    ),
                ),
                (
                    "phase_changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "setup_agent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        related_query_name="setup_of",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "support",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        related_query_name="support_of",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "vendor_manager",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        related_query_name="managed_vendor_project",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="ViewingRight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("granted_at", models.DateTimeField()),
                (
                    "granted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        related_query_name="viewing_right",
                        to="projects.project",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        related_query_name="viewing_right",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.UniqueConstraint(fields=("organization", "name"), name="project_name_once_a_company"),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("phase__in", ["setup", "live"])), name="project_phase_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("client_manager__isnull", True),
                    models.Q(("client_manager", models.F("vendor_manager")), _negated=True),
                    _connector="OR",
                ),
                name="project_managers_on_two_sides",
            ),
        ),
        migrations.AddConstraint(
            model_name="viewingright",
            constraint=models.UniqueConstraint(fields=("project", "user"), name="viewing_right_once"),
        ),
    ]

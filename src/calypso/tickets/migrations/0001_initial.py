"""The tables of tickets, and what PostgreSQL must know of their timeline."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import calypso.tickets.models.tickets


# Events of a ticket are written together: what PostgreSQL samples makes it believe in far fewer tickets.
def tell(apps, schema_editor):
    _say(schema_editor, "SET (n_distinct = -0.15)")


def forget(apps, schema_editor):
    _say(schema_editor, "RESET (n_distinct)")


def _say(schema_editor, word):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER TABLE tickets_ticketevent ALTER COLUMN ticket_id {word}")
        schema_editor.execute("ANALYZE tickets_ticketevent (ticket_id)")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("projects", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=32)),
                ("purpose", models.CharField(choices=[("opening", "Opening"), ("comment", "Comment")], max_length=10)),
                ("page", models.CharField(blank=True, max_length=200)),
                ("fields", models.JSONField(default=dict)),
                ("saved_at", models.DateTimeField(db_index=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        related_query_name="draft",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DraftFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=16, unique=True)),
                ("name", models.CharField(max_length=150)),
                ("size", models.PositiveBigIntegerField()),
                ("media_type", models.CharField(max_length=100)),
                ("sha256", models.CharField(max_length=64)),
                ("stored", models.CharField(max_length=64, unique=True)),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        related_query_name="file",
                        to="tickets.draft",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=7)),
                ("title", models.CharField(max_length=200)),
                ("description", models.TextField(blank=True, max_length=20000)),
                ("page_url", models.CharField(blank=True, max_length=2000)),
                ("declared_priority", models.CharField(max_length=1)),
                ("context", models.CharField(blank=True, max_length=1000)),
                ("priority", models.CharField(max_length=1)),
                ("priority_reason", models.CharField(blank=True, max_length=1000)),
                ("state", models.CharField(default="new", max_length=12)),
                ("return_cause", models.CharField(blank=True, max_length=14)),
                ("version", models.PositiveIntegerField(default=1)),
                ("taken_at", models.DateTimeField(null=True)),
                ("handed_to_rd_at", models.DateTimeField(null=True)),
                ("prepared_at", models.DateTimeField(null=True)),
                ("rd_reference", models.CharField(blank=True, max_length=100)),
                ("rd_url", models.CharField(blank=True, max_length=2000)),
                ("vendor_seconds", models.PositiveIntegerField(default=0)),
                ("client_seconds", models.PositiveIntegerField(default=0)),
                ("turn_since", models.DateTimeField()),
                ("turn_reading", models.BigIntegerField()),
                ("reminded", models.PositiveSmallIntegerField(default=0)),
                ("reminder_reading", models.BigIntegerField(default=0)),
                ("answered_at", models.DateTimeField(null=True)),
                ("answer_seconds", models.PositiveIntegerField(null=True)),
                ("answer_due_at", models.DateTimeField(null=True)),
                ("process_due_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("satisfaction", models.CharField(blank=True, max_length=12)),
                ("comment_count", models.PositiveIntegerField(default=0)),
                ("last_comment", models.CharField(blank=True, max_length=200)),
                ("last_comment_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("activity_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "assignee",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        related_query_name="assigned_ticket",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        related_query_name="authored_ticket",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "follower",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        related_query_name="followed_ticket",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        related_query_name="ticket",
                        to="accounts.organization",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        related_query_name="ticket",
                        to="projects.project",
                    ),
                ),
            ],
            bases=(calypso.tickets.models.tickets.Stated, models.Model),
        ),
        migrations.CreateModel(
            name="TicketEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=16)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opened", "Opened"),
                            ("commented", "Commented"),
                            ("stepped", "Stepped"),
                            ("assigned", "Assigned"),
                            ("prioritized", "Prioritized"),
                            ("referred", "Referred"),
                            ("reminded", "Reminded"),
                            ("prepared", "Prepared"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=12,
                    ),
                ),
                ("step", models.CharField(blank=True, max_length=20)),
                ("state", models.CharField(max_length=12)),
                ("body", models.TextField(blank=True, max_length=20000)),
                ("internal", models.BooleanField(default=False)),
                (
                    "source",
                    models.CharField(
                        choices=[("web", "Web"), ("api", "Api"), ("mail", "Mail"), ("system", "System")],
                        default="web",
                        max_length=6,
                    ),
                ),
                ("once_key", models.CharField(max_length=64, null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        related_query_name="acted",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        related_query_name="concerned",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        related_query_name="event",
                        to="tickets.ticket",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=16, unique=True)),
                ("name", models.CharField(max_length=150)),
                ("size", models.PositiveBigIntegerField()),
                ("media_type", models.CharField(max_length=100)),
                ("sha256", models.CharField(max_length=64)),
                ("stored", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        related_query_name="attachment",
                        to="accounts.organization",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        related_query_name="attachment",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        related_query_name="attachment",
                        to="tickets.ticketevent",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TicketFollow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("muted", models.BooleanField(default=False)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        related_query_name="follow",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        related_query_name="follow",
                        to="tickets.ticket",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["owner", "page", "-saved_at"], name="draft_of_page"),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(fields=("owner", "key"), name="draft_once_a_form"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["project", "state", "-created_at"], name="ticket_project_state"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("state", "closed"), _negated=True),
                fields=["project", "state"],
                name="ticket_open_of_project",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["author", "-created_at", "state", "project"], name="ticket_author"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("state", "closed")), fields=["project", "-closed_at", "-id"], name="ticket_closed"
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("state", "closed"), _negated=True),
                fields=["-activity_at", "-id", "priority", "project"],
                name="ticket_open_activity",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("state", "closed"), _negated=True),
                fields=["state", "-activity_at", "-id", "priority", "project"],
                name="ticket_open_state",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("state", "closed")), fields=["-activity_at", "-id"], name="ticket_closed_activity"
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("state", "closed"), _negated=True),
                fields=["assignee", "-activity_at"],
                name="ticket_assignee",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["created_at"], name="ticket_created"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False)), fields=["closed_at"], name="ticket_closed_at"
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("answered_at__isnull", False)), fields=["answered_at"], name="ticket_answered"
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="ticket_due"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("prepared_at__isnull", False)),
                fields=["project", "prepared_at"],
                name="ticket_prepared",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.UniqueConstraint(fields=("reference",), name="ticket_reference_once"),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "new",
                            "assigned",
                            "in_progress",
                            "rd",
                            "waiting",
                            "follow_up",
                            "returned",
                            "processed",
                            "closed",
                        ],
                    )
                ),
                name="ticket_state_in_table",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("declared_priority__in", ["1", "2", "3", "4"]), ("priority__in", ["1", "2", "3", "4"])
                ),
                name="ticket_priority_in_table",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("declared_priority__in", ["1", "2"]), models.Q(("context", ""), _negated=True), _connector="OR"
                ),
                name="ticket_high_priority_has_context",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", False), ("state", "closed")),
                    models.Q(
                        ("closed_at__isnull", True),
                        (
                            "state__in",
                            ["assigned", "follow_up", "in_progress", "new", "processed", "rd", "returned", "waiting"],
                        ),
                    ),
                    _connector="OR",
                ),
                name="ticket_closed_iff_dated",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(("return_cause__in", ["", "client_answer", "client_refusal", "internal"])),
                name="ticket_return_cause_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(("satisfaction__in", ["", "satisfied", "mixed", "unsatisfied"])),
                name="ticket_satisfaction_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("priority", models.F("declared_priority")),
                    models.Q(("priority_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="ticket_retained_priority_has_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="ticketevent",
            index=models.Index(fields=["ticket", "created_at", "id"], name="event_timeline"),
        ),
        migrations.AddIndex(
            model_name="ticketevent",
            index=models.Index(
                condition=models.Q(("kind", "stepped"), ("step", "process")),
                fields=["created_at"],
                name="event_processed",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticketevent",
            constraint=models.UniqueConstraint(fields=("key",), name="event_key_once"),
        ),
        migrations.AddConstraint(
            model_name="ticketevent",
            constraint=models.UniqueConstraint(fields=("once_key",), name="event_once_a_form"),
        ),
        migrations.AddConstraint(
            model_name="ticketevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "new",
                            "assigned",
                            "in_progress",
                            "rd",
                            "waiting",
                            "follow_up",
                            "returned",
                            "processed",
                            "closed",
                        ],
                    )
                ),
                name="event_state_in_table",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticketfollow",
            constraint=models.UniqueConstraint(fields=("ticket", "person"), name="ticket_follow_once"),
        ),
        migrations.RunPython(tell, forget),
    ]

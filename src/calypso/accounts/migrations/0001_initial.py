"""The tables of accounts, as release 0.1.0 has them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="SpentChallenge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("signature", models.CharField(max_length=64, unique=True)),
                ("at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=16, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("name_key", models.CharField(max_length=200, unique=True)),
            ],
            options={
                "ordering": ["name_key"],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("key", models.CharField(max_length=16, unique=True)),
                ("email", models.CharField(max_length=254)),
                ("email_key", models.CharField(max_length=508, unique=True)),
                (
                    "civility",
                    models.CharField(
                        blank=True, choices=[("", ""), ("M.", "Monsieur"), ("Mme", "Madame")], max_length=4
                    ),
                ),
                ("first_name", models.CharField(max_length=100)),
                ("last_name", models.CharField(max_length=100)),
                ("kind", models.CharField(choices=[("client", "Client"), ("staff", "Staff")], max_length=10)),
                ("role_agent", models.BooleanField(default=False)),
                ("role_manager", models.BooleanField(default=False)),
                ("role_support", models.BooleanField(default=False)),
                ("role_rd", models.BooleanField(default=False)),
                ("role_admin", models.BooleanField(default=False)),
                (
                    "locale",
                    models.CharField(choices=[("fr", "Français"), ("en", "English")], default="fr", max_length=2),
                ),
                ("active", models.BooleanField(default=True)),
                ("stamp", models.PositiveIntegerField(default=0)),
                ("two_factor", models.BooleanField(default=False)),
                ("search_text", models.CharField(blank=True, max_length=908)),
                ("notification_preferences", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["last_name", "first_name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["client", "staff"])), name="user_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "staff"),
                            models.Q(
                                ("role_admin", False),
                                ("role_agent", False),
                                ("role_manager", False),
                                ("role_rd", False),
                                ("role_support", False),
                            ),
                            _connector="OR",
                        ),
                        name="user_roles_only_for_staff",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("subject", models.CharField(max_length=64)),
                ("network", models.CharField(max_length=45)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["kind", "subject", "network", "at"], name="attempt_by_subject"),
                    models.Index(fields=["kind", "network", "at"], name="attempt_by_network"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Organization",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=16, unique=True)),
                ("name", models.CharField(max_length=100, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("provider", "Provider"), ("client", "Client")], default="client", max_length=10
                    ),
                ),
                ("active", models.BooleanField(default=True)),
                ("search_text", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "provider")), fields=("kind",), name="organization_one_provider"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["provider", "client"])), name="organization_kind_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "session_key",
                    models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="session key"),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                ("started_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("remembered", models.BooleanField(default=False)),
                ("device", models.CharField(blank=True, max_length=200)),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        related_query_name="session",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("about", models.CharField(max_length=60)),
                ("act", models.CharField(max_length=20)),
                ("field", models.CharField(blank=True, max_length=20)),
                ("before", models.TextField(blank=True)),
                ("after", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        related_query_name="change",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["about", "-id"], name="change_about")],
            },
        ),
        migrations.CreateModel(
            name="Factor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=16, unique=True)),
                ("kind", models.CharField(choices=[("app", "App"), ("passkey", "Passkey")], max_length=10)),
                ("name", models.CharField(blank=True, max_length=100)),
                ("secret", models.TextField()),
                ("last_step", models.PositiveBigIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        related_query_name="factor",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "app")), fields=("user",), name="factor_one_app"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["app", "passkey"])), name="factor_kind_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("active", models.BooleanField(default=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        related_query_name="membership",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        related_query_name="membership",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "organization"), name="membership_once")],
            },
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        related_query_name="recovery_code",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "digest"), name="recovery_code_once")],
            },
        ),
        migrations.CreateModel(
            name="TeamMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        related_query_name="member",
                        to="accounts.team",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        related_query_name="team_member",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("team", "user"), name="team_member_once")],
            },
        ),
    ]

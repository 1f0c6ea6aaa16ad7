"""The second factor: applications and passkeys, recovery codes; spent captchas become spent challenges."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RenameModel("SpentCaptcha", "SpentChallenge"),
        migrations.AddField("user", "two_factor", models.BooleanField(default=False)),
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
                ]
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
            options={"constraints": [models.UniqueConstraint(fields=("user", "digest"), name="recovery_code_once")]},
        ),
    ]

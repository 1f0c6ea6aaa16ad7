"""Addresses stored as they travel, domain in the letters of DNS; texts of the lists folded again (« ł đ ø »)."""

import re
import unicodedata
from contextlib import suppress

import idna
from django.db import migrations

_PLAIN = str.maketrans(
    {"œ": "oe", "æ": "ae", "ł": "l", "đ": "d", "ð": "d", "ø": "o", "ħ": "h", "ı": "i", "ŧ": "t", "ŋ": "n", "þ": "th"}
)


def fold(text):
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return "".join(c for c in plain if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")


def wire_form(address):
    local, at, domain = address.rpartition("@")
    quoted = re.fullmatch(r'"([\w!#$%&\'*+/=?^`{|}~.-]+)"', local)
    with suppress(idna.IDNAError, UnicodeError):
        domain = idna.encode(domain, uts46=True).decode("ascii")
    return f"{quoted[1] if quoted else local}{at}{domain.lower()}"


def store(apps, schema_editor):
    user, mail = apps.get_model("accounts", "User"), apps.get_model("outbox", "OutgoingEmail")
    for row in user.objects.order_by("pk").iterator():
        address = wire_form(row.email)
        key = address.casefold()
        if key != row.email_key and user.objects.filter(email_key=key).exclude(pk=row.pk).exists():
            address, key = row.email, row.email_key  # two accounts of one mailbox: the team reunites them
        if address != row.email:
            mail.objects.filter(recipient=row.email, state="waiting").update(recipient=address)
        row.email, row.email_key = address, key
        row.search_text = fold(f"{row.first_name} {row.last_name} {address}")[:908]
        row.save(update_fields=["email", "email_key", "search_text"])
    for row in apps.get_model("accounts", "Organization").objects.order_by("pk").iterator():
        row.search_text = fold(row.name)[:200]
        row.save(update_fields=["search_text"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_teams"),
        ("outbox", "0005_no_task_for_mails"),
    ]

    operations = [migrations.RunPython(store, migrations.RunPython.noop)]

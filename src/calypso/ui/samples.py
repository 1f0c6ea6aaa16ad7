"""Sample values for the gallery of components: shapes only, no domain objects."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from django import forms

from calypso.base.paging import Page
from calypso.base.sorting import Sort
from calypso.ui.charts import Series, line_chart
from calypso.ui.forms import Form, TextField
from calypso.ui.periods import asked_period

_INSTANT = datetime(2019, 2, 12, 11, 17, tzinfo=UTC)


class SampleForm(Form):
    title = TextField()
    secret = TextField()
    body = TextField()
    choice = TextField()
    agreed = forms.BooleanField(required=False)
    priority = TextField()
    context = TextField()
    attachments = forms.Field(required=False)
    captcha = TextField()


def samples() -> dict[str, Any]:
    """Returns the values that the gallery shows, by name."""
    client = SimpleNamespace(is_client=True, initials="XD", full_name="Xavier DECLARANT", email="x@leni-tests.example")
    staff = SimpleNamespace(is_client=False, initials="XB", full_name="Xavier BROSSET", email="x@leni.example")
    form = SampleForm({"title": ""})
    form.add_error("title", "Ce champ est obligatoire.")
    facts = SimpleNamespace(short="Traité", history="Traité", tone="green")
    state = SimpleNamespace(facts=facts)
    event = SimpleNamespace(
        key="k",
        kind="commented",
        source="mail",
        actor=client,
        body="Bonjour, en voici un.",
        internal=False,
        actor_id=1,
        created_at=_INSTANT,
        subject=staff,
    )
    return {
        "setup": SimpleNamespace(phase_label="Paramétrage", is_live=False, days_to_event=6),
        "live": SimpleNamespace(phase_label="Exploitation", is_live=True, days_to_event=0),
        "dues": [
            SimpleNamespace(kind=kind, at=_INSTANT, seconds=9000, is_continuous=True)
            for kind in ("late", "soon", "later", "paused", "none")
        ],
        "side_days": SimpleNamespace(vendor=1.4, client=0.6, tickets=90),
        "sides": SimpleNamespace(vendor_seconds=23400, client_seconds=7200, turn="vendor", since=_INSTANT),
        "lines": [
            SimpleNamespace(decided=bool(label), label=label, tone=tone)
            for label, tone in (("", "blue"), ("Accepté", "green"), ("Refusé", "orange"))
        ],
        "draft": SimpleNamespace(
            key="cle", purpose="comment", saved_at=_INSTANT, words="Bonjour, la colonne est", fields={"kind": "note"}
        ),
        "near": [SimpleNamespace(reference="KJC0E3R", title="Paiement refusé", state_now=state)],
        "near_project": SimpleNamespace(key="k"),
        "chart": line_chart(
            [f"{day:02}/02" for day in range(1, 13)],
            [
                Series("Créés", "teal", [2, 5, 3, 8, 6, 9, 7, 4, 8, 6, 5, 7]),
                Series("Clôturés", "amber", [1, 2, 4, 3, 7, 6, 8, 6, 5, 9, 6, 6]),
            ],
            ["01/02/2019", "12/02/2019"],
        ),
        "asked": asked_period({}),
        "reader": SimpleNamespace(unseen=3),
        "followed": SimpleNamespace(reference="OK899Q5", following="follow"),
        "client": client,
        "account": SimpleNamespace(
            key="k", active=True, has_connected=False, two_factor=True, is_erased=False, full_name="Claire MOREAU"
        ),
        "staff": staff,
        "form": form,
        "files": [SimpleNamespace(key="f", name="capture.png", size=188416, picture=SimpleNamespace(is_waiting=True))],
        "priorities": [
            (SimpleNamespace(value="1", label="Faible", tone="grey"), False),
            (SimpleNamespace(value="4", label="Bloquant", tone="red"), True),
        ],
        "sort": Sort("date", descending=True),
        "page": Page([], 2, 9, 41, 5),
        "last": SimpleNamespace(
            entries=[SimpleNamespace(event=SimpleNamespace(actor=None, created_at=_INSTANT))],
            state=SimpleNamespace(facts=SimpleNamespace(history="Traité")),
        ),
        "talk": SimpleNamespace(words="", total=120, entries=range(50)),
        "received": SimpleNamespace(
            subject="Re: [OK899Q5] Badge",
            sender="paule@alpha.example",
            sender_name="Paule MERCIER",
            received_at=_INSTANT,
            size=2048,
            files=["borne.png"],
            text="Bonjour,\n\nC'est la borne 4.\n\nLe lun. 23 nov. 2026 à 10:12, Léni a écrit :\n> Quelle borne ?",
        ),
        "entry": SimpleNamespace(
            event=event, files=[], part="Déclarant", state=state, sentence="", fate="", opened_for=None
        ),
        "progress": [
            SimpleNamespace(state=state, reached_at=_INSTANT, passed=True, current=False),
            SimpleNamespace(state=state, reached_at=_INSTANT, passed=True, current=True),
            SimpleNamespace(state=state, reached_at=None, passed=False, current=False),
        ],
    }

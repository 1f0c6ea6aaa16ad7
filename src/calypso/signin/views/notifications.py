"""The bell: its notifications, marking them as seen, and the preferences for them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calypso.accounts.access import as_viewer
from calypso.accounts.actions.notifications import mark_notifications_seen, set_notification_preferences
from calypso.accounts.bell import bell
from calypso.accounts.queries import choices_page
from calypso.base.errors import Invalid
from calypso.signin.forms import NotificationPreferencesForm
from calypso.ui.frames import framed
from calypso.ui.htmx import render


@require_safe
def notifications(request: HttpRequest) -> HttpResponse:
    """Shows the latest notifications about what the person still sees."""
    viewer = as_viewer(request.user)
    return render(request, "signin/notifications.html", framed(viewer, {"nav": "notifications", "rows": bell(viewer)}))


@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """Marks all of the person's notifications as seen."""
    mark_notifications_seen(as_viewer(request.user))
    return redirect("signin:notifications")


@require_http_methods(["GET", "HEAD", "POST"])
def notification_preferences(request: HttpRequest) -> HttpResponse:
    """Shows and saves the notification preferences of the person, by kind."""
    viewer = as_viewer(request.user)
    choices = choices_page(viewer)
    kinds = [kind.key for kind, _preference, _mails in choices]
    initial: dict[str, Any] = {kind.key: preference.mail.value for kind, preference, _mails in choices}
    initial["bell"] = [kind.key for kind, preference, _mails in choices if preference.bell]
    form = NotificationPreferencesForm(kinds, request.POST if request.method == "POST" else None, initial)
    if request.method == "POST":
        try:
            mails, bells = form.accepted().wanted()
            shown = form.shown()
            set_notification_preferences(viewer, mails=mails, bells=bells, shown=shown.wanted() if shown else None)
            return redirect(resolve_url("signin:notification_preferences") + "?fait=avis")
        except Invalid as refusal:
            form.refuse(refusal)
    must = [choice for choice in choices if choice[0].choice and choice[0].choice.must]
    status = 422 if form.errors else 200
    context = {"must": must, "others": [choice for choice in choices if choice not in must], "form": form}
    return render(request, "signin/notification_preferences.html", framed(viewer, context), status=status)

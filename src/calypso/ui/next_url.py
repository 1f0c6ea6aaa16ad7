"""Where a request asks to come back to: a path of ours, or nothing (R38)."""

from django.http import HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from calypso.base.text import URL_MAX


def own_path(asked: str) -> str:
    """`asked` when it is a path of this site, from its root; empty for anything else, whatever it may look like."""
    is_ours = asked.startswith("/") and len(asked) <= URL_MAX and asked.isprintable()
    return asked if is_ours and url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else ""


def go_to(path: str) -> HttpResponseRedirect:
    """Leads to a path that a request asked for: Django's `redirect` would take a text for the name of a view."""
    return HttpResponseRedirect(path)

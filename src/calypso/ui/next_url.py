"""The path to which a request asks to return: a path of this site, or nothing (R38)."""

from django.http import HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from calypso.base.text import URL_MAX


def own_path(path: str) -> str:
    """Returns `path` when it is a path of this site, from its root; empty for anything else."""
    is_ours = path.startswith("/") and len(path) <= URL_MAX and path.isprintable()
    return path if is_ours and url_has_allowed_host_and_scheme(path, allowed_hosts=None) else ""


def go_to(path: str) -> HttpResponseRedirect:
    """Redirects to a path that a request asked for. Django's `redirect` could take it for the name of a view."""
    return HttpResponseRedirect(path)

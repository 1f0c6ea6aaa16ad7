"""Where a request leads back: the path that it asks for, of this site only (R38), or the page of a form's address."""

from contextlib import suppress

from django.http import HttpResponseRedirect
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from calypso.base.text import URL_MAX


def own_path(path: str) -> str:
    """Returns `path` when it is a path of this site, from its root; empty for anything else."""
    is_ours = path.startswith("/") and len(path) <= URL_MAX and path.isprintable()
    return path if is_ours and url_has_allowed_host_and_scheme(path, allowed_hosts=None) else ""


def go_to(path: str) -> HttpResponseRedirect:
    """Redirects to a path that a request asked for. Django's `redirect` could take it for the name of a view."""
    return HttpResponseRedirect(path)


def page_above(path: str) -> str:
    """Returns the nearest address above one that only takes forms; empty when that is the root.

    The address of a refused form stands in the browser: who loads it again means the page of that form.
    """
    while (path := path.rstrip("/").rpartition("/")[0] + "/") != "/":
        with suppress(Resolver404):
            resolve(path)
            return path
    return ""

"""The template environment: strict, escaped, with our words, formats, icons and components in every template."""

import re
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from heroicons.jinja import heroicon_outline
from jinja2 import Environment, StrictUndefined, select_autoescape
from markupsafe import Markup

from calypso.base.i18n import gettext, ngettext
from calypso.ui.components import Components
from calypso.ui.drawing import drawn
from calypso.ui.formats import FILTERS
from calypso.ui.wording import Worded, Wordings


def environments(**options: Any) -> Wordings:
    """What Django's backend asks for its templates, with its `options`: an environment for each language."""
    return Wordings(environment, **options)


def environment(language: str, **options: Any) -> Environment:
    """The environment of the templates in a language."""
    options.update(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    options["autoescape"] = select_autoescape(["html"])
    options["extensions"] = ["jinja2.ext.i18n"]
    env = Worded(**options)
    env.language = language
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.filters.update(FILTERS)
    components = Components(env)
    # As filters too: in the rows of a list, a call costs more than what it calls.
    env.filters.update(tr=gettext, path=lambda key, name: url(name, key), chip=components.chip_of, drawn=drawn(env))
    env.globals.update(
        url=url,
        static=cache(static),
        icon=icon,
        brand=brand(),
        tr=gettext,
        ui=components,
    )
    return env


def brand() -> dict[str, str]:
    """The names that the installation gives to the product and the vendor (decision 24)."""
    return {
        "product": settings.PRODUCT_NAME,
        "vendor": settings.VENDOR_NAME,
        "vendor_url": settings.VENDOR_URL,
        "support": settings.SUPPORT_ADDRESS,
    }


def url(name: str, *args: str) -> str:
    """The path of a route by its name and the keys that it takes, in their order."""
    if not args:
        return _path(name, 0)
    if all(_slug(str(part)) for part in args) and (path := _path(name, len(args))):
        return path % args
    return reverse(name, args=args)


_slug = re.compile(r"[-\w]+", re.ASCII).fullmatch


@lru_cache(maxsize=512)
def _path(name: str, places: int) -> str:
    """The path of a route with a place for each key: asking Django for each row of a list costs more than the row.

    Empty for a route that takes some keys only.
    """
    marks = [f"0place{number}0" for number in range(places)]
    try:
        path = reverse(name, args=marks)
    except NoReverseMatch:
        if not places:
            raise
        return ""
    path = path.replace("%", "%%") if places else path
    for mark in marks:
        path = path.replace(mark, "%s")
    return path


@lru_cache(maxsize=512)  # the library parses its drawings at each call: a tenth of a page of the desk
def icon(name: str, *, size: int = 18) -> Markup:
    """An icon as inline SVG, hidden from screen readers: the words beside it say what it means."""
    return Markup(heroicon_outline(name, size=size, **{"aria-hidden": "true", "class": "icon"}))  # noqa: S704 - the library's own SVG

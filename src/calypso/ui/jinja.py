"""The Jinja environment: strict, autoescaped, with translations, formats, icons and components in every template."""

from functools import cache, lru_cache
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from heroicons.jinja import heroicon_outline
from jinja2 import Environment, StrictUndefined, pass_eval_context, select_autoescape
from jinja2.nodes import EvalContext
from markupsafe import Markup

from calypso.base.i18n import gettext, ngettext
from calypso.ui.brand import Brand
from calypso.ui.components import Components
from calypso.ui.formats import FILTERS
from calypso.ui.fragment_cache import cached_fragments


def environment(**options: Any) -> Environment:
    """Returns the environment for Django's Jinja2 backend, which passes its `options`."""
    options.update(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    options["autoescape"] = select_autoescape(["html"])
    options["extensions"] = ["jinja2.ext.i18n"]
    env = Environment(**options)  # noqa: S701 - escaped by the names of the templates, above
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.globals["_"] = message
    env.filters.update(FILTERS)
    components = Components(env)
    # As filters too: in the rows of a list, calling a global costs more than what it does.
    env.filters.update(
        tr=gettext, path=lambda key, name: url(name, key), chip=components.chip_of, fragment=cached_fragments(env)
    )
    env.globals.update(
        url=url,
        static=cache(static),
        icon=icon,
        brand=Brand(),
        tr=gettext,
        ui=components,
    )
    return env


@pass_eval_context
def message(evaluation: EvalContext, text: str, /, **variables: object) -> str:
    """Returns the message `text` in the active language, with its variables, which are escaped where the page is.

    The extension's own `_` does the same after looking the function up in the context of each call: a seventh of the
    processor time of a page with a list.
    """
    words = gettext(text)
    markup = Markup(words) if evaluation.autoescape else words  # noqa: S704 - messages are ours
    return markup % variables if "%" in words else markup


@lru_cache(maxsize=4096)  # the rows of lists need the same paths on every page
def url(name: str, *args: str) -> str:
    """Returns the path of a route, from its name and its keys in order."""
    return reverse(name, args=args)


@lru_cache(maxsize=512)  # the library parses its icons at each call: a tenth of the time of a desk page
def icon(name: str, *, size: int = 18) -> Markup:
    """Returns an icon as inline SVG, hidden from screen readers: the words beside it carry its meaning."""
    return Markup(heroicon_outline(name, size=size, **{"aria-hidden": "true", "class": "icon"}))  # noqa: S704 - the library's own SVG

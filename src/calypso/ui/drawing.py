"""Small templates that are what they are given and nothing else: drawn once, for all the pages that show the same."""

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

KEPT = 2048  # some three megabytes a process


def drawn(env: Environment) -> Callable[[Hashable, str, Any], Markup]:
    """The filter `thing|drawn("room/_row.html", how)`: the template, drawn with both.

    For what has a value and no identity, in rows that come back on each page: a template may read nothing but both, and
    nothing that depends on the hour.
    """

    @lru_cache(maxsize=KEPT)
    def draw(template: str, thing: Hashable, how: Hashable) -> Markup:
        return Markup(env.get_template(template).render(thing=thing, how=how))  # noqa: S704 - the template escapes

    def of(thing: Hashable, template: str, how: Hashable = None) -> Markup:
        return draw(template, thing, how)

    return of

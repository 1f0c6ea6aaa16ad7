"""Markup used more than once, as macros with explicit arguments, reached as `ui.<name>` from every template."""

from functools import cached_property, lru_cache
from typing import Any

from jinja2 import Environment

FILES = ("marks", "layout", "fields", "tables", "charts", "timeline")
# Components whose output depends on their arguments alone, rendered once for all the rows of a list. Arguments are
# distinguished by type too: an escaped text is not the same as one to escape.
RENDERED_ONCE = ("chip",)


class Components:
    """Gathers the macros of `ui/jinja2/ui/components`, for full pages and for blocks rendered alone."""

    def __init__(self, env: Environment) -> None:
        self._env = env

    @cached_property
    def _macros(self) -> dict[str, Any]:
        macros: dict[str, Any] = {}
        for file in FILES:
            module = self._env.get_template(f"ui/components/{file}.html").module
            macros.update({name: macro for name, macro in vars(module).items() if not name.startswith("_")})
        return macros | {name: lru_cache(maxsize=2048, typed=True)(macros[name]) for name in RENDERED_ONCE}

    def __getattr__(self, name: str) -> Any:
        try:
            return self._macros[name]
        except KeyError:
            raise AttributeError(f"no component named {name}") from None

    def chip_of(self, label: str, tone: str = "grey", dot: bool = False) -> Any:
        """Renders the component `chip`, as the filter used in rows."""
        return self._macros["chip"](label, tone, dot)

    def names(self) -> list[str]:
        """Returns the names of all components, for the gallery and its test."""
        return sorted(self._macros)

"""Templates in words: one environment a language, in which what a template says is set when it is compiled.

A page says some eighty messages. Looked up as it is drawn, they take a tenth of its time for the same answer.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils import translation
from jinja2 import Environment, Template, nodes
from jinja2.visitor import NodeTransformer

from calypso.base.i18n import SOURCE, gettext


class Worded(Environment):
    """An environment that speaks one language: `_("…")` in a template is the text itself, not a call."""

    language = SOURCE

    def compile(self, source: Any, name: Any = None, filename: Any = None, *options: Any) -> Any:
        """As Jinja's own, on the template with its words set."""
        if isinstance(source, str):
            source = _Words(self.language).visit(self.parse(source, name, filename))
        return super().compile(source, name, filename, *options)


class Wordings:
    """The environment of each language, as one: templates are found in the language of the moment.

    `build` makes the environment of a language from the options that Django gives.
    """

    def __init__(self, build: Callable[..., Environment], **options: Any) -> None:
        self._of = {language: build(language, **options) for language, _name in settings.LANGUAGES}

    def now(self) -> Environment:
        """The environment of the language of the moment."""
        return self._of[translation.get_language() or SOURCE]

    def get_template(self, name: str) -> Template:
        """The template of that name, in the language of the moment."""
        return self.now().get_template(name)


class _Words(NodeTransformer):
    """Puts the translation in the place of each call of `_` with a text; values are still filled in as it is drawn."""

    def __init__(self, language: str) -> None:
        self._language = language

    def visit_Call(self, call: nodes.Call) -> nodes.Node:  # noqa: N802 - named after what it visits
        self.generic_visit(call)
        if not (isinstance(call.node, nodes.Name) and call.node.name == "_" and len(call.args) == 1):
            return call
        message = call.args[0]
        if not isinstance(message, nodes.Const) or call.dyn_args or call.dyn_kwargs:
            return call
        with translation.override(self._language):
            said = gettext(message.value)
        if not call.kwargs:
            return _safe(said % {}, call.lineno)
        pairs = [nodes.Pair(nodes.Const(one.key), one.value) for one in call.kwargs]
        return nodes.Mod(_safe(said, call.lineno), nodes.Dict(pairs), lineno=call.lineno)


def _safe(said: str, line: int) -> nodes.Expr:
    """Our own words are markup where values are escaped, as Jinja takes translations to be."""
    return nodes.MarkSafeIfAutoescape(nodes.Const(said, lineno=line), lineno=line)

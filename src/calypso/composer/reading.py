"""How much of a conversation a page asks for."""

from django.http import HttpRequest

from calypso.base.validation import search_words
from calypso.tickets.queries.ticket import FIRST_ENTRIES


def shown_entries(request: HttpRequest) -> tuple[int, str]:
    """Returns how many entries of a timeline the URL asks for, and the words that they must hold. Raises Invalid."""
    text = request.GET.get("entrees", "")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    return max(asked, FIRST_ENTRIES), search_words(request.GET.get("mot", ""))

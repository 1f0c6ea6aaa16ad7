"""The vendor's names and colours, as templates read them."""

from collections.abc import Callable
from typing import Any

from calypso.base.chosen import chosen
from calypso.base.colours import Palette, palette_of
from calypso.base.logos import Logo


class Brand:
    """The names that the vendor gives to the product and to itself, and its colours (decisions 24 and 29).

    `read` returns a setting: `chosen`, or `known` for the pages of errors, which ask no database.
    """

    def __init__(self, read: Callable[[str], Any] = chosen) -> None:
        self._read = read

    @property
    def product(self) -> str:
        return str(self._read("PRODUCT_NAME"))

    @property
    def vendor(self) -> str:
        return str(self._read("VENDOR_NAME"))

    @property
    def vendor_url(self) -> str:
        return str(self._read("VENDOR_URL"))

    @property
    def support(self) -> str:
        return str(self._read("SUPPORT_ADDRESS"))

    @property
    def reply_address(self) -> str:
        """The address of the mailbox that is read; empty for none."""
        return str(self._read("REPLY_ADDRESS"))

    @property
    def logo(self) -> Logo | None:
        """The vendor's logo; None for our mark."""
        return Logo.read(self._read("LOGO"))

    @property
    def accent(self) -> str:
        """The colour chosen by the vendor, without its `#`; empty for ours."""
        return str(self._read("ACCENT_COLOUR")).removeprefix("#")

    @property
    def colours(self) -> Palette:
        return palette_of(self._read("ACCENT_COLOUR"))

"""The models of tickets, one module per subject."""

from calypso.tickets.models.drafts import Draft, DraftFile
from calypso.tickets.models.following import Following, TicketFollow
from calypso.tickets.models.tickets import PREVIEW_LENGTH, Attachment, Stated, Ticket, TicketEvent

__all__ = [
    "PREVIEW_LENGTH",
    "Attachment",
    "Draft",
    "DraftFile",
    "Following",
    "Stated",
    "Ticket",
    "TicketEvent",
    "TicketFollow",
]

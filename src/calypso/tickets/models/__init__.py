"""The tables of tickets, one subject a file."""

from calypso.tickets.models.batches import Batch, BatchItem
from calypso.tickets.models.kept import CannedReply, Draft, DraftFile, Kept, SavedView
from calypso.tickets.models.links import REVERSED, IssueTicket, KnownIssue, TicketLink
from calypso.tickets.models.phases import PhaseChange, PhaseItem
from calypso.tickets.models.search import KnownWord, SearchDocument, Spelling
from calypso.tickets.models.tickets import PREVIEW_LENGTH, Attachment, ServiceLevel, Stated, Ticket, TicketEvent
from calypso.tickets.models.todo import Todo
from calypso.tickets.models.watching import TicketWatch, Watch
from calypso.tickets.models.work import Presence, TimeEntry

__all__ = [
    "PREVIEW_LENGTH",
    "REVERSED",
    "Attachment",
    "Batch",
    "BatchItem",
    "CannedReply",
    "Draft",
    "DraftFile",
    "IssueTicket",
    "Kept",
    "KnownIssue",
    "KnownWord",
    "PhaseChange",
    "PhaseItem",
    "Presence",
    "SavedView",
    "SearchDocument",
    "ServiceLevel",
    "Spelling",
    "Stated",
    "Ticket",
    "TicketEvent",
    "TicketLink",
    "TicketWatch",
    "TimeEntry",
    "Todo",
    "Watch",
]

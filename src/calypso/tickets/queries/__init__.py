"""Reads about tickets, always for a viewer: lists, one ticket, the desk's queue."""

from calypso.tickets.queries.rows import ticket_rows

__all__ = ["ticket_rows"]

"""Reads about tickets, always for a viewer: lists, one ticket, the desk's queue."""

"""Queries on tickets, always for a viewer: lists, sections, figures, one ticket, drafts."""

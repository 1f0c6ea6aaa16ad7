"""Writes about tickets. Each action is one atomic verb that writes the change, its event and its mail."""

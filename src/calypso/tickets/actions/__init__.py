"""Writes about tickets. One module a subject; each action is one atomic verb that writes the change, its event, its mail."""

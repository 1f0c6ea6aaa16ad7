"""Writes about people and companies. One module a subject; each action is one atomic verb."""

"""The use of private Django: the only room that may reach names that Django does not promise to keep (ADR 0013)."""

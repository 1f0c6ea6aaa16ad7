"""The client's pages: they parse, call one query or one action, render."""

"""The views of authentication: they parse, call one action, render."""

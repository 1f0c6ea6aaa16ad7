"""The pages of authentication: they parse, call one action, render."""

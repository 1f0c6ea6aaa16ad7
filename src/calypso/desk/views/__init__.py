"""The pages of the vendor's team: they parse, call one query or one action, render."""

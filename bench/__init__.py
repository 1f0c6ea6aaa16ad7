"""Measures of the product, apart from it: each one command."""

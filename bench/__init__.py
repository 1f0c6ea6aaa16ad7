"""Performance measurements of the product, each a command."""

"""The client's pages: each view parses the request, calls one query or one action, and renders."""

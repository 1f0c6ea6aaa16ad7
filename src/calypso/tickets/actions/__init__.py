"""Actions on tickets. Each action writes the change, its event and its mail in one transaction."""

"""What portal and desk share: posting a form, opening a ticket, answering a change of phase."""

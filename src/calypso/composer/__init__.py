"""What portal and desk do alike: posting what was written, opening a ticket, answering a change of phase."""

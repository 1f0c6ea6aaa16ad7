"""What the vendor chooses at the desk: names, hours, limits, rules (decision 29)."""

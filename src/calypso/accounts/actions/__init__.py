"""Actions on people and companies, one module per subject. Each action is atomic."""

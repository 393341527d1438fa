"""pytest's names, and what each is here."""

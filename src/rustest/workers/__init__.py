"""Stage 3 in several processes: who runs what, and what becomes of it when one of them dies."""

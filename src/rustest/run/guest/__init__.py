"""Trio as the hub's guest: its runs, and the drivers of what lives in them."""

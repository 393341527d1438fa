"""`rustest doctor`: what a suite is under pytest and what it is here, side by side."""

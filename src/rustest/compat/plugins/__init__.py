"""pytest's plugins: found, loaded, replaced or refused."""

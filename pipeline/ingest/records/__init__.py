"""Records and tables: one document per row."""

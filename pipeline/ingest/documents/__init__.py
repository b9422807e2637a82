"""Documents people write at work: PDF, mail and office files."""

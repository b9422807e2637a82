"""Which inputs there are, in which splits, and which files of the stages are up to date."""

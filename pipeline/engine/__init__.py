"""What is done, by whom and in which order: plan, fingerprints, workers, and the run itself."""

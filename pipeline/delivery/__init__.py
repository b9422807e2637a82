"""What follows a release: token ids, and mixes of several releases, ready for training."""

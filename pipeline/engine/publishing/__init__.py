"""The release with all its pages: made, counted, published, taken back."""

"""Answers about a run: why a text was kept, whether a release is whole, what is installed."""

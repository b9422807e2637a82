"""Recipes and the shipped sample: data, no code."""

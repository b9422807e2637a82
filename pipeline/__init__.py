"""Stages from raw text to a released dataset; see README.md in this folder for the layers."""

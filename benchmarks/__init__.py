"""Measurements of time and memory. Each prints a table; none is a test."""

"""Blind reading: cases that wait for readers, and the assignments in readers' hands."""

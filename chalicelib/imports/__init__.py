"""Retrospective archives: a source, and its images with what was recorded of them."""

"""Histology: what the pathologist reports, how it confirms a lesion, and the report's file."""

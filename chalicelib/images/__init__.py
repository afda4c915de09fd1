"""Photographs of lesions: slots to upload into, and one life from there to a label."""

"""Looks: a curator sees each image before it first enters a dataset, a page of them at a time."""

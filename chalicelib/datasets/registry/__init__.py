"""The registry, which the public searches, and the downloads that it leads to."""

"""Programs for people who work with Rodinka from outside. They speak its public API only."""

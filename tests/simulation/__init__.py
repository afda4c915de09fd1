"""A deterministic simulation: the real functions on moto in one thread, and a scheduler that does its worst."""

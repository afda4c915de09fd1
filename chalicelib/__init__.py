"""What the platform does, one package for each part of the work; docs/architecture.md has the map."""

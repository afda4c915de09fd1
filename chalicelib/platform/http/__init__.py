"""HTTP: routes with their shapes and permissions, strict bodies, one place for refusals, OpenAPI."""

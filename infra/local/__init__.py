"""The whole cloud on one machine: `python -m infra.local`. It keeps nothing after it stops."""

"""Accounts, clinics, roles, tokens and the permission table."""

"""Tests of accounts, tokens and permissions."""

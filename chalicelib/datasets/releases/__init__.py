"""Releases: from a frozen manifest to a folder that researchers fetch, and to its end.

`building` takes the steps, `shards` writes the zips, `documenting` the other files (`tables` and `columns`,
`croissant`, `datacite` …), `telling` lets everybody know; `withdrawing` and `taking_down` undo it when a
consent is taken back.
"""

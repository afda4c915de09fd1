"""Datasets: from a plan to a numbered, documented, registered release.

`plan` says what is wanted, `selection` chooses from `candidates` and counts every drop, `privacy` and
`guard` keep patients unrecognisable and hidden sets unseen, `building` writes what researchers fetch, and
the registry tells the world. What a release is made from is its manifest (`manifest`): the same manifest,
the same bytes.
"""

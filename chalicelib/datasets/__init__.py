"""Datasets: from a plan to a numbered, documented, registered release.

Plans and what is known of each dataset stand here. `planning` says what is wanted, `selection` chooses and
freezes, `looks` lets a curator see each image before, `releases` writes what researchers fetch, and
`registry` tells the world. What a release is made from is its manifest (`manifest`): the same manifest, the
same bytes.
"""

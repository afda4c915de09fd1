"""Near-duplicates: two pictures that are one photograph, coded, cut, turned or lit otherwise.

They leak from training into test sets. `comparing` looks for them in the background, `matching` says
which pictures are near (numpy, so only the event function reaches it), curators decide (`service`), and
whoever makes datasets asks `flagged.flagged_pairs`.
"""

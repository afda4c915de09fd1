"""Which images a release has: from all that were accepted to units that are frozen.

`candidates` reads what there is, `criteria` drops and counts, `anonymity` keeps patients unrecognisable,
`guard` keeps hidden sets unseen, `choosing` and `splits` fill the classes, all put together by `selecting`.
`previewing` shows what would come of it; `freezing` settles it for good, with the manifest that `composing` makes.
"""

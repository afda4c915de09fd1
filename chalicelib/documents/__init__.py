"""Documents and plots: what people read of a release or of a test, in both languages.

Only event functions carry the layer this needs (matplotlib, typst). Values go in as data, never as markup.
"""

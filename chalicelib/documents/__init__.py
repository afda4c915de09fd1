"""Documents and plots: what people read of a release or of a test, in both languages.

A document is a list of blocks (`blocks`), made once and written twice: as Markdown (`markdown`) and, with
plots (`figures`, `report_figures`), as a PDF (`typeset`). Only event functions carry the layer this needs
(matplotlib, typst). Values go in as data, never as markup.
"""

"""Words: how texts become terms, and BM25 over them (bm25s and PyStemmer live in this package)."""

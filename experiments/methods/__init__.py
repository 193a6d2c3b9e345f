"""Methods: what is measured for the pages of the docs, and searches over many runs."""

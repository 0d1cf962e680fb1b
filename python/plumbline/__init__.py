"""Plumbline in Python: test data frames by a spec, guard functions by it, and turn its clauses into pytest items."""

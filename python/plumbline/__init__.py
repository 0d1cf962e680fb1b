"""Plumbline in Python: test data frames by a spec, guard functions by it, and turn its clauses into pytest items.

Whatever is decided, the command `plumb` decides: verdicts, evidence and exit codes are its own.
"""

from .cli import CommandFailed
from .guarding import Guard, Rejected, Unavailable, guarded
from .result import NotSatisfied, Result
from .testing import test

__all__ = ["CommandFailed", "Guard", "NotSatisfied", "Rejected", "Result", "Unavailable", "guarded", "test"]

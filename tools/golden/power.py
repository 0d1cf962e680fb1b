"""Golden numbers for packages/core/src/power: SciPy only, every outcome of the rows counted out, never our own code.

Run from anywhere; writes packages/core/golden/stats/power.json.
"""
import json
import sys
from pathlib import Path

import numpy as np
import scipy
from scipy import optimize, stats

OUT = Path(__file__).resolve().parents[2] / "packages" / "core" / "golden" / "stats" / "power.json"
POWER = 0.8


def score_interval(k, n, level):
    """Wilson's interval as SciPy gives it."""
    found = stats.binomtest(int(k), int(n)).proportion_ci(confidence_level=level, method="wilson")
    return found.low, found.high


def share(n, bound, level):
    ends = [score_interval(k, n, level) for k in range(n + 1)]
    showing = [k for k, (low, _) in enumerate(ends) if low >= bound]
    needed = next(rows for rows in range(1, 100_000) if score_interval(rows, rows, level)[0] >= bound)
    detectable = None
    if showing:
        least = min(showing)
        detectable = optimize.brentq(lambda p: stats.binom.sf(least - 1, n, p) - POWER, bound, 1, xtol=1e-14)
    return {
        "n": n, "bound": bound, "level": level, "canHold": bool(showing), "canFail": any(high < bound for _, high in ends),
        "rowsToHold": needed, "detectable": detectable,
    }


def area_error(area, positives, negatives):
    """Hanley and McNeil 1982, written out again."""
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    square = area * (1 - area) + (positives - 1) * (q1 - area**2) + (negatives - 1) * (q2 - area**2)
    return float(np.sqrt(square / (positives * negatives)))


def area(positives, negatives, bound, level):
    z = stats.norm.ppf((1 + level) / 2) + stats.norm.ppf(POWER)

    def gain(a):
        return np.log(a / (1 - a)) - np.log(bound / (1 - bound)) - z * area_error(a, positives, negatives) / (a * (1 - a))

    grid = np.linspace(bound, 1, 200_001)[1:-1]
    shown = np.nonzero([gain(a) >= 0 for a in grid[::20]])[0]
    detectable = None
    if len(shown):
        last = grid[::20][shown[0]]
        before = max(bound + 1e-9, last - 20 * (grid[1] - grid[0]))
        detectable = float(optimize.brentq(gain, before, last)) if gain(before) < 0 else float(last)
    return {
        "positives": positives, "negatives": negatives, "bound": bound, "level": level,
        "error": area_error(bound, positives, negatives), "detectable": detectable,
    }


SHARES = [
    (n, bound, level)
    for n in (5, 36, 60, 140, 800)
    for bound in (0.5, 0.8, 0.9, 0.97)
    for level in (0.95, 0.99)
]
AREAS = [(30, 100, 0.7, 0.95), (100, 300, 0.7, 0.95), (100, 300, 0.85, 0.99), (800, 2400, 0.78, 0.95), (12, 15, 0.9, 0.95)]
text = json.dumps(
    {
        "madeBy": f"tools/golden/{Path(sys.argv[0]).name}",
        "versions": {"scipy": scipy.__version__, "numpy": np.__version__},
        "shares": [share(*each) for each in SHARES],
        "areas": [area(*each) for each in AREAS],
    },
    separators=(",", ":"),
)
OUT.write_text(text.replace("},{", "},\n{") + "\n")

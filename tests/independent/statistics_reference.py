"""Metrics, distances and intervals computed with NumPy, SciPy and scikit-learn, from the text of the language alone."""

import math

import numpy as np
from scipy import special, stats
from sklearn import metrics


def quantile(alpha):
    """The normal quantile of 1 - alpha/2, by its upper tail: 1 - alpha/2 is 1 for a tiny alpha."""
    return stats.norm.isf(alpha / 2)


def wilson(k, n, alpha):
    """Wilson score interval of k of n (Wilson 1927)."""
    z, p = quantile(alpha), k / n
    centre, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (centre - half) / (1 + z * z / n), (centre + half) / (1 + z * z / n)


def student(values, alpha):
    half = stats.t.isf(alpha / 2, len(values) - 1) * values.std(ddof=1) / math.sqrt(len(values))
    return values.mean() - half, values.mean() + half


def fisher(r, n, alpha):
    half = quantile(alpha) / math.sqrt(n - 3)
    return math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half)


def order_statistics(values, q, alpha):
    """The narrowest ranks with P(X(low) <= Q) and P(Q <= X(high)) at least 1 - alpha/2 each (Conover 1999, 3.2)."""
    ordered, n = np.sort(values), len(values)
    low = int(stats.binom.ppf(alpha / 2, n, q))
    while low > 0 and stats.binom.cdf(low - 1, n, q) > alpha / 2:
        low -= 1
    high = int(stats.binom.isf(alpha / 2, n, q)) + 1
    return (ordered[low - 1] if low >= 1 else -math.inf, ordered[high - 1] if high <= n else math.inf)


def placements(scores, labels):
    """Placement values of DeLong, DeLong and Clarke-Pearson (1988), by ranks."""
    positive, negative = scores[labels], scores[~labels]
    every, own = stats.rankdata(np.concatenate([positive, negative])), stats.rankdata(positive)
    m, n = len(positive), len(negative)
    v10 = (every[:m] - own) / n
    v01 = 1 - (every[m:] - stats.rankdata(negative)) / m
    return v10, v01


def delong(scores, labels, alpha):
    """DeLong on the logit scale (Pepe 2003, 5.2), expit(logit(a) ± t se / (a (1 - a))), with Satterthwaite's degrees of freedom. Newcombe's
    variance (2006, method 5), where it is greater than DeLong's, counts as ten rows of the smaller label."""
    v10, v01 = placements(scores, labels)
    auc = v10.mean()
    se, degrees = moderated(v10, v01, newcombe(auc, len(v10), len(v01)))
    half = stats.t.isf(alpha / 2, degrees) * se / (auc * (1 - auc))
    logit = math.log(auc / (1 - auc))
    return float(special.expit(logit - half)), float(special.expit(logit + half))


def newcombe(auc, m, n):
    """The variance that Newcombe (2006, method 5) expects of an area."""
    return auc * (1 - auc) / (m * n) * (1 + ((m + n) / 2 - 1) * ((1 - auc) / (2 - auc) + auc / (1 + auc)))


def variance_of(v10, v01):
    return v10.var(ddof=1) / len(v10) + v01.var(ddof=1) / len(v01)


def moderated(v10, v01, expected):
    """The standard error, with the expected variance as ten rows of the smaller label where it is greater, and its degrees of freedom."""
    m, n = len(v10), len(v01)
    parts = np.array([v10.var(ddof=1) / m, v01.var(ddof=1) / n])
    own, fewer = parts.sum(), min(m, n)
    degrees = own**2 / (parts**2 / np.array([m - 1, n - 1])).sum()
    return math.sqrt((fewer * own + 10 * max(own, expected)) / (fewer + 10)), degrees


def delong_difference(a, b, labels, alpha):
    """The paired difference of two areas, on its own scale; the variances expected of both go together as their own do."""
    a10, a01 = placements(a, labels)
    b10, b01 = placements(b, labels)
    d10, d01 = a10 - b10, a01 - b01
    one, two = variance_of(a10, a01), variance_of(b10, b01)
    together = (one + two - variance_of(d10, d01)) / (2 * math.sqrt(one * two)) if one * two > 0 else 0.0
    first, second = (newcombe(area, len(a10), len(a01)) for area in (a10.mean(), b10.mean()))
    se, degrees = moderated(d10, d01, first + second - 2 * together * math.sqrt(first * second))
    half = stats.t.isf(alpha / 2, degrees) * se
    return d10.mean() - half, d10.mean() + half


def bootstrap(statistic, n, alpha, strata=None, rounds=1200, seed=7):
    """BCa interval of statistic(indices) over n rows (Efron 1987); `rounds` resamples, jackknife over 200 groups."""
    random, everything = np.random.default_rng(seed), np.arange(n)
    drawn = np.array([statistic(random.integers(0, n, n)) for _ in range(rounds)])
    drawn = drawn[np.isfinite(drawn)]
    observed = statistic(everything)
    z0 = stats.norm.ppf(np.clip((np.sum(drawn < observed) + np.sum(drawn == observed) / 2) / len(drawn), 1e-6, 1 - 1e-6))
    groups = np.array_split(random.permutation(n), min(n, 200))
    left_out = np.array([statistic(np.setdiff1d(everything, group)) for group in groups])
    u = left_out.mean() - left_out
    denominator = 6 * (u**2).sum() ** 1.5
    a = (u**3).sum() / denominator if denominator > 0 else 0.0
    z = stats.norm.ppf([alpha / 2, 1 - alpha / 2])
    levels = stats.norm.cdf(z0 + (z0 + z) / (1 - a * (z0 + z)))
    return tuple(np.quantile(drawn, levels))


# Metrics: (labels, scores, decisions) -> number; NaN where undefined.


def ratio(k, n):
    return k / n if n else math.nan


def calibration_error(y, s, bins=10):
    """Bins between the type-7 deciles of the scores, closed on the right: equal scores share a bin."""
    edges = np.quantile(s.astype(float), np.arange(1, bins) / bins)
    which = np.searchsorted(edges, s, side="left")
    return sum(abs(y[which == b].mean() - s[which == b].mean()) * np.mean(which == b) for b in np.unique(which))


def log_loss(y, s):
    p = np.clip(s.astype(float), 1e-15, 1 - 1e-15)
    return float(-np.mean(np.where(y, np.log(p), np.log1p(-p))))


def both(y):
    return 0 < y.sum() < len(y)


METRICS = {
    "accuracy": lambda y, s, d: ratio((y == d).sum(), len(y)),
    "precision": lambda y, s, d: ratio((y & d).sum(), d.sum()),
    "recall": lambda y, s, d: ratio((y & d).sum(), y.sum()),
    "specificity": lambda y, s, d: ratio((~y & ~d).sum(), (~y).sum()),
    "positive_rate": lambda y, s, d: ratio(d.sum(), len(d)),
    "f1": lambda y, s, d: ratio(2 * (y & d).sum(), y.sum() + d.sum()),
    "roc_auc": lambda y, s, d: float(metrics.roc_auc_score(y, s)) if both(y) else math.nan,
    "average_precision": lambda y, s, d: float(metrics.average_precision_score(y, s)) if y.any() else math.nan,
    "brier": lambda y, s, d: float(np.mean((s - y) ** 2)),
    "log_loss": lambda y, s, d: log_loss(y, s),
    "calibration_error": lambda y, s, d: calibration_error(y, s),
}

# Metrics that are shares: the (hits, trials) of the Wilson interval.
SHARES = {
    "accuracy": lambda y, d: ((y == d).sum(), len(y)),
    "precision": lambda y, d: ((y & d).sum(), d.sum()),
    "recall": lambda y, d: ((y & d).sum(), y.sum()),
    "specificity": lambda y, d: ((~y & ~d).sum(), (~y).sum()),
    "positive_rate": lambda y, d: (d.sum(), len(d)),
}


def binned(values, reference, codes):
    """Counts of both over 10 quantile bins of the reference (or the declared codes), and a bin for missing."""
    missing = lambda cells: sum(cell is None for cell in cells)
    present = lambda cells: [cell for cell in cells if cell is not None]
    if codes is not None:
        # A value that is not declared has a bin of its own, where there is one.
        of = lambda cells: [sum(cell == code and type(cell) is type(code) for cell in cells) for code in codes]
        others = lambda cells: len(cells) - missing(cells) - sum(of(cells))
        rest = lambda cells: [others(cells)] if others(values) + others(reference) else []
        return tuple(np.array([*of(cells), *rest(cells), missing(cells)]) for cells in (values, reference))
    known = np.array(present(reference), float)
    edges = np.quantile(known, np.arange(1, 10) / 10)
    # An edge at the greatest value would leave nothing above it; the next value below takes its place.
    below = known[known < known.max()]
    edges = np.unique([e if e < known.max() else below.max() for e in edges if e < known.max() or len(below)])
    count = lambda cells: np.bincount(np.searchsorted(edges, np.array(present(cells), float), side="left"), minlength=len(edges) + 1)
    return np.append(count(values), missing(values)), np.append(count(reference), missing(reference))


def smoothed(counts):
    return (counts + 0.5) / (counts.sum() + 0.5 * len(counts))


def psi(values, reference, codes):
    p, q = map(smoothed, binned(values, reference, codes))
    return float(((p - q) * np.log(p / q)).sum())


def js(values, reference, codes):
    p, q = map(smoothed, binned(values, reference, codes))
    middle = (p + q) / 2
    return float((p * np.log2(p / middle)).sum() / 2 + (q * np.log2(q / middle)).sum() / 2)


def ks(values, reference, _codes):
    present = lambda cells: np.array([cell for cell in cells if cell is not None], float)
    return float(stats.ks_2samp(present(values), present(reference)).statistic)


DISTANCES = {"psi": psi, "ks": ks, "js": js}

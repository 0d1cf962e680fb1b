"""Golden numbers for orders within groups, top shares of scores and further regression metrics: scikit-learn, and for what it
does not have the mean over every order of equal scores. Run from anywhere; writes packages/core/golden/stats/ranking.json.
"""
import itertools
import math

import numpy as np
from sklearn import metrics

from stats import write


def orders(scores):
    """Every order in which rows of equal score can stand, the highest first."""
    runs = [[i for i in range(len(scores)) if scores[i] == s] for s in sorted(set(scores), reverse=True)]
    for chosen in itertools.product(*[list(itertools.permutations(run)) for run in runs]):
        yield [i for run in chosen for i in run]


def mean_over_orders(scores, f):
    return float(np.mean([f(order) for order in orders(scores)]))


def average_precision(relevant, order):
    found, total = 0, 0.0
    for place, i in enumerate(order):
        if relevant[i]:
            found += 1
            total += found / (place + 1)
    return total / relevant.sum()


def groups():
    rng = np.random.default_rng(41)
    made = []
    for n, levels in [(1, 2), (2, 2), (4, 2), (6, 3), (7, 3), (8, 9), (9, 5)]:
        for _ in range(3):
            gains = rng.integers(0, 4, n).astype(float)
            gains[rng.integers(0, n)] = 2.0
            scores = rng.integers(0, levels, n) / 4
            relevant = gains > 0
            case = {"relevance": gains, "scores": scores, "map": mean_over_orders(scores, lambda o: average_precision(relevant, o)),
                    "mrr": mean_over_orders(scores, lambda o: 1 / (1 + next(p for p, i in enumerate(o) if relevant[i]))), "at": []}
            for k in (1, 3, 10):
                ndcg = metrics.ndcg_score([gains], [scores], k=k) if n > 1 else 1.0
                hits = mean_over_orders(scores, lambda o: relevant[o[:k]].sum())
                hit = mean_over_orders(scores, lambda o: relevant[o[:k]].any())
                case["at"].append({"k": k, "hit": hit, "ndcg": ndcg, "precision": hits / k, "recall": hits / relevant.sum()})
            if len(set(scores)) == n and 0 < relevant.sum() < n:
                assert abs(case["map"] - metrics.average_precision_score(relevant, scores)) < 1e-12
            made.append(case)
    return made


def tops():
    rng = np.random.default_rng(43)
    made = []
    for n, levels, weighted in [(5, 2, False), (6, 3, True), (7, 7, False), (8, 4, False)]:
        labels = rng.integers(0, 2, n)
        labels[0] = 1
        scores = rng.integers(0, levels, n) / levels
        w = rng.integers(0, 3, n) if weighted else np.ones(n, int)
        w[0] = max(w[0], 1)
        y, s = np.repeat(labels, w), np.repeat(scores, w)
        if len(y) > 8:
            y, s = y[:8], s[:8]
            w = None
        for share in [0.1, 0.25, 0.5, 0.8, 1.0]:
            rows = share * len(y)
            whole, part = int(math.floor(rows + 1e-12)), rows - math.floor(rows + 1e-12)
            hits = mean_over_orders(s, lambda o: y[o[:whole]].sum() + (part * y[o[whole]] if part > 1e-12 else 0))
            made.append({"labels": y, "scores": s, "share": share, "gain": hits / y.sum(), "precision": hits / rows, "lift": hits / rows / y.mean()})
    return made


def regressions():
    rng = np.random.default_rng(47)
    made = []
    for n, weighted in [(3, False), (80, True), (400, False)]:
        observed = np.round(rng.gamma(2.0, size=n), 2)
        predicted = np.round(np.abs(observed + rng.normal(size=n)), 2)
        w = rng.integers(0, 4, n) if weighted else np.ones(n, int)
        w[:2] = np.maximum(w[:2], 1)
        y, p = np.repeat(observed, w), np.repeat(predicted, w)
        scale = np.abs(y) + np.abs(p)
        made.append({
            "observed": observed, "predicted": predicted, "weights": w if weighted else None,
            "pinball": [[q, metrics.mean_pinball_loss(y, p, alpha=q)] for q in (0.0, 0.1, 0.5, 0.9, 1.0)],
            "rmsle": metrics.root_mean_squared_log_error(y, p), "explainedVariance": metrics.explained_variance_score(y, p),
            "smape": float(np.mean(np.where(scale == 0, 0, 2 * np.abs(p - y) / np.where(scale == 0, 1, scale)))),
            "wape": float(np.abs(p - y).sum() / np.abs(y).sum()),
        })
    return made


if __name__ == "__main__":
    write("ranking", {"groups": groups(), "tops": tops(), "regressions": regressions()})

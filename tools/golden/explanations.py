"""Golden numbers for metrics of explanations: NumPy and scikit-learn.

Run from anywhere; writes packages/core/golden/stats/explanations.json. Deterministic: seeds are fixed.
"""
import numpy as np
from sklearn import metrics as m
from stats import write


def top(row, k):
    return set(np.argsort(-np.abs(row), kind="stable")[:k].tolist())


def explanations(seed, rows, features):
    random = np.random.default_rng(seed)
    one = random.normal(0, [3.0, 1.0, 1.0, 0.3, 0.1][:features], (rows, features))
    # Coarse numbers, so that some are equal.
    one = np.round(one, 1)
    other = np.round(one + random.normal(0, 0.6, one.shape), 1)
    one[0], other[0] = 0, 0
    one[1] = 0
    weights = random.gamma(2.0, 1.0, rows)
    norms = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    cosine = np.divide((one * other).sum(1), norms, out=np.zeros(rows), where=norms > 0)
    cosine[0] = 1
    overlaps = {k: np.array([len(top(a, k) & top(b, k)) / k for a, b in zip(one, other)]) for k in range(1, features)}
    answer = one.sum(1)
    surrogate = 0.9 * answer + random.normal(0, 0.8, rows)

    def numbers(w):
        u = np.ones(rows) if w is None else w
        return {
            "attribution_stability": np.average(cosine, weights=w),
            "attribution_top_overlap": {k: np.average(each, weights=w) for k, each in overlaps.items()},
            "attribution_share": {
                k: np.average(np.abs(one[:, :k]).sum(1), weights=u) / np.average(np.abs(one).sum(1), weights=u)
                for k in range(1, features)
            },
            "surrogate_r2": m.r2_score(answer, surrogate, sample_weight=w),
        }

    return {
        "one": one.T, "other": other.T, "answer": answer, "surrogate": surrogate, "weights": weights,
        "plain": numbers(None), "weighted": numbers(weights),
    }


write("explanations", {"cases": [explanations(1, 150, 3), explanations(2, 240, 5)]})

"""Golden numbers for metrics of several classes: scikit-learn on random data with ties, weights and rare classes.

Run from anywhere; writes packages/core/golden/stats/classes.json.
"""
import numpy as np
from sklearn import metrics

from stats import write


def probabilities(rng, labels, k, sharpness, digits):
    raw = rng.gamma(1.0, size=(len(labels), k)) + 1e-6
    raw[np.arange(len(labels)), labels] *= sharpness
    p = raw / raw.sum(axis=1, keepdims=True)
    return p if digits is None else np.round(p, digits)


def cases():
    rng = np.random.default_rng(31)
    made = []
    for n, k, sharpness, digits, weighted in [(12, 3, 4, 1, True), (60, 3, 3, None, False), (200, 5, 2, 2, True), (400, 10, 6, 1, False),
                                              (300, 3, 1, 0, True), (500, 4, 8, None, True), (30, 2, 3, 1, True)]:
        labels = rng.choice(k, n, p=np.arange(1, k + 1) / (k * (k + 1) / 2))
        labels[:2 * k] = np.tile(np.arange(k), 2)
        p = probabilities(rng, labels, k, sharpness, digits)
        answers = np.where(rng.random(n) < 0.1, rng.integers(0, k, n), p.argmax(axis=1))
        w = rng.integers(0, 4, n) if weighted else np.ones(n, int)
        w[:2 * k] = np.maximum(w[:2 * k], 1)
        y, a, s = np.repeat(labels, w), np.repeat(answers, w), np.repeat(p, w, axis=0)
        averaged = {}
        for name, f in [("precision", metrics.precision_score), ("recall", metrics.recall_score), ("f1", metrics.f1_score)]:
            for average in ["macro", "micro", "weighted"]:
                averaged[f"{name}_{average}"] = f(y, a, average=average, labels=range(k), zero_division=0)
            averaged[f"{name}_each"] = f(y, a, average=None, labels=range(k), zero_division=np.nan)
        # roc_auc_score wants rows that sum to 1; the area of each class against the rest does not need it.
        areas = [metrics.roc_auc_score(labels == c, p[:, c], sample_weight=w) for c in range(k)]
        support = np.bincount(y, minlength=k)
        if digits is None and k > 2:
            for average, weights in [("macro", None), ("weighted", support)]:
                assert abs(metrics.roc_auc_score(y, s, multi_class="ovr", average=average) - np.average(areas, weights=weights)) < 1e-12
        clipped = np.maximum(s, 1e-15)
        loss = float(np.mean(-np.log(clipped[np.arange(len(y)), y])))
        if digits is None:
            assert abs(loss - metrics.log_loss(y, s, labels=range(k))) < 1e-12
        made.append({
            "classes": k, "labels": labels, "answers": answers, "probabilities": p.T, "weights": w if weighted else None,
            "confusion": metrics.confusion_matrix(y, a, labels=range(k)), "normalised": metrics.confusion_matrix(y, a, labels=range(k), normalize="true"),
            "accuracy": metrics.accuracy_score(y, a), "balancedAccuracy": metrics.balanced_accuracy_score(y, a),
            "kappa": metrics.cohen_kappa_score(y, a), "mcc": metrics.matthews_corrcoef(y, a), **averaged,
            "topK": [metrics.top_k_accuracy_score(y, s, k=top, labels=range(k)) if k > 2 else None for top in range(1, k)],
            "logLoss": loss, "areas": areas, "areaMacro": float(np.mean(areas)), "areaWeighted": float(np.average(areas, weights=support)),
        })
    return made


if __name__ == "__main__":
    write("classes", {"cases": cases()})

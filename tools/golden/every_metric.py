"""Golden numbers for every metric of rows, plain and weighted, on data of their own: scikit-learn where it has the metric, else its
definition in NumPy; never our own code.

Run from anywhere; writes packages/core/golden/stats/every-metric.json. Deterministic: seeds are fixed.
"""
import warnings
from functools import partial

import numpy as np
from sklearn import metrics as m
from stats import write

warnings.filterwarnings("ignore")
TOP = 0.15
COSTS = (2.0, 7.0)
DEPTH = 3
BETA = 2.0
POWER = 1.5


def weights_of(random, n):
    """Real, whole, tiny and zero weights together."""
    weights = random.lognormal(0, 1, n)
    weights[random.random(n) < 0.2] = 3.0
    weights[random.random(n) < 0.15] = 0.0
    weights[random.random(n) < 0.05] = 1e-6
    return weights


def share(of, among, weights):
    """Weight of the rows of `of` among those of `among`."""
    return weights[of & among].sum() / weights[among].sum()


def calibration_error(labels, scores, weights, whole):
    """Ten bins of equal mass, closed on the right: type-7 deciles; with real weights the least score that at least a tenth lies up to."""
    if whole:
        edges = np.quantile(scores, np.arange(1, 10) / 10)
    else:
        order = np.argsort(scores, kind="stable")
        below = np.cumsum(weights[order]) / weights.sum()
        edges = np.array([scores[order][np.argmax(below >= tenth / 10 - 1e-9)] for tenth in range(1, 10)])
    bins = np.searchsorted(edges, scores, side="left")
    excess = weights * (labels - scores)
    return sum(abs(excess[bins == each].sum()) for each in range(10)) / weights.sum()


def top(labels, scores, weights):
    """Gain, precision and lift of the top share; rows of equal scores count in part, as they do on average over their orders."""
    left, hits = TOP * weights.sum(), 0.0
    rows = left
    for score in np.unique(scores)[::-1]:
        tied = scores == score
        if weights[tied].sum() == 0:
            continue
        part = min(1.0, left / weights[tied].sum())
        hits += part * (weights * labels)[tied].sum()
        left -= part * weights[tied].sum()
        if left <= 0:
            break
    positives = (weights * labels).sum()
    return hits / positives, hits / rows, hits / rows / (positives / weights.sum())


def of_two(labels, scores, decisions, weights, whole):
    """Every metric of a positive class, by its name."""
    w = {"sample_weight": weights}
    yes, said = labels == 1, decisions == 1
    area = m.roc_auc_score(labels, scores, **w)
    gain, precision, lift = top(labels, scores, weights)
    clipped = np.clip(scores, 1e-15, 1 - 1e-15)
    return {
        "accuracy": m.accuracy_score(labels, decisions, **w),
        "precision": m.precision_score(labels, decisions, **w),
        "recall": m.recall_score(labels, decisions, **w),
        "specificity": share(~said, ~yes, weights),
        "negative_predictive_value": share(~yes, ~said, weights),
        "false_positive_rate": share(said, ~yes, weights),
        "false_negative_rate": share(~said, yes, weights),
        "false_discovery_rate": share(~yes, said, weights),
        "false_omission_rate": share(yes, ~said, weights),
        "f_beta": m.fbeta_score(labels, decisions, beta=BETA, **w),
        "jaccard": m.jaccard_score(labels, decisions, **w),
        "expected_cost": (weights * (COSTS[0] * (said & ~yes) + COSTS[1] * (yes & ~said))).sum() / weights.sum(),
        "balanced_accuracy": m.balanced_accuracy_score(labels, decisions, **w),
        "mcc": m.matthews_corrcoef(labels, decisions, **w),
        "kappa": m.cohen_kappa_score(labels, decisions, **w),
        "f1": m.f1_score(labels, decisions, **w),
        "positive_rate": np.average(said, weights=weights),
        "roc_auc": area,
        "gini": 2 * area - 1,
        "average_precision": m.average_precision_score(labels, scores, **w),
        "brier": m.brier_score_loss(labels, scores, **w),
        "log_loss": np.average(-np.where(yes, np.log(clipped), np.log1p(-clipped)), weights=weights),
        "calibration_error": calibration_error(labels, scores, weights, whole),
        "calibration_bias": np.average(scores - labels, weights=weights),
        "gain": gain,
        "top_precision": precision,
        "lift": lift,
    }


def both(of, weights):
    """Without weights and with them."""
    return [of(np.ones(len(weights)), True), of(weights, False)]


def binary(seed, n, rate, digits):
    random = np.random.default_rng(seed)
    labels = (random.random(n) < rate).astype(int)
    labels[:2] = 0, 1
    scores = np.round(1 / (1 + np.exp(-(1.5 * labels - 1 + random.normal(size=n)))), digits)
    decisions = (scores >= 0.4).astype(int)
    weights = weights_of(random, n)
    weights[:2] = 1.0, 2.0
    return {"labels": labels, "scores": scores, "decisions": decisions, "weights": weights,
            "metrics": both(partial(of_two, labels, scores, decisions), weights)}


def of_classes(labels, answers, probabilities, weights, _whole):
    w = {"sample_weight": weights}
    known = [0, 1, 2]
    averaged = {
        f"{name}_{average}": of(labels, answers, average=average, labels=known, zero_division=0, **w)
        for name, of in [("precision", m.precision_score), ("recall", m.recall_score), ("f1", m.f1_score)]
        for average in ["macro", "micro", "weighted"]
    }
    return {
        **averaged,
        "jaccard_macro": m.jaccard_score(labels, answers, average="macro", **w),
        "accuracy": m.accuracy_score(labels, answers, **w),
        "balanced_accuracy": m.balanced_accuracy_score(labels, answers, **w),
        "mcc": m.matthews_corrcoef(labels, answers, **w),
        "kappa": m.cohen_kappa_score(labels, answers, **w),
        "confusion": share(answers == 2, labels == 0, weights),
        "log_loss": m.log_loss(labels, probabilities, labels=known, **w),
        "top_k_accuracy": m.top_k_accuracy_score(labels, probabilities, k=2, **w),
        "brier_multiclass": m.brier_score_loss(labels, probabilities, labels=known, **w),
        "roc_auc_ovr": m.roc_auc_score(labels, probabilities, multi_class="ovr", average="macro", **w),
        "roc_auc_ovr_weighted": m.roc_auc_score(labels, probabilities, multi_class="ovr", average="weighted", **w),
    }


def classes(seed, n):
    random = np.random.default_rng(seed)
    labels = random.choice(3, n, p=[0.5, 0.35, 0.15])
    labels[:3] = 0, 1, 2
    shown = np.eye(3)[labels] * 1.2 + random.normal(size=(n, 3))
    probabilities = np.exp(shown) / np.exp(shown).sum(axis=1, keepdims=True)
    answers = probabilities.argmax(axis=1)
    weights = weights_of(random, n)
    weights[:3] = 1.0, 2.0, 0.5
    one = (labels == 1).astype(int)
    said = (answers == 1).astype(int)
    of_one = both(partial(of_two, one, probabilities[:, 1], said), weights)
    return {"labels": labels, "answers": answers, "probabilities": probabilities.T, "weights": weights,
            "metrics": both(partial(of_classes, labels, answers, probabilities), weights), "ofOne": of_one}


def of_numbers(y, p, low, high, weights, _whole):
    w = {"sample_weight": weights}
    error = p - y
    return {
        "mae": m.mean_absolute_error(y, p, **w), "mse": m.mean_squared_error(y, p, **w),
        "rmse": m.root_mean_squared_error(y, p, **w), "mape": m.mean_absolute_percentage_error(y, p, **w),
        "mean_error": np.average(error, weights=weights),
        "median_absolute_error": m.median_absolute_error(y, p, **w),
        "r2": m.r2_score(y, p, **w), "pinball": m.mean_pinball_loss(y, p, alpha=0.8, **w),
        "rmsle": m.root_mean_squared_log_error(y, p, **w),
        "smape": np.average(2 * np.abs(error) / (np.abs(y) + np.abs(p)), weights=weights),
        "wape": (weights * np.abs(error)).sum() / (weights * np.abs(y)).sum(),
        "tweedie_deviance": m.mean_tweedie_deviance(y, p, power=POWER, **w),
        "d2_absolute_error": m.d2_absolute_error_score(y, p, **w),
        "explained_variance": m.explained_variance_score(y, p, **w),
        "interval_coverage": np.average((low <= y) & (y <= high), weights=weights),
    }


def regression(seed, n):
    random = np.random.default_rng(seed)
    observed = np.round(random.gamma(3.0, 4.0, n) + 0.1, 1)
    predicted = np.round(np.abs(observed + random.standard_t(3, n)), 1)
    low, high = predicted - 2, predicted + 1.5
    weights = weights_of(random, n)
    return {"observed": observed, "predicted": predicted, "low": low, "high": high, "weights": weights,
            "metrics": both(partial(of_numbers, observed, predicted, low, high), weights)}


def ranking(seed, groups):
    random = np.random.default_rng(seed)
    relevance, scores, query, found = [], [], [], []
    for group in range(groups):
        size = int(random.integers(2, 9))
        own = (random.random(size) < 0.4).astype(int)
        own[0] = 1
        shown = own + random.normal(size=size)
        ordered = own[np.argsort(-shown)]
        ranks = np.arange(1, size + 1)
        found.append({
            "ndcg": m.ndcg_score([own], [shown], k=DEPTH),
            "map": (np.cumsum(ordered) / ranks)[ordered == 1].mean(),
            "mrr": 1 / (1 + int(np.argmax(ordered))),
            "precision_at": ordered[:DEPTH].sum() / DEPTH,
            "recall_at": ordered[:DEPTH].sum() / own.sum(),
            "hit_rate_at": float(ordered[:DEPTH].any()),
        })
        relevance += own.tolist()
        scores += shown.tolist()
        query += [group] * size
    mixed = random.permutation(len(query))
    return {"labels": np.array(relevance)[mixed], "scores": np.array(scores)[mixed], "query": np.array(query)[mixed],
            "metrics": {name: np.mean([each[name] for each in found]) for name in found[0]}}


if __name__ == "__main__":
    write("every-metric", {
        "numbers": {"expected_cost": COSTS, "gain": [TOP], "lift": [TOP], "top_precision": [TOP], "top_k_accuracy": [2], "pinball": [0.8],
                    "f_beta": [BETA], "tweedie_deviance": [POWER],
                    **{name: [DEPTH] for name in ["ndcg", "precision_at", "recall_at", "hit_rate_at"]}},
        "binary": [binary(101, 137, 0.35, 1), binary(102, 260, 0.08, 2), binary(103, 90, 0.9, 3)],
        "classes": [classes(111, 150), classes(112, 333)],
        "regression": [regression(121, 77), regression(122, 310)],
        "ranking": [ranking(131, 40)],
    })

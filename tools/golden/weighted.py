"""Golden numbers for weighted metrics and fairness: scikit-learn with sample_weight, fairlearn; never our own code.

Run from anywhere; writes packages/core/golden/stats/weighted.json and fairness.json. Deterministic: seeds are fixed.
"""
import warnings
from functools import partial
from importlib.metadata import version

import fairlearn.metrics as fair
import numpy as np
from sklearn import metrics as m
from stats import VERSIONS, write

warnings.filterwarnings("ignore")
VERSIONS["fairlearn"] = version("fairlearn")


def weights_of(random, n):
    """Real, whole and zero weights together."""
    weights = random.gamma(2.0, 1.5, n)
    weights[random.random(n) < 0.2] = 2.0
    weights[random.random(n) < 0.1] = 0.0
    return weights


def binary(seed, n):
    random = np.random.default_rng(seed)
    labels = (random.random(n) < 0.35).astype(int)
    # Sixteenths: scores tie in runs.
    scores = np.clip(np.round((0.3 * labels + 0.75 * random.random(n)) * 16) / 16, 1 / 16, 15 / 16)
    weights = weights_of(random, n)
    decided = (scores >= 0.5).astype(int)
    with_weights = {"sample_weight": weights}
    tn, fp, fn, tp = m.confusion_matrix(labels, decided, **with_weights).ravel()
    return {
        "labels": labels, "scores": scores, "decisions": decided, "weights": weights,
        "metrics": {
            "accuracy": m.accuracy_score(labels, decided, **with_weights),
            "precision": m.precision_score(labels, decided, **with_weights),
            "recall": m.recall_score(labels, decided, **with_weights),
            "specificity": m.recall_score(labels, decided, pos_label=0, **with_weights),
            "negative_predictive_value": m.precision_score(labels, decided, pos_label=0, **with_weights),
            "false_positive_rate": fp / (fp + tn),
            "f1": m.f1_score(labels, decided, **with_weights),
            "balanced_accuracy": m.balanced_accuracy_score(labels, decided, **with_weights),
            "mcc": m.matthews_corrcoef(labels, decided, **with_weights),
            "kappa": m.cohen_kappa_score(labels, decided, **with_weights),
            "expected_cost": (1 * fp + 5 * fn) / (tn + fp + fn + tp),
            "roc_auc": m.roc_auc_score(labels, scores, **with_weights),
            "average_precision": m.average_precision_score(labels, scores, **with_weights),
            "brier": m.brier_score_loss(labels, scores, **with_weights),
            "log_loss": m.log_loss(labels, scores, **with_weights),
        },
    }


def classes(seed, n):
    random = np.random.default_rng(seed)
    labels = random.choice(3, n, p=[0.5, 0.3, 0.2])
    raw = np.round(random.dirichlet([1, 1, 1], n) * 8 + 2 * np.eye(3)[labels]) + 1
    probabilities = raw / raw.sum(axis=1, keepdims=True)
    answers = probabilities.argmax(axis=1)
    weights = weights_of(random, n)
    with_weights = {"sample_weight": weights}
    values = {
        "accuracy": m.accuracy_score(labels, answers, **with_weights),
        "balanced_accuracy": m.balanced_accuracy_score(labels, answers, **with_weights),
        "mcc": m.matthews_corrcoef(labels, answers, **with_weights),
        "kappa": m.cohen_kappa_score(labels, answers, **with_weights),
        "f1_micro": m.f1_score(labels, answers, average="micro", **with_weights),
        "log_loss": m.log_loss(labels, probabilities, **with_weights),
        "top_k_accuracy": m.top_k_accuracy_score(labels, probabilities, k=2, **with_weights),
        "roc_auc_ovr": m.roc_auc_score(labels, probabilities, multi_class="ovr", average="macro", **with_weights),
        "roc_auc_ovr_weighted": m.roc_auc_score(labels, probabilities, multi_class="ovr", average="weighted", **with_weights),
    }
    for name, score in {"precision": m.precision_score, "recall": m.recall_score, "f1": m.f1_score}.items():
        for average in ("macro", "weighted"):
            values[f"{name}_{average}"] = score(labels, answers, average=average, **with_weights)
    return {"labels": labels, "probabilities": probabilities.T, "answers": answers, "weights": weights, "metrics": values}


def regression(seed, n):
    random = np.random.default_rng(seed)
    observed = np.round(random.normal(20, 6, n))
    predicted = np.round(observed + random.normal(0.5, 3, n))
    observed, predicted = np.clip(observed, 1, None), np.clip(predicted, 0, None)
    weights = weights_of(random, n)
    with_weights = {"sample_weight": weights}
    return {
        "observed": observed, "predicted": predicted, "weights": weights,
        "metrics": {
            "mae": m.mean_absolute_error(observed, predicted, **with_weights),
            "mse": m.mean_squared_error(observed, predicted, **with_weights),
            "rmse": m.root_mean_squared_error(observed, predicted, **with_weights),
            "mape": m.mean_absolute_percentage_error(observed, predicted, **with_weights),
            "rmsle": m.root_mean_squared_log_error(observed, predicted, **with_weights),
            "r2": m.r2_score(observed, predicted, **with_weights),
            "explained_variance": m.explained_variance_score(observed, predicted, **with_weights),
            "median_absolute_error": m.median_absolute_error(observed, predicted, **with_weights),
            "pinball": m.mean_pinball_loss(observed, predicted, alpha=0.9, **with_weights),
            "mean_error": np.average(predicted - observed, weights=weights),
            "wape": np.sum(weights * np.abs(predicted - observed)) / np.sum(weights * np.abs(observed)),
            "smape": np.average(2 * np.abs(predicted - observed) / (np.abs(predicted) + np.abs(observed)), weights=weights),
        },
    }


def fairness(seed, n):
    """Demographic parity, equal opportunity, equalised odds, predictive parity; one attribute, several, and crossed."""
    random = np.random.default_rng(seed)
    sex, region = random.integers(0, 2, n), random.integers(0, 3, n)
    labels = (random.random(n) < 0.4).astype(int)
    scores = np.clip(np.round((0.35 * labels + 0.06 * sex - 0.05 * region + 0.7 * random.random(n)) * 64) / 64, 0, 1)
    decided = (scores >= 0.5).astype(int)
    weights = weights_of(random, n)
    groups = {"sex": sex, "region": region, "sex, region": np.stack([sex, region], axis=1)}
    found = []
    for name, features in groups.items():
        for weighing in (False, True):
            more = {"sensitive_features": features, **({"sample_weight": weights} if weighing else {})}
            # A zero_division is none: every group has labels and decisions of both kinds.
            of_precision = fair.MetricFrame(
                metrics=partial(m.precision_score), y_true=labels, y_pred=decided, sensitive_features=features,
                sample_params={"sample_weight": weights} if weighing else None,
            )
            call = lambda metric: metric(labels, decided, **more)
            found.append({
                "groups": name, "weighted": weighing,
                "demographic_parity": [call(fair.demographic_parity_difference), call(fair.demographic_parity_ratio)],
                "equal_opportunity": [call(fair.equal_opportunity_difference), call(fair.equal_opportunity_ratio)],
                "equalized_odds": [call(fair.equalized_odds_difference), call(fair.equalized_odds_ratio)],
                "predictive_parity": [of_precision.difference(), of_precision.ratio()],
            })
    return {"sex": sex, "region": region, "labels": labels, "scores": scores, "weights": weights, "found": found}


if __name__ == "__main__":
    write("weighted", {
        "binary": [binary(seed, n) for seed, n in ((1, 60), (2, 300))],
        "classes": [classes(seed, n) for seed, n in ((3, 90), (4, 240))],
        "regression": [regression(seed, n) for seed, n in ((5, 40), (6, 250))],
    })
    write("fairness", fairness(7, 900))

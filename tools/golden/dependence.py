"""Golden numbers for how much two columns tell of each other: scikit-learn.

Run from anywhere; writes packages/core/golden/stats/dependence.json. Deterministic: seeds are fixed.
"""
import numpy as np
from sklearn.metrics import mutual_info_score
from stats import write


def ten_bins(numbers):
    """Bins of equal mass, of which the highest holds at least the greatest value."""
    least_of_top = np.unique(numbers)[-2:]
    edges = np.quantile(numbers, np.arange(1, 10) / 10)
    edges = np.unique([edge if edge < least_of_top[-1] else least_of_top[0] for edge in edges])
    return np.digitize(numbers, edges, right=True)


def case(seed, n, missing):
    random = np.random.default_rng(seed)
    label = random.random(n) < 0.3
    kind = np.where(random.random(n) < 0.6, np.where(label, "late", "early"), random.choice(["early", "late", "never"], n))
    amount = np.round(random.normal(np.where(label, 1.0, 0.0), 1.0), 6)
    delays = random.poisson(np.where(label, 2.0, 0.5))
    there = random.random(n) >= missing
    return {
        "rows": [[str(kind[i]) if there[i] else None, float(amount[i]), int(delays[i]), bool(label[i])] for i in range(n)],
        "columns": ["kind", "amount", "delays", "late"],
        "mutual_information": [
            {"of": ["kind", "late"], "is": mutual_info_score(kind[there], label[there])},
            {"of": ["amount", "late"], "is": mutual_info_score(ten_bins(amount), label)},
            {"of": ["late", "delays"], "is": mutual_info_score(label, ten_bins(delays))},
            {"of": ["amount", "delays"], "is": mutual_info_score(ten_bins(amount), ten_bins(delays))},
            {"of": ["kind", "amount"], "is": mutual_info_score(kind[there], ten_bins(amount)[there])},
            {"of": ["late", "late"], "is": mutual_info_score(label, label)},
        ],
    }


if __name__ == "__main__":
    write("dependence", {"tables": [case(1, 40, 0.1), case(2, 500, 0.2), case(3, 3000, 0.0)]})

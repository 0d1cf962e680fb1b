"""Run by bench.ts: the same metrics by NumPy and scikit-learn, replicates on rows drawn by index."""
import json
import sys
import time

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score


def measure(labels, scores):
    decided = scores >= 0.5
    positive = labels == 1
    right = np.count_nonzero(decided & positive)
    said, wanted = np.count_nonzero(decided), np.count_nonzero(positive)
    clipped = np.clip(scores, 1e-15, 1 - 1e-15)
    return [
        np.mean(decided == positive), right / said, right / wanted, 2 * right / (said + wanted),
        roc_auc_score(labels, scores), average_precision_score(labels, scores),
        np.mean((scores - labels) ** 2), -np.mean(np.where(positive, np.log(clipped), np.log1p(-clipped))),
    ]


rows = np.fromfile(sys.argv[1])
n = len(rows) // 2
labels, scores = rows[:n].copy(), rows[n:].copy()
began = time.process_time()
values = measure(labels, scores)
once = time.process_time() - began
random = np.random.default_rng(1)
replicates = int(sys.argv[2])
began = time.process_time()
for _ in range(replicates):
    drawn = random.integers(0, n, n)
    measure(labels[drawn], scores[drawn])
each = (time.process_time() - began) / replicates
print(json.dumps({"onceMs": once * 1000, "replicateMs": each * 1000, "values": [float(v) for v in values]}))

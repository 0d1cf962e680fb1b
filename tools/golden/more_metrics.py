"""Golden numbers for labels, texts, series, masks and boxes: scikit-learn, rouge-score, the script of SQuAD, pycocotools.

Run from anywhere; writes packages/core/golden/stats/more-metrics.json. Deterministic: seeds are fixed.
"""
import collections
import contextlib
import io
import re
import string
import warnings
from importlib.metadata import version

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from rouge_score import rouge_scorer
from scipy import ndimage
from sklearn import metrics as m
from stats import VERSIONS, write

warnings.filterwarnings("ignore")
VERSIONS.update({name: version(name) for name in ("rouge-score", "pycocotools")})


def labels(seed, n, k):
    random = np.random.default_rng(seed)
    truth = (random.random((n, k)) < [0.5, 0.3, 0.15, 0.4][:k]).astype(int)
    said = np.where(random.random((n, k)) < 0.2, 1 - truth, truth)
    weights = random.gamma(2.0, 1.0, n)
    return {
        "truth": truth.T, "said": said.T, "weights": weights,
        "metrics": [{
            **{f"multilabel_f1_{a}": m.f1_score(truth, said, average=a, sample_weight=w) for a in ("micro", "macro", "samples")},
            "hamming_loss": m.hamming_loss(truth, said, sample_weight=w),
            "subset_accuracy": m.accuracy_score(truth, said, sample_weight=w),
        } for w in (None, weights)],
    }


def squad(text):
    """normalize_answer of the evaluation script of SQuAD 1.1."""
    text = "".join(c for c in text.lower() if c not in set(string.punctuation))
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


def squad_f1(reference, answer):
    left, right = squad(reference).split(), squad(answer).split()
    if not left or not right:
        return float(left == right)
    same = sum((collections.Counter(left) & collections.Counter(right)).values())
    return 0.0 if same == 0 else 2 * same / (len(left) + len(right))


def texts():
    random = np.random.default_rng(11)
    words = "the a an cat dog sat on mat. It's 3.5 ROUGE-L the-end never, river Zürich naïve x2 well-known (see) end".split()
    pairs = [("", ""), ("The cat.", "cat"), ("the", ""), ("a b c", "c b a"), ("Answer: 42!", "answer 42"), ("ÄÖ ü", "äö Ü")]
    for _ in range(60):
        reference = list(random.choice(words, random.integers(1, 14)))
        answer = [w for w in reference if random.random() < 0.7] + list(random.choice(words, random.integers(0, 5)))
        random.shuffle(answer) if random.random() < 0.3 else None
        pairs.append((" ".join(reference), " ".join(answer)))
    scorer = rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=False)
    scores = [scorer.score(r, a) for r, a in pairs]
    return {
        "pairs": pairs,
        "exact_match": [int(squad(r) == squad(a)) for r, a in pairs],
        "token_f1": [squad_f1(r, a) for r, a in pairs],
        "rouge_1": [s["rouge1"].fmeasure for s in scores],
        "rouge_2": [s["rouge2"].fmeasure for s in scores],
        "rouge_l": [s["rougeL"].fmeasure for s in scores],
    }


def series():
    random = np.random.default_rng(12)
    t = np.arange(120)
    observed = np.round(50 + 10 * np.sin(t * 2 * np.pi / 7) + random.normal(0, 2, 120), 3)
    predicted = np.round(observed + random.normal(0, 1.5, 120), 3)
    labels = (random.random(120) < 0.12).astype(int)
    labels[40:46] = 1
    alarms = np.where(random.random(120) < 0.08, 1 - labels, labels)
    runs, found = ndimage.label(labels)
    said, alarmed = ndimage.label(alarms)
    return {
        "observed": observed, "predicted": predicted, "labels": labels, "alarms": alarms,
        "mase": {str(p): np.mean(np.abs(observed - predicted)) / np.mean(np.abs(observed[p:] - observed[:-p])) for p in (1, 7)},
        "range_recall": np.mean([alarms[runs == i + 1].any() for i in range(found)]),
        "range_precision": np.mean([labels[said == i + 1].any() for i in range(alarmed)]),
    }


def masks():
    random = np.random.default_rng(13)
    truth = random.choice(3, 800, p=[0.6, 0.3, 0.1])
    said = np.where(random.random(800) < 0.25, random.choice(3, 800), truth)
    return {
        "truth": truth, "said": said,
        "jaccard": m.jaccard_score(truth == 1, said == 1),
        "jaccard_macro": m.jaccard_score(truth, said, average="macro"),
    }


def boxes(seed, images, classes):
    random = np.random.default_rng(seed)
    rows, truths, predicted = [], [], []
    for image in range(1, images + 1):
        for _ in range(random.integers(0, 6)):
            x, y, w, h = *random.integers(0, 60, 2), *random.integers(5, 40, 2)
            kind = int(random.integers(1, classes + 1))
            truths.append({"id": len(truths) + 1, "image_id": image, "category_id": kind, "bbox": [int(x), int(y), int(w), int(h)],
                           "area": int(w * h), "iscrowd": 0})
            rows.append([image, 1, kind, int(x), int(y), int(x + w), int(y + h), 0])
            for _ in range(random.integers(0, 3)):
                dx, dy, dw, dh = random.integers(-4, 5, 4)
                bw, bh = max(1, int(w + dw)), max(1, int(h + dh))
                said = kind if random.random() < 0.85 else int(random.integers(1, classes + 1))
                score = round(float(random.random()), 6)
                predicted.append({"image_id": image, "category_id": said, "bbox": [int(x + dx), int(y + dy), bw, bh], "score": score})
                rows.append([image, 0, said, int(x + dx), int(y + dy), int(x + dx) + bw, int(y + dy) + bh, score])
        if random.random() < 0.4:
            x, y, score = *random.integers(0, 60, 2), round(float(random.random()), 6)
            kind = int(random.integers(1, classes + 1))
            predicted.append({"image_id": image, "category_id": kind, "bbox": [int(x), int(y), 12, 9], "score": score})
            rows.append([image, 0, kind, int(x), int(y), int(x) + 12, int(y) + 9, score])
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = {"info": {}, "images": [{"id": i} for i in range(1, images + 1)],
                        "categories": [{"id": c} for c in range(1, classes + 1)], "annotations": truths}
        coco.createIndex()
        evaluation = COCOeval(coco, coco.loadRes(predicted), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
    precision = evaluation.eval["precision"][:, :, :, 0, 2]
    at = lambda of: float(np.mean(of[of > -1]))
    return {"rows": rows, "detection_map": at(precision), "detection_map_at": {"0.5": at(precision[0]), "0.75": at(precision[5])}}


if __name__ == "__main__":
    write("more-metrics", {
        "labels": [labels(1, 50, 3), labels(2, 300, 4)], "texts": texts(), "series": series(), "masks": masks(),
        "boxes": [boxes(3, 8, 2), boxes(4, 40, 4)],
    })

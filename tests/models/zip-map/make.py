"""Classifiers as skl2onnx writes them unless it is told otherwise: the probabilities behind a ZipMap. Each with what onnxruntime for Python
answers of some rows. Run by hand: python make.py, with scikit-learn, skl2onnx and onnxruntime."""

import json
import os

import numpy as np
import onnxruntime
import skl2onnx
import sklearn
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

HERE = os.path.dirname(os.path.abspath(__file__))
random = np.random.default_rng(7)
n = 400
a, b = random.normal(size=n).astype(np.float32), random.normal(size=n).astype(np.float32)
town = random.choice(["Ulm", "Gera", "Kiel"], size=n)
numbers = np.column_stack([a, b])
late = (a + 0.5 * random.normal(size=n) > 0).astype(np.int64)
grade = np.where(a + b > 0.7, "high", np.where(a - b > 0.5, "middle", "low"))
shown = 24


def row_of(i):
    return {"a": float(a[i]), "b": float(b[i]), "town": str(town[i])}


def written(name, model, inputs, feeds):
    # As people call it, with no options: labels, and a sequence of maps.
    file = to_onnx(model, initial_types=inputs).SerializeToString()
    with open(os.path.join(HERE, f"{name}.onnx"), "wb") as out:
        out.write(file)
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    labels, maps = session.run(None, feeds)
    return {
        "outputs": [each.name for each in session.get_outputs()],
        "labels": labels.tolist(),
        "probabilities": [{str(key): float(value) for key, value in each.items()} for each in maps],
    }


def main():
    frame = {"a": a[:, None], "b": b[:, None], "town": town[:, None].astype(object)}
    encoded = ColumnTransformer([("numbers", StandardScaler(), [0, 1]), ("town", OneHotEncoder(), [2])])
    mixed = np.column_stack([a, b, town]).astype(object)
    answers = {
        "forest": written(
            "forest",
            RandomForestClassifier(n_estimators=4, max_depth=3, random_state=1).fit(numbers, late),
            [("features", FloatTensorType([None, 2]))],
            {"features": numbers[:shown]},
        ),
        "grades": written(
            "grades",
            make_pipeline(StandardScaler(), LogisticRegression()).fit(numbers, grade),
            [("features", FloatTensorType([None, 2]))],
            {"features": numbers[:shown]},
        ),
        "columns": written(
            "columns",
            make_pipeline(encoded, LogisticRegression()).fit(mixed, grade),
            [("a", FloatTensorType([None, 1])), ("b", FloatTensorType([None, 1])), ("town", StringTensorType([None, 1]))],
            {name: cells[:shown] for name, cells in frame.items()},
        ),
    }
    versions = {"scikit-learn": sklearn.__version__, "skl2onnx": skl2onnx.__version__, "onnxruntime": onnxruntime.__version__}
    told = {"versions": versions, "rows": [row_of(i) for i in range(shown)], "answers": answers}
    with open(os.path.join(HERE, "answers.json"), "w", encoding="utf-8") as out:
        json.dump(told, out, indent=1, sort_keys=True)
        out.write("\n")


if __name__ == "__main__":
    main()

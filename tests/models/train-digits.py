"""Trains a classifier on handwritten digits (UCI 80, CC BY 4.0, as scikit-learn brings them) and writes the test half as plain PGM-like JSON."""

import json
import sys
from pathlib import Path

import joblib
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

folder = Path(sys.argv[1])
digits = load_digits()
# As an 8-bit image has them, 0 to 255; a model of a person asks for 0 to 1.
images = digits.data * 255 / 16 / 255
model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000)).fit(images[:1000], digits.target[:1000])
joblib.dump(model, folder / "digits.joblib")
held = slice(1000, 1200)
(folder / "digits.json").write_text(
    json.dumps(
        {
            "pixels": (digits.data[held] * 255 / 16).round().astype(int).tolist(),
            "labels": digits.target[held].tolist(),
            "says": model.predict((digits.data[held] * 255 / 16).round() / 255).tolist(),
        }
    )
)

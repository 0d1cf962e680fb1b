"""Trains a model of each library on made-up applicants, and writes what each says of the rows beside them: its own word, not ours."""

import sys
from pathlib import Path

import joblib
import lightgbm
import mlflow.models
import mlflow.sklearn
import numpy
import pandas
import skops.io
import xgboost
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

folder = Path(sys.argv[1])
random = numpy.random.default_rng(7)
rows = 300
frame = pandas.DataFrame(
    {
        "age": random.integers(18, 80, rows),
        "income": random.normal(40_000, 9_000, rows).round(2),
        "town": random.choice(["Ulm", "Gera", "Kiel"], rows),
    }
)
frame.loc[::17, "income"] = numpy.nan
default = (frame["age"] < 35) ^ (random.random(rows) < 0.2)
numbers = frame[["age", "income"]]

pipeline = make_pipeline(
    ColumnTransformer(
        [
            ("number", SimpleImputer(), ["age", "income"]),
            ("town", OneHotEncoder(handle_unknown="ignore"), ["town"]),
        ]
    ),
    RandomForestClassifier(n_estimators=20, random_state=1),
).fit(frame, default)
joblib.dump(pipeline, folder / "pipeline.joblib")

logistic = make_pipeline(SimpleImputer(), LogisticRegression()).fit(numbers, default)
skops.io.dump(logistic, folder / "logistic.skops")

regression = GradientBoostingRegressor(random_state=1).fit(numbers.fillna(0).to_numpy(), frame["age"] * 2.0)
joblib.dump(regression, folder / "regression.pkl")

booster = lightgbm.train(
    {"objective": "binary", "verbose": -1, "seed": 1, "deterministic": True},
    lightgbm.Dataset(numbers, default),
    10,
)
booster.save_model(folder / "booster.lgb")

trees = xgboost.train({"objective": "binary:logistic", "seed": 1}, xgboost.DMatrix(numbers, default), 10)
trees.save_model(folder / "trees.ubj")

mlflow.sklearn.save_model(
    logistic,
    folder / "mlflow",
    signature=mlflow.models.infer_signature(numbers, logistic.predict(numbers)),
    pip_requirements=["scikit-learn"],
    skops_trusted_types=["numpy.dtype"],
)

truth = {
    "pipeline": pipeline.predict_proba(frame)[:, 1],
    "answer": pipeline.predict(frame).astype(int),
    "logistic": logistic.predict_proba(numbers)[:, 1],
    "regression": regression.predict(numbers.fillna(0).to_numpy()),
    "booster": booster.predict(numbers),
    "trees": trees.predict(xgboost.DMatrix(numbers)),
    "mlflow": logistic.predict(numbers).astype(int),
}
filled = numbers["income"].fillna(0)
columns = {f"says_{name}": values for name, values in truth.items()}
frame.assign(default=default.astype(int), filled=filled, **columns).to_csv(folder / "rows.csv", index=False)

"""Writes data, models and golden files of this folder. Needs requirements.txt; run it from anywhere.

    python tests/independent/make.py            everything
    python tests/independent/make.py golden     golden files only; data and models as they are
"""

import csv
import json
import random
import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ACCOUNTS = HERE.parent.parent / "examples" / "credit-default" / "data" / "accounts.parquet"


def write_data():
    """300 rows with every kind of cell that is easy to get wrong."""
    draw = random.Random(20)
    texts = ["abc", "ABC", "straße", "zz", "ä", "mno", "", "n,o", 'quo"te', "fed", "漢字xyz", "😀", "Zebra z", "line z"]
    with open(HERE / "data" / "mixed.csv", "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["k", "i", "x", "b", "c", "t", "at", "n"])
        for k in range(300):
            i = draw.choice(["NA", draw.randint(-1000, 1000), draw.randint(-5, 5), draw.randint(-1000, 1000)])
            x = draw.choice(["", "nan", "inf", "-inf", 0.0, -0.0, 1e300, *[round(draw.gauss(5, 20), 3) for _ in range(33)]])
            b = draw.choice(["0", "1", "1", "NA"])
            c = draw.choice(["a", "a", "b", "ä", "NA"])
            t = draw.choice(["NA", *texts])
            at = draw.choice(["NA", f"2024-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}T{draw.randint(0, 23):02}:30:00Z", f"2023-{draw.randint(2, 12):02}-05T12:00:00Z"])
            out.writerow([k, i, x, b, c, t, at, draw.randint(0, 6)])


def write_plain():
    """The same 400 rows as CSV, Parquet and JSON."""
    from datetime import datetime, timedelta, timezone

    import pyarrow
    import pyarrow.parquet

    draw = random.Random(7)
    rows = []
    for k in range(400):
        maybe = lambda value, share=0.1: None if draw.random() < share else value
        rows.append(
            {
                "k": k,
                "i": maybe(draw.randint(-(10**6), 10**6)),
                "x": maybe(draw.gauss(10, 4)),
                "b": maybe(draw.random() < 0.3),
                "c": maybe(draw.choice("aab")),
                "t": maybe(draw.choice(["alpha", "beta", "über", "a", 'with "quotes", and comma', "42"])),
                "at": maybe(datetime(2024, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=draw.randint(0, 10**7))),
            }
        )
    times = pyarrow.timestamp("us", tz="UTC")
    types = {"k": pyarrow.int64(), "i": pyarrow.int32(), "x": pyarrow.float64(), "b": pyarrow.bool_(), "c": pyarrow.string(), "t": pyarrow.string(), "at": times}
    table = pyarrow.Table.from_pylist(rows, schema=pyarrow.schema(list(types.items())))
    pyarrow.parquet.write_table(table, HERE / "data" / "plain.parquet")
    plain = [{**row, "at": row["at"] and row["at"].strftime("%Y-%m-%dT%H:%M:%SZ")} for row in rows]
    (HERE / "data" / "plain.json").write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")
    with open(HERE / "data" / "plain.csv", "w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, list(types), lineterminator="\n")
        out.writeheader()
        for row in plain:
            shown = {name: "NA" if value is None else value for name, value in row.items()}
            out.writerow({**shown, "b": {True: "true", False: "false"}.get(row["b"], "NA")})


def write_models():
    """A logistic regression and a small forest by scikit-learn, written by its converter, skl2onnx."""
    import numpy as np
    import pyarrow.parquet
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import FloatTensorType

    columns = ["limit_bal", "sex", "age", "pay_0", "pay_2", "bill_amt1"]
    table = pyarrow.parquet.read_table(ACCOUNTS).to_pandas()
    train = table[table.split == "train"]
    features, labels = train[columns].to_numpy(np.float32), train.default.to_numpy()
    models = {
        "logistic": make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)),
        "linear": make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)),
        "forest": RandomForestClassifier(12, max_depth=5, random_state=0),
    }
    for name, model in models.items():
        model.fit(features, labels)
        options = {id(model if name == "forest" else model[-1]): {"zipmap": False, "raw_scores": name == "linear"}}
        types = [("X", FloatTensorType([None, len(columns)]))]
        converted = to_onnx(model, initial_types=types, options=options, target_opset={"": 17, "ai.onnx.ml": 3})
        (HERE / "models" / f"{name}.onnx").write_bytes(converted.SerializeToString())


def write_golden():
    import oracle

    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        for part in ("data", "models"):
            shutil.copytree(HERE / part, project / part)
        shutil.copy(ACCOUNTS, project / "data" / "accounts.parquet")
        for spec in sorted((HERE / "specs").glob("*.plumb.yaml")):
            shutil.copy(spec, project / spec.name)
            results = oracle.Oracle(project / spec.name).run()
            name = spec.name.removesuffix(".plumb.yaml")
            lines = ",\n".join(json.dumps(result, ensure_ascii=False) for result in results)
            (HERE / "golden" / f"{name}.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
            print(name, len(results))


if __name__ == "__main__":
    if sys.argv[1:] != ["golden"]:
        write_data()
        write_plain()
        write_models()
    write_golden()

"""The training stage in Python: scikit-learn's boosted trees with monotone constraints, written as ONNX."""

import argparse
import json
import os
import sys

import duckdb
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.ensemble import HistGradientBoostingClassifier

LABEL = "default"
NOT_FEATURES = {"id", "split", LABEL}
OPSETS = {"": 17, "ai.onnx.ml": 3}
# Leaves are rounded to multiples of 2^-16: sums up to 256 are then exact in float32, in any order of the trees.
STEP = 2.0**-16
# Rounding moves the log odds by at most half a step a tree, and the risk by at most a quarter of that.
TOLERANCE_PER_TREE = STEP / 8


def names(text):
    return [part.strip() for part in text.split(",") if part.strip()]


def read_table(path, splits):
    """All feature columns of the given splits by name, in the order of the file, and the labels."""
    rows = duckdb.connect().execute(
        "SELECT * FROM read_parquet($path) WHERE list_contains($splits, split) ORDER BY id",
        {"path": path, "splits": splits},
    )
    columns = rows.fetchnumpy()
    labels = np.asarray(columns[LABEL]).astype(int)
    if len(labels) == 0:
        sys.exit(f"train.py: {path} has no rows in the splits {', '.join(splits)}")
    return {name: np.asarray(values) for name, values in columns.items() if name not in NOT_FEATURES}, labels


def regressor(classifier):
    """The converter's TreeEnsembleClassifier as the regressor of its log odds: same trees, one number a row.

    The classifier would end in a float32 sigmoid, which is not monotone in onnxruntime; and a sigmoid of our own after
    it would be a second one.
    """
    given = {attribute.name: helper.get_attribute_value(attribute) for attribute in classifier.attribute}
    kept = {name: value for name, value in given.items() if name.startswith("nodes_")}
    on_grid = lambda values: [float(value) for value in np.round(np.asarray(values) / STEP) * STEP]
    return helper.make_node(
        "TreeEnsembleRegressor",
        ["features"],
        ["log_odds"],
        domain="ai.onnx.ml",
        **kept,
        target_treeids=given["class_treeids"],
        target_nodeids=given["class_nodeids"],
        target_ids=given["class_ids"],
        target_weights=on_grid(given["class_weights"]),
        base_values=on_grid(given["base_values"]),
        n_targets=1,
        post_transform="NONE",
    )


def to_graph(model, columns, features):
    """One input a column -> float -> trees -> double -> sigmoid -> float: the graph of ../trainer/onnx.js."""
    converted = to_onnx(
        model,
        initial_types=[("features", FloatTensorType([None, len(features)]))],
        options={id(model): {"zipmap": False, "raw_scores": True}},
        target_opset=OPSETS,
    )
    (trees,) = [node for node in converted.graph.node if node.op_type == "TreeEnsembleClassifier"]
    kinds = {name: TensorProto.INT64 if values.dtype.kind == "i" else TensorProto.FLOAT for name, values in columns.items()}
    nodes = [
        *[helper.make_node("Cast", [name], [f"{name}:float"], to=TensorProto.FLOAT) for name in features],
        helper.make_node("Concat", [f"{name}:float" for name in features], ["features"], axis=1),
        regressor(trees),
        helper.make_node("Cast", ["log_odds"], ["log_odds:double"], to=TensorProto.DOUBLE),
        helper.make_node("Sigmoid", ["log_odds:double"], ["risk:double"]),
        helper.make_node("Cast", ["risk:double"], ["risk"], to=TensorProto.FLOAT),
    ]
    inputs = [helper.make_tensor_value_info(name, kind, ["N", 1]) for name, kind in kinds.items()]
    outputs = [helper.make_tensor_value_info("risk", TensorProto.FLOAT, ["N", 1])]
    file = helper.make_model(
        helper.make_graph(nodes, "trees", inputs, outputs),
        producer_name="credit-default-example (scikit-learn)",
        opset_imports=[helper.make_opsetid(domain, version) for domain, version in OPSETS.items()],
        ir_version=8,
    )
    onnx.checker.check_model(file)
    return file


def run(file, columns):
    session = onnxruntime.InferenceSession(file.SerializeToString(), providers=["CPUExecutionProvider"])
    kinds = {"i": np.int64, "f": np.float32}
    feeds = {name: values.astype(kinds[values.dtype.kind]).reshape(-1, 1) for name, values in columns.items()}
    return session.run(["risk"], feeds)[0].ravel()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="data/accounts.parquet")
    parser.add_argument("--split", type=names, default=["train"])
    parser.add_argument("--without", type=names, default=[])
    parser.add_argument("--increasing", type=names, default=[])
    parser.add_argument("--decreasing", type=names, default=[])
    parser.add_argument("--trees", type=int, default=150)
    parser.add_argument("--depth", type=int, default=4)
    parser.add_argument("--rate", type=float, default=0.05)
    parser.add_argument("--min-rows", type=int, default=60)
    parser.add_argument("--l2", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()

    columns, labels = read_table(options.data, options.split)
    features = [name for name in columns if name not in options.without]
    unknown = [name for name in options.without if name not in columns]
    unknown += [name for name in options.increasing + options.decreasing if name not in features]
    if unknown:
        parser.error(f"not among the features: {', '.join(unknown)}")
    signs = [(name in options.increasing) - (name in options.decreasing) for name in features]
    table = np.column_stack([columns[name].astype(np.float32) for name in features])
    model = HistGradientBoostingClassifier(
        max_iter=options.trees,
        max_depth=options.depth,
        max_leaf_nodes=None,
        learning_rate=options.rate,
        min_samples_leaf=options.min_rows,
        l2_regularization=options.l2,
        monotonic_cst=signs,
        early_stopping=False,
        random_state=options.seed,
    ).fit(table, labels)

    file = to_graph(model, columns, features)
    notes = {"splits": ",".join(options.split), "rows": str(len(labels)), "features": json.dumps(features)}
    helper.set_model_props(file, notes)
    difference = np.abs(run(file, columns) - model.predict_proba(table)[:, 1]).max()
    if not difference <= TOLERANCE_PER_TREE * (options.trees + 1) + 1e-6:
        sys.exit(f"train.py: onnxruntime differs from scikit-learn by {difference}; nothing written")
    os.makedirs(os.path.dirname(options.out) or ".", exist_ok=True)
    onnx.save(file, f"{options.out}.part")
    os.replace(f"{options.out}.part", options.out)
    print(f"{options.out}: trees on {len(labels)} rows x {len(features)} features; onnxruntime agrees to {difference:.1e}")


if __name__ == "__main__":
    main()

"""python pandera-polars.py <parquet> <checks.json>: as pandera-pandas.py, on a polars frame; NaN is made null, as the others have it."""
import json
import os
import sys
import warnings

warnings.filterwarnings("ignore")
import pandera.polars as pa
import polars as pl

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cost import report, used


def check_of(index, check):
    kind, name = check["kind"], f"c{index}"
    if kind == "in-set":
        return pa.Check.isin(check["values"], name=name)
    if kind == "regex":
        return pa.Check.str_matches(check["pattern"], name=name)
    if kind == "between":
        return pa.Check.in_range(check["least"], check["most"], name=name)
    if kind == "length":
        return pa.Check.str_length(check["least"], check["most"], name=name)

    def whole(data):
        column = pl.col(data.key)
        if kind == "not-null":
            holds = column.is_not_null().mean() >= check.get("mostly", 1.0)
        else:
            value = {"mean": column.mean, "stdev": column.std, "distinct": column.drop_nulls().n_unique}[kind]()
            holds = (value >= check["least"]) & (value <= check["most"])
        return data.lazyframe.select(holds).collect().item()

    return pa.Check(whole, name=name, ignore_na=False)


with open(sys.argv[2], encoding="utf-8") as file:
    checks = json.load(file)
before = used()
frame = pl.read_parquet(sys.argv[1]).with_columns(pl.col("score").fill_nan(None))
columns = {}
for index, check in enumerate(checks):
    columns.setdefault(check["column"], []).append(check_of(index, check))
schema = pa.DataFrameSchema({name: pa.Column(checks=of, nullable=True) for name, of in columns.items()})
failed = set()
try:
    schema.validate(frame, lazy=True)
except pa.errors.SchemaErrors as errors:
    failed = {each.check.name for each in errors.schema_errors}
report(before, [f"c{index}" not in failed for index in range(len(checks))])

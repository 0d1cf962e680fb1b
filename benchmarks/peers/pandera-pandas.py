"""python pandera-pandas.py <parquet> <checks.json>: one lazy validation of a schema with all checks."""
import json
import os
import sys
import warnings

os.environ["DISABLE_PANDERA_IMPORT_WARNING"] = "True"
warnings.filterwarnings("ignore")
import pandas as pd
import pandera.pandas as pa

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cost import report, used


def check_of(index, check):
    kind, name = check["kind"], f"c{index}"
    if kind == "not-null":
        return pa.Check(lambda s, least=check.get("mostly", 1.0): s.notna().mean() >= least, name=name, ignore_na=False)
    if kind == "in-set":
        return pa.Check.isin(check["values"], name=name)
    if kind == "regex":
        return pa.Check.str_matches(check["pattern"], name=name)
    least, most = check["least"], check["most"]
    if kind == "between":
        return pa.Check.in_range(least, most, name=name)
    if kind == "length":
        return pa.Check.str_length(least, most, name=name)
    if kind == "distinct":
        return pa.Check(lambda s: least <= s.nunique() <= most, name=name)
    return pa.Check(lambda s: least <= (s.mean() if kind == "mean" else s.std()) <= most, name=name)


with open(sys.argv[2], encoding="utf-8") as file:
    checks = json.load(file)
before = used()
frame = pd.read_parquet(sys.argv[1])
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

"""python great-expectations.py <parquet> <checks.json>: one validation of a suite, results as the summary has them."""
import json
import logging
import os
import sys
import warnings

os.environ["GX_ANALYTICS_ENABLED"] = "false"
warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cost import report, used


def expectation(check):
    column, kind = check["column"], check["kind"]
    more = {"mostly": check["mostly"]} if "mostly" in check else {}
    if kind == "not-null":
        return gxe.ExpectColumnValuesToNotBeNull(column=column, **more)
    if kind == "in-set":
        return gxe.ExpectColumnValuesToBeInSet(column=column, value_set=check["values"])
    if kind == "regex":
        return gxe.ExpectColumnValuesToMatchRegex(column=column, regex=check["pattern"])
    classes = {
        "between": gxe.ExpectColumnValuesToBeBetween,
        "length": gxe.ExpectColumnValueLengthsToBeBetween,
        "mean": gxe.ExpectColumnMeanToBeBetween,
        "stdev": gxe.ExpectColumnStdevToBeBetween,
        "distinct": gxe.ExpectColumnUniqueValueCountToBeBetween,
    }
    return classes[kind](column=column, min_value=check["least"], max_value=check["most"], **more)


with open(sys.argv[2], encoding="utf-8") as file:
    checks = json.load(file)
before = used()
frame = pd.read_parquet(sys.argv[1])
context = gx.get_context(mode="ephemeral")
context.variables.progress_bars = {"globally": False}
batch = context.data_sources.add_pandas("p").add_dataframe_asset("a").add_batch_definition_whole_dataframe("b").get_batch({"dataframe": frame})
suite = gx.ExpectationSuite(name="s", expectations=[expectation(check) for check in checks])
result = batch.validate(suite, result_format="SUMMARY")
by_key = {}
for each in result.results:
    config = each.expectation_config
    by_key.setdefault((config.type, config.kwargs["column"]), []).append(bool(each.success))
verdicts = []
for check in checks:
    one = expectation(check)
    verdicts.append(by_key[(one.expectation_type, check["column"])].pop(0))
report(before, verdicts)

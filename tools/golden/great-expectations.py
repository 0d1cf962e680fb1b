"""Answers of Great Expectations to the cases in conformance/import/great-expectations/cases, or in another folder: rewrites the `out` of every test.

    pip install great_expectations pandas
    python tools/golden/great-expectations.py [FOLDER]

An expectation that raises, or whose metric fails, has `{"traceback_substring": ""}`: it has no answer.
"""
import json
import math
import pathlib
import sys
import warnings

warnings.filterwarnings("ignore")
import great_expectations as gx  # noqa: E402
import great_expectations.expectations as gxe  # noqa: E402
import pandas as pd  # noqa: E402

OWN = pathlib.Path(__file__).parents[2] / "conformance/import/great-expectations/cases"
FOLDER = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else OWN
context = gx.get_context(mode="ephemeral")
context.variables.progress_bars = {"globally": False}


def class_of(name):
    words = "".join(part[:1].upper() + part[1:] for part in name.split("_"))
    found = getattr(gxe, words, None) or getattr(gxe, words.replace("Kl", "KL"), None)
    if found is None:
        raise KeyError(name)
    return found


def plain(value):
    if value is None or type(value) in (bool, str, int):
        return value
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return plain(value.item()) if hasattr(value, "item") else str(value)


def frame(dataset):
    table = pd.DataFrame({name: pd.Series(cells, dtype=object if not cells else None) for name, cells in dataset["data"].items()})
    for name, kind in dataset.get("schemas", {}).get("pandas", {}).items():
        if name not in table:
            continue
        table[name] = pd.to_datetime(table[name]) if kind.startswith("datetime") else table[name].astype(kind)
    return table


def answer(name, kwargs, batch):
    try:
        result = batch.validate(class_of(name)(**kwargs), result_format="COMPLETE").to_json_dict()
    except Exception as error:  # noqa: BLE001
        return {"traceback_substring": "", "because": str(error).split("\n")[-1][:120]}
    info = result.get("exception_info") or {}
    flat = [info] if "raised_exception" in info else list(info.values())
    if any(each.get("raised_exception") for each in flat):
        return {"traceback_substring": "", "because": str(flat[0].get("exception_message"))[:120]}
    found = result["result"]
    out = {"success": bool(result["success"])}
    if "observed_value" in found:
        out["observed_value"] = plain(found["observed_value"])
    if "unexpected_count" in found and found["unexpected_count"] <= 20:
        out["unexpected_list"] = plain(found.get("partial_unexpected_list", []))
    for name in ("element_count", "missing_count", "unexpected_count"):
        if name in found:
            out[name] = plain(found[name])
    return out


for number, path in enumerate(sorted(FOLDER.glob("*.json"))):
    definition = json.loads(path.read_text())
    for at, dataset in enumerate(definition["datasets"]):
        asset = context.data_sources.add_pandas(f"p{number}_{at}").add_dataframe_asset("a")
        batch = asset.add_batch_definition_whole_dataframe("b").get_batch({"dataframe": frame(dataset)})
        for test in dataset["tests"]:
            test["out"] = answer(definition["expectation_type"], test["in"], batch)
    lines = json.dumps(definition, indent=1, ensure_ascii=False)
    path.write_text(lines + "\n")
    print(path.name, gx.__version__)

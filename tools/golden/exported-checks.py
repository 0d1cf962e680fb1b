"""Answers of Great Expectations and dbt to what `plumb emit` writes of the cases in conformance/export.

    pip install great_expectations pandas        (for --tool great-expectations)
    pip install dbt-core dbt-duckdb              (for --tool dbt; --dbt-utils names a checkout of dbt-labs/dbt-utils)
    python tools/golden/exported-checks.py --tool great-expectations
    python tools/golden/exported-checks.py --tool dbt --dbt-utils DIR

Writes `answers.<tool>.json` beside each case: by clause, whether all of its checks pass. The tests only read these files.
"""
import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")
CASES = pathlib.Path(__file__).parents[2] / "conformance/export"


def great_expectations(case):
    import great_expectations as gx
    import pandas as pd

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    document = json.loads((case / "great-expectations.json").read_text())
    frame = pd.read_csv(case / "data" / f"{document['name']}.csv")
    batch = context.data_sources.add_pandas("case").add_dataframe_asset("rows").add_batch_definition_whole_dataframe("all")
    suite = gx.ExpectationSuite(**document)
    results = batch.get_batch({"dataframe": frame}).validate(suite, result_format="BASIC").to_json_dict()["results"]
    answers = {}
    for result in results:
        info = result.get("exception_info") or {}
        flat = [info] if "raised_exception" in info else list(info.values())
        if any(each.get("raised_exception") for each in flat):
            raise SystemExit(f"{result['expectation_config']} raises: {flat}")
        clause = result["expectation_config"]["meta"]["plumbline"]["clause"]
        answers[clause] = answers.get(clause, True) and bool(result["success"])
    return answers


PROJECT = """name: exported
version: '1.0'
profile: exported
model-paths: [models]
"""
PROFILES = """exported:
  target: here
  outputs:
    here: { type: duckdb, path: exported.duckdb }
"""


def dbt(case, dbt_utils):
    import yaml

    document = yaml.safe_load((case / "dbt.yml").read_text())
    with tempfile.TemporaryDirectory() as folder:
        project = pathlib.Path(folder)
        (project / "models").mkdir()
        (project / "dbt_project.yml").write_text(PROJECT)
        (project / "profiles.yml").write_text(PROFILES)
        (project / "dbt_packages").mkdir()
        shutil.copytree(dbt_utils, project / "dbt_packages" / "dbt_utils")
        (project / "packages.yml").write_text("packages:\n  - local: dbt_packages/dbt_utils\n")
        for model in document["models"]:
            path = (case / "data" / f"{model['name']}.csv").resolve()
            (project / "models" / f"{model['name']}.sql").write_text(
                f"{{{{ config(materialized='table') }}}} select * from read_csv('{path}', header = true)"
            )
        shutil.copy(case / "dbt.yml", project / "models" / "schema.yml")
        command = [str(pathlib.Path(sys.executable).parent / "dbt")]
        common = ["--project-dir", folder, "--profiles-dir", folder, "--no-send-anonymous-usage-stats", "--quiet"]
        subprocess.run([*command, "run", *common], check=True)
        subprocess.run([*command, "test", *common], check=False, stdout=subprocess.DEVNULL)
        results = json.loads((project / "target" / "run_results.json").read_text())["results"]
        nodes = json.loads((project / "target" / "manifest.json").read_text())["nodes"]
    answers = {}
    for result in results:
        if result["status"] == "error":
            raise SystemExit(f"{result['unique_id']}: {result['message']}")
        for clause in nodes[result["unique_id"]]["config"]["meta"]["clauses"]:
            answers[clause] = answers.get(clause, True) and result["status"] == "pass"
    return answers


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", choices=["great-expectations", "dbt"], required=True)
    parser.add_argument("--dbt-utils")
    given = parser.parse_args()
    for case in sorted(path for path in CASES.iterdir() if path.is_dir()):
        answers = great_expectations(case) if given.tool == "great-expectations" else dbt(case, given.dbt_utils)
        (case / f"answers.{given.tool}.json").write_text(json.dumps(answers, indent=2, sort_keys=True) + "\n")
        print(case.name, len(answers), "clauses answered")

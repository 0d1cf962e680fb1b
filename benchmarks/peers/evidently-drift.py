"""python evidently-drift.py <parquet> <rows> <columns>: drift of the second half from the first, by its own default for many rows."""
import os
import sys
import warnings

sys.path = [path for path in sys.path if os.path.abspath(path or ".") != os.path.dirname(os.path.abspath(__file__))]
warnings.filterwarnings("ignore")
import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset

sys.path.append(os.path.dirname(os.path.abspath(__file__)))
from cost import report, used

columns = sys.argv[3].split(",")
half = int(sys.argv[2]) // 2
before = used()
frame = pd.read_parquet(sys.argv[1], columns=["id", *columns])
definition = DataDefinition(numerical_columns=columns)
reference = Dataset.from_pandas(frame[frame["id"] < half][columns], data_definition=definition)
current = Dataset.from_pandas(frame[frame["id"] >= half][columns], data_definition=definition)
result = Report([DataDriftPreset(columns=columns)]).run(current, reference)
found = {}
for metric in result.dict()["metrics"]:
    column = metric.get("config", {}).get("column")
    if column is not None:
        found[column] = float(metric["value"])
report(before, [found[column] for column in columns])

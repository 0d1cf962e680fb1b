"""python deepchecks.py <csv> …: the weak segments of each table by Deepchecks, with its own defaults, as a line of JSON each: lists of row numbers."""

import json
import os
import sys
import warnings

os.environ["DEEPCHECKS_DISABLE_LATEST"] = "1"
# The script is called as the package is.
sys.path = [path for path in sys.path if os.path.abspath(path or ".") != os.path.dirname(os.path.abspath(__file__))]
warnings.filterwarnings("ignore")
import numpy
import pandas
from deepchecks.core.errors import DeepchecksProcessError
from deepchecks.tabular import Dataset
from deepchecks.tabular.checks import WeakSegmentsPerformance

for file in sys.argv[1:]:
    frame = pandas.read_csv(file)
    score = frame.pop("score").to_numpy()
    frame = frame.drop(columns=["id"])
    dataset = Dataset(frame, label="label", cat_features=["region", "kind"])
    try:
        result = WeakSegmentsPerformance().run(
            dataset, y_pred=(score >= 0.5).astype(int), y_proba=numpy.c_[1 - score, score], model_classes=[0, 1]
        )
    except DeepchecksProcessError:
        # Its model of the errors learned nothing: it says so, and names no segment.
        print("[]")
        continue
    found = result.value["weak_segments_list"]
    print(json.dumps([[int(row) for row in rows] for rows in found["Samples in Segment"]]))

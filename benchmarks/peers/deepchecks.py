"""python deepchecks.py <parquet> <checks.json>: the suite of data integrity, with its own defaults (it draws samples in silence)."""
import os
import sys
import warnings

os.environ["DEEPCHECKS_DISABLE_LATEST"] = "1"
sys.path = [path for path in sys.path if os.path.abspath(path or ".") != os.path.dirname(os.path.abspath(__file__))]
warnings.filterwarnings("ignore")
import pandas as pd
from deepchecks.tabular import Dataset
from deepchecks.tabular.suites import data_integrity

sys.path.append(os.path.dirname(os.path.abspath(__file__)))
from cost import report, used

before = used()
frame = pd.read_parquet(sys.argv[1])
dataset = Dataset(frame, index_name="id", datetime_name="placed_at", cat_features=["status", "returning", "channel", "country", "product", "coupon"])
result = data_integrity().run(dataset)
report(before, [len(result.results)])

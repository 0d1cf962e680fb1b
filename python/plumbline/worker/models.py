"""The files of models, each opened by its own library and asked in its own way.

A joblib or pickle file runs code when it is opened: whoever wrote it decides what. skops opens files without that.
"""

import json
from pathlib import Path
from typing import Any

from .answers import WrongShape


def open_model(file: str, kind: str | None, trusted: list[str]) -> "Model":
    """Opens a file by its kind, which its name says where nobody else does."""
    kind = kind or kind_of(file)
    return KINDS[kind](file, trusted)


def kind_of(file: str) -> str:
    path = Path(file)
    if path.is_dir() and (path / "MLmodel").is_file():
        return "mlflow"
    known = {
        ".joblib": "sklearn",
        ".pkl": "sklearn",
        ".pickle": "sklearn",
        ".skops": "skops",
        ".lgb": "lightgbm",
        ".txt": "lightgbm",
        ".ubj": "xgboost",
        ".json": "xgboost",
        ".pt2": "torch",
        ".pt": "torchscript",
    }
    found = known.get(path.suffix)
    if found is None:
        raise ValueError(f'nothing says what "{path.name}" is: name it by --kind ({", ".join(sorted(KINDS))})')
    return found


class Model:
    """A model that answers rows; `says` names the versions of what it runs with."""

    says: dict[str, str] = {}

    def answer(self, rows: Any, outputs: list[dict[str, Any]]) -> dict[str, Any]:
        """For each output an array with a row for each row."""
        raise NotImplementedError


class Estimator(Model):
    """Whatever has the methods of scikit-learn. An output reads the one its `tensor` names; a number of a classifier, probabilities."""

    METHODS = ("predict", "predict_proba", "predict_log_proba", "decision_function", "score_samples", "transform")

    def __init__(self, estimator: Any, says: dict[str, str]):
        self.estimator = estimator
        self.says = {"model": type(estimator).__name__, **says}

    def answer(self, rows: Any, outputs: list[dict[str, Any]]) -> dict[str, Any]:
        rows = self.fitting(rows)
        asked = {method: getattr(self.estimator, method)(rows) for method in {self.method(one) for one in outputs}}
        return {one["name"]: asked[self.method(one)] for one in outputs}

    def method(self, output: dict[str, Any]) -> str:
        named = output.get("tensor")
        if named is None:
            return "predict_proba" if output["type"] == "number" and hasattr(self.estimator, "predict_proba") else "predict"
        if named not in self.METHODS:
            raise ValueError(f'"{named}" is no method that answers rows; known: {", ".join(self.METHODS)}')
        return named

    def fitting(self, rows: Any) -> Any:
        """A model that was fitted without names is given none; else it would warn for each batch."""
        import numpy

        named = hasattr(self.estimator, "feature_names_in_") or hasattr(self.estimator, "steps")
        return rows if named or isinstance(rows, numpy.ndarray) else rows.to_numpy()


class LightgbmBooster(Model):
    def __init__(self, file: str, _trusted: list[str]):
        import lightgbm

        self.booster = lightgbm.Booster(model_file=file)
        self.says = {"model": "lightgbm.Booster", "lightgbm": lightgbm.__version__}

    def answer(self, rows: Any, outputs: list[dict[str, Any]]) -> dict[str, Any]:
        found = self.booster.predict(rows)
        return {one["name"]: found for one in outputs}


class XgboostBooster(Model):
    def __init__(self, file: str, _trusted: list[str]):
        import xgboost

        self.library = xgboost
        self.booster = xgboost.Booster(model_file=file)
        self.says = {"model": "xgboost.Booster", "xgboost": xgboost.__version__}

    def answer(self, rows: Any, outputs: list[dict[str, Any]]) -> dict[str, Any]:
        data = rows if self.booster.feature_names is not None or not hasattr(rows, "to_numpy") else rows.to_numpy()
        found = self.booster.predict(self.library.DMatrix(data))
        return {one["name"]: found for one in outputs}


class MlflowModel(Model):
    def __init__(self, file: str, _trusted: list[str]):
        import mlflow.pyfunc
        import mlflow.version

        self.model = mlflow.pyfunc.load_model(file)
        metadata = self.model.metadata
        self.says = {
            "model": "mlflow.pyfunc",
            "mlflow": mlflow.version.VERSION,
            **({"model_uuid": metadata.model_uuid} if metadata.model_uuid else {}),
        }

    def answer(self, rows: Any, outputs: list[dict[str, Any]]) -> dict[str, Any]:
        found = self.model.predict(rows)
        return {one["name"]: part_of(found, one) for one in outputs}


class TorchProgram(Model):
    """A program that `torch.export.save` wrote: one matrix of float32 in; out a tensor, or several by name or in the order of the outputs."""

    NAME = "torch.export"

    def __init__(self, file: str, _trusted: list[str]):
        import torch

        self.torch = torch
        self.module = self.opened(file)
        self.says = {"model": self.NAME, "torch": torch.__version__}

    def opened(self, file: str) -> Any:
        return self.torch.export.load(file).module()

    def answer(self, rows: Any, outputs: list[dict[str, Any]]) -> dict[str, Any]:
        values = rows.to_numpy(dtype="float32") if hasattr(rows, "to_numpy") else rows.astype("float32")
        with self.torch.no_grad():
            found = self.module(self.torch.from_numpy(values.copy()))
        if isinstance(found, (tuple, list)):
            if len(found) != len(outputs):
                raise WrongShape(f"the model gives {len(found)} tensors for {len(outputs)} outputs")
            return {one["name"]: tensor.numpy(force=True) for one, tensor in zip(outputs, found, strict=True)}
        if isinstance(found, dict):
            return {one["name"]: part_of(found, one).numpy(force=True) for one in outputs}
        return {one["name"]: found.numpy(force=True) for one in outputs}


class TorchScript(TorchProgram):
    """A module that `torch.jit.save` wrote; asked as for predictions (`eval()`), whatever it was saved as."""

    NAME = "torch.jit"

    def opened(self, file: str) -> Any:
        return self.torch.jit.load(file, map_location="cpu").eval()


def part_of(found: Any, output: dict[str, Any]) -> Any:
    """What an output reads of a frame or a mapping: the column of its `tensor`, else of its name, where there is one."""
    name = output.get("tensor", output["name"])
    columns = getattr(found, "columns", None)
    if columns is not None:
        return found[name] if name in columns else found.to_numpy()
    return found[name] if isinstance(found, dict) else found


def open_pickled(file: str, _trusted: list[str]) -> Model:
    import joblib

    return Estimator(joblib.load(file), versions_of("scikit-learn", "joblib"))


def open_skops(file: str, trusted: list[str]) -> Model:
    import skops.io

    unknown = sorted(set(skops.io.get_untrusted_types(file=file)) - set(trusted))
    if unknown:
        raise ValueError(f"the file would load types that nobody trusts: {json.dumps(unknown)}; name each by --trust-type")
    return Estimator(skops.io.load(file, trusted=trusted), versions_of("scikit-learn", "skops"))


def versions_of(*names: str) -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


KINDS = {
    "sklearn": open_pickled,
    "skops": open_skops,
    "lightgbm": LightgbmBooster,
    "xgboost": XgboostBooster,
    "mlflow": MlflowModel,
    "torch": TorchProgram,
    "torchscript": TorchScript,
}

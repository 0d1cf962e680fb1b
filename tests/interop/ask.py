"""Asks a server with tritonclient, as its users do, and prints what came of it as one JSON object."""

import json
import sys

import gevent.ssl  # noqa: F401  before anything opens a socket
import numpy as np
import tritonclient.http as client
from prometheus_client.parser import text_string_to_metric_families
from tritonclient.utils import InferenceServerException

url, model, token = sys.argv[1:4]
asked = client.InferenceServerClient(url.removeprefix("http://"), concurrency=8)
ROWS = {
    "limit_bal": np.array([50000.5, 20000.0]),
    "sex": np.array([1, 2], dtype=np.int64),
    "age": np.array([40, 24], dtype=np.int64),
    "pay_0": np.array([0, 1], dtype=np.int64),
    "pay_2": np.array([0, 2], dtype=np.int64),
    "bill_amt1": np.array([1000.0, -5.25]),
}


def inputs(rows, binary=True):
    tensors = []
    for name, values in rows.items():
        tensor = client.InferInput(name, list(values.shape), "FP64" if values.dtype == np.float64 else "INT64")
        tensor.set_data_from_numpy(values, binary_data=binary)
        tensors.append(tensor)
    return tensors


def matrix(dtype, datatype):
    values = np.stack([column.astype(dtype) for column in ROWS.values()], axis=1)
    tensor = client.InferInput("X", list(values.shape), datatype)
    tensor.set_data_from_numpy(values)
    return [tensor]


def outputs(result):
    return {name: result.as_numpy(name).tolist() for name in ("risk", "decision")}


def refusal(call):
    try:
        call()
        return None
    except InferenceServerException as error:
        return [error.status(), error.message()]


def changed(name, value):
    rows = dict(ROWS)
    rows[name] = np.array([rows[name][0], value], dtype=rows[name].dtype)
    return rows


bearer = {"Authorization": f"Bearer {token}"}
said = {
    "live": asked.is_server_live(),
    "ready": asked.is_server_ready(),
    "modelReady": asked.is_model_ready(model),
    "server": asked.get_server_metadata(),
    "model": asked.get_model_metadata(model),
    "binary": outputs(asked.infer(model, inputs(ROWS), request_id="r-1")),
    "json": outputs(
        asked.infer(
            model,
            inputs(ROWS, binary=False),
            outputs=[client.InferRequestedOutput(name, binary_data=False) for name in ("risk", "decision")],
        )
    ),
    "mixed": outputs(
        asked.infer(
            model,
            inputs(ROWS),
            outputs=[client.InferRequestedOutput("risk"), client.InferRequestedOutput("decision", binary_data=False)],
        )
    ),
    "float32": outputs(asked.infer(model, matrix(np.float32, "FP32"))),
    "float64": outputs(asked.infer(model, matrix(np.float64, "FP64"))),
    "id": asked.infer(model, inputs(ROWS), request_id="r-1").get_response()["id"],
    "rejected": refusal(lambda: asked.infer(model, inputs(changed("age", 7)))),
    "missing": refusal(lambda: asked.infer(model, inputs(changed("limit_bal", np.nan)))),
    "noSuchModel": refusal(lambda: asked.infer("other", inputs(ROWS))),
    "noSuchOutput": refusal(lambda: asked.infer(model, inputs(ROWS), outputs=[client.InferRequestedOutput("x")])),
    "classification": refusal(
        lambda: asked.infer(model, inputs(ROWS), outputs=[client.InferRequestedOutput("risk", class_count=2)])
    ),
    "async": sorted(
        json.dumps(outputs(each.get_result()))
        for each in [asked.async_infer(model, inputs(ROWS)) for _ in range(64)]
    )[::63],
    "index": asked.get_model_repository_index(headers=bearer) if token else None,
    "indexWithout": refusal(lambda: asked.get_model_repository_index()),
    "loadConfig": refusal(lambda: asked.load_model(model, headers=bearer, config="{}")),
}
if token:
    asked.unload_model(model, headers=bearer)
    said["unloaded"] = [asked.is_model_ready(model), refusal(lambda: asked.infer(model, inputs(ROWS)))]
    asked.load_model(model, headers=bearer)
    said["loaded"] = [asked.is_model_ready(model), outputs(asked.infer(model, inputs(ROWS)))]
text = asked._get("metrics", None, None).read().decode()
said["metrics"] = {
    f"{sample.name}{json.dumps(sample.labels)}": sample.value
    for family in text_string_to_metric_families(text)
    for sample in family.samples
    if sample.name == "plumbline_requests_total"
}
said["families"] = {family.name: family.type for family in text_string_to_metric_families(text)}
json.dump(said, sys.stdout)

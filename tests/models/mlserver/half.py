"""A model for MLServer: half of the sum of its two columns."""

from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceRequest, InferenceResponse, ResponseOutput


class Half(MLModel):
    async def load(self) -> bool:
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        columns = {each.name: NumpyCodec.decode_input(each).reshape(-1) for each in payload.inputs}
        risk = (columns["filled"] + columns["age"]) / 2
        return InferenceResponse(
            model_name=self.name,
            model_version=self.version,
            outputs=[ResponseOutput(name="risk", shape=[len(risk)], datatype="FP64", data=risk.tolist())],
        )

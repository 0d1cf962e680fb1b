"""A model for MLServer that misbehaves when it is asked to: by the value of `pay_0`."""

import asyncio

import numpy as np
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceRequest, InferenceResponse, ResponseOutput


class Scorer(MLModel):
    async def load(self) -> bool:
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        columns = {each.name: NumpyCodec.decode_input(each).reshape(-1) for each in payload.inputs}
        # A function that is the same in every arithmetic: fractions of powers of two.
        risk = (columns["age"] - 18) / 128
        wish = int(columns["pay_0"][0])
        if wish == 4:
            raise ValueError("it fails on purpose")
        if wish == 5:
            await asyncio.sleep(30)
        if wish == 6:
            risk = risk * np.nan
        if wish == 7:
            risk = risk + 1
        if wish == 8:
            risk = np.append(risk, 0.5)
        return InferenceResponse(
            model_name=self.name,
            model_version=self.version,
            outputs=[ResponseOutput(name="risk", shape=[len(risk)], datatype="FP64", data=risk.tolist())],
        )

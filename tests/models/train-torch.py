"""Trains a network of PyTorch on made-up applicants, saves it in both of its formats, and writes what it says of the rows beside them."""

import sys
import warnings
from pathlib import Path

import numpy
import pandas
import torch

folder = Path(sys.argv[1])
random = numpy.random.default_rng(7)
rows = 300
frame = pandas.DataFrame({"age": random.integers(18, 80, rows), "income": random.normal(4.0, 0.9, rows).round(4)})
default = ((frame["age"] < 35) ^ (random.random(rows) < 0.2)).astype("float32")

torch.manual_seed(1)


class Risk(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = torch.nn.Sequential(
            torch.nn.Linear(2, 8), torch.nn.ReLU(), torch.nn.Dropout(0.2), torch.nn.Linear(8, 1), torch.nn.Sigmoid()
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layers(x / torch.tensor([50.0, 4.0]))


class Several(torch.nn.Module):
    """Two tensors: the risk, and the class."""

    def __init__(self, risk: Risk) -> None:
        super().__init__()
        self.risk = risk

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        risk = self.risk(x)
        return risk, (risk > 0.5).to(torch.int64)


model = Risk()
x = torch.from_numpy(frame.to_numpy(dtype="float32"))
y = torch.tensor(default.to_numpy(copy=True)).reshape(-1, 1)
optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
for _ in range(60):
    optimizer.zero_grad()
    torch.nn.functional.binary_cross_entropy(model(x), y).backward()
    optimizer.step()
model.eval()

batch = {0: torch.export.Dim("batch", min=1)}
torch.export.save(torch.export.export(model, (x,), dynamic_shapes=(batch,)), folder / "risk.pt2")
torch.export.save(torch.export.export(Several(model), (x,), dynamic_shapes=(batch,)), folder / "several.pt2")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    # As people save it who forget: in training, where dropout would answer otherwise each time.
    scripted = torch.jit.script(Risk())
    scripted.load_state_dict(model.state_dict())
    scripted.train().save(folder / "risk.pt")
torch.save(model.state_dict(), folder / "weights.pt")

with torch.no_grad():
    says = model(x).numpy()[:, 0].astype("float64")
frame.assign(default=default.astype(int), says=says).to_csv(folder / "rows.csv", index=False)

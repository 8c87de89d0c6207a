"""PyTorch's side: one eager training step of the same network, the loss read at each step, no statistics."""
import json, sys, time
import torch

steppers = {}


def stepper(c):
    torch.manual_seed(1)
    layers, width = [], c["inputs"]
    for _ in range(c["depth"]):
        layers += [torch.nn.Linear(width, c["width"]), torch.nn.ReLU() if c["activation"] == "relu" else torch.nn.Sigmoid()]
        width = c["width"]
    net = torch.nn.Sequential(*layers, torch.nn.Linear(width, c["outputs"]))
    for m in net:
        if isinstance(m, torch.nn.Linear):
            torch.nn.init.kaiming_normal_(m.weight) if c["activation"] == "relu" else torch.nn.init.xavier_normal_(m.weight)
            torch.nn.init.zeros_(m.bias)
    x, y = torch.randn(c["batch"], c["inputs"]), torch.randn(c["batch"], c["outputs"])
    optimizer = torch.optim.SGD(net.parameters(), lr=1e-3)
    loss_of = torch.nn.MSELoss()

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(net(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


print("ready " + torch.__version__, flush=True)
for line in sys.stdin:
    ask = json.loads(line)
    key = ask["case"]["name"]
    if key not in steppers:
        steppers[key] = stepper(ask["case"])
        for _ in range(5):
            steppers[key]()
    step = steppers[key]
    start = time.perf_counter()
    for _ in range(ask["steps"]):
        step()
    print("answer %r" % ((time.perf_counter() - start) * 1000 / ask["steps"]), flush=True)

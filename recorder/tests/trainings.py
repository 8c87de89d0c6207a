"""Short trainings of real models. Each has a well-behaved and a failing form, and runs on one thread from one seed.

`python trainings.py DIR` writes their recordings, which the app's tests read: see `NAMES`. That of `keras` needs
KERAS_BACKEND=torch.
"""

import json
import sys
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F

import gradient_clinic as gc
from gradient_clinic.recording import Writer


class MLP(nn.Module):
    def __init__(self, depth=3, width=32, activation=nn.ReLU, inputs=8, outputs=1):
        super().__init__()
        layers = []
        for i in range(depth):
            layers += [nn.Linear(inputs if i == 0 else width, width), activation()]
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(width, outputs)

    def forward(self, x):
        return self.head(self.body(x))


class BasicBlock(nn.Module):
    """He et al. 2016, option A in place of a projection."""

    def __init__(self, inputs, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu1 = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.relu2 = nn.ReLU(inplace=True)
        self.more, self.stride = width - inputs, stride

    def forward(self, x):
        h = self.bn2(self.conv2(self.relu1(self.bn1(self.conv1(x)))))
        short = F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.more))
        h += short
        return self.relu2(h)


class ResNet(nn.Module):
    """ResNet-20 for small images with `blocks=3` and `width=16`."""

    def __init__(self, blocks=3, width=16, classes=10):
        super().__init__()
        self.conv = nn.Conv2d(3, width, 3, 1, 1, bias=False)
        self.bn = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        sizes = [(width, width, 1), (width, 2 * width, 2), (2 * width, 4 * width, 2)]
        self.stages = nn.Sequential(
            *[
                nn.Sequential(*[BasicBlock(a if i == 0 else b, b, s if i == 0 else 1) for i in range(blocks)])
                for a, b, s in sizes
            ]
        )
        self.fc = nn.Linear(4 * width, classes)

    def forward(self, x):
        h = self.stages(self.relu(self.bn(self.conv(x))))
        return self.fc(h.mean((2, 3)))


class LSTMModel(nn.Module):
    def __init__(self, symbols=16, width=32):
        super().__init__()
        self.embedding = nn.Embedding(symbols, width)
        self.lstm = nn.LSTM(width, width, batch_first=True)
        self.out = nn.Linear(width, symbols)

    def forward(self, x):
        return self.out(self.lstm(self.embedding(x))[0])


class SelfAttention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x):
        b, t, c = x.shape
        q, k, v = (y.view(b, t, self.heads, -1).transpose(1, 2) for y in self.qkv(x).chunk(3, -1))
        h = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.proj(h.transpose(1, 2).reshape(b, t, c))


class Block(nn.Module):
    def __init__(self, width, heads, pre):
        super().__init__()
        self.pre = pre
        self.ln1 = nn.LayerNorm(width)
        self.attn = SelfAttention(width, heads)
        self.ln2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x):
        if self.pre:
            x = x + self.attn(self.ln1(x))
            return x + self.mlp(self.ln2(x))
        x = self.ln1(x + self.attn(x))
        return self.ln2(x + self.mlp(x))


class Transformer(nn.Module):
    def __init__(self, layers=3, width=32, heads=4, symbols=16, length=16, pre=True):
        super().__init__()
        self.tok = nn.Embedding(symbols, width)
        self.pos = nn.Embedding(length, width)
        self.blocks = nn.ModuleList([Block(width, heads, pre) for _ in range(layers)])
        self.ln = nn.LayerNorm(width)
        self.head = nn.Linear(width, symbols, bias=False)
        self.head.weight = self.tok.weight

    def forward(self, x):
        h = self.tok(x) + self.pos(torch.arange(x.shape[1]))
        for block in self.blocks:
            h = block(h)
        return self.head(self.ln(h))


class Critic(nn.Module):
    def __init__(self, width=32, depth=4):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(2, width), nn.ReLU(), *[m for _ in range(depth) for m in (nn.Linear(width, width), nn.ReLU())]
        )
        self.out = nn.Linear(width, 1)

    def forward(self, x):
        return self.out(self.layers(x))


def numbers(batch=32, inputs=8):
    x = torch.randn(batch, inputs)
    return x, torch.sin(x[:, :1]) + x[:, 1:2] * x[:, 2:3]


def images(batch=16, classes=10):
    y = torch.randint(classes, (batch,))
    x = torch.randn(batch, 3, 16, 16)
    x[torch.arange(batch), y % 3] += y.view(-1, 1, 1) / 3.0
    return x, y


def words(batch=16, length=16, symbols=16):
    """A sequence that goes on in steps of its own size."""
    start, by = torch.randint(symbols, (batch, 1)), torch.randint(1, 4, (batch, 1))
    s = (start + by * torch.arange(length + 1)) % symbols
    return s[:, :-1], s[:, 1:]


def mse(output, target):
    return ((output - target) ** 2).mean()


def classes(output, target):
    return F.cross_entropy(output.reshape(-1, output.shape[-1]), target.reshape(-1))


def train(model, optimizer, data, loss, steps, watched=True, after=None, **watch):
    """An ordinary loop. Returns the losses, as exact numbers."""
    w = gc.watch(model, optimizer, **watch) if watched else None
    losses = []
    for step in range(steps):
        x, y = data()
        optimizer.zero_grad()
        value = loss(model(x), y)
        value.backward()
        if after:
            after(model, optimizer, step)
        optimizer.step()
        losses.append(value.item())
    if w:
        w.stop()
    return losses


def train_wgan(steps, watched=True, clip=0.05, **watch):
    """Arjovsky 2017: weights of the critic are clipped, and it makes several backward passes a step."""
    critic = Critic()
    generator = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 2))
    of_critic = torch.optim.RMSprop(critic.parameters(), 1e-3)
    of_generator = torch.optim.RMSprop(generator.parameters(), 1e-3)
    w = gc.watch(critic, of_critic, **watch) if watched else None
    losses = []
    for step in range(steps):
        angle = torch.rand(64) * 6.283
        real = torch.stack([angle.cos(), angle.sin()], 1)
        critic.zero_grad()
        of_real = -critic(real).mean()
        of_real.backward()
        fake = generator(torch.randn(64, 2)).detach()
        of_fake = critic(fake).mean()
        of_fake.backward()
        of_critic.step()
        losses.append(of_real.item() + of_fake.item())
        with torch.no_grad():
            for p in critic.parameters():
                p.clamp_(-clip, clip)
        if step % 5 == 4:
            generator.zero_grad()
            (-critic(generator(torch.randn(64, 2))).mean()).backward()
            of_generator.step()
    if w:
        w.stop()
    return losses


def train_keras(steps, **watch):
    """Dense layers with a sigmoid in each, in Keras on PyTorch."""
    import keras

    keras.utils.set_random_seed(1)
    layers = [keras.layers.Dense(32, activation="sigmoid", name=f"dense{i + 1}") for i in range(12)]
    model = keras.Sequential([keras.Input((8,)), *layers, keras.layers.Dense(1, name="head")])
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse")
    x, y = (torch.cat(part).numpy() for part in zip(*(numbers() for _ in range(steps))))
    model.fit(x, y, batch_size=len(x) // steps, epochs=1, shuffle=False, verbose=0, callbacks=[gc.KerasWatch(**watch)])


def adam(model, rate=1e-3):
    return torch.optim.Adam(model.parameters(), rate)


def sgd(model, rate):
    return torch.optim.SGD(model.parameters(), rate)


def made(name, watched=True, **watch):
    """One training by name. Returns its losses."""
    torch.manual_seed(1)
    if name == "mlp":
        model = MLP()
        return train(model, adam(model, 3e-3), numbers, mse, 120, watched, **watch)
    if name == "vanishing":
        model = MLP(depth=12, activation=nn.Sigmoid)
        return train(model, sgd(model, 0.1), numbers, mse, 60, watched, **watch)
    if name == "exploding":
        model = MLP(depth=10)
        for layer in model.body:
            if isinstance(layer, nn.Linear):
                nn.init.normal_(layer.weight, std=3 * (2 / layer.in_features) ** 0.5)
        return train(model, sgd(model, 1e-12), numbers, mse, 40, watched, **watch)
    if name == "nan":
        model = MLP()
        return train(model, sgd(model, 1.0), lambda: [10 * t for t in numbers()], mse, 40, watched, **watch)
    if name == "dead":
        model = MLP()
        with torch.no_grad():
            model.body[2].bias.fill_(-20)
        return train(model, adam(model), numbers, mse, 40, watched, **watch)
    if name == "forgotten":
        model = MLP()
        return train(model, torch.optim.Adam(model.head.parameters(), 1e-3), numbers, mse, 60, watched, **watch)
    if name in ("thawed", "frozen", "thawed-alone"):
        # The lower half is trained from step 60 on, until then, or seems to be: the optimizer does not have it.
        model = MLP()
        model.body.requires_grad_(name == "frozen")
        mine = [p for p in model.parameters() if p.requires_grad] if name == "thawed-alone" else model.parameters()

        def turn(*_at):
            if _at[2] == 59:
                model.body.requires_grad_(name != "frozen")

        return train(model, torch.optim.Adam(mine, 3e-3), numbers, mse, 120, watched, turn, **watch)
    if name == "resnet":
        model = ResNet(blocks=1, width=8)
        return train(model, torch.optim.SGD(model.parameters(), 0.05, momentum=0.9), images, classes, 40, watched, **watch)
    if name == "lstm":
        model = LSTMModel()
        return train(model, adam(model, 1e-2), words, classes, 80, watched, **watch)
    if name in ("pre-ln", "post-ln"):
        model = Transformer(pre=name == "pre-ln")
        return train(model, adam(model, 3e-3), words, classes, 80, watched, **watch)
    if name == "spike":
        model = Transformer()

        def kick(_model, optimizer, step):
            optimizer.param_groups[0]["lr"] = 0.3 if step == 100 else 3e-3

        return train(model, adam(model, 3e-3), words, classes, 140, watched, kick, **watch)
    if name == "wgan":
        return train_wgan(60, watched, **watch)
    if name == "keras":
        return train_keras(60, **watch)
    raise ValueError(name)


NAMES = (
    "mlp", "vanishing", "exploding", "nan", "dead", "forgotten", "thawed", "frozen", "thawed-alone", "resnet", "lstm",
    "pre-ln", "post-ln", "spike", "wgan"
)  # fmt: skip

if __name__ == "__main__":
    torch.set_num_threads(1)
    # A recording that is kept says nothing of the machine that it was made on.
    written, here = Writer.schema, str(Path(__file__).parent)
    Writer.schema = lambda self, schema: written(self, json.loads(json.dumps(schema).replace(here, "/project")))
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[2:] or NAMES:
        file = folder / f"{name}.gcrec"
        file.unlink(missing_ok=True)
        made(name, path=str(file))

"""Writes features, gradients and running statistics of convolutional vision towers by PyTorch's own modules.

    apt-get install python3-torch python3-torchvision
    python3 tools/golden/make_convolution.py policy/src/test/resources/golden/convolution

Made with torch 1.13.0 (CPU), torchvision 0.14.1. MobileNet-V2 is torchvision's; MobileNet-V1 and the attention of ULSAM are
written out here as their papers have them, a module a subspace. All in 64-bit floats, rounded to 32 when written. The loss
is the sum of the features times `weights_of_loss`. Each tower computes its batches of pictures one after another, once with
running statistics ("frozen") and once with the batches' own ("learning").
"""

import json
import struct
import sys
from pathlib import Path

import torch
from torch import nn
from torchvision.models import mobilenet_v2

SUBSPACES = (1, 2, 4, 8, 16)
WIDTH = 0.1
OUT = 12
SIZES = [(3, 65, 51), (1, 64, 33)]  # pictures, rows, columns: odd ones and two sizes


class Subspace(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv_dws = nn.Conv2d(channels, channels, 1, groups=channels)
        self.bn_dws = nn.BatchNorm2d(channels)
        self.conv_point = nn.Conv2d(channels, 1, 1)
        self.bn_point = nn.BatchNorm2d(1)

    def forward(self, x):
        y = nn.functional.max_pool2d(torch.relu(self.bn_dws(self.conv_dws(x))), 3, stride=1, padding=1)
        y = torch.relu(self.bn_point(self.conv_point(y)))
        share = torch.softmax(y.flatten(2), dim=2).view_as(y)
        return x * share + x


class Ulsam(nn.Module):
    def __init__(self, channels, subspaces):
        super().__init__()
        self.subspaces = nn.ModuleList(Subspace(channels // subspaces) for _ in range(subspaces))

    def forward(self, x):
        parts = torch.chunk(x, len(self.subspaces), dim=1)
        return torch.cat([subspace(part) for subspace, part in zip(self.subspaces, parts)], dim=1)


class Merger(nn.Module):
    def __init__(self, width, out):
        super().__init__()
        self.ln_q = nn.Parameter(torch.ones(width))
        self.mlp = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, out))

    def forward(self, x):
        return self.mlp(x * torch.rsqrt((x * x).mean(-1, keepdim=True) + 1e-6) * self.ln_q)


class Tower(nn.Module):
    def __init__(self, features, width, out):
        super().__init__()
        self.features = features
        self.merger = Merger(width, out)

    def forward(self, batches):
        maps = [self.features(pictures) for pictures in batches]
        return self.merger(torch.cat([each.permute(0, 2, 3, 1).flatten(0, 2) for each in maps]))


class Followed(nn.Module):
    """A block with attention behind it."""

    def __init__(self, block, attention):
        super().__init__()
        self.block = block
        self.ulsam = attention

    def forward(self, x):
        return self.ulsam(self.block(x))


class Replaced(nn.Module):
    """Attention in the place of a block."""

    def __init__(self, attention):
        super().__init__()
        self.ulsam = attention

    def forward(self, x):
        return self.ulsam(x)


def multiple_of_8(channels):
    rounded = max(8, int(channels + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * channels else rounded


def separable(into, out, stride):
    return nn.Sequential(
        nn.Sequential(
            nn.Conv2d(into, into, 3, stride=stride, padding=1, groups=into, bias=False), nn.BatchNorm2d(into), nn.ReLU()
        ),
        nn.Sequential(nn.Conv2d(into, out, 1, bias=False), nn.BatchNorm2d(out), nn.ReLU()),
    )


def mobilenet_v1(width):
    into = multiple_of_8(32 * width)
    stem = nn.Sequential(nn.Conv2d(3, into, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(into), nn.ReLU())
    blocks = [stem]
    for out, stride in [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)] + 5 * [(512, 1)] + [(1024, 2), (1024, 1)]:
        out = multiple_of_8(out * width)
        blocks.append(separable(into, out, stride))
        into = out
    return nn.Sequential(*blocks), into


def attended_v2(width):
    """Attention behind block 3 and in the place of 16."""
    blocks = list(mobilenet_v2(width_mult=width).features[:18])
    channels = [multiple_of_8(c * width) for c in (32, 16, 24, 24, 32, 32, 32, 64, 64, 64, 64, 96, 96, 96, 160, 160, 160, 320)]
    blocks[3] = Followed(blocks[3], Ulsam(channels[3], 2))
    blocks[16] = Replaced(Ulsam(channels[16], 4))
    return nn.Sequential(*blocks), channels[17]


def scrambled(module, seed):
    """Norms as a trained network has them."""
    generator = torch.Generator().manual_seed(seed)
    module.double()
    with torch.no_grad():
        for each in module.modules():
            if isinstance(each, nn.BatchNorm2d):
                each.weight.uniform_(0.5, 1.5, generator=generator)
                each.bias.normal_(0.2, 0.3, generator=generator)
                each.running_mean.normal_(0, 0.3, generator=generator)
                each.running_var.uniform_(0.5, 2, generator=generator)
        for name, value in module.named_parameters():
            if name.endswith("mlp.0.weight") or name.endswith("mlp.2.weight"):
                value.normal_(0, 0.3, generator=generator)
            value.copy_(value.float().double())
        for value in module.buffers():
            if value.is_floating_point():
                value.copy_(value.float().double())
    return module


def stored(tensors):
    """Under Railhead's names: the arrays of all subspaces as one, and blocks within `Followed` by their own."""
    plain, joined = {}, {}
    for name, value in tensors.items():
        if name.endswith("num_batches_tracked"):
            continue
        name = name.replace(".block.", ".").replace("merger.ln_q", "merger.ln_q.weight")
        before, found, after = name.partition("subspaces.")
        if found:
            joined.setdefault(before + after.split(".", 1)[1], []).append(value)
        else:
            plain[name] = value
    return plain | {name: torch.cat(parts) for name, parts in joined.items()}


def run(module, given, learning, weights_of_loss):
    module.train(learning)
    module.zero_grad()
    features = module(given)
    (features * weights_of_loss).sum().backward()
    gradients = {name: value.grad.clone() for name, value in module.named_parameters()}
    return features.detach(), stored(gradients)


def case(module, given, seed):
    scrambled(module, seed)
    with torch.no_grad():
        shape = module.eval()(given).shape
    generator = torch.Generator().manual_seed(seed + 1)
    weights_of_loss = torch.randn(shape, generator=generator).double()
    tensors = {"weights_of_loss": weights_of_loss}
    tensors |= {"weight." + name: value.clone() for name, value in stored(module.state_dict()).items()}
    for label, learning in (("frozen", False), ("learning", True)):
        features, gradients = run(module, given, learning, weights_of_loss)
        tensors[label + ".features"] = features
        tensors |= {f"{label}.gradient.{name}": value for name, value in gradients.items()}
    after = stored(module.state_dict())
    tensors |= {"learnt." + name: value for name, value in after.items() if ".running_" in name}
    return tensors


def write(file, tensors):
    header, offset = {}, 0
    for name, value in tensors.items():
        size = 4 * value.numel()
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(file, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        for value in tensors.values():
            out.write(value.detach().float().contiguous().numpy().tobytes())


def pictures(seed):
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn([count, 3, rows, columns], generator=generator).double() for count, rows, columns in SIZES]


def towers():
    v2 = mobilenet_v2(width_mult=WIDTH).features[:18]
    yield "mobilenet-v2", v2, multiple_of_8(320 * WIDTH)
    yield "mobilenet-v1", *mobilenet_v1(WIDTH)
    yield "mobilenet-v2-ulsam", *attended_v2(WIDTH)


def main(folder):
    torch.manual_seed(20261123)
    for subspaces in SUBSPACES:
        generator = torch.Generator().manual_seed(subspaces)
        x = torch.randn([3, 32, 7, 5], generator=generator).double()
        tensors = case(Ulsam(32, subspaces), x, 100 + subspaces)
        write(folder / f"ulsam-{subspaces}.safetensors", {"input": x} | tensors)
    for seed, (name, features, width) in enumerate(towers()):
        given = pictures(seed)
        tensors = case(Tower(features, width, OUT), given, 10 * seed)
        inputs = {f"input.{i}": batch for i, batch in enumerate(given)}
        write(folder / f"{name}.safetensors", inputs | tensors)
    names = {
        str(width): {name: list(value.shape) for name, value in mobilenet_v2(width_mult=width).state_dict().items()}
        for width in (0.35, 1.0)
    }
    (folder / "torchvision-names.json").write_text(json.dumps(names, indent=0) + "\n")


main(Path(sys.argv[1]))

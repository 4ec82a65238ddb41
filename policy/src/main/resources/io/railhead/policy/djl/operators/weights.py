# Weights: casts and copies.

# A copy in the given type (PyTorch's number: 6 is float32, 15 bfloat16) on the device of `place`.
def copy_as(self, x: Tensor, type: int, place: Tensor) -> Tensor:
  return torch.to(torch.detach(x), place.device, type, False, True)

# The same memory read as bfloat16. It comes as float16, because DJL's native side cannot name bfloat16. An empty tensor
# that is set to the memory of another keeps its type; TorchScript has no `view` to another type.
def bytes_as_bfloat16(self, x: Tensor) -> Tensor:
  return torch.set_(torch.zeros([0], dtype=15), x)

def assign(self, target: Tensor, source: Tensor) -> None:
  torch.copy_(target, source)

def copy_of(self, x: Tensor) -> Tensor:
  return torch.clone(torch.detach(x))

# With a graph, unlike DJL's own cast.
def rounded(self, x: Tensor, type: int) -> Tensor:
  return x.to(type)

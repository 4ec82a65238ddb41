# Weights: casts and copies.

# 6 is float32, 15 bfloat16: PyTorch's numbers.
def to_float32(self, x: Tensor) -> Tensor:
  return x.to(6)

# bfloat16 comes as the bytes of float16, because DJL's native side cannot name bfloat16.
def bfloat16_bytes_to_float32(self, x: Tensor) -> Tensor:
  return torch.view_copy(x, dtype=15).to(6)

def assign(self, target: Tensor, source: Tensor) -> None:
  torch.copy_(target, source)

def copy_of(self, x: Tensor) -> Tensor:
  return torch.clone(torch.detach(x))

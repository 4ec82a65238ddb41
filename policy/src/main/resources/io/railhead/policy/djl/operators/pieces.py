# The numeric kernels of the policy, as methods of one TorchScript class without state.
#
# Java owns structure, weights, caches and loops; here is what it calls, one method a transformer block. Text in the
# dialect of TorchScript archives; `self` stands for `self: __torch__.Operators`. Everything is flat over tokens:
# x is [tokens, width], tokens = batch * time.

# A linear layer. Its weight may be packed for oneDNN (see `pack`): faster, and each row of the result has the same bits
# whatever other rows stand beside it.
def linear(self, x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
  if weight.is_mkldnn:
    return ops.mkldnn._linear_pointwise(x, weight, bias, "none", [], "")
  return torch.linear(x, weight, bias)

def rms_norm(self, x: Tensor, weight: Tensor, epsilon: float) -> Tensor:
  return torch.rms_norm(x, [x.size(-1)], weight, epsilon)

# Angle of token t and frequency j: positions[t, axis[j]] * frequency[j]. Returns cos and sin, [tokens, 1, head width].
# Computed in 32 bits, since large positions have no room in 16, and only then cast.
def rotary(self, positions: Tensor, axis: Tensor, frequency: Tensor, type: int) -> Tuple[Tensor, Tensor]:
  angle = torch.index_select(positions, 1, axis) * frequency
  angle = torch.unsqueeze(torch.cat([angle, angle], -1), 1)
  return (torch.cos(angle).to(type), torch.sin(angle).to(type))

# x [tokens, heads, head width]: rotates the pairs (j, j + half). In the type of x, or wider if that of the angles is.
def rotate(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
  first, second = torch.chunk(x, 2, -1)
  return torch.addcmul(x * cos, torch.cat([torch.neg(second), first], -1), sin).to(x.dtype)

# [batch * time, heads, head width] -> [batch, heads, time, head width], each head repeated `repeats` times.
def by_head(self, x: Tensor, batch: int, repeats: int) -> Tensor:
  if repeats > 1:
    x = torch.unsqueeze(x, 2).expand([-1, -1, repeats, -1]).reshape([x.size(0), -1, x.size(2)])
  return x.view([batch, -1, x.size(1), x.size(2)]).transpose(1, 2)

def by_token(self, x: Tensor) -> Tensor:
  return x.transpose(1, 2).reshape([x.size(0) * x.size(2), -1])

def detached(self, x: Tensor) -> Tensor:
  return torch.detach(x)

def has_graph(self, x: Tensor) -> bool:
  return ops.prim.requires_grad(x)

def forward(self, x: Tensor) -> Tensor:
  return x

# Low-rank adapters, computed beside the projections that they adapt. Their weights stand in the lists of the blocks' own:
# at `scale` a scalar, and from there on A [rank, in] and B [out, rank] of each projection, both empty where it has none.
# Lists without adapters end before `scale`.

def low_rank(self, x: Tensor, w: List[Tensor], scale: int, a: int) -> Tensor:
  return self.linear(self.linear(x, w[a], None) * w[scale], w[a + 1], None)

# The projection y of x with what its adapter adds, whose A is w[a].
def adapted(self, y: Tensor, x: Tensor, w: List[Tensor], scale: int, a: int) -> Tensor:
  if torch.len(w) > scale:
    if w[a].numel() > 0:
      y = y + self.low_rank(x, w, scale, a)
  return y

# The same for several projections side by side in y, `widths` of them, whose adapters follow each other. Changes y.
def adapted_parts(self, y: Tensor, x: Tensor, w: List[Tensor], scale: int, a: int, widths: List[int]) -> Tensor:
  if torch.len(w) > scale:
    start = 0
    for i in range(torch.len(widths)):
      if w[a + 2 * i].numel() > 0:
        torch.add_(torch.narrow(y, 1, start, widths[i]), self.low_rank(x, w, scale, a + 2 * i))
      start = start + widths[i]
  return y

# A weight of the same type with the adapter in it, computed in 32 bits.
def merged(self, weight: Tensor, a: Tensor, b: Tensor, scale: float) -> Tensor:
  return (weight.to(6) + torch.matmul(b.to(6), a.to(6)) * scale).to(weight.dtype)

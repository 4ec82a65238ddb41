# The vision tower.

# Attention within segments of the token sequence. Segments of equal length are a reshape; ragged ones are gathered
# into rows of the longest length: `gather` [segments * longest] names each place's token (any for padding), `scatter`
# [tokens] each token's place, `mask` [segments, 1, 1, longest] is -inf at padding. `gather` is empty if not needed.
def segment_attention(self, q: Tensor, k: Tensor, v: Tensor, segments: int, gather: Tensor, scatter: Tensor, mask: Tensor) -> Tensor:
  if gather.numel() == 0:
    o = torch.scaled_dot_product_attention(self.by_head(q, segments, 1), self.by_head(k, segments, 1), self.by_head(v, segments, 1), None, 0., False)
    return self.by_token(o)
  q = self.by_head(torch.index_select(q, 0, gather), segments, 1)
  k = self.by_head(torch.index_select(k, 0, gather), segments, 1)
  v = self.by_head(torch.index_select(v, 0, gather), segments, 1)
  wide = mask.to(q.dtype).expand([-1, -1, q.size(2), -1])
  o = torch.scaled_dot_product_attention(q, k, v, wide, 0., False)
  return torch.index_select(self.by_token(o), 0, scatter)

# w: norm1, qkv weight and bias, proj weight and bias, norm2, then weight and bias of gate, up and down, then
# adapters, if any.
def vision_block(self, x: Tensor, w: List[Tensor], cos: Tensor, sin: Tensor, heads: int, segments: int, gather: Tensor, scatter: Tensor, mask: Tensor) -> Tensor:
  normed = self.rms_norm(x, w[0], 1e-6)
  y = self.adapted(self.linear(normed, w[1], w[2]), normed, w, 12, 13)
  q, k, v = torch.chunk(y.view([x.size(0), 3 * heads, -1]), 3, 1)
  o = self.segment_attention(self.rotate(q, cos, sin), self.rotate(k, cos, sin), v, segments, gather, scatter, mask)
  x = x + self.adapted(self.linear(o, w[3], w[4]), o, w, 12, 15)
  y = self.rms_norm(x, w[5], 1e-6)
  gate = self.adapted(self.linear(y, w[6], w[7]), y, w, 12, 17)
  y = torch.silu(gate) * self.adapted(self.linear(y, w[8], w[9]), y, w, 12, 19)
  return x + self.adapted(self.linear(y, w[10], w[11]), y, w, 12, 21)

def patch_matrix(self, convolution: Tensor) -> Tensor:
  return convolution.view([convolution.size(0), -1])

def patch_embedding(self, patches: Tensor, w: Tensor) -> Tensor:
  patches = patches.to(w.dtype)
  if w.is_mkldnn:
    return self.linear(patches, w, None)
  return torch.linear(patches, self.patch_matrix(w))

# w: norm, first weight and bias, second weight and bias. `unit` patches, adjacent in the sequence, become one token.
def vision_merger(self, x: Tensor, w: List[Tensor], unit: int) -> Tensor:
  y = self.rms_norm(x, w[0], 1e-6).view([-1, unit * x.size(1)])
  return self.linear(torch.gelu(self.linear(y, w[1], w[2])), w[3], w[4])

# The decoder one token at a time, and its cache.

# The same block for one new token in each of the first n slots. Caches are [slots, capacity, kv heads, head width];
# `lengths` [n] is where the new keys and values go; `mask` [n, 1, 1, longest] hides what lies beyond. The query heads
# that share a key head stand in the place of the time axis, so that keys and values need not be repeated.
def decode_block(self, x: Tensor, w: List[Tensor], cos: Tensor, sin: Tensor, keys: Tensor, values: Tensor, slots: Tensor, lengths: Tensor, mask: Tensor, heads: int, kv_heads: int, epsilon: float) -> Tensor:
  n = x.size(0)
  y = self.rms_norm(x, w[0], epsilon)
  q = self.rotate(torch.linear(y, w[1], w[2]).view([n, heads, -1]), cos, sin)
  k = self.rotate(torch.linear(y, w[3], w[4]).view([n, kv_heads, -1]), cos, sin)
  v = torch.linear(y, w[5], w[6]).view([n, kv_heads, -1])
  torch.index_put_(keys, [slots, lengths], k)
  torch.index_put_(values, [slots, lengths], v)
  longest = mask.size(3)
  ks = torch.narrow(torch.narrow(keys, 0, 0, n), 1, 0, longest).transpose(1, 2)
  vs = torch.narrow(torch.narrow(values, 0, 0, n), 1, 0, longest).transpose(1, 2)
  qs = q.view([n, kv_heads, heads // kv_heads, -1])
  wide = mask.expand([-1, -1, heads // kv_heads, -1])
  o = torch.scaled_dot_product_attention(qs, ks, vs, wide, 0., False)
  x = x + torch.linear(o.reshape([n, -1]), w[7])
  return x + self.swiglu(self.rms_norm(x, w[8], epsilon), w[9], w[10], w[11])

# [n, 1, 1, longest]: 0 up to and including place lengths[i], -inf beyond.
def length_mask(self, lengths: Tensor, longest: int) -> Tensor:
  places = torch.arange(longest, device=lengths.device)
  hidden = torch.gt(torch.unsqueeze(places, 0), torch.unsqueeze(lengths, 1))
  mask = torch.masked_fill(torch.zeros(hidden.size(), dtype=6, device=lengths.device), hidden, float("-inf"))
  return mask.view([-1, 1, 1, longest])

# Copies the keys (or values) of prompts [batch * time, ...] into slots[i] from prompt rows[i].
def store_prompts(self, cache: Tensor, prompts: Tensor, batch: int, rows: Tensor, slots: Tensor) -> None:
  by_row = prompts.view([batch, -1, prompts.size(1), prompts.size(2)])
  torch.index_copy_(torch.narrow(cache, 1, 0, by_row.size(1)), 0, slots, torch.index_select(by_row, 0, rows))

# Copies the first `length` places of slot `source` to slot `target`.
def move_slot(self, cache: Tensor, source: int, target: int, length: int) -> None:
  torch.copy_(torch.narrow(torch.select(cache, 0, target), 0, 0, length), torch.narrow(torch.select(cache, 0, source), 0, 0, length))

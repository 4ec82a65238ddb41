# The numeric kernels of the policy, as methods of one TorchScript class without state.
#
# Java owns structure, weights, caches and loops; here is what it calls, one method a transformer block. Text in the
# dialect of TorchScript archives; `self` stands for `self: __torch__.Operators`. Everything is flat over tokens:
# x is [tokens, width], tokens = batch * time.

# ---- pieces

def rms_norm(self, x: Tensor, weight: Tensor, epsilon: float) -> Tensor:
  return torch.rms_norm(x, [x.size(-1)], weight, epsilon)

# Angle of token t and frequency j: positions[t, axis[j]] * frequency[j]. Returns cos and sin, [tokens, 1, head width].
def rotary(self, positions: Tensor, axis: Tensor, frequency: Tensor) -> Tuple[Tensor, Tensor]:
  angle = torch.index_select(positions, 1, axis) * frequency
  angle = torch.unsqueeze(torch.cat([angle, angle], -1), 1)
  return (torch.cos(angle), torch.sin(angle))

# x [tokens, heads, head width]: rotates the pairs (j, j + half).
def rotate(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
  first, second = torch.chunk(x, 2, -1)
  return torch.addcmul(x * cos, torch.cat([torch.neg(second), first], -1), sin)

# [batch * time, heads, head width] -> [batch, heads, time, head width], each head repeated `repeats` times.
def by_head(self, x: Tensor, batch: int, repeats: int) -> Tensor:
  if repeats > 1:
    x = torch.unsqueeze(x, 2).expand([-1, -1, repeats, -1]).reshape([x.size(0), -1, x.size(2)])
  return x.view([batch, -1, x.size(1), x.size(2)]).transpose(1, 2)

def by_token(self, x: Tensor) -> Tensor:
  return x.transpose(1, 2).reshape([x.size(0) * x.size(2), -1])

def swiglu(self, x: Tensor, gate: Tensor, up: Tensor, down: Tensor) -> Tensor:
  return torch.linear(torch.silu(torch.linear(x, gate)) * torch.linear(x, up), down)

# ---- vision tower

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
  wide = mask.expand([-1, -1, q.size(2), -1])
  o = torch.scaled_dot_product_attention(q, k, v, wide, 0., False)
  return torch.index_select(self.by_token(o), 0, scatter)

# w: norm1, qkv weight and bias, proj weight and bias, norm2, then weight and bias of gate, up and down.
def vision_block(self, x: Tensor, w: List[Tensor], cos: Tensor, sin: Tensor, heads: int, segments: int, gather: Tensor, scatter: Tensor, mask: Tensor) -> Tensor:
  y = torch.linear(self.rms_norm(x, w[0], 1e-6), w[1], w[2])
  q, k, v = torch.chunk(y.view([x.size(0), 3 * heads, -1]), 3, 1)
  o = self.segment_attention(self.rotate(q, cos, sin), self.rotate(k, cos, sin), v, segments, gather, scatter, mask)
  x = x + torch.linear(o, w[3], w[4])
  y = self.rms_norm(x, w[5], 1e-6)
  y = torch.silu(torch.linear(y, w[6], w[7])) * torch.linear(y, w[8], w[9])
  return x + torch.linear(y, w[10], w[11])

def patch_embedding(self, patches: Tensor, w: Tensor) -> Tensor:
  return torch.linear(patches, w.view([w.size(0), -1]))

# w: norm, first weight and bias, second weight and bias. `unit` patches, adjacent in the sequence, become one token.
def vision_merger(self, x: Tensor, w: List[Tensor], unit: int) -> Tensor:
  y = self.rms_norm(x, w[0], 1e-6).view([-1, unit * x.size(1)])
  return torch.linear(torch.gelu(torch.linear(y, w[1], w[2])), w[3], w[4])

# ---- decoder

def embed(self, ids: Tensor, table: Tensor) -> Tensor:
  return torch.embedding(table, ids)

# Puts feature rows[i] in place of token places[i].
def place_features(self, x: Tensor, features: Tensor, rows: Tensor, places: Tensor) -> Tensor:
  return torch.index_copy(x, 0, places, torch.index_select(features, 0, rows))

# w: input norm, q, k, v weight and bias each, o weight, second norm, gate, up, down. `mask` [batch, 1, time, time] is
# added to the attention scores, or, if empty, attention is causal. Returns x, keys and values [tokens, kv heads, head width].
def decoder_block(self, x: Tensor, w: List[Tensor], cos: Tensor, sin: Tensor, mask: Tensor, batch: int, heads: int, kv_heads: int, epsilon: float) -> Tuple[Tensor, Tensor, Tensor]:
  n = x.size(0)
  y = self.rms_norm(x, w[0], epsilon)
  q = self.rotate(torch.linear(y, w[1], w[2]).view([n, heads, -1]), cos, sin)
  k = self.rotate(torch.linear(y, w[3], w[4]).view([n, kv_heads, -1]), cos, sin)
  v = torch.linear(y, w[5], w[6]).view([n, kv_heads, -1])
  qs = self.by_head(q, batch, 1)
  ks = self.by_head(k, batch, heads // kv_heads)
  vs = self.by_head(v, batch, heads // kv_heads)
  if mask.numel() == 0:
    o = torch.scaled_dot_product_attention(qs, ks, vs, None, 0., True)
  else:
    o = torch.scaled_dot_product_attention(qs, ks, vs, mask, 0., False)
  x = x + torch.linear(self.by_token(o), w[7])
  return (x + self.swiglu(self.rms_norm(x, w[8], epsilon), w[9], w[10], w[11]), k, v)

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

# Next-token logits, [places, vocabulary], of the named tokens only.
def logits(self, x: Tensor, places: Tensor, norm: Tensor, head: Tensor, epsilon: float) -> Tensor:
  return torch.linear(self.rms_norm(torch.index_select(x, 0, places), norm, epsilon), head)

# ---- probabilities

# Log-probability of each id and entropy of its distribution, both at the given inverse temperature.
def token_scores(self, logits: Tensor, ids: Tensor, inverse_temperature: float) -> Tuple[Tensor, Tensor]:
  logp = torch.log_softmax(logits * inverse_temperature, -1)
  chosen = torch.squeeze(torch.gather(logp, -1, torch.unsqueeze(ids, -1)), -1)
  entropy = torch.neg(torch.sum(torch.exp(logp) * logp, [-1]))
  return (chosen, entropy)

def weighted_sum(self, x: Tensor, weights: Tensor) -> Tensor:
  return torch.dot(x, weights)

# Samples a token of each row of scaled logits by walking the cumulative distribution in the order of the vocabulary
# to uniform[i]; a negative uniform[i] takes the likeliest token. Returns ids and their log-probabilities.
def sample(self, scaled: Tensor, uniform: Tensor) -> Tuple[Tensor, Tensor]:
  logp = torch.log_softmax(scaled, -1)
  cumulative = torch.cumsum(torch.exp(logp.to(7)), -1)
  total = torch.narrow(cumulative, 1, scaled.size(1) - 1, 1)
  drawn = torch.squeeze(torch.searchsorted(cumulative, torch.unsqueeze(uniform, 1) * total, right=True), 1)
  ids = torch.where(torch.lt(uniform, 0.), torch.argmax(scaled, -1), drawn)
  within = torch.clamp(ids, 0, scaled.size(1) - 1)
  return (ids, torch.squeeze(torch.gather(logp, -1, torch.unsqueeze(within, -1)), -1))

def scale(self, logits: Tensor, inverse_temperature: Tensor) -> Tensor:
  return logits * torch.unsqueeze(inverse_temperature, 1)

# Hides all but the top_k likeliest tokens (the vocabulary's size: all), then of their distribution all but the
# smallest set that reaches top_p (above 1: all). Ties in favour of the lower id.
def truncate(self, scaled: Tensor, top_k: Tensor, top_p: Tensor) -> Tensor:
  p, order = torch.sort(torch.softmax(scaled.to(7), -1), stable=True, dim=-1, descending=True)
  rank = torch.unsqueeze(torch.arange(scaled.size(1), device=scaled.device), 0)
  below = torch.ge(rank, torch.unsqueeze(top_k, 1))
  p = torch.masked_fill(p, below, 0.)
  p = p / torch.sum(p, [-1], True)
  before = torch.cumsum(p, -1) - p
  beyond = torch.logical_and(torch.ge(before, torch.unsqueeze(top_p, 1)), torch.gt(rank, 0))
  hidden = torch.scatter(torch.zeros_like(below.expand(scaled.size())), 1, order, torch.logical_or(below, beyond))
  return torch.masked_fill(scaled, hidden, float("-inf"))

# ---- weights and optimiser

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

def clip(self, gradients: List[Tensor], max_norm: float) -> Tensor:
  norm = torch.linalg_vector_norm(torch.stack(torch._foreach_norm(gradients, 2.)), 2.)
  torch._foreach_mul_(gradients, torch.clamp(max_norm / (norm + 1e-6), None, 1.))
  return norm

def adamw(self, weights: List[Tensor], gradients: List[Tensor], first: List[Tensor], second: List[Tensor], steps: List[Tensor], lr: float, beta1: float, beta2: float, decay: float, epsilon: float) -> None:
  torch._fused_adamw_(weights, gradients, first, second, [], steps, lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=epsilon, amsgrad=False, maximize=False)

def forward(self, x: Tensor) -> Tensor:
  return x

# The decoder over whole sequences: training and prompts.

def embed(self, ids: Tensor, table: Tensor) -> Tensor:
  return torch.embedding(table, ids)

# Puts feature rows[i] in place of token places[i].
def place_features(self, x: Tensor, features: Tensor, rows: Tensor, places: Tensor) -> Tensor:
  return torch.index_copy(x, 0, places, torch.embedding(features, rows))

# What follows attention in a block; w as below.
def rest_of_layer(self, x: Tensor, attended: Tensor, w: List[Tensor], epsilon: float) -> Tensor:
  x = x + self.adapted(torch.linear(attended, w[7]), attended, w, 12, 19)
  y = self.rms_norm(x, w[8], epsilon)
  gate = self.adapted(torch.linear(y, w[9]), y, w, 12, 21)
  y = torch.silu(gate) * self.adapted(torch.linear(y, w[10]), y, w, 12, 23)
  return x + self.adapted(torch.linear(y, w[11]), y, w, 12, 25)

# w: input norm, q, k, v weight and bias each, o weight, second norm, gate, up, down, then adapters, if any. `mask`
# [batch, 1, time, time] is added to the attention scores, or, if empty, attention is causal. Returns x, keys and
# values [tokens, kv heads, head width].
def decoder_block(self, x: Tensor, w: List[Tensor], cos: Tensor, sin: Tensor, mask: Tensor, batch: int, heads: int, kv_heads: int, epsilon: float) -> Tuple[Tensor, Tensor, Tensor]:
  n = x.size(0)
  y = self.rms_norm(x, w[0], epsilon)
  q = self.rotate(self.adapted(torch.linear(y, w[1], w[2]), y, w, 12, 13).view([n, heads, -1]), cos, sin)
  k = self.rotate(self.adapted(torch.linear(y, w[3], w[4]), y, w, 12, 15).view([n, kv_heads, -1]), cos, sin)
  v = self.adapted(torch.linear(y, w[5], w[6]), y, w, 12, 17).view([n, kv_heads, -1])
  qs = self.by_head(q, batch, 1)
  ks = self.by_head(k, batch, heads // kv_heads)
  vs = self.by_head(v, batch, heads // kv_heads)
  if mask.numel() == 0:
    o = torch.scaled_dot_product_attention(qs, ks, vs, None, 0., True)
  else:
    o = torch.scaled_dot_product_attention(qs, ks, vs, mask.to(q.dtype), 0., False)
  return (self.rest_of_layer(x, self.by_token(o), w, epsilon), k, v)

# The rows of x that `places` names. As an embedding, whose backward pass is many times faster than index_select's.
def pick(self, x: Tensor, places: Tensor) -> Tensor:
  return torch.embedding(x.view([x.size(0), -1]), places).view([-1, x.size(1), x.size(2)])

# Attention of rows of tokens laid end to end. `rows` has three numbers a row: tokens P of its prefix, continuations n,
# tokens L of each. A prefix is causal; each continuation sees the prefix and, causally, itself: masks[row], [L, P + L].
# Where continuations are ragged, `pad` names the token of every place of rows in which all are as long as the longest
# (any token for padding, which stands last and is seen by nothing), and `unpad` the place of every token; else both are empty.
def row_attention(self, q: Tensor, k: Tensor, v: Tensor, rows: List[int], masks: List[Tensor], pad: Tensor, unpad: Tensor, repeats: int) -> Tensor:
  if pad.numel() > 0:
    q = self.pick(q, pad)
    k = self.pick(k, pad)
    v = self.pick(v, pad)
  q = self.by_head(q, 1, 1)
  k = self.by_head(k, 1, repeats)
  v = self.by_head(v, 1, repeats)
  outputs = annotate(List[Tensor], [])
  start = 0
  for i in range(torch.len(masks)):
    prefix = rows[3 * i]
    count = rows[3 * i + 1]
    length = rows[3 * i + 2]
    kp = torch.narrow(k, 2, start, prefix)
    vp = torch.narrow(v, 2, start, prefix)
    o = torch.scaled_dot_product_attention(torch.narrow(q, 2, start, prefix), kp, vp, None, 0., True)
    _0 = torch.append(outputs, self.by_token(o))
    start = start + prefix
    if count > 0:
      kc = torch.cat([kp.expand([count, -1, -1, -1]), self.batched(torch.narrow(k, 2, start, count * length), count)], 2)
      vc = torch.cat([vp.expand([count, -1, -1, -1]), self.batched(torch.narrow(v, 2, start, count * length), count)], 2)
      qc = self.batched(torch.narrow(q, 2, start, count * length), count)
      o = torch.scaled_dot_product_attention(qc, kc, vc, torch.type_as(masks[i], q), 0., False)
      _1 = torch.append(outputs, self.by_token(o))
      start = start + count * length
  o = torch.cat(outputs)
  if pad.numel() > 0:
    o = torch.embedding(o, unpad)
  return o

# [1, heads, count * length, head width] -> [count, heads, length, head width].
def batched(self, x: Tensor, count: int) -> Tensor:
  return torch.squeeze(x, 0).view([x.size(1), count, -1, x.size(3)]).transpose(0, 1)

# The block over rows laid end to end; w as above.
def packed_block(self, x: Tensor, w: List[Tensor], cos: Tensor, sin: Tensor, rows: List[int], masks: List[Tensor], pad: Tensor, unpad: Tensor, heads: int, kv_heads: int, epsilon: float) -> Tensor:
  n = x.size(0)
  y = self.rms_norm(x, w[0], epsilon)
  q = self.rotate(self.adapted(torch.linear(y, w[1], w[2]), y, w, 12, 13).view([n, heads, -1]), cos, sin)
  k = self.rotate(self.adapted(torch.linear(y, w[3], w[4]), y, w, 12, 15).view([n, kv_heads, -1]), cos, sin)
  v = self.adapted(torch.linear(y, w[5], w[6]), y, w, 12, 17).view([n, kv_heads, -1])
  return self.rest_of_layer(x, self.row_attention(q, k, v, rows, masks, pad, unpad, heads // kv_heads), w, epsilon)

# Next-token logits, [places, vocabulary], of the named tokens only.
def logits(self, x: Tensor, places: Tensor, norm: Tensor, head: Tensor, epsilon: float) -> Tensor:
  return torch.linear(self.rms_norm(torch.index_select(x, 0, places), norm, epsilon), head)

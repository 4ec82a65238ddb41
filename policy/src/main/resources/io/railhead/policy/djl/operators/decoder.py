# The decoder over whole sequences. The weights w of a block: input norm, q, k, v weight and bias each, o weight, second
# norm, gate, up, down, then adapters, if any.

def embed(self, ids: Tensor, table: Tensor) -> Tensor:
  return torch.embedding(table, ids)

# Puts feature rows[i] in place of token places[i].
def place_features(self, x: Tensor, features: Tensor, rows: Tensor, places: Tensor) -> Tensor:
  return torch.index_copy(x, 0, places, torch.embedding(features, rows))

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

# Next-token logits, [places, vocabulary], of the named tokens only, through which gradients flow.
def logits(self, x: Tensor, places: Tensor, norm: Tensor, head: Tensor, epsilon: float) -> Tensor:
  return torch.linear(self.rms_norm(torch.embedding(x, places), norm, epsilon), head)

# The decoder over whole sequences: training and prompts.

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

# Next-token logits, [places, vocabulary], of the named tokens only.
def logits(self, x: Tensor, places: Tensor, norm: Tensor, head: Tensor, epsilon: float) -> Tensor:
  return torch.linear(self.rms_norm(torch.index_select(x, 0, places), norm, epsilon), head)

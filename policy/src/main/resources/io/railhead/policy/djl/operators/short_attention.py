# Attention of short rows, and its backward pass by hand, on a processor.
#
# Autograd would fill and add an array of the size of all tokens for every row, since each row is a part of it. Rows of
# tokens laid end to end: `rows` has two numbers a row, tokens P of its prefix and T of all its continuations. A prefix is
# causal; masks[row], [T, P + T], says what the continuations see, so that none is padded or copied.

# Returns what was attended, [tokens, heads * head width], and the logarithms of the sums of exponentials, [1, heads,
# tokens].
def short_attention(self, q: Tensor, k: Tensor, v: Tensor, rows: List[int], masks: List[Tensor], repeats: int) -> Tuple[Tensor, Tensor]:
  q = self.by_head(q, 1, 1)
  k = self.by_head(k, 1, repeats)
  v = self.by_head(v, 1, repeats)
  outputs = annotate(List[Tensor], [])
  sums = annotate(List[Tensor], [])
  start = 0
  for i in range(len(masks)):
    prefix = rows[2 * i]
    rest = rows[2 * i + 1]
    o, sum = torch._scaled_dot_product_flash_attention_for_cpu(torch.narrow(q, 2, start, prefix), torch.narrow(k, 2, start, prefix), torch.narrow(v, 2, start, prefix), 0., True)
    outputs.append(self.by_token(o))
    sums.append(sum)
    if rest > 0:
      mask = torch.type_as(masks[i], q).view([1, 1, rest, prefix + rest])
      o, sum = torch._scaled_dot_product_flash_attention_for_cpu(torch.narrow(q, 2, start + prefix, rest), torch.narrow(k, 2, start, prefix + rest), torch.narrow(v, 2, start, prefix + rest), 0., False, attn_mask=mask)
      outputs.append(self.by_token(o))
      sums.append(sum)
    start = start + prefix + rest
  return (torch.cat(outputs, 0), torch.cat(sums, 2))

# Takes the gradient by what was attended. Returns those by queries, keys and values, like q, k and v.
def short_attention_backward(self, g: Tensor, q: Tensor, k: Tensor, v: Tensor, attended: Tensor, sums: Tensor, rows: List[int], masks: List[Tensor], repeats: int) -> Tuple[Tensor, Tensor, Tensor]:
  shape = k.size()
  g = self.by_head(g.view(q.size()), 1, 1)
  o = self.by_head(attended.view(q.size()), 1, 1)
  q = self.by_head(q, 1, 1)
  k = self.by_head(k, 1, repeats)
  v = self.by_head(v, 1, repeats)
  by_q = annotate(List[Tensor], [])
  by_k = annotate(List[Tensor], [])
  by_v = annotate(List[Tensor], [])
  start = 0
  for i in range(len(masks)):
    prefix = rows[2 * i]
    rest = rows[2 * i + 1]
    gq, gk, gv = torch._scaled_dot_product_flash_attention_for_cpu_backward(torch.narrow(g, 2, start, prefix), torch.narrow(q, 2, start, prefix), torch.narrow(k, 2, start, prefix), torch.narrow(v, 2, start, prefix), torch.narrow(o, 2, start, prefix), torch.narrow(sums, 2, start, prefix), 0., True)
    by_q.append(self.tokens_first(gq))
    if rest > 0:
      mask = torch.type_as(masks[i], q).view([1, 1, rest, prefix + rest])
      at = start + prefix
      gq, ck, cv = torch._scaled_dot_product_flash_attention_for_cpu_backward(torch.narrow(g, 2, at, rest), torch.narrow(q, 2, at, rest), torch.narrow(k, 2, start, prefix + rest), torch.narrow(v, 2, start, prefix + rest), torch.narrow(o, 2, at, rest), torch.narrow(sums, 2, at, rest), 0., False, attn_mask=mask)
      by_q.append(self.tokens_first(gq))
      _0 = torch.add_(torch.narrow(ck, 2, 0, prefix), gk)
      _1 = torch.add_(torch.narrow(cv, 2, 0, prefix), gv)
      gk = ck
      gv = cv
    by_k.append(self.tokens_first(gk))
    by_v.append(self.tokens_first(gv))
    start = start + prefix + rest
  return (torch.cat(by_q, 0), self.summed_heads(torch.cat(by_k, 0), shape, repeats), self.summed_heads(torch.cat(by_v, 0), shape, repeats))

# [1, heads, tokens, head width] -> [tokens, heads, head width].
def tokens_first(self, x: Tensor) -> Tensor:
  return torch.squeeze(x, 0).transpose(0, 1)

# The gradient by heads of which each stood for `repeats`.
def summed_heads(self, x: Tensor, shape: List[int], repeats: int) -> Tensor:
  if repeats == 1:
    return x
  return torch.sum(x.view([shape[0], shape[1], repeats, shape[2]]), [2])

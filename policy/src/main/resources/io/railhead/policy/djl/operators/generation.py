# The decoder with a cache: chunks of prompts, then one token at a time for all running sequences in one call.
#
# `w` is the list of all layers' weights, seven a layer: input norm, weight and bias of q, k and v together, o weight,
# second norm, weight of gate and up together, down weight; then adapters, if any: the scale, and 14 a layer. `keys` and
# `values` hold a tensor a layer, [cache places, kv heads, head width]; a block is 16 places in a row, and a sequence's
# places are those of its blocks.

# The matrix in the order that oneDNN computes fastest in.
def pack(self, weight: Tensor) -> Tensor:
  return ops.mkldnn._reorder_linear_weight(weight.contiguous(), 16)

def joined(self, parts: List[Tensor]) -> Tensor:
  return torch.cat(parts, 0)

# The norm's weight as `norm` wants it.
def norm_weight(self, weight: Tensor) -> Tensor:
  if weight.dtype == 6:
    return weight * torch.sqrt(weight.size(0))
  return weight

# rms_norm in four small operations instead of seven, for single precision: x / sqrt(|x|^2 + epsilon * width), times
# a weight that holds the square root of the width. `root` is the square root of epsilon * width.
def norm(self, x: Tensor, weight: Tensor, epsilon: float, root: Tensor) -> Tensor:
  if x.dtype == 6:
    return torch.div(x, torch.hypot(torch.linalg_vector_norm(x, 2., [-1], True), root)) * weight
  return self.rms_norm(x, weight, epsilon)

def norm_root(self, x: Tensor, epsilon: float) -> Tensor:
  return torch.full([1], torch.sqrt(epsilon * x.size(-1)), dtype=6, device=x.device)

# Queries and keys, rotated, with the values: [tokens, heads + 2 * kv heads, head width] in three parts.
def projections(self, x: Tensor, w: List[Tensor], layers: int, layer: int, cos: Tensor, sin: Tensor, heads: int, kv_heads: int, epsilon: float, root: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
  first = 7 * layer
  normed = self.norm(x, w[first], epsilon, root)
  y = self.linear(normed, w[first + 1], w[first + 2])
  width = y.size(1) // (heads + 2 * kv_heads)
  if len(w) > 7 * layers:
    y = self.adapted_parts(y, normed, w, 7 * layers, 7 * layers + 1 + 14 * layer, [heads * width, kv_heads * width, kv_heads * width])
  y = y.view([x.size(0), heads + 2 * kv_heads, width])
  turned = self.rotate(torch.narrow(y, 1, 0, heads + kv_heads), cos, sin)
  return (torch.narrow(turned, 1, 0, heads), torch.narrow(turned, 1, heads, kv_heads), torch.narrow(y, 1, heads + kv_heads, kv_heads))

# What follows attention in a block.
def rest_of_block(self, x: Tensor, attended: Tensor, w: List[Tensor], layers: int, layer: int, epsilon: float, root: Tensor) -> Tensor:
  first = 7 * layer
  scale = 7 * layers
  a = scale + 1 + 14 * layer
  adapters = len(w) > scale
  o = self.linear(attended, w[first + 3], None)
  if adapters:
    o = self.adapted(o, attended, w, scale, a + 6)
  x = x + o
  normed = self.norm(x, w[first + 4], epsilon, root)
  y = self.linear(normed, w[first + 5], None)
  if adapters:
    y = self.adapted_parts(y, normed, w, scale, a + 8, [y.size(1) // 2, y.size(1) // 2])
  gate, up = torch.chunk(y, 2, -1)
  y = torch.silu(gate) * up
  down = self.linear(y, w[first + 6], None)
  if adapters:
    down = self.adapted(down, y, w, scale, a + 12)
  return x + down

# Chunks of sequences, laid end to end: chunk i has counts[i] tokens after starts[i] that the cache holds already.
# `places` [tokens] is where their keys and values go; `history` names for each chunk with a start > 0 all places of
# its sequence, from the first to the chunk's last, chunk after chunk.
def prefill(self, x: Tensor, w: List[Tensor], keys: List[Tensor], values: List[Tensor], cos: Tensor, sin: Tensor, places: Tensor, starts: List[int], counts: List[int], history: Tensor, heads: int, kv_heads: int, epsilon: float) -> Tensor:
  repeats = heads // kv_heads
  root = self.norm_root(x, epsilon)
  masks = annotate(List[Tensor], [])
  for i in range(len(starts)):
    if starts[i] > 0:
      seen = torch.ones([counts[i], starts[i] + counts[i]], dtype=11, device=x.device)
      masks.append(torch.tril(seen, starts[i]))
  for layer in range(len(keys)):
    q, k, v = self.projections(x, w, len(keys), layer, cos, sin, heads, kv_heads, epsilon, root)
    torch.index_copy_(keys[layer], 0, places, k)
    torch.index_copy_(values[layer], 0, places, v)
    parts = annotate(List[Tensor], [])
    token = 0
    remembered = 0
    continued = 0
    for i in range(len(starts)):
      qs = self.by_head(torch.narrow(q, 0, token, counts[i]), 1, 1)
      if starts[i] > 0:
        length = starts[i] + counts[i]
        known = torch.narrow(history, 0, remembered, length)
        ks = self.by_head(torch.index_select(keys[layer], 0, known), 1, repeats)
        vs = self.by_head(torch.index_select(values[layer], 0, known), 1, repeats)
        parts.append(self.by_token(torch.scaled_dot_product_attention(qs, ks, vs, masks[continued], 0., False)))
        remembered = remembered + length
        continued = continued + 1
      else:
        ks = self.by_head(torch.narrow(k, 0, token, counts[i]), 1, repeats)
        vs = self.by_head(torch.narrow(v, 0, token, counts[i]), 1, repeats)
        parts.append(self.by_token(torch.scaled_dot_product_attention(qs, ks, vs, None, 0., True)))
      token = token + counts[i]
    x = self.rest_of_block(x, torch.cat(parts, 0), w, len(keys), layer, epsilon, root)
  return x

# The blocks that `table` lists, as keys or values of `rows` sequences: [rows, kv heads, places, head width].
def blocks_of(self, cache: Tensor, table: Tensor, rows: int) -> Tensor:
  blocks = torch.index_select(cache.view([-1, 16, cache.size(1), cache.size(2)]), 0, table)
  return blocks.view([rows, -1, cache.size(1), cache.size(2)]).transpose(1, 2)

# The queries of all samples of some groups of one size against the blocks of their prompts, which are read once a group:
# q [groups * samples, kv heads, heads a key head, head width], `table` lists each group's blocks in turn. Returns results
# like q and the logarithms of the sums of exponentials, the last axis being one.
def shared_attention(self, q: Tensor, keys: Tensor, values: Tensor, table: Tensor, groups: int) -> Tuple[Tensor, Tensor]:
  rows, kv_heads, repeats, width = q.size()
  samples = rows // groups
  qs = q.view([groups, samples, kv_heads, repeats, width]).transpose(1, 2).reshape([groups, kv_heads, samples * repeats, width])
  o, sums = torch._scaled_dot_product_flash_attention_for_cpu(qs, self.blocks_of(keys, table, groups), self.blocks_of(values, table, groups), 0., False)
  o = o.reshape([groups, kv_heads, samples, repeats, width]).transpose(1, 2).reshape([rows, kv_heads, repeats, width])
  sums = sums.reshape([groups, kv_heads, samples, repeats]).transpose(1, 2).reshape([rows, kv_heads, repeats, 1])
  return (o, sums)

# One token of each running sequence. `now` [4, sequences] has token ids, rotary positions, the places where keys and
# values go and the number of tokens before in blocks of the sequence's own. First come the sequences of groups whose
# prompt is read once. Such groups stand in kinds: those of kind i are groups[i] many of samples[i] samples and
# group_blocks[i] blocks each, whose numbers `group_table` lists. `slots` names for every sample of every such group its
# sequence (any for one that has ended), and `slot` for every such sequence its place among those. All sequences come in
# runs: those of run i, rows[i] of them, attend to blocks[i] blocks of their own each, whose numbers `table` lists,
# sequence after sequence; what lies beyond a sequence's last token is hidden. The query heads that share a key head
# stand in the place of the time axis, so that keys and values need not be repeated. Returns hidden states before the
# last norm.
def advance(self, now: Tensor, group_table: Tensor, groups: List[int], samples: List[int], group_blocks: List[int], slots: Tensor, slot: Tensor, table: Tensor, rows: List[int], blocks: List[int], embedding: Tensor, w: List[Tensor], keys: List[Tensor], values: List[Tensor], cos_table: Tensor, sin_table: Tensor, heads: int, kv_heads: int, epsilon: float) -> Tensor:
  ids, positions, places, before = torch.unbind(now)
  x = torch.embedding(embedding, ids)
  cos = torch.index_select(cos_table, 0, positions)
  sin = torch.index_select(sin_table, 0, positions)
  root = self.norm_root(x, epsilon)
  masks = annotate(List[Tensor], [])
  tables = annotate(List[Tensor], [])
  group_tables = annotate(List[Tensor], [])
  group_slots = annotate(List[Tensor], [])
  row = 0
  listed = 0
  for i in range(len(rows)):
    masks.append(self.length_mask(torch.narrow(before, 0, row, rows[i]), 16 * blocks[i], x).expand([-1, -1, heads // kv_heads, -1]))
    tables.append(torch.narrow(table, 0, listed, rows[i] * blocks[i]))
    row = row + rows[i]
    listed = listed + rows[i] * blocks[i]
  listed = 0
  row = 0
  for i in range(len(groups)):
    group_tables.append(torch.narrow(group_table, 0, listed, groups[i] * group_blocks[i]))
    group_slots.append(torch.narrow(slots, 0, row, groups[i] * samples[i]))
    listed = listed + groups[i] * group_blocks[i]
    row = row + groups[i] * samples[i]
  for layer in range(len(keys)):
    q, k, v = self.projections(x, w, len(keys), layer, cos, sin, heads, kv_heads, epsilon, root)
    torch.index_copy_(keys[layer], 0, places, k)
    torch.index_copy_(values[layer], 0, places, v)
    q = q.reshape([q.size(0), kv_heads, heads // kv_heads, -1])
    parts = annotate(List[Tensor], [])
    sums = annotate(List[Tensor], [])
    row = 0
    for i in range(len(rows)):
      ks = self.blocks_of(keys[layer], tables[i], rows[i])
      vs = self.blocks_of(values[layer], tables[i], rows[i])
      qs = torch.narrow(q, 0, row, rows[i])
      if len(groups) > 0:
        o, sum = torch._scaled_dot_product_flash_attention_for_cpu(qs, ks, vs, 0., False, attn_mask=masks[i])
        parts.append(o)
        sums.append(torch.unsqueeze(sum, -1))
      else:
        parts.append(torch.scaled_dot_product_attention(qs, ks, vs, masks[i], 0., False))
      row = row + rows[i]
    attended = torch.cat(parts, 0)
    if len(groups) > 0:
      shared = annotate(List[Tensor], [])
      shared_sums = annotate(List[Tensor], [])
      for i in range(len(groups)):
        o, sum = self.shared_attention(torch.index_select(q, 0, group_slots[i]), keys[layer], values[layer], group_tables[i], groups[i])
        shared.append(o)
        shared_sums.append(sum)
      part = torch.narrow(attended, 0, 0, slot.size(0))
      own = torch.narrow(torch.cat(sums, 0), 0, 0, slot.size(0))
      share = torch.sigmoid(torch.index_select(torch.cat(shared_sums, 0), 0, slot) - own)
      torch.copy_(part, torch.lerp(part, torch.index_select(torch.cat(shared, 0), 0, slot), torch.type_as(share, part)))
    x = self.rest_of_block(x, attended.reshape([x.size(0), -1]), w, len(keys), layer, epsilon, root)
  return x

# [n, 1, 1, longest]: 0 up to and including place before[i], -inf beyond; of the type of `like`.
def length_mask(self, before: Tensor, longest: int, like: Tensor) -> Tensor:
  places = torch.arange(longest, device=before.device)
  hidden = torch.gt(torch.unsqueeze(places, 0), torch.unsqueeze(before, 1))
  mask = torch.masked_fill(torch.zeros(hidden.size(), dtype=like.dtype, device=before.device), hidden, float("-inf"))
  return mask.view([-1, 1, 1, longest])

# Logits over the vocabulary, in 32 bits.
def next_logits(self, x: Tensor, norm: Tensor, head: Tensor, epsilon: float) -> Tensor:
  return self.at_least_float32(self.linear(self.norm(x, norm, epsilon, self.norm_root(x, epsilon)), head, None))

# The keys, or values, of one layer, in the given type (PyTorch's number) on the device of `place`.
def cache(self, places: int, heads: int, width: int, type: int, place: Tensor) -> Tensor:
  return torch.zeros([places, heads, width], dtype=type, device=place.device)

def rows(self, x: Tensor, indices: Tensor) -> Tensor:
  return torch.index_select(x, 0, indices)

# Copies whole blocks.
def copy_blocks(self, caches: List[Tensor], sources: Tensor, targets: Tensor) -> None:
  for i in range(len(caches)):
    blocks = caches[i].view([-1, 16, caches[i].size(1), caches[i].size(2)])
    torch.index_copy_(blocks, 0, targets, torch.index_select(blocks, 0, sources))

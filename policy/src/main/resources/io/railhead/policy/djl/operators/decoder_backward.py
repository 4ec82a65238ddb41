# The decoder block and its backward pass by hand.
#
# Autograd would keep some fifteen arrays of the size of x a block, and could not use oneDNN's matrix products, which are twice
# as fast as PyTorch's in single precision on some CPUs. Gradients of weights are returned in the order of w, empty for
# those that are not trained.

# x times a matrix [out, in] transposed.
def product(self, x: Tensor, matrix: Tensor, bias: Optional[Tensor]) -> Tensor:
  if x.is_cpu and x.dtype == 6:
    return ops.mkldnn._linear_pointwise(x, matrix, bias, "none", [], "")
  return torch.linear(x, matrix, bias)

# y = product(x, w[i], w[bias]), with what the adapter adds whose A is w[a]; no bias if `bias` is negative.
def projection(self, x: Tensor, w: List[Tensor], i: int, bias: int, a: int) -> Tensor:
  if bias < 0:
    y = self.product(x, w[i], None)
  else:
    y = self.product(x, w[i], w[bias])
  return self.adapted(y, x, w, 12, a)

# Takes the gradient g by y; returns that by x.
def projection_backward(self, g: Tensor, x: Tensor, w: List[Tensor], i: int, bias: int, a: int, gradients: List[Tensor]) -> Tensor:
  if ops.prim.requires_grad(w[i]):
    gradients[i] = self.product(g.t(), x.t(), None)
  if bias >= 0:
    if ops.prim.requires_grad(w[bias]):
      gradients[bias] = torch.sum(g, [0])
  by_x = self.product(g, w[i].t(), None)
  if torch.len(w) > 12:
    if w[a].numel() > 0:
      by_low = self.product(g, w[a + 1].t(), None) * w[12]
      if ops.prim.requires_grad(w[a]):
        gradients[a] = self.product(by_low.t(), x.t(), None)
        gradients[a + 1] = self.product(g.t(), (self.product(x, w[a], None) * w[12]).t(), None)
      by_x = torch.add_(by_x, self.product(by_low, w[a].t(), None))
  return by_x

# One over the root mean square of each row, and x times it.
def normed(self, x: Tensor, epsilon: float) -> Tuple[Tensor, Tensor]:
  wide = self.at_least_float32(x)
  inverse = torch.rsqrt(torch.mean(torch.square(wide), [-1], True) + epsilon)
  return (inverse, (wide * inverse).to(x.dtype))

# y = normed(x) * w[i].
def norm_backward(self, g: Tensor, x: Tensor, w: List[Tensor], i: int, epsilon: float, gradients: List[Tensor]) -> Tensor:
  inverse, y = self.normed(x, epsilon)
  if ops.prim.requires_grad(w[i]):
    gradients[i] = torch.sum(g * y, [0])
  y = self.at_least_float32(y)
  g = self.at_least_float32(g * w[i])
  return (torch.addcmul(g, y, torch.mean(g * y, [-1], True), value=-1) * inverse).to(x.dtype)

# Queries, keys and values, the first two rotated.
def decoder_heads(self, x: Tensor, w: List[Tensor], cos: Tensor, sin: Tensor, heads: int, kv_heads: int, epsilon: float) -> Tuple[Tensor, Tensor, Tensor]:
  n = x.size(0)
  y = self.normed(x, epsilon)[1] * w[0]
  q = self.rotate(self.projection(y, w, 1, 2, 13).view([n, heads, -1]), cos, sin)
  k = self.rotate(self.projection(y, w, 3, 4, 15).view([n, kv_heads, -1]), cos, sin)
  return (q, k, self.projection(y, w, 5, 6, 17).view([n, kv_heads, -1]))

# What follows attention: x with what was attended, gate, up, and the block's output.
def decoder_rest(self, x: Tensor, attended: Tensor, w: List[Tensor], epsilon: float) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
  x = x + self.projection(attended, w, 7, -1, 19)
  y = self.normed(x, epsilon)[1] * w[8]
  gate = self.projection(y, w, 9, -1, 21)
  up = self.projection(y, w, 10, -1, 23)
  return (x, gate, up, x + self.projection(torch.silu(gate) * up, w, 11, -1, 25))

def no_gradients(self, w: List[Tensor]) -> List[Tensor]:
  none = annotate(List[Tensor], [])
  for i in range(torch.len(w)):
    _0 = torch.append(none, torch.empty([0]))
  return none

# The gradients by x after attention and by what was attended, then those of the weights.
def decoder_rest_backward(self, g: Tensor, x: Tensor, attended: Tensor, gate: Tensor, up: Tensor, w: List[Tensor], epsilon: float) -> List[Tensor]:
  gradients = self.no_gradients(w)
  active = torch.silu(gate)
  by_product = self.projection_backward(g, active * up, w, 11, -1, 25, gradients)
  y = self.normed(x, epsilon)[1] * w[8]
  by_y = self.projection_backward(torch.silu_backward(by_product * up, gate), y, w, 9, -1, 21, gradients)
  by_y = torch.add_(by_y, self.projection_backward(torch.mul_(by_product, active), y, w, 10, -1, 23, gradients))
  by_x = torch.add_(self.norm_backward(by_y, x, w, 8, epsilon, gradients), g)
  return torch.add([by_x, self.projection_backward(by_x, attended, w, 7, -1, 19, gradients)], gradients)

# The gradient by x, to which g comes past attention, then those of the weights.
def decoder_heads_backward(self, g: Tensor, by_q: Tensor, by_k: Tensor, by_v: Tensor, x: Tensor, w: List[Tensor], cos: Tensor, sin: Tensor, epsilon: float) -> List[Tensor]:
  gradients = self.no_gradients(w)
  n = x.size(0)
  back = torch.neg(sin)
  y = self.normed(x, epsilon)[1] * w[0]
  by_y = self.projection_backward(self.rotate(by_q, cos, back).view([n, -1]), y, w, 1, 2, 13, gradients)
  by_y = torch.add_(by_y, self.projection_backward(self.rotate(by_k, cos, back).view([n, -1]), y, w, 3, 4, 15, gradients))
  by_y = torch.add_(by_y, self.projection_backward(by_v.reshape([n, -1]), y, w, 5, 6, 17, gradients))
  return torch.add([torch.add_(self.norm_backward(by_y, x, w, 0, epsilon, gradients), g)], gradients)

# Convolutional vision towers. x is [pictures, channels, rows, columns].

# Some pictures of one size among all pixels, from number `first` on.
def pictures(self, pixels: Tensor, first: int, count: int, rows: int, columns: int) -> Tensor:
  return torch.narrow(pixels, 0, first, count * 3 * rows * columns).view([count, 3, rows, columns])

# [pictures, channels, rows, columns] -> [pictures * rows * columns, channels].
def places_first(self, x: Tensor) -> Tensor:
  return x.permute([0, 2, 3, 1]).reshape([-1, x.size(1)])

# w[at]: scale, shift, running mean, running variance. In at least 32 bits, like the running statistics; with `learning` by
# the batch's own, of which the running ones take a share of `momentum`.
def batch_norm(self, x: Tensor, w: List[Tensor], at: int, learning: bool, momentum: float) -> Tensor:
  scale = self.at_least_float32(w[at])
  shift = self.at_least_float32(w[at + 1])
  y = torch.batch_norm(self.at_least_float32(x), scale, shift, w[at + 2], w[at + 3], learning, momentum, 1e-5, False)
  return torch.type_as(y, x)

# 0 none, 1 ReLU, 2 ReLU6.
def activated(self, x: Tensor, kind: int) -> Tensor:
  if kind == 1:
    return torch.relu(x)
  if kind == 2:
    return torch.hardtanh(x, 0., 6.)
  return x

# The same for generation, which needs nothing of x any more.
def activated_in_place(self, x: Tensor, kind: int) -> Tensor:
  if kind == 1:
    return torch.relu_(x)
  if kind == 2:
    return torch.hardtanh_(x, 0., 6.)
  return x

# Convolutions, each with a norm (five arrays) or with that folded into it (two), then attention, if any (twelve, or
# four).
def convolution_block(self, x: Tensor, w: List[Tensor], strides: List[int], groups: List[int], activations: List[int], residual: bool, learning: bool, momentum: float) -> Tensor:
  y = x.to(w[0].dtype)
  count = len(strides)
  folded = len(w) == 2 * count or len(w) == 2 * count + 4
  at = 0
  for i in range(count):
    padding = (w[at].size(2) - 1) // 2
    if folded:
      y = torch.conv2d(y, w[at], w[at + 1], [strides[i], strides[i]], [padding, padding], [1, 1], groups[i])
      y = self.activated_in_place(y, activations[i])
      at = at + 2
    else:
      y = torch.conv2d(y, w[at], None, [strides[i], strides[i]], [padding, padding], [1, 1], groups[i])
      y = self.activated(self.batch_norm(y, w, at + 1, learning, momentum), activations[i])
      at = at + 5
  if residual:
    y = x + y
  if at < len(w):
    return self.subspace_attention(y, w, at, learning, momentum)
  return y

# ULSAM. w[at]: weight and bias of the depthwise 1x1 convolution, which scales and shifts each channel, its norm (four);
# weight [subspaces, channels of one, 1, 1] and bias of the pointwise one, its norm (four). Or both with the norm folded
# into them. All subspaces at once: none sees another's channels.
def subspace_attention(self, x: Tensor, w: List[Tensor], at: int, learning: bool, momentum: float) -> Tensor:
  folded = len(w) == at + 4
  y = x * w[at].view([1, -1, 1, 1]) + w[at + 1].view([1, -1, 1, 1])
  point = at + 2
  if not folded:
    y = self.batch_norm(y, w, point, learning, momentum)
    point = at + 6
  y = torch.max_pool2d(torch.relu(y), [3, 3], [1, 1], [1, 1], [1, 1], False)
  subspaces = w[point].size(0)
  y = torch.conv2d(y, w[point], w[point + 1], [1, 1], [0, 0], [1, 1], subspaces)
  if not folded:
    y = self.batch_norm(y, w, point + 2, learning, momentum)
  share = torch.softmax(torch.relu(y).view([x.size(0), subspaces, 1, -1]), -1)
  by_subspace = x.reshape([x.size(0), subspaces, x.size(1) // subspaces, -1])
  return (by_subspace + by_subspace * share).view(x.size())

# Weight and bias of a convolution that stands for one with a batch norm behind it. w[at]: scale, shift, running mean,
# running variance.
def folded(self, weight: Tensor, bias: Optional[Tensor], w: List[Tensor], at: int) -> List[Tensor]:
  scale = w[at].to(7) / torch.sqrt(w[at + 3].to(7) + 1e-5)
  shift = w[at + 1].to(7) - w[at + 2].to(7) * scale
  if bias is not None:
    shift = shift + bias.to(7) * scale
  by_filter = scale.view([-1, 1, 1, 1])
  return [torch.type_as(weight.to(7) * by_filter, weight), torch.type_as(shift, weight)]

# The arrays of a block with `convolutions`, for generation.
def folded_block(self, w: List[Tensor], convolutions: int) -> List[Tensor]:
  parts = annotate(List[Tensor], [])
  at = 0
  for i in range(convolutions):
    parts = parts + self.folded(w[at], None, w, at + 1)
    at = at + 5
  if at < len(w):
    parts = parts + self.folded(w[at], w[at + 1], w, at + 2)
    parts = parts + self.folded(w[at + 6], w[at + 7], w, at + 8)
  return parts

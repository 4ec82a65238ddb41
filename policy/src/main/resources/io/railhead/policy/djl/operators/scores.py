# Probabilities of given tokens. In 32 bits even where the model computes in 16.

# 6 is float32: PyTorch's number.
def at_least_float32(self, x: Tensor) -> Tensor:
  if torch.element_size(x) < 4:
    x = x.to(6)
  return x

# Log-probability of each id and entropy of its distribution, both at the given inverse temperature.
def token_scores(self, logits: Tensor, ids: Tensor, inverse_temperature: float) -> Tuple[Tensor, Tensor]:
  logp = torch.log_softmax(self.at_least_float32(logits) * inverse_temperature, -1)
  chosen = torch.squeeze(torch.gather(logp, -1, torch.unsqueeze(ids, -1)), -1)
  entropy = torch.neg(torch.sum(torch.exp(logp) * logp, [-1]))
  return (chosen, entropy)

def weighted_sum(self, x: Tensor, weights: Tensor) -> Tensor:
  return torch.dot(x, weights)

# Next-token logits of chosen hidden states.
def head_logits(self, x: Tensor, norm: Tensor, head: Tensor, epsilon: float) -> Tensor:
  return self.product(self.normed(x, epsilon)[1] * norm, head, None)

# Gradients by x, norm and head, the latter two empty if they are not trained, from that by the logits.
def head_backward(self, g: Tensor, x: Tensor, norm: Tensor, head: Tensor, epsilon: float) -> List[Tensor]:
  w = [norm, head]
  gradients = self.no_gradients(w)
  by_y = self.projection_backward(g, self.normed(x, epsilon)[1] * norm, w, 1, -1, 2, gradients)
  return torch.add([self.norm_backward(by_y, x, w, 0, epsilon, gradients)], gradients)

# The backward pass of `token_scores` by hand, which needs no more than the logits: gradient of a loss by them, from its
# gradients by each log-probability and, if not empty, by each entropy.
def score_gradient(self, logits: Tensor, ids: Tensor, by_logp: Tensor, by_entropy: Tensor, inverse_temperature: float) -> Tensor:
  logp = torch.log_softmax(self.at_least_float32(logits) * inverse_temperature, -1)
  p = torch.exp(logp)
  by_logp = torch.unsqueeze(by_logp, 1)
  if by_entropy.numel() == 0:
    gradient = torch.mul_(p, torch.neg(by_logp))
  else:
    entropy = torch.neg(torch.sum(p * logp, [-1], True))
    by_entropy = torch.unsqueeze(by_entropy, 1)
    logp = torch.mul_(torch.add_(logp, entropy), torch.neg(by_entropy))
    gradient = torch.mul_(torch.sub_(logp, by_logp), p)
  gradient = torch.scatter_add_(gradient, 1, torch.unsqueeze(ids, 1), by_logp)
  return torch.type_as(torch.mul_(gradient, inverse_temperature), logits)

# Sums the rows of gradients to the places from which they were taken, among `places` many.
def scatter_rows(self, gradients: List[Tensor], taken: List[Tensor], places: int) -> Tensor:
  return torch.embedding_dense_backward(torch.cat(gradients), torch.cat(taken), places, -1, False)

# Drawing tokens.

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

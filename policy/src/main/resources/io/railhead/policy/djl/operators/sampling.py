# Drawing tokens. All of it for rows of logits, [rows, vocabulary].

def scale(self, logits: Tensor, inverse_temperature: Tensor) -> Tensor:
  return logits * torch.unsqueeze(inverse_temperature, 1)

# Log-probability of one id a row.
def log_prob(self, logits: Tensor, ids: Tensor) -> Tensor:
  chosen = torch.squeeze(torch.gather(logits, -1, torch.unsqueeze(ids, -1)), -1)
  return chosen - torch.logsumexp(logits, [-1])

# The likeliest token of each row, the lowest id of several, and its log-probability.
def likeliest(self, logits: Tensor) -> Tuple[Tensor, Tensor]:
  ids = torch.argmax(logits, -1)
  return (ids, self.log_prob(logits, ids))

# The first place of each row at which the cumulative sum goes beyond target, which is moved below the row's total.
def walk(self, sums: Tensor, target: Tensor) -> Tensor:
  last = torch.narrow(sums, 1, sums.size(1) - 1, 1)
  return torch.searchsorted(sums, torch.minimum(target, last * 0.9999999999999996), right=True)

# Samples a token of each row of scaled logits by walking the cumulative distribution in the order of the vocabulary
# to uniform[i]; a negative uniform[i] takes the likeliest token. The walk goes first over pieces of 64 tokens, then
# within the piece, so that only their sums need double precision. Returns ids and their log-probabilities.
def sample(self, scaled: Tensor, uniform: Tensor) -> Tuple[Tensor, Tensor]:
  vocabulary = scaled.size(1)
  highest = torch.amax(scaled, [-1], True)
  p = torch.exp(scaled - highest)
  padding = (64 - vocabulary % 64) % 64
  if padding > 0:
    p = torch.constant_pad_nd(p, [0, padding])
  pieces = p.view([p.size(0), -1, 64])
  upto = torch.cumsum(torch.sum(pieces, [-1], dtype=7), -1)
  total = torch.narrow(upto, 1, upto.size(1) - 1, 1)
  target = torch.unsqueeze(uniform, 1) * total
  piece = torch.clamp(self.walk(upto, torch.clamp(target, 0.)), 0, upto.size(1) - 1)
  before = torch.where(torch.gt(piece, 0), torch.gather(upto, 1, torch.clamp(piece - 1, 0)), torch.zeros_like(target))
  chosen = torch.squeeze(torch.gather(pieces, 1, torch.unsqueeze(piece, -1).expand([-1, -1, 64])), 1)
  within = self.walk(torch.cumsum(chosen, -1, dtype=7), torch.clamp(target - before, 0.))
  drawn = torch.squeeze(piece * 64 + within, 1)
  ids = torch.where(torch.lt(uniform, 0.), torch.argmax(scaled, -1), torch.clamp(drawn, 0, vocabulary - 1))
  logp = torch.squeeze(torch.gather(scaled, -1, torch.unsqueeze(ids, -1)) - highest - torch.log(total), -1)
  return (ids, logp.to(6))

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

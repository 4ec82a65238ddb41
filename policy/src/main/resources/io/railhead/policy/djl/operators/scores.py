# Probabilities of given tokens.

# Log-probability of each id and entropy of its distribution, both at the given inverse temperature.
def token_scores(self, logits: Tensor, ids: Tensor, inverse_temperature: float) -> Tuple[Tensor, Tensor]:
  logp = torch.log_softmax(logits * inverse_temperature, -1)
  chosen = torch.squeeze(torch.gather(logp, -1, torch.unsqueeze(ids, -1)), -1)
  entropy = torch.neg(torch.sum(torch.exp(logp) * logp, [-1]))
  return (chosen, entropy)

def weighted_sum(self, x: Tensor, weights: Tensor) -> Tensor:
  return torch.dot(x, weights)

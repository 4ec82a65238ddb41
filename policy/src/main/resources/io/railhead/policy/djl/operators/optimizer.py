# Gradients to weights.

def clip(self, gradients: List[Tensor], max_norm: float) -> Tensor:
  norm = torch.linalg_vector_norm(torch.stack(torch._foreach_norm(gradients, 2.)), 2.)
  torch._foreach_mul_(gradients, torch.clamp(max_norm / (norm + 1e-6), None, 1.))
  return norm

def adamw(self, weights: List[Tensor], gradients: List[Tensor], first: List[Tensor], second: List[Tensor], steps: List[Tensor], lr: float, beta1: float, beta2: float, decay: float, epsilon: float) -> None:
  torch._fused_adamw_(weights, gradients, first, second, [], steps, lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=epsilon, amsgrad=False, maximize=False)

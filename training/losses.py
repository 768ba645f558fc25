"""What training makes small."""

import torch
from torch.nn import functional


def contrastive(one: torch.Tensor, other: torch.Tensor, scale: float = 16.0) -> torch.Tensor:
    """Return the symmetric in-batch loss (Henderson et al. 2017): row i belongs to row i."""
    scores = scale * one @ other.T
    wanted = torch.arange(len(one), device=one.device)
    return (functional.cross_entropy(scores, wanted) + functional.cross_entropy(scores.T, wanted)) / 2

"""All that leaves together, and what left before, as one model: which rows to hide so that no small number is told."""

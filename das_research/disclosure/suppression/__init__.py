"""Which numbers are unsafe, and which others must be hidden so that no reader can recompute them."""

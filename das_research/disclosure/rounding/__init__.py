"""Rounding in the place of hiding: controlled, so that tables still add up, or each number by itself."""

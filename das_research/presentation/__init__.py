"""How a Result shows itself: wide tables, charts, files of values."""

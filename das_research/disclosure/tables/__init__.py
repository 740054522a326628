"""The tables of one release as one model: cells, and every sum that holds between them."""

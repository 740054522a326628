"""Linking: which rows are of one case and of one person, with surrogates that never change."""

"""A reader who works out what is hidden, from nothing but the files that are about to leave and what left before.

Shares no code with what hides: the files are read, and sums found, anew. What cannot be judged is not safe.
"""

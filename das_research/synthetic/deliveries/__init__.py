"""What each partner delivers: the rows of its files, cut from the story of a block."""

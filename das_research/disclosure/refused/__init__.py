"""What is said of a hand-over that was refused: to its author without a number, to output checkers with all."""

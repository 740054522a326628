"""Gate 1: every row of a delivered file is accepted or quarantined with a reason; identifiers become pseudonyms."""

"""The synthetic chain: fictitious crimes, suspects, cases and sanctions, in the partners' own file layouts."""

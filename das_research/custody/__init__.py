"""What the keepers of keys and data do: rotate keys, destroy what is due or withdrawn, erase persons."""

"""The sub-commands of `das`, one module a noun: each has `register(app)`."""

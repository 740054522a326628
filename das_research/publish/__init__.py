"""The publication zone: editions, pages, downloads and the site. Nothing here can reach a row about a person."""

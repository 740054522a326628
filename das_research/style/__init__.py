"""How numbers, tables and charts look, in Dutch and in English, on the site, in notebooks and on paper."""

"""Linking: which rows are of one case and of one person, with surrogates that never change."""

from das_research.linkage.chain import Links, link_chain
from das_research.linkage.exact import complete_keys, components, link
from das_research.linkage.quality import DatasetLinkage, LinkageReport, known_before
from das_research.linkage.register import KeyRegister, open_register

__all__ = [
    "DatasetLinkage",
    "KeyRegister",
    "LinkageReport",
    "Links",
    "complete_keys",
    "components",
    "known_before",
    "link",
    "link_chain",
    "open_register",
]

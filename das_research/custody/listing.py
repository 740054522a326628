"""The identifier keys of a home as a list; never a key."""

from dataclasses import dataclass

from das_research.home import Home
from das_research.intake.delivery import read_deliveries
from das_research.keys.store import KeyStore


@dataclass(frozen=True)
class KeyLine:
    """One key, and how many deliveries have their pseudonyms under it.

    Parameters
    ----------
    domain : str
        Its identifier domain.
    epoch : int
        1 for the first, one more for each rotation.
    normalisation : str
        How the identifiers were written before hashing, in those deliveries; empty without any.
    made : str
        The day it was made (ISO).
    deliveries : int
        Those that were hashed last under it.
    """

    domain: str
    epoch: int
    normalisation: str
    made: str
    deliveries: int


def list_keys(home: Home) -> list[KeyLine]:
    """Every key of every identifier domain, by domain and epoch; the custodian's folder is read."""
    store, found = KeyStore(home.keys), []
    deliveries = [it for sender in home.senders() for it in read_deliveries(sender)]
    for domain in store.domains():
        for epoch in range(1, store.epoch(domain) + 1):
            under = {
                (delivery.id, it.normalisation)
                for delivery in deliveries
                for it in delivery.identifiers.values()
                if (it.domain, it.epoch) == (domain, epoch)
            }
            versions = ", ".join(sorted({version for _, version in under}))
            found.append(KeyLine(domain, epoch, versions, store.made(domain, epoch), len({id for id, _ in under})))
    return found

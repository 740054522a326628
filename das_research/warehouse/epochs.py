"""Pseudonyms of one domain under different keys join to nothing: no build before all are under the same."""

from collections.abc import Sequence

from das_research.errors import BuildRefused
from das_research.home import Home, write_file
from das_research.intake.delivery import Delivery
from das_research.linkage.register import EPOCHS, epochs_text, register_epochs


def refuse_mixed_epochs(home: Home, deliveries: Sequence[Delivery]) -> None:
    """Refuse deliveries, or a register, of which pseudonyms of one domain are under several keys.

    Raises
    ------
    BuildRefused
        With what to type for each domain.
    """
    found = {domain: {epoch} for domain, epoch in register_epochs(home).items()}
    for delivery in deliveries:
        for it in delivery.identifiers.values():
            found.setdefault(it.domain, set()).add(it.epoch)
    mixed = sorted(domain for domain, epochs in found.items() if len(epochs) > 1)
    if mixed:
        raise BuildRefused(
            f"Pseudonyms of {', '.join(mixed)} are under several keys.",
            why="A rotation of keys was not completed: what is one person under two keys would become two.",
            fix="; ".join(f"das key rotate {domain}" for domain in mixed),
            ask="the custodian of the identifier keys",
        )


def remember_epochs(home: Home, deliveries: Sequence[Delivery]) -> None:
    """Write down under which keys the pseudonyms are that the register gets from these deliveries."""
    known = register_epochs(home)
    epochs = known | {it.domain: it.epoch for delivery in deliveries for it in delivery.identifiers.values()}
    if epochs != known:
        write_file(home.register / EPOCHS, epochs_text(epochs))

"""The recipients whose mail was deferred and waits for its next attempt, in bounded memory.

Only these have to be remembered: a recipient that is delivered at once is counted and forgotten.
When there are more of them than `MOST_WAITING`, the queue ids that were seen longest ago are
dropped. A recipient of such a message counts once more when it is seen again.
"""

from collections import OrderedDict

MOST_WAITING = 200_000
"""Recipients."""
MOST_NOTICES = 20_000
"""Queue ids of Postfix's own notices to senders."""


class Waiting:
    """Deferred recipients by queue id, each with its domain."""

    def __init__(self, most: int = MOST_WAITING) -> None:
        self._most = most
        # The oldest of a plain dict is found slowly, after many have been taken from its front.
        self._by_id: OrderedDict[bytes, dict[int, bytes]] = OrderedDict()
        """Recipients as hashes: an address is longer, and is not needed."""
        self._size = 0
        self.dropped = 0
        """Recipients that fell out."""

    def __len__(self) -> int:
        return self._size

    def defer(self, queue_id: bytes, recipient: bytes, domain: bytes) -> bool:
        """Remembers a recipient, as the latest; True if it was not there."""
        recipients = self._by_id.get(queue_id)
        if recipients is None:
            recipients = self._by_id[queue_id] = {}
        else:
            self._by_id.move_to_end(queue_id)
        key = hash(recipient)
        if key in recipients:
            return False
        recipients[key] = domain
        self._size += 1
        while self._size > self._most:
            self._drop_oldest()
        return True

    def end(self, queue_id: bytes, recipient: bytes) -> bool:
        """Forgets a recipient whose mail was delivered or bounced; True if it was there."""
        recipients = self._by_id.get(queue_id)
        if recipients is None or recipients.pop(hash(recipient), None) is None:
            return False
        self._size -= 1
        if not recipients:
            del self._by_id[queue_id]
        return True

    def expire(self, queue_id: bytes) -> list[bytes]:
        """Forgets a message; the domains of its recipients, one a recipient."""
        recipients = self._by_id.pop(queue_id, {})
        self._size -= len(recipients)
        return list(recipients.values())

    def _drop_oldest(self) -> None:
        if len(self._by_id) > 1:
            _, recipients = self._by_id.popitem(last=False)
            dropped = len(recipients)
        else:  # one message with that many recipients
            (recipients,) = self._by_id.values()
            recipients.popitem()
            dropped = 1
        self._size -= dropped
        self.dropped += dropped


class BounceNotices:
    """The queue ids of non-delivery and delay notices that Postfix itself sends, latest last."""

    def __init__(self, most: int = MOST_NOTICES) -> None:
        self._most = most
        self.ids: OrderedDict[bytes, None] = OrderedDict()

    def add(self, queue_id: bytes) -> None:
        """Remembers a notice."""
        self.ids[queue_id] = None
        self.ids.move_to_end(queue_id)
        if len(self.ids) > self._most:
            self.ids.popitem(last=False)

"""Pages in memory, the least recently read dropped first. What they are and how long they hold is not known here."""

from collections import OrderedDict
from threading import Lock


class CachedPages:
    """At most so many bytes of pages. A page has `size`, in bytes."""

    def __init__(self, most_bytes: int):
        self.most_bytes = most_bytes
        self.bytes = 0
        self._pages = OrderedDict()
        self._lock = Lock()

    def __len__(self):
        return len(self._pages)

    def get(self, key):
        """The page, now the last to be dropped; None without one."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key, page) -> None:
        with self._lock:
            before = self._pages.pop(key, None)
            self._pages[key] = page
            self.bytes += page.size - (before.size if before else 0)
            while self.bytes > self.most_bytes:
                _, dropped = self._pages.popitem(last=False)
                self.bytes -= dropped.size

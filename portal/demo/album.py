"""Puts drawn photos into the file store, as an upload would."""

from datetime import datetime

from portal.adapters import images
from portal.adapters.filestore import FileStore
from portal.demo.pictures import photo
from portal.domain.accounts.rules import Actor
from portal.domain.files import actions as files


class Album:
    """Draws few pictures and uses each several times; each use is a file of its own."""

    DIFFERENT = 3  # pictures of each category

    def __init__(self, store: FileStore):
        self.store = store
        self.drawn: dict[tuple[str, int], images.Picture] = {}
        self.count: dict[str, int] = {}

    def add(self, actor: Actor, of: str, at: datetime) -> str:
        """A stored photo of `of` (a category, or "receipt") that belongs to `actor`; returns its code."""
        n = self.count[of] = (self.count.get(of, -1) + 1) % self.DIFFERENT
        if (of, n) not in self.drawn:
            self.drawn[of, n] = images.reencode(photo(of, str(n), at.date()))
        picture = self.drawn[of, n]
        row = files.begin(
            actor,
            size=len(picture.jpeg),
            width=picture.width,
            height=picture.height,
            content_type="image/jpeg",
            now=at,
        )
        self.store.put(row.key, picture.jpeg)
        self.store.put(row.key + ".thumb", picture.thumbnail)
        return row.code

"""Words that are chosen below the web and translated in it."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Message:
    """An English sentence (the id in the catalogs) and the values of its placeholders."""

    id: str
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.id % self.values if self.values else self.id


def _(message_id: str, **values: Any) -> Message:
    """Mark a sentence for translation. Values may be dates, moments, `Money`, text or another `Message`."""
    return Message(message_id, values)

"""How much a request may bring along: also where no proxy in front sets a limit."""

from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.files.uploadhandler import FileUploadHandler


class GrenzeHandler(FileUploadHandler):
    """Refuse a request with files by what it announces; more than that the server doesn't read."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        if content_length > settings.ANFRAGE_HOECHSTENS:
            mb = settings.DATEI_HOECHSTENS >> 20
            raise BadRequest(
                f"Das ist mehr, als auf einmal hochgeladen werden kann. Eine Datei darf {mb} MB groß sein."
            )

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None

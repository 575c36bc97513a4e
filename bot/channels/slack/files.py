"""Files in Slack: fetched with the bot's token, and uploaded into a thread in three steps, as Slack wants it now."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from slack_sdk.errors import SlackApiError

from bot.channels.slack.failures import error_code, translated
from bot.desk.ports import Blob
from bot.errors import AmbiguousError, RefusedError, RetryableError

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

    from bot.core.messages import Address, Media

LIMIT = 20 * 1024 * 1024
PREVIEW_LIMIT = 1024 * 1024
"""Of a preview, as LINE takes it."""

_PREVIEWS = ("thumb_720", "thumb_480", "thumb_360", "thumb_160")
_KNOWN = {"image/jpeg": ".jpg", "audio/mp4": ".m4a", "audio/x-m4a": ".m4a"}


def file_name(media: Media, blob: Blob) -> str:
    """A name for what came without one, with the ending of its kind."""
    ending = _KNOWN.get(blob.media_type) or mimetypes.guess_extension(blob.media_type) or ""
    return f"{media.media}{ending}"


class SlackFiles:
    """Built on the client that the sender uses."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def fetch(self, file_id: str, *, preview: bool = False) -> Blob:
        """The bytes of a file, or of a small picture of it.

        Raises:
            RetryableError, AmbiguousError, RefusedError
        """
        with translated("files.info"):
            answer = await self._client.files_info(file=file_id)
        file: dict[str, Any] = answer.get("file") or {}
        address = next((str(file[name]) for name in _PREVIEWS if file.get(name)), "") if preview else ""
        address = address or str(file.get("url_private_download") or file.get("url_private") or "")
        if not address:
            raise RefusedError("the file has no address")
        return await self._download(address)

    async def upload(self, name: str, data: bytes, target: Address) -> str:
        """Put a file into the thread at *target*; its id.

        Raises:
            RetryableError, AmbiguousError, RefusedError
        """
        with translated("files.getUploadURLExternal"):
            place = await self._client.files_getUploadURLExternal(filename=name, length=len(data))
        await self._put(str(place["upload_url"]), data)
        with translated("files.completeUploadExternal"):
            await self._client.files_completeUploadExternal(
                files=[{"id": str(place["file_id"]), "title": name}],
                channel_id=target.to,
                thread_ts=target.thread or None,
            )
        return str(place["file_id"])

    async def delete(self, file_id: str) -> None:
        """Take back a file that was uploaded; one that is gone already is fine.

        Raises:
            RetryableError, AmbiguousError, RefusedError
        """
        with translated("files.delete"):
            try:
                await self._client.files_delete(file=file_id)
            except SlackApiError as error:
                if error_code(error) not in {"file_not_found", "file_deleted"}:
                    raise

    async def _put(self, address: str, data: bytes) -> None:
        session = self._client.session
        assert session is not None
        with translated("files upload"):
            async with session.post(address, data=data, proxy=self._client.proxy) as answer:
                if answer.status == 429 or answer.status >= 500:
                    raise RetryableError(f"files upload: answer {answer.status}")
                if answer.status != 200:
                    raise RefusedError(f"files upload: answer {answer.status}")

    async def _download(self, address: str) -> Blob:
        """The bot's token goes to Slack's own hosts alone."""
        if not self._is_slacks(address):
            raise RefusedError("the file is not at Slack")
        session = self._client.session
        assert session is not None
        headers = {"Authorization": f"Bearer {self._client.token}"}
        with translated("file download"):
            async with session.get(address, headers=headers, proxy=self._client.proxy) as answer:
                if answer.status >= 500:
                    raise AmbiguousError(f"file download: answer {answer.status}")
                if answer.status != 200:
                    raise RefusedError(f"file download: answer {answer.status}")
                data = bytearray()
                async for chunk in answer.content.iter_chunked(64 * 1024):
                    data += chunk
                    if len(data) > LIMIT:
                        raise RefusedError(f"the file is larger than {LIMIT} bytes")
                return Blob(data=bytes(data), media_type=answer.content_type)

    def _is_slacks(self, address: str) -> bool:
        parts, own = urlsplit(address), urlsplit(self._client.base_url)
        slacks = parts.scheme == "https" and (parts.hostname or "").endswith(".slack.com")
        return slacks or (parts.scheme, parts.netloc) == (own.scheme, own.netloc)

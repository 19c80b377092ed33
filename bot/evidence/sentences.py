"""What people are told about a file that is not kept: one sentence, with what they can do instead."""

from __future__ import annotations

KINDS = "照片（JPEG、PNG、WebP）、PDF，以及 Word、Excel、PowerPoint、ODF 文件"
NOT_ACCEPTED = f"這種檔案收不下。可以傳{KINDS}。"
VIDEO = "影片收不下。請挑幾張照片，或改傳 PDF。"
SOUND = f"聲音檔收不下。可以傳{KINDS}。"
HEIC = "HEIC 格式的照片收不下。請當成照片傳送（不要用「檔案」），或轉成 JPEG 再傳。"
OLD_OFFICE = "舊版或加了密碼的 Office 檔收不下。請另存成不加密碼的 docx、xlsx、pptx 或 PDF。"
LOCKED = "加了密碼的檔案收不下。請另存一份不加密碼的再傳。"
MACROS = "含巨集的 Office 檔收不下。請另存成 docx、xlsx、pptx 或 PDF。"
BOMB = "這個檔案解開後大得不合常理，為了安全沒有收。請另存成 PDF 再傳。"
BROKEN = "這個檔案打不開，可能壞了。請另存一份再傳。"
BROKEN_IMAGE = "這張照片打不開，可能壞了。請重新拍一張或另存一份再傳。"
TOO_MANY_PIXELS = "這張照片的尺寸太大，收不下。請縮小再傳。"
EMPTY = "檔案是空的。請確認內容再傳一次。"
GONE = "聊天平台沒有交出這個檔案，請重新傳一次。"
TAKEN_BACK = "這個檔案您已經收回。"
UNREADABLE = "這個檔案讀不到，請確認位置再傳一次。"


def too_large(limit: int) -> str:
    """For a file beyond `limit` bytes."""
    return f"檔案超過 {limit // (1024 * 1024)} MB，收不下。請縮小或分開再傳。"


class RefusedFileError(Exception):
    """A file that is not kept; `sentence` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence

"""Why the operating system would not read or write a file, in both languages: its own words are
English, whatever the reader's language.
"""

import errno

_ZH = {
    errno.ENOENT: "沒有這個檔案或資料夾",
    errno.EACCES: "權限不足",
    errno.EPERM: "權限不足",
    errno.EISDIR: "這是資料夾，不是檔案",
    errno.ENOTDIR: "路徑中有一段不是資料夾",
    errno.EEXIST: "已有同名的檔案或資料夾",
    errno.ENOTEMPTY: "資料夾不是空的",
    errno.ENAMETOOLONG: "檔名過長",
    errno.ELOOP: "連結互相指向，無法解析",
    errno.EIO: "磁碟讀寫失敗",
    errno.ENOSPC: "磁碟已滿",
    errno.EDQUOT: "已達磁碟配額",
    errno.EROFS: "檔案系統唯讀",
    errno.EMFILE: "開啟的檔案過多",
}


def reason(error: OSError) -> str:
    """The system's own words in English, or the error's kind where it has none."""
    return error.strerror or type(error).__name__


def reason_zh(error: OSError) -> str:
    """The same in Chinese; of a rare one its number, by which it can be looked up."""
    found = _ZH.get(error.errno or 0)
    return found or f"系統錯誤 {error.errno}" if error.errno else "無法存取"

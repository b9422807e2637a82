"""
Every sentence that Seimai says, in English and Japanese side by side.

A test asserts that both languages exist for every code and use the same placeholders. Codes:
R recipe, I input, S stage, O output folder, E environment, V verify, U usage; `word.*` are the
small words that screens are made of.
"""

from __future__ import annotations

import locale
import os
from typing import Any, NamedTuple


class Message(NamedTuple):
    """One sentence in both languages, each with what to do next (may be empty)."""

    en: str
    ja: str
    hint_en: str = ""
    hint_ja: str = ""


MESSAGES: dict[str, Message] = {
    "word.error": Message("error", "エラー"),
    "word.warning": Message("warning", "警告"),
    "word.hint": Message("hint", "ヒント"),
    "word.did_you_mean": Message("did you mean “{near}”?", "「{near}」のことですか？"),
    # --- R: recipe -------------------------------------------------------------------------
    "R003": Message(
        "no signal is called “{name}”",
        "「{name}」という指標はありません",
        "`seimai signals` lists all of them",
        "`seimai signals` で一覧を表示できます",
    ),
    # --- I: input --------------------------------------------------------------------------
    "I001": Message(
        "nothing matches the source “{source}”",
        "入力元「{source}」に一致するファイルがありません",
        "paths are relative to the folder you start from",
        "パスは実行したフォルダからの相対パスです",
    ),
    # --- S: stages -------------------------------------------------------------------------
    "S001": Message(
        "“{path}” is missing, so the stage after it cannot run",
        "「{path}」がないため、次の工程を実行できません",
        "run the same command again; finished shards are reused",
        "同じコマンドを再実行してください。完了済みの分は再利用されます",
    ),
    "S002": Message(
        "the signal “{signal}” failed on text “{id}”: {cause}",
        "指標「{signal}」がテキスト「{id}」で失敗しました: {cause}",
    ),
    "S003": Message(
        "the signal “{signal}” gave {got} numbers for {want} texts",
        "指標「{signal}」はテキスト {want} 件に対して {got} 個の値を返しました",
    ),
    "S004": Message(
        "two signals are called “{name}”: {first} and {second}",
        "指標名「{name}」が重複しています: {first} と {second}",
        "a plugin must use a family of its own",
        "プラグインでは独自の接頭辞を使ってください",
    ),
    # --- O: output folder ------------------------------------------------------------------
    "O001": Message(
        "cannot write “{path}”: {cause}",
        "「{path}」に書き込めません: {cause}",
        "make room or choose another --out; the next run continues from the finished shards",
        "空き容量を確保するか、別の --out を指定してください。完了済みの分から再開します",
    ),
    # --- E: environment --------------------------------------------------------------------
    "E001": Message(
        "{what} needs the package “{package}”",
        "{what}にはパッケージ「{package}」が必要です",
        "pip install '{install}'",
        "pip install '{install}'",
    ),
    # --- U: usage --------------------------------------------------------------------------
    "U003": Message(
        "“{path}” is not a Python file",
        "「{path}」はPythonファイルではありません",
    ),
    "U004": Message(
        "the filters in “{path}” cannot be loaded: {cause}",
        "「{path}」のフィルタを読み込めません: {cause}",
    ),
}

_chosen: list[str] = []


def language() -> str:
    """`ja` or `en`: what `use_language` chose, else the locale of the process."""
    if _chosen:
        return _chosen[-1]
    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    return "ja" if (named or locale.getlocale()[0] or "").lower().startswith("ja") else "en"


def use_language(name: str | None) -> None:
    """Speak `name` (`en` or `ja`) from now on; None goes back to the locale."""
    _chosen.clear()
    if name:
        _chosen.append(name)


def sentence(code: str, **values: Any) -> str:
    """The sentence of `code` in the language of the process, its placeholders filled."""
    message = MESSAGES[code]
    return (message.ja if language() == "ja" else message.en).format(**values)


def hint(code: str, **values: Any) -> str:
    """What to do next about `code`; empty where there is nothing useful to say."""
    message = MESSAGES[code]
    return (message.hint_ja if language() == "ja" else message.hint_en).format(**values)

"""What `preview`, `diff`, `init` and `completion` say, and what comparing with a baseline does."""

from __future__ import annotations

from seimai.pipeline.messages.message import Message

TRYING: dict[str, Message] = {
    # --- preview ---------------------------------------------------------------------------
    "help.preview": Message(
        "try a recipe on a spread sample; nothing is written",
        "抜き取ったサンプルでレシピを試す（何も書き込まない）",
    ),
    "help.rows": Message(
        "records in the sample (default: 2000)", "サンプルの件数（既定値: 2000）"
    ),
    "help.preview_workers": Message(
        "the number of workers that the time for the whole run is given for",
        "全体の所要時間を見積もるときのプロセス数",
    ),
    "stage.sample": Message("take a sample", "サンプルの抽出"),
    "preview.exact": Message(
        "{rows} of {total} records, {time}", "{total}件中{rows}件を抽出（{time}）"
    ),
    "preview.about": Message(
        "{rows} of about {total} records, {time}", "約{total}件から{rows}件を抽出（{time}）"
    ),
    "preview.opened": Message(
        "read in {opened} of {inputs} files; the total is estimated from them",
        "{inputs}ファイル中{opened}ファイルだけを読み、総数はそこからの推定です",
    ),
    "preview.partly": Message(
        "large files read from their beginning only: {count}",
        "先頭部分だけを読んだ大きなファイル: {count}",
    ),
    "preview.kept": Message("kept", "採用"),
    "preview.rejected": Message("rejected", "除外"),
    "preview.quarantined": Message("quarantined", "隔離"),
    "preview.alone": Message("only reason for {count}", "単独の理由 {count}件"),
    "preview.more": Message("{count} more (--all)", "ほか{count}件（--all で表示）"),
    "preview.duplicates": Message("near-duplicates", "重複"),
    "preview.duplicates_note": Message(
        "(a sample finds far fewer duplicates than the whole)",
        "（サンプルでは、全体で見つかる重複のごく一部しか見つかりません）",
    ),
    "preview.close": Message("close calls, {limit}", "しきい値すれすれのテキスト（{limit}）"),
    "preview.is_kept": Message("kept", "採用"),
    "preview.is_rejected": Message("rejected", "除外"),
    "preview.whole": Message(
        "Whole run: about {time} on {workers} workers, {share} of it MeCab.",
        "全体の実行: 約{time}（{workers}プロセス。うち形態素解析 {share}）",
    ),
    "preview.whole_bare": Message(
        "Whole run: about {time} on {workers} workers.",
        "全体の実行: 約{time}（{workers}プロセス）",
    ),
    "preview.nothing_written": Message(
        "Nothing was written.", "ファイルには何も書き込んでいません。"
    ),
}

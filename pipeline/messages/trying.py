"""What `preview`, `diff`, `init` and `completion` say, and what comparing with a baseline does."""

from __future__ import annotations

from seimai.pipeline.messages.message import Message

TRYING: dict[str, Message] = {
    # --- preview ---------------------------------------------------------------------------
    "help.preview": Message(
        "try a recipe on a spread sample; nothing is written",
        "抜き取ったサンプルでレシピを試す（何も書き込まない）",
    ),
    "help.rows": Message("records in the sample (default: 2000)", "サンプルの件数（既定値: 2000）"),
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
    # --- diff, baselines -------------------------------------------------------------------
    "U070": Message(
        "“{path}” holds no finished run",
        "「{path}」に完了した実行結果がありません",
        "give the folder of a run, its release, or a run.json that was kept",
        "実行の出力フォルダ、release フォルダ、または保存しておいた run.json を指定してください",
    ),
    "help.diff": Message(
        "show what is different between two runs",
        "二つの実行結果の違いを表示する",
    ),
    "help.old": Message(
        "the earlier run: its folder, its release, or its run.json",
        "前の実行。出力フォルダ、release フォルダ、または run.json",
    ),
    "help.new": Message("the later one", "後の実行（指定方法は同じ）"),
    "help.baseline": Message(
        "hold the result against an earlier run: its folder or its run.json; `expect: drift:` "
        "says how far it may move",
        "以前の実行（フォルダまたは run.json）と比べる。許容範囲はレシピの `expect: drift:`",
    ),
    "help.junit": Message("write the results as JUnit XML", "結果をJUnit XMLで書き出す"),
    "expect.drift_kept_share": Message("kept share moved", "採用率の変化"),
    "expect.drift_characters_share": Message("share of characters moved", "精米歩合の変化"),
    "expect.drift_quarantined_share": Message("quarantined share moved", "隔離率の変化"),
    "expect.drift_reason_share": Message("reason that moved most", "最も変化した除外理由"),
    "expect.drift_source_share": Message("source that moved most", "最も変化した入力元"),
    "expect.drift_sources_gone": Message("sources that are gone", "なくなった入力元"),
    "expect.drift_mean_length": Message("mean length moved", "平均の長さの変化"),
    "expect.drift_masked": Message("masked items per text moved", "個人情報の伏せ字数の変化"),
    "ci.fine": Message("as expected: {count}", "{count}件、問題ありません"),
    "diff.kept": Message("kept {old} → {new}   ({change})", "採用 {old} → {new}（{change}）"),
    "diff.read": Message("read {old} → {new}", "入力 {old} → {new}"),
    "diff.same": Message(
        "the same texts with the same verdicts, byte for byte",
        "テキストも判定もバイト単位で同じです",
    ),
    "diff.newly_rejected": Message("newly rejected", "新たに除外"),
    "diff.newly_kept": Message("newly kept", "新たに採用"),
    "diff.added": Message("new texts", "追加されたテキスト"),
    "diff.removed": Message("gone", "なくなったテキスト"),
    "diff.rewritten": Message("kept, cleaned otherwise", "採用のまま内容が変化"),
    "diff.other_reasons": Message("rejected for other reasons", "除外の理由が変化"),
    "diff.others": Message("other {count}", "ほか {count}"),
    "diff.unknown": Message(
        "which texts moved is not known: that needs two releases, not only run.json",
        "個々のテキストの変化は、両方の release がないと分かりません（run.json だけでは不可）",
    ),
    "diff.no_rejects": Message(
        "a release without its rejected texts: “gone” and “new” may be rejected ones",
        "除外テキストを含まない release のため、「追加」「なくなった」には除外分が含まれます",
    ),
    "diff.reasons": Message("rejected, by reason", "理由別の除外件数"),
    "diff.recipe": Message("recipe", "レシピ"),
    "diff.signals": Message("signals", "指標"),
    "diff.packages": Message("packages", "パッケージ"),
    "diff.no_recipe": Message(
        "recipe    nothing that decides verdicts", "レシピ  判定に関わる変更なし"
    ),
    "diff.no_signals": Message("signals   no version changed", "指標    版の変更なし"),
    "diff.drift": Message("drift", "変化量"),
    "diff.drift_usual": Message(
        "drift (usual limits; `expect: drift:` of the recipe makes them count)",
        "変化量（既定の範囲。レシピに `expect: drift:` を書くと終了コードに反映）",
    ),
}

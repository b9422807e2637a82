"""What screens say: small words, stages, tables, and the sentences around them."""

from __future__ import annotations

from seimai.pipeline.messages.message import Message

SCREENS: dict[str, Message] = {
    "word.error": Message("error", "エラー"),
    "word.hint": Message("hint", "ヒント"),
    "word.did_you_mean": Message("did you mean “{near}”?", "「{near}」のことですか？"),
    "word.ok": Message("ok", "正常"),
    "word.warn": Message("warn", "注意"),
    "word.fail": Message("fail", "異常"),
    "word.skip": Message("skip", "省略"),
    # --- stages, amounts, times --------------------------------------------------------------
    "stage.text": Message("read", "読み込み"),
    "stage.start": Message("start", "起動"),
    "stage.read": Message("read", "読み込み"),
    "stage.write": Message("write", "書き込み"),
    "stage.ingest": Message("read", "読み込み"),
    "stage.clean": Message("clean", "整形"),
    "stage.signals": Message("measure", "測定"),
    "stage.measure": Message("measure", "測定"),
    "stage.sketch": Message("sketch", "重複検出の準備"),
    "stage.group": Message("group", "重複のグループ化"),
    "stage.turn": Message(
        "wait for another run to let go of the index", "別の実行によるインデックスの使用終了を待機"
    ),
    "stage.across": Message("sentences in common", "共通する文の集計"),
    "stage.screen": Message("screen", "事前判定"),
    "stage.tokens": Message("tokenize", "形態素解析"),
    "stage.tokenize": Message("tokenize", "形態素解析"),
    "stage.count": Message("count tokens", "トークン数の集計"),
    "stage.words": Message("measure words", "単語の測定"),
    "stage.judge": Message("judge", "判定"),
    "stage.verdict": Message("judge", "判定"),
    "stage.release": Message("release", "書き出し"),
    "stage.report": Message("report", "レポート"),
    "stage.prepare": Message("read, clean, measure", "読み込み・整形・測定"),
    "unit.batches": Message("{count} batches", "{count} バッチ"),
    "unit.shards": Message("{count} shards", "{count} シャード"),
    "unit.shards.one": Message("1 shard", "1 シャード"),
    "unit.units": Message("{count} parts", "{count} 区画"),
    "unit.texts": Message("{count} texts", "{count} 件"),
    "unit.files": Message("{count} files", "{count} ファイル"),
    "unit.bands": Message("{count} bands", "{count} バンド"),
    "time.seconds": Message("{seconds} s", "{seconds}秒"),
    "time.minutes": Message("{minutes} min {seconds} s", "{minutes}分{seconds}秒"),
    "time.hours": Message("{hours} h {minutes} min", "{hours}時間{minutes}分"),
    "progress.passed": Message(
        "{count} texts, {share} pass so far", "{count}件（うち{share}が通過）"
    ),
    "progress.left": Message("{time} left", "残り{time}"),
    # --- the funnel ------------------------------------------------------------------------
    "funnel.read": Message("read", "入力"),
    "funnel.limits": Message("− limits", "− しきい値"),
    "funnel.duplicates": Message("− duplicates", "− 重複"),
    "funnel.quarantined": Message("− quarantined", "− 隔離"),
    "funnel.kept": Message("= kept", "= 採用"),
    "funnel.characters": Message(
        "{kept} of {read} characters: 精米歩合 {share}",
        "{read}文字中{kept}文字、精米歩合 {share}",
    ),
    "funnel.formats": Message("formats", "入力形式"),
    "funnel.unknown_format": Message("unknown", "不明"),
    "format.an image": Message("an image", "画像"),
    "format.a program": Message("a program", "プログラム"),
    "format.an SQLite database": Message("an SQLite database", "SQLiteのデータベース"),
    "format.attachments packed by Outlook (winmail.dat)": Message(
        "attachments packed by Outlook (winmail.dat)", "Outlookがまとめた添付（winmail.dat）"
    ),
    "format.a workbook of Excel 4 or older; save it as .xlsx": Message(
        "a workbook of Excel 4 or older; save it as .xlsx",
        "Excel 4以前のブック（.xlsx で保存し直すと読めます）",
    ),
    "funnel.of_quarantined": Message("quarantined: {causes}", "隔離: {causes}"),
    "funnel.of_skipped": Message("skipped: {causes}", "対象外: {causes}"),
    "funnel.reasons": Message("reasons", "除外理由"),
    "funnel.alone": Message("sole reason for {count}", "単独の理由 {count}件"),
    "funnel.more": Message("{count} more in the report", "ほか{count}件はレポートに記載"),
    "limit.one": Message("outside: {limits}", "範囲外: {limits}"),
    "limit.all": Message("all {count} outside: {limits}", "{count}件すべて範囲外: {limits}"),
    "limit.some": Message(
        "at least {least} of {count} outside: {limits}",
        "{count}件中{least}件以上が範囲外: {limits}",
    ),
    "limit.where": Message("{said} (asked where {where})", "{said}（対象: {where}）"),
    "funnel.quarantine": Message(
        "records that could not be read: {count} (in {path})",
        "読み込めなかったレコード {count}件: {path}",
    ),
    "expect.kept_share": Message("kept share", "採用率"),
    "expect.any_reason_share": Message("largest reason", "最大の除外理由"),
    "expect.source_loss_share": Message("largest loss of a source", "入力元ごとの最大損失"),
    "expect.ok": Message("as expected", "想定内"),
    "expect.off": Message("NOT as expected", "想定外"),
    "expect.title": Message("expect", "期待値"),
    "run.markup": Message(
        "{share} of the texts of “{source}” look like markup: "
        "`text_format: {format}` in this source of the recipe reads them as such",
        "「{source}」のテキストの{share}はマークアップのようです。"
        "レシピのこの入力元に `text_format: {format}` と書くと、その形式として読み込みます",
    ),
    "run.named_otherwise": Message(
        "files that hold records in JSON, whatever their names say, and were read as such: "
        "{count} ({inputs})",
        "名前と異なり中身が JSON のレコードだったため、JSON として読み込んだファイル: "
        "{count}件（{inputs}）",
    ),
    "run.release": Message("release   {path}", "出力      {path}"),
    "run.changes": Message(
        "since the release before it: {added} added, {removed} removed, {changed} changed ({path})",
        "前回の出力との差: 追加 {added}・削除 {removed}・変更 {changed}（{path}）",
    ),
    "rollback.done": Message(
        "release   {path}: the one before, with {kept} texts; the other one ({was} texts) is in "
        "{previous}",
        "出力      {path}: 前回のもの（{kept}件）に戻しました。"
        "入れ替えた方（{was}件）は {previous} にあります",
    ),
    "rollback.again": Message(
        "`seimai rollback {out}` goes forward again; the next run publishes what it makes, and "
        "`seimai forget` what the last run made",
        "もう一度 `seimai rollback {out}` を実行すると元に戻ります。"
        "次の実行の結果は通常どおり公開されます。"
        "`seimai forget` も、最後の実行の結果から作り直します",
    ),
    "run.report": Message("report    {path}", "レポート  {path}"),
    "run.ids_twice": Message(
        "ids that an earlier text has already: {count}; name a column of ids (`id:`) that are "
        "different, or tell the files apart",
        "idが重複しています: {count}件。`id:` で一意な列を指定してください",
    ),
    "run.took": Message("took {time}", "所要時間 {time}"),
    "run.interrupted": Message(
        "interrupted; finished shards are kept, and the same command continues from there",
        "中断しました。完了済みの分は残っており、同じコマンドで再開できます",
    ),
    # --- plan ------------------------------------------------------------------------------
    "plan.up_to_date": Message("up to date", "最新"),
    "plan.stale": Message("STALE", "要更新"),
    "plan.new": Message("to do", "未実行"),
    "plan.nothing": Message("nothing to do", "実行するものはありません"),
    "plan.end": Message("nothing was run", "実行はしていません"),
    "plan.news": Message(
        "inputs: {new} new, {changed} changed, {gone} gone, {same} as they were",
        "入力: 新規 {new}、変更 {changed}、消失 {gone}、変更なし {same}",
    ),
    "plan.news_new": Message("new", "新規"),
    "plan.news_changed": Message("changed", "変更"),
    "plan.news_gone": Message("gone", "消失"),
    "word.trial": Message("trial of", "試行"),
    # --- the pages of Prefect ----------------------------------------------------------------
    "flow.step": Message("step", "段階"),
    "flow.texts": Message("texts", "件数"),
    "flow.share": Message("share", "割合"),
    "flow.reason": Message("reason", "理由"),
    "flow.alone": Message("sole reason", "単独の理由"),
    "flow.reasons": Message(
        "why texts were rejected; a text may have several reasons",
        "除外理由（1件に複数の理由がつくことがあります）",
    ),
    "flow.release": Message("where the release is", "公開用データの場所"),
    "flow.page": Message("the run in full", "実行結果のまとめ"),
    "flow.data": Message("release", "公開用データ"),
    "flow.report": Message("report", "レポート"),
    "flow.host": Message("machine", "マシン"),
    "flow.before": Message("before", "前回"),
    "flow.difference": Message("difference", "差"),
    "flow.source": Message("source", "入力元"),
    "flow.sources": Message("by source", "入力元ごと"),
    "flow.read": Message("read", "入力"),
    "flow.kept": Message("kept", "採用"),
    "flow.cause": Message("cause", "原因"),
    "flow.causes": Message("why records could not be read", "読み込めなかったレコード"),
    "flow.expected": Message("expectation", "想定"),
    "flow.value": Message("value", "値"),
    "flow.verdict": Message("verdict", "結果"),
    "flow.samples_kept": Message("kept texts", "採用したテキスト"),
    "flow.samples_rejected": Message("rejected texts", "除外したテキスト"),
    "flow.changes": Message(
        "texts against the release before: {added} added, {removed} removed, {changed} changed",
        "前回の公開用データとの違い: 追加 {added}件、削除 {removed}件、変更 {changed}件",
    ),
    "flow.news": Message(
        "{new} new, {changed} changed and {gone} gone inputs",
        "入力: 新規 {new}、変更 {changed}、消失 {gone}",
    ),
    "flow.nothing_new": Message(
        "nothing new: {same} inputs are as they were, and so is the release ({kept} texts)",
        "新しい入力はありません（変更なし {same}、公開用データは {kept}件のまま）",
    ),
    "flow.again": Message(
        "tried again in {minutes:g} minutes, {left} more times at most",
        "{minutes:g}分後に再試行します（あと最大{left}回）",
    ),
    "flow.published": Message(
        "published {kept} texts to {place}", "{kept}件を {place} に公開しました"
    ),
    "flow.published_already": Message(
        "{place} has this release already", "{place} は最新です（公開済み）"
    ),
    "flow.earlier": Message("the release before it: {place}", "一つ前の公開分: {place}"),
    "flow.tidied": Message(
        "removed {files} files ({size}): {what}", "{files}個のファイル（{size}）を削除: {what}"
    ),
    "flow.tidy": Message("nothing to remove", "削除するものはありません"),
    "flow.tidied_leftovers": Message("leftovers of runs that were killed", "中断した実行の残り"),
    "flow.tidied_trial": Message("the trial", "試行"),
    "flow.tidied_previous": Message("old releases", "古い公開用データ"),
    "flow.tidied_stages": Message("work files", "作業ファイル"),
    "flow.done": Message("kept {kept} of {read} texts", "{read}件中{kept}件を採用"),
    # --- deploying --------------------------------------------------------------------------
    "deploy.pool": Message(
        "runs of Seimai, each a process on this machine", "Seimai の実行（このマシンのプロセス）"
    ),
    "deploy.description": Message(
        "Curates the texts that {recipe} names, every night. Unchanged files are not read again.",
        "{recipe} の入力を毎晩処理します。変更のないファイルは再処理しません。",
    ),
    "deploy.automation": Message(
        "A run whose process was killed cannot report it. After {seconds} s without a heartbeat it "
        "is marked as crashed.",
        "強制終了された実行は自ら報告できません。{seconds} 秒間応答がなければ Crashed とします。",
    ),
    "deploy.description_new": Message(
        "Curates what is new in the sources of {recipe}, when a file arrives.",
        "{recipe} の入力に新しいファイルが届くと、その分を処理します。",
    ),
    "deploy.watch": Message("new files  {command}", "新規検知   {command}"),
    "alarm.wipe_out": Message(
        "nearly nothing is left, or much less than before",
        "結果がほとんど残らないか、前回より大きく減っています",
    ),
    "alarm.expectation": Message("not as expected", "想定から外れています"),
    "alarm.quarantine": Message("much could not be read", "読み込めないレコードが多くあります"),
    "alarm.unfinished": Message("inputs are out of reach", "読み込めない入力があります"),
    "alarm.failed": Message("failed", "失敗しました"),
    "alarm.dead": Message("its process died", "プロセスが停止しました"),
    "alarm.late": Message(
        "{minutes} minutes after its time the run has not begun: is a worker running?",
        "予定から{minutes}分たっても始まりません。ワーカーは動いていますか",
    ),
    "alarm.late_short": Message("late", "開始が遅れています"),
    "alarm.new_inputs": Message(
        "New files in its sources start a run of {name}.",
        "入力に新しいファイルが届くと {name} を実行します。",
    ),
    "deploy.silent": Message("no heartbeat for {seconds} s", "{seconds} 秒間応答がありません"),
    "deploy.waiting": Message(
        "waiting for the server at {url} (up to {seconds} s)",
        "{url} のサーバーの応答を待っています（最長 {seconds} 秒）",
    ),
    "deploy.next": Message("next run   {when}", "次回実行   {when}"),
    "deploy.worker": Message("workers    {command}", "ワーカー   {command}"),
    # --- check -----------------------------------------------------------------------------
    "check.fine": Message(
        "{path}: no mistakes (limits: {limits}, sources: {sources})",
        "{path}: 問題ありません（しきい値 {limits}件、入力元 {sources}件）",
    ),
    "check.combined": Message("{count} and {together} combined", "{count}件＋組み合わせ{together}"),
    "check.one": Message("1 problem; nothing was run", "1件の問題があります。実行はしていません"),
    "check.many": Message(
        "{count} problems; nothing was run", "{count}件の問題があります。実行はしていません"
    ),
    # --- signals ---------------------------------------------------------------------------
    "signals.range": Message("range", "範囲"),
    "signals.on": Message("in this run", "この実行"),
    "signals.median": Message("median", "中央値"),
    "signals.texts": Message(
        "{count} texts, {empty} with nothing to measure", "{count}件（測定対象なし {empty}件）"
    ),
    "signals.version": Message("version", "版"),
    "signals.needs": Message("needs", "対象"),
    "signals.characters": Message("characters", "文字"),
    "signals.tokens": Message("words (MeCab)", "単語（MeCab）"),
    "signals.place": Message("defined in", "定義"),
    "signals.used": Message("used by", "使用中"),
    "signals.cases": Message("cases", "テスト例"),
    "recipes.hint": Message(
        "`seimai run NAME` runs one; `seimai recipes NAME > my.yaml` gives you a copy to change.",
        "`seimai run 名前` で実行、`seimai recipes 名前 > my.yaml` で書き出して編集できます。",
    ),
    "signals.total": Message("{count} signals", "指標 {count}件"),
    "signals.none": Message("not used by a shipped recipe", "同梱レシピでは未使用"),
}

"""What screens say: small words, stages, tables, and the sentences around them."""

from __future__ import annotations

from seimai.pipeline.messages.message import Message

SCREENS: dict[str, Message] = {
    "word.error": Message("error", "エラー"),
    "word.warning": Message("warning", "警告"),
    "word.hint": Message("hint", "ヒント"),
    "word.did_you_mean": Message("did you mean “{near}”?", "「{near}」のことですか？"),
    "word.ok": Message("ok", "正常"),
    "word.warn": Message("warn", "注意"),
    "word.fail": Message("fail", "異常"),
    "word.skip": Message("skip", "省略"),
    "word.yes": Message("yes", "はい"),
    "word.no": Message("no", "いいえ"),
    # --- stages, units, times --------------------------------------------------------------
    "stage.text": Message("read", "読み込み"),
    "stage.ingest": Message("read", "読み込み"),
    "stage.clean": Message("clean", "整形"),
    "stage.signals": Message("measure", "測定"),
    "stage.measure": Message("measure", "測定"),
    "stage.sketch": Message("sketch", "重複検出の準備"),
    "stage.group": Message("group", "重複のグループ化"),
    "stage.screen": Message("screen", "事前判定"),
    "stage.tokens": Message("tokenize", "形態素解析"),
    "stage.tokenize": Message("tokenize", "形態素解析"),
    "stage.words": Message("measure words", "単語の測定"),
    "stage.judge": Message("judge", "判定"),
    "stage.verdict": Message("judge", "判定"),
    "stage.release": Message("release", "書き出し"),
    "stage.report": Message("report", "レポート"),
    "stage.polish": Message("read, clean, measure", "読み込み・整形・測定"),
    "unit.batches": Message("{count} batches", "{count} バッチ"),
    "unit.shards": Message("{count} shards", "{count} シャード"),
    "unit.units": Message("{count} parts", "{count} 区画"),
    "unit.texts": Message("{count} texts", "{count} 件"),
    "unit.files": Message("{count} files", "{count} ファイル"),
    "unit.bands": Message("{count} bands", "{count} バンド"),
    "time.seconds": Message("{seconds} s", "{seconds}秒"),
    "time.minutes": Message("{minutes} min {seconds} s", "{minutes}分{seconds}秒"),
    "time.hours": Message("{hours} h {minutes} min", "{hours}時間{minutes}分"),
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
    "funnel.reasons": Message("reasons", "除外理由"),
    "funnel.alone": Message("only reason for {count}", "単独の理由 {count}件"),
    "funnel.more": Message("{count} more in the report", "ほか{count}件はレポートに記載"),
    "funnel.quarantine": Message(
        "{count} records could not be read: {path}", "読み込めなかったレコード {count}件: {path}"
    ),
    "expect.kept_share": Message("kept share", "採用率"),
    "expect.any_reason_share": Message("largest reason", "最大の除外理由"),
    "expect.source_loss_share": Message("largest loss of a source", "入力元ごとの最大損失"),
    "expect.ok": Message("as expected", "想定内"),
    "expect.off": Message("NOT as expected", "想定外"),
    "expect.title": Message("expect", "期待値"),
    "run.release": Message("release   {path}", "出力      {path}"),
    "run.report": Message("report    {path}", "レポート  {path}"),
    "run.took": Message("took {time}", "所要時間 {time}"),
    "run.reused": Message(
        "{count} files were up to date and used again", "最新だった {count} ファイルを再利用"
    ),
    "run.interrupted": Message(
        "interrupted; finished shards are kept, the same command continues",
        "中断しました。完了済みの分は残っており、同じコマンドで再開できます",
    ),
    # --- plan ------------------------------------------------------------------------------
    "plan.up_to_date": Message("up to date", "最新"),
    "plan.stale": Message("STALE", "要更新"),
    "plan.new": Message("to do", "未実行"),
    "plan.nothing": Message("nothing to do", "実行するものはありません"),
    "plan.end": Message("nothing was run", "実行はしていません"),
    # --- check -----------------------------------------------------------------------------
    "check.fine": Message(
        "{path}: no mistakes; {limits} limits, {sources} sources",
        "{path}: 問題ありません（しきい値 {limits}件、入力元 {sources}件）",
    ),
    "check.one": Message("1 problem; nothing was run", "1件の問題があります。実行はしていません"),
    "check.many": Message(
        "{count} problems; nothing was run", "{count}件の問題があります。実行はしていません"
    ),
    # --- signals ---------------------------------------------------------------------------
    "signals.range": Message("range", "範囲"),
    "signals.version": Message("version", "版"),
    "signals.needs": Message("needs", "対象"),
    "signals.characters": Message("characters", "文字"),
    "signals.tokens": Message("words (MeCab)", "単語（MeCab）"),
    "signals.place": Message("defined in", "定義"),
    "signals.used": Message("used by", "使用中"),
    "signals.cases": Message("cases", "テスト例"),
    "signals.total": Message("{count} signals", "指標 {count}件"),
    "signals.none": Message("not used by a shipped recipe", "同梱レシピでは未使用"),
    # --- explain ---------------------------------------------------------------------------
    "explain.kept": Message("KEPT", "採用"),
    "explain.rejected": Message("REJECTED", "除外"),
    "explain.first": Message("first reason: {reason}", "最初の理由: {reason}"),
    "explain.duplicate": Message(
        "duplicate of {keeper}, similarity {similarity}",
        "{keeper} との重複、類似度 {similarity}",
    ),
    "explain.signal": Message("signal", "指標"),
    "explain.value": Message("value", "値"),
    "explain.limit": Message("limit", "しきい値"),
    "explain.verdict": Message("verdict", "判定"),
    "explain.passes": Message("ok", "○"),
    "explain.fails": Message("✗", "✗"),
    "explain.empty": Message("nothing to measure", "測定対象なし"),
    "explain.would": Message("would be kept if  {limits}", "採用される条件  {limits}"),
    "explain.and": Message(" and ", " かつ "),
    "explain.where": Message("where", "該当箇所"),
    "explain.place": Message(
        "{source} · shard {shard} row {row}", "{source} · シャード {shard} 行 {row}"
    ),
    # --- verify and doctor -----------------------------------------------------------------
    "verify.fine": Message("the release is what it says", "公開用データに問題はありません"),
    "verify.faults": Message("{count} faults", "{count}件の異常があります"),
    "doctor.fine": Message("ready", "準備ができています"),
    "doctor.warnings": Message("{count} warnings", "注意 {count}件"),
    "doctor.faults": Message("{count} faults", "異常 {count}件"),
    "doctor.paste": Message(
        "paste `seimai doctor --format json` into an issue",
        "問題を報告するときは `seimai doctor --format json` の出力を添えてください",
    ),
    "doctor.versions": Message("Python {python} · {packages}", "Python {python} · {packages}"),
    "doctor.missing": Message(
        "{package} is missing: pip install '{package}'",
        "{package} がありません: pip install '{package}'",
    ),
    "doctor.mecab": Message(
        "MeCab through fugashi · dictionary {dictionary} · 「{text}」→ {tokens}",
        "MeCab（fugashi 経由）· 辞書 {dictionary} · 「{text}」→ {tokens}",
    ),
    "doctor.mecab_off": Message("MeCab cannot be used: {cause}", "MeCab を使えません: {cause}"),
    "doctor.mecab_wrong": Message(
        "MeCab splits 「{text}」 into {tokens}, not {want}",
        "MeCab の分割結果が「{text}」→ {tokens} です（想定: {want}）",
    ),
    "doctor.signals": Message("{count} signals: {plugins}", "指標 {count}件: {plugins}"),
    "doctor.from": Message("{count} from {plugin}", "{plugin} {count}件"),
    "doctor.cache_warm": Message(
        "compiled kernels are cached ({count} files)",
        "コンパイル済みカーネルのキャッシュあり（{count}ファイル）",
    ),
    "doctor.cache_cold": Message(
        "compiled kernels are not cached yet: the first run compiles for about a minute",
        "カーネルは未コンパイルです。初回の実行時に1分ほどかかります",
    ),
    "doctor.cache_locked": Message(
        "“{path}” is not writable: kernels are compiled anew in every process; set NUMBA_CACHE_DIR",
        "「{path}」に書き込めないため毎回コンパイルされます。NUMBA_CACHE_DIR を指定してください",
    ),
    "doctor.memory": Message(
        "{workers} workers × about {each} fit into the {free} free here",
        "空きメモリ {free} に対し、{workers} ワーカー × 約{each}",
    ),
    "doctor.memory_short": Message(
        "{workers} workers × about {each} may pass the {free} free here; try --workers {fit}",
        "{workers} ワーカー × 約{each} は空きメモリ {free} を超えるおそれがあります。"
        "--workers {fit} を試してください",
    ),
    "doctor.memory_unknown": Message(
        "free memory is not known on this system", "このシステムでは空きメモリを確認できません"
    ),
    "doctor.optional": Message("optional: {packages}", "任意のパッケージ: {packages}"),
    "doctor.prefect_local": Message(
        "Prefect {version}: no server set, runs here (only flows/ needs it)",
        "Prefect {version}: サーバー未設定、この環境内で実行（flows/ でのみ使用）",
    ),
    "doctor.prefect_server": Message(
        "Prefect {version}: server {url}", "Prefect {version}: サーバー {url}"
    ),
    "doctor.prefect_off": Message(
        "Prefect is not installed (only flows/ needs it)",
        "Prefect は未インストール（flows/ でのみ使用）",
    ),
    "doctor.disk": Message(
        "{free} free on the disk of this folder", "このフォルダのディスク空き容量 {free}"
    ),
    "doctor.disk_short": Message(
        "only {free} free on the disk of this folder",
        "このフォルダのディスク空き容量が {free} しかありません",
    ),
}

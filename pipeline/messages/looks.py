"""What `explain`, `verify` and `doctor` say."""

from __future__ import annotations

from seimai.pipeline.messages.message import Message

LOOKS: dict[str, Message] = {
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
    "explain.unmeasured": Message("not measured", "未測定"),
    "explain.more": Message("{count} more ok (--all)", "ほか{count}件は適合（--all で表示）"),
    "explain.without": Message("{keeper} did not exist", "{keeper} がない"),
    "explain.would_all": Message("would be kept if all of these held", "次のすべてを満たせば採用"),
    "explain.empty_kept": Message(
        "empty: keep, as there is nothing to measure, for {names}",
        "測定対象がなくても通す（empty: keep）: {names}",
    ),
    "explain.later": Message(
        "not measured, as the text was rejected before: {names}",
        "先に除外されたため未測定: {names}",
    ),
    "explain.no_words": Message(
        "not measured, as `tokens: where` asks no words of such a text ({why}): {names}",
        "`tokens: where` の対象外（{why}）で、単語に分けないため未測定: {names}",
    ),
    "explain.blank_raw": Message(
        "The text is empty. A run puts it in quarantine, with this as its only cause.",
        "本文が空です。実行時には、これだけを原因として隔離されます。",
    ),
    "explain.blank_cleaned": Message(
        "The cleaners left nothing of the text: all of it was what pages put around texts. "
        "Limits had nothing to measure.",
        "整形の結果、本文が残りませんでした。すべてページの枠（メニューなど）で、"
        "しきい値で測るものがありません。",
    ),
    "explain.would": Message("would be kept if  {limits}", "採用される条件  {limits}"),
    "explain.and": Message(" and ", " かつ "),
    "explain.or": Message(" or ", " または "),
    "explain.some": Message("{count} of {limits}", "{limits} のうち{count}件"),
    "explain.choice": Message("({reason}: {limits})", "（{reason}: {limits}）"),
    "explain.failing": Message("{failing} of {count} outside", "{count}件中{failing}件が範囲外"),
    "explain.least": Message("rejects from {least}", "{least}件以上で除外"),
    "explain.asked": Message("asked where", "対象"),
    "explain.unasked": Message("not asked", "対象外"),
    "explain.where": Message("where", "該当箇所"),
    "explain.raises": Message("{signal} is raised by", "{signal} を上げたもの"),
    "explain.signs": Message(
        "(「漢」 stands for any kanji, 「ア」 katakana, A Latin letters, 0 figures, ␣ a blank)",
        "（漢は漢字、アはカタカナ、Aは英字、0は数字、␣は空白を表す）",
    ),
    "explain.lowers": Message("{signal} is lowered by", "{signal} を下げたもの"),
    "explain.place": Message(
        "{source} · shard {shard} row {row}", "{source} · シャード {shard} 行 {row}"
    ),
    "explain.several": Message(
        "{count} texts have the id “{id}”",
        "id「{id}」のテキストは {count}件あります",
    ),
    "explain.aside": Message(
        "{where}: in quarantine, no text was read: {cause} ({detail})",
        "{where}: 読み込めず quarantine に入っています。原因: {cause}（{detail}）",
    ),
    "explain.unfinished": Message(
        "{where}: could not be reached, the next run tries again: {cause} ({detail})",
        "{where}: 取得できませんでした（次の実行で再試行します）。原因: {cause}（{detail}）",
    ),
    "explain.passed_over": Message(
        "{where}: passed over, no text was looked for in it: {what}",
        "{where}: 本文がないものとして、読まずに飛ばしました（{what}）",
    ),
    "explain.other_run": Message(
        "note: the stored numbers in {path} are of another run than its release (rolled back, or "
        "the last run published nothing); this is what the release says",
        "注: {path} に残る数値は、いまある出力とは別の実行のものです（出力を元に戻したか、直近の"
        "実行が公開していません）。以下は出力に記録された内容です",
    ),
    "explain.aside_more": Message(
        "{count} more records of it are in release/quarantine",
        "ほかに {count}件が release/quarantine にあります",
    ),
    "explain.gone": Message(
        "{cleaner} takes out {lines} lines, {characters} characters",
        "{cleaner} が削除: {lines}行、{characters}文字",
    ),
    "explain.removed": Message(
        "cleaners took out {lines} lines, {characters} characters (which ones is not known: the "
        "input is not here as it was; report: {{removed_lines: true}} in the recipe stores them)",
        "整形で削除: {lines}行、{characters}文字"
        "（入力が手元に元のままないため、どの行かは分からない。"
        "行を残すには、レシピに report: {{removed_lines: true}} と書く）",
    ),
    "explain.removed_within": Message(
        "cleaners took out {characters} characters within lines",
        "整形で削除: 行の中の{characters}文字",
    ),
    "explain.cut": Message(
        "passages that other texts keep are cut: {passages}, {characters} characters",
        "ほかの文書に残した箇所を削除: {passages}か所、{characters}文字",
    ),
    "explain.cut_kept": Message("stays in {keeper}", "{keeper} に残る"),
    "explain.cut_more": Message("{count} more (--all)", "ほか{count}か所（--all で表示）"),
    "explain.gone_more": Message("{count} more (--all)", "ほか{count}行（--all で表示）"),
    # What a line was that a cleaner took out.
    "gone.around": Message("among such lines", "前後の行とひと続き"),
    "gone.button": Message("button or link", "ボタン・リンク"),
    "gone.card": Message("related card", "関連記事の見出し"),
    "gone.choices": Message("options", "選択肢"),
    "gone.comment": Message("head of a comment", "コメントの日時"),
    "gone.copy": Message("second copy", "繰り返し"),
    "gone.crumbs": Message("breadcrumbs", "パンくず"),
    "gone.date": Message("date or archive", "日付・月別一覧"),
    "gone.form": Message("price, counter or calendar", "価格・カウンター・カレンダー"),
    "gone.item": Message("item of such a list", "一覧の項目"),
    "gone.learned": Message("as the model has learned", "学習したモデルの判断"),
    "gone.link": Message("link", "リンク"),
    "gone.menu": Message("menu", "メニュー"),
    "gone.notice": Message("about the page", "ページの案内"),
    "gone.picture": Message("address of a picture", "画像のアドレス"),
    "gone.related": Message("heading of a list", "一覧の見出し"),
    "gone.rights": Message("copyright", "著作権表示"),
    "gone.script": Message("script", "スクリプト"),
    "gone.tags": Message("tags or category", "タグ・分類"),
    # --- page ------------------------------------------------------------------------------
    "page.sum": Message("{kept:,} characters kept, {cut:,} cut", "本文 {kept:,}字、除外 {cut:,}字"),
    "page.characters": Message("{count:,} characters", "{count:,}字"),
    "page.browser": Message("coloured page: {path}", "色分けしたページ: {path}"),
    "page.hidden": Message("hidden by the page", "ページが隠している"),
    "page.element": Message("an element that is never main text", "本文でない要素"),
    "page.name": Message("its class, id or role says so", "クラス・id・role の名前"),
    "page.comments": Message("readers' comments", "読者コメント"),
    "page.heading": Message("a heading of other content", "関連記事などの見出し"),
    "page.links": Message("outside the article, links", "本文の外のリンク集"),
    "page.notice": Message("a notice of the site", "サイトからのお知らせ・会員案内"),
    "page.small": Message("outside the article, a few words", "本文の外の短い語句"),
    "page.no_record": Message("there is no such record", "該当するレコードがない"),
    # --- verify and doctor -----------------------------------------------------------------
    "verify.run": Message("{path} · {count} texts kept", "{path} · 採用 {count}件"),
    "verify.files": Message(
        "files: {count}, names without gaps", "{count}ファイル、名前に欠番なし"
    ),
    "verify.missing": Message("“{path}” is missing", "「{path}」がありません"),
    "verify.stranger": Message(
        "“{path}” is not part of this release", "「{path}」はこのリリースのファイルではありません"
    ),
    "verify.unreadable": Message(
        "“{path}” cannot be read: {cause}", "「{path}」を読み込めません: {cause}"
    ),
    "verify.rows": Message(
        "rows: {kept} kept + {rejected} rejected + {quarantined} quarantined = {read} read",
        "件数: 採用 {kept} + 除外 {rejected} + 隔離 {quarantined} = 入力 {read}",
    ),
    "verify.rows_off": Message(
        "“{path}” has {got} rows, but run.json says {want}",
        "「{path}」は{got}行ですが、run.json では{want}行です",
    ),
    "verify.sum_off": Message(
        "{kept} kept + {rejected} rejected + {quarantined} quarantined is not {read} read",
        "採用 {kept} + 除外 {rejected} + 隔離 {quarantined} が入力 {read} と一致しません",
    ),
    "verify.kind_off": Message(
        "{kind}: the files hold {got} rows, but run.json says {want}",
        "{kind}: ファイルは計{got}行、run.json の件数は{want}です",
    ),
    "verify.digests": Message("digests of all files", "全ファイルのダイジェスト一致"),
    "verify.digest_off": Message(
        "“{path}” was changed after the run: its digest differs",
        "「{path}」は実行後に変更されています（ダイジェスト不一致）",
    ),
    "verify.ids": Message("ids are unique", "idの重複なし"),
    "verify.ids_off": Message("duplicate ids: {count}", "{count}件のidが重複しています"),
    "verify.texts": Message("no kept text is empty", "採用テキストに空のものなし"),
    "verify.texts_off": Message(
        "kept texts that are empty: {count}", "採用テキスト{count}件が空です"
    ),
    "verify.reasons": Message("every rejected text has a reason", "除外テキストすべてに理由あり"),
    "verify.reasons_off": Message(
        "rejected texts without a reason: {count}", "除外テキスト{count}件に理由がありません"
    ),
    "verify.keepers_off": Message(
        "duplicates of a text that was not kept: {count}",
        "重複{count}件の参照先が採用されていません",
    ),
    "verify.card": Message("card and croissant.json agree", "README.md と croissant.json が一致"),
    "verify.card_off": Message(
        "“{path}” does not agree with run.json: {what}",
        "「{path}」が run.json と一致しません: {what}",
    ),
    "verify.sums": Message("{path} holds", "{path} が一致"),
    "verify.schema_off": Message(
        "the columns of “{path}” are not those of a release, or not those of its neighbours",
        "「{path}」の列が公開用データの形式、または他のファイルと異なります",
    ),
    "verify.figure_off": Message(
        "run.json says of “{what}” what the rows do not",
        "run.json の「{what}」が実際の行と合いません",
    ),
    "verify.statements": Message(
        "figures, reasons and limits hold when counted again",
        "件数・理由・しきい値を再計算して一致",
    ),
    "verify.null": Message(
        "rows without an id or a text: {count}", "idまたは本文がない行: {count}件"
    ),
    "verify.first_reason": Message(
        "first_reason is not the first of the reasons: {count}",
        "first_reason が理由の先頭と異なる行: {count}件",
    ),
    "verify.values": Message(
        "not a value for each reason: {count}", "理由と値の数が合わない行: {count}件"
    ),
    "verify.reason": Message(
        "reasons that the recipe does not have, or in another order: {count}",
        "レシピにない理由、または順序の異なる理由: {count}件",
    ),
    "verify.broken_limit": Message(
        "a reason whose value keeps to its limit: {count}",
        "しきい値を満たす値が理由になっている行: {count}件",
    ),
    "verify.duplicate_of": Message(
        "duplicates without a keeper, or keepers without the reason: {count}",
        "重複の理由と duplicate_of が合わない行: {count}件",
    ),
    "verify.similarity": Message(
        "duplicates below the similarity of the recipe: {count}",
        "類似度がレシピの値に満たない重複: {count}件",
    ),
    "verify.kept_fails": Message(
        "kept texts that fail a limit: {count}", "しきい値を満たさない採用テキスト: {count}件"
    ),
    "verify.other_reasons": Message(
        "rejected texts that fail other limits than they say: {count}",
        "測り直すと理由が異なる除外テキスト: {count}件",
    ),
    "verify.equal_kept": Message(
        "kept texts that are equal to another one: {count}",
        "ほかと同一の採用テキスト: {count}件",
    ),
    "verify.not_alike": Message(
        "duplicates that are not as similar to their keeper as they say: {count}",
        "採用側との類似度が記載と異なる重複: {count}件",
    ),
    "verify.unmasked": Message(
        "texts with personal data that the recipe says is masked: {count}",
        "マスク済みのはずの個人情報が残るテキスト: {count}件",
    ),
    "verify.stages": Message(
        "{count} stage files are what was written",
        "途中データ {count}ファイルはすべて書き込み時のまま",
    ),
    "verify.stage_off": Message(
        "stages/{path} is damaged (the next run makes it again)",
        "stages/{path} が壊れています（次の実行で作り直されます）",
    ),
    "verify.stage_gone": Message(
        "stages/{path} is missing, or not known to be whole (the next run makes it again)",
        "stages/{path} がないか、完全だと確かめられません（次の実行で作り直されます）",
    ),
    "verify.stage_open": Message(
        "stages/{path} was not finished (the next run makes it again)",
        "stages/{path} は書き込みが完了していません（次の実行で作り直されます）",
    ),
    "verify.stages_more": Message(
        "{count} more stage files are damaged or missing",
        "ほかに {count}件の途中データが壊れているか欠けています",
    ),
    "verify.changes": Message(
        "{path}: the lists have as many ids as they say", "{path}: 一覧の件数が一致"
    ),
    "verify.changes_off": Message(
        "{path} does not have as many ids as changes.json says",
        "{path} の件数が changes.json の記載と異なります",
    ),
    "verify.previous_off": Message(
        "{path}, the previous release, is not whole (`seimai verify {path}` names the files)",
        "前回の出力 {path} は完全ではありません"
        "（`seimai verify {path}` で該当ファイルを確認できます）",
    ),
    "verify.load": Message("load_dataset opens {configs}", "load_dataset で {configs} を開けます"),
    "verify.load_off": Message(
        "load_dataset fails: {cause}", "load_dataset が失敗しました: {cause}"
    ),
    "verify.load_skip": Message(
        "load_dataset not tried: “datasets” is not installed",
        "load_dataset は未確認（パッケージ「datasets」なし）",
    ),
    "verify.license": Message(
        "kept texts without a known licence: {count}", "採用テキスト{count}件のライセンスが不明です"
    ),
    "verify.expect": Message("{name} is {value}, not {want}", "{name}が{value}です（想定 {want}）"),
    "verify.fine": Message(
        "the release is complete and unchanged", "公開用データは記録と一致しています"
    ),
    "verify.faults": Message("problems: {count}", "{count}件の異常があります"),
    "doctor.fine": Message("ready", "準備ができています"),
    "doctor.warnings": Message("warnings: {count}", "注意 {count}件"),
    "doctor.faults": Message("problems: {count}", "異常 {count}件"),
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
        "compiled kernels are not cached yet: the first run takes a minute or two longer",
        "カーネルは未コンパイルです。初回の実行時に1〜2分かかります",
    ),
    "doctor.cache_locked": Message(
        "“{path}” is not writable: every process compiles the kernels again; set NUMBA_CACHE_DIR",
        "「{path}」に書き込めないため毎回コンパイルされます。NUMBA_CACHE_DIR を指定してください",
    ),
    "doctor.memory": Message(
        "{workers} workers × about {each} fit into the {free} free here",
        "空きメモリ {free} に対し、{workers} ワーカー × 約{each}",
    ),
    "doctor.memory_short": Message(
        "{workers} workers × about {each} may exceed the {free} free here; try --workers {fit}",
        "{workers} ワーカー × 約{each} は空きメモリ {free} を超えるおそれがあります。"
        "--workers {fit} を試してください",
    ),
    "doctor.memory_unknown": Message(
        "free memory is not known on this system", "このシステムでは空きメモリを確認できません"
    ),
    "doctor.optional": Message("optional: {packages}", "任意のパッケージ: {packages}"),
    "doctor.prefect_local": Message(
        "Prefect {version}: no server configured, runs here (only flows/ needs it)",
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

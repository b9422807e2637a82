"""What `explain` says of a text, and `page` of a web page; the kinds of what was taken out."""

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
    "explain.alone": Message(
        "not measured, as it needs the other texts of a run: {names}",
        "同じ実行のほかの文書と比べる指標のため未測定: {names}",
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
}

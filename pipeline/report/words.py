"""What the report says, in English and Japanese side by side; both stand in every page."""

from __future__ import annotations

from seimai.pipeline.messages.message import Message
from seimai.pipeline.report.hidden_words import HIDDEN

WORDS: dict[str, Message] = {
    "page.title": Message("Seimai report: {title}", "Seimaiレポート: {title}"),
    "page.kind": Message("Seimai report", "Seimaiレポート"),
    "page.recipe": Message("recipe {recipe}, version {version}", "レシピ {recipe} 第{version}版"),
    "page.contents": Message("Contents", "目次"),
    "page.more": Message("and {count} more", "ほか{count}件"),
    "page.in_run": Message("and {count} more, all in run.json", "ほか{count}件（run.jsonに全件）"),
    "page.search": Message("Search", "検索"),
    "page.all": Message("Show all {count}", "{count}件すべてを表示"),
    "page.made": Message("made {date}", "作成日時 {date}"),
    "page.took": Message("took {time}", "所要時間 {time}"),
    "page.inputs": Message("inputs: {count} from {sources}", "入力 {count}件（{sources}）"),
    "page.input_bytes": Message("{count} bytes", "{count}バイト"),
    "page.seconds": Message("{count} s", "{count}秒"),
    "page.minutes": Message("{minutes} min {seconds} s", "{minutes}分{seconds}秒"),
    "page.hours": Message("{hours} h {minutes} min", "{hours}時間{minutes}分"),
    # --- the first figure --------------------------------------------------------------------
    "first.kept_share": Message("Share of characters kept", "採用した文字数の割合"),
    "first.characters": Message("{kept} of {read} characters", "{read}文字中{kept}文字"),
    "first.texts_share": Message("Share of records kept", "採用した件数の割合"),
    "first.texts": Message("{kept} of {read} records kept", "{read}件中{kept}件を採用"),
    "first.cleaned": Message(
        "{removed} characters removed and {masked} items masked by cleaners",
        "クリーナーが{removed}文字を削除、{masked}か所をマスク",
    ),
    # --- funnel ------------------------------------------------------------------------------
    "funnel.title": Message("From read to kept", "入力から採用まで"),
    "funnel.step": Message("Step", "段階"),
    "funnel.read": Message("Read", "入力"),
    "funnel.limits": Message("− Outside a limit", "− しきい値の外"),
    "funnel.duplicates": Message("− Duplicates", "− 重複"),
    "funnel.quarantined": Message("− Quarantined", "− 隔離"),
    "funnel.kept": Message("= Kept", "= 採用"),
    "funnel.note": Message(
        "A duplicate that is also outside a limit counts as outside a limit. "
        "Quarantined records could not be read.",
        "しきい値の外で、かつ重複でもある文書は「しきい値の外」に数えます。"
        "隔離は、読み込めなかったレコードです。",
    ),
    "expect.title": Message("What the recipe expects", "レシピの期待値"),
    "expect.what": Message("Figure", "項目"),
    "expect.kept_share": Message("Share of records kept", "採用した件数の割合"),
    "expect.any_reason_share": Message("Largest reason", "最大の除外理由"),
    "expect.source_loss_share": Message("Largest loss of a source", "入力元ごとの最大の損失"),
    "expect.wanted": Message("Expected", "期待"),
    "expect.found": Message("Found", "結果"),
    "expect.verdict": Message("Verdict", "判定"),
    "expect.ok": Message("as expected", "想定内"),
    "expect.off": Message("not as expected", "想定外"),
    # --- columns of many tables --------------------------------------------------------------
    "head.texts": Message("Texts", "件数"),
    "head.records": Message("Records", "レコード数"),
    "head.share": Message("Share of read", "入力比"),
    "head.characters": Message("Characters", "文字数"),
    "head.characters_share": Message("Share of characters", "文字数の割合"),
    "head.kept_characters_share": Message("Characters kept", "文字の採用率"),
    "head.hosts": Message("Host", "ホスト"),
    "head.folders": Message("Folder", "フォルダ"),
    "head.cause": Message("Cause", "原因"),
    "head.gave": Message("Texts from it", "得られた文書"),
    "head.detail": Message("Detail", "詳細"),
    "head.chart": Message("Chart", "グラフ"),
    "head.reason": Message("Reason", "理由"),
    "head.limit": Message("Limit", "しきい値"),
    "head.first": Message("First reason", "最初の理由"),
    "head.alone": Message("Sole reason", "単独の理由"),
    "head.reasons": Message("Reasons together", "理由の組み合わせ"),
    "head.source": Message("Source", "入力元"),
    "head.read": Message("Read", "入力"),
    "head.kept": Message("Kept", "採用"),
    "head.kept_share": Message("Texts kept", "文書の採用率"),
    "head.rejected": Message("Rejected", "除外"),
    "head.duplicates": Message("Duplicates", "重複"),
    "head.format": Message("Format", "形式"),
    "head.encodings": Message("Encodings", "文字コード"),
    "head.quarantined": Message("Quarantined", "隔離"),
    "head.skipped": Message("Skipped", "対象外"),
    "head.stage": Message("Stage", "段階"),
    "head.seconds": Message("Seconds", "秒"),
    "head.time_share": Message("Share", "割合"),
    "head.package": Message("Package", "パッケージ"),
    "head.version": Message("Version", "版"),
    "head.signal": Message("Signal", "指標"),
    "head.file": Message("File", "ファイル"),
    "head.bytes": Message("Bytes", "バイト"),
    "head.digest": Message("Digest", "ダイジェスト"),
    "head.rows": Message("Rows", "行"),
    # --- reasons -----------------------------------------------------------------------------
    "reasons.title": Message("Why texts were rejected", "除外の理由"),
    "reasons.key_alone": Message("sole reason", "単独の理由"),
    "reasons.key_others": Message("with other reasons", "ほかの理由もあり"),
    "reasons.note": Message(
        "A text keeps all its reasons. One with a sole reason would be kept without it.",
        "ひとつの文書に複数の理由が付くことがあります。"
        "理由がひとつだけの文書は、それがなければ採用されます。",
    ),
    "reasons.combined": Message("{least} of {count} limits", "{count}件中{least}件"),
    "reasons.together": Message("Reasons that occur together", "同時に付いた理由"),
    "reasons.none": Message("No text was rejected.", "除外された文書はありません。"),
    "reasons.dedup": Message("duplicate", "重複"),
    # --- sources, formats --------------------------------------------------------------------
    "sources.title": Message("Sources", "入力元"),
    "sources.hosts": Message("Hosts with the most characters", "文字数の多いホスト"),
    "sources.folders": Message("Folders with the most characters", "文字数の多いフォルダ"),
    "sources.about": Message(
        "There are more than can be counted at once: small ones were left out on the way, "
        "and the sums are about right.",
        "数が多いため、途中で小さいものを集計から外しています。値はおおよそのものです。",
    ),
    "unread.title": Message("What could not be read", "読み込めなかったもの"),
    "unread.note": Message(
        "Records in quarantine: {count}. Inputs that gave no text at all come first.",
        "隔離したレコードは{count}件です。ひとつも文書を得られなかった入力を先に示します。",
    ),
    "unread.nothing": Message("none", "なし"),
    "unread.some": Message("some", "あり"),
    "unread.more": Message(
        "and {count} more records of other inputs, all in the quarantine files",
        "このほか、別の入力のレコードが{count}件あります（すべて隔離ファイルに記録）",
    ),
    "unread.silent": Message(
        "Inputs, and files in archives, without any record: {count}",
        "レコードがひとつもない入力とアーカイブ内のファイル: {count}件",
    ),
    "formats.title": Message("How the input was read", "入力の読み込み"),
    "formats.no_quarantine": Message("Every record could be read.", "すべて読み込めました。"),
    # --- signals -----------------------------------------------------------------------------
    "signals.title": Message("Signals and their limits", "指標としきい値"),
    "signals.note": Message(
        "Bars count texts: what became of them in the end, for whatever reason.",
        "棒は文書の数で、（理由を問わず）最終的にどうなったかを示します。",
    ),
    "signals.key_kept": Message("kept", "採用"),
    "signals.key_lost": Message("rejected", "除外"),
    "signals.key_outside": Message("outside the limit", "しきい値の外"),
    "signals.asked": Message(
        "Asked of {count} texts, by limits outside:", "対象{count}件、範囲外の数:"
    ),
    "signals.failing": Message("{many}: {count}", "{many}個: {count}件"),
    "signals.combined": Message("Combined limits", "組み合わせのしきい値"),
    "signals.others": Message("{count} signals without a limit", "しきい値のない指標 {count}件"),
    "signals.rejects": Message("rejects {count}", "{count}件を除外"),
    "signals.median": Message("median", "中央値"),
    "signals.empty": Message("nothing to measure: {count}", "測定対象なし: {count}件"),
    "signals.measured": Message(
        "measured on {count} of {texts} texts", "{texts}件中{count}件で測定"
    ),
    "signals.beyond": Message("{count} beyond this range", "表示範囲外 {count}件"),
    "signals.log": Message("logarithmic axis", "対数軸"),
    "signals.where": Message("asked only where", "単語を見る条件:"),
    "signals.unmeasured": Message("not measured", "未測定"),
    # --- samples -----------------------------------------------------------------------------
    "samples.title": Message("Samples", "文例"),
    "samples.note": Message(
        "Chosen by a hash of the id: the same run shows the same texts.",
        "IDのハッシュ値で選んでいるので、同じ実行なら同じ文例になります。",
    ),
    "samples.off": Message(
        "The recipe says that no texts are shown (report: samples: 0).",
        "レシピの指定により、本文は表示しません（report: samples: 0）。",
    ),
    "samples.kept": Message("Kept", "採用"),
    "samples.rejected": Message("Rejected, by first reason", "除外（最初の理由ごと）"),
    "samples.close": Message("Close calls", "きわどい文書"),
    "samples.close_note": Message(
        "The texts nearest to each limit, whose verdict it decides alone where there are any: "
        "above the line the nearest rejected, below it the nearest kept.",
        "各しきい値に最も近い文書です。そのしきい値だけで判定が決まる文書を優先しています。"
        "線の上が除外側、下が採用側です。",
    ),
    "samples.count": Message("texts: {count}", "{count}件"),
    "samples.length": Message("{count} characters", "{count}文字"),
    "samples.removed": Message("{count} lines taken out", "{count}行を削除"),
    "samples.verdict_kept": Message("kept", "採用"),
    "samples.verdict_rejected": Message("rejected", "除外"),
    "samples.none": Message("There is no such text.", "該当する文書はありません。"),
    "samples.no_marks": Message(
        "could not be highlighted: {fault}", "ハイライトできませんでした: {fault}"
    ),
    # --- removed lines -----------------------------------------------------------------------
    "removed.title": Message("What cleaners took out", "整形で削除した行"),
    "removed.sum": Message(
        "{lines} lines and {characters} characters out of {texts} texts, {share} of them.",
        "{texts}件の文書から{lines}行、{characters}文字を削除しました（文書の{share}）。",
    ),
    "removed.none": Message("Cleaners took nothing out.", "整形で削除した行はありません。"),
    "removed.ask": Message(
        "The lines themselves are stored, and shown here, with report: {{removed_lines: true}} "
        "in the recipe.",
        "レシピに report: {{removed_lines: true}} と書くと、削除した行を保存してここに示します。",
    ),
    "removed.what": Message("What it was", "種類"),
    "removed.cleaner": Message("Cleaner", "クリーナー"),
    "removed.lines": Message("Lines", "行数"),
    "removed.more": Message("and {count} lines more", "ほか{count}行"),
    "removed.samples": Message("Texts with what went from them", "削除した行を示した文例"),
    # --- duplicates --------------------------------------------------------------------------
    "twins.title": Message("Duplicates", "重複"),
    "twins.note": Message(
        "Left: the text kept; right: the one removed. Differences are marked.",
        "左が残した文書、右が除外した文書です。異なる箇所に印を付けています。",
    ),
    "twins.largest": Message("Largest groups", "大きいグループ"),
    "twins.least": Message("Least similar pairs", "最も似ていない組"),
    "twins.apart": Message("Most similar pairs that both stay", "両方を残した組で最も似ているもの"),
    "twins.apart_note": Message(
        "Compared and below the recipe's similarity: if these are the same text, lower it.",
        "比較した結果、レシピの類似度に届かなかった組です。"
        "同じ文書とみなすべきなら類似度を下げてください。",
    ),
    "twins.contained": Message("Texts that stand in a longer one", "長い文書に含まれる文書"),
    "twins.contained_note": Message(
        "Left: the longer text; the similarity is the share of the right one that stands in it.",
        "左が長い文書です。類似度は、右の文書のうち左に含まれる割合です。",
    ),
    "twins.size": Message("{count} texts", "{count}件"),
    "twins.similarity": Message("similarity {value}", "類似度 {value}"),
    "twins.keeper": Message("kept", "採用側"),
    "twins.member": Message("removed", "除外側"),
    "twins.none": Message("No duplicates were found.", "重複は見つかりませんでした。"),
    "twins.off": Message(
        "The recipe does not look for duplicates.", "このレシピは重複を調べません。"
    ),
    "twins.groups": Message("Groups", "グループ数"),
    "twins.sizes": Message("Group sizes", "グループの大きさ"),
    # --- recipes side by side ----------------------------------------------------------------
    "compare.title": Message("Recipes side by side", "レシピの比較"),
    "compare.about": Message(
        "The same {texts} texts held against each recipe, from stored numbers. Limits only: "
        "cleaning and duplicates are those of the run.",
        "同じ{texts}件のテキストを、保存済みの数値で各レシピのしきい値に照らした結果です。"
        "整形と重複は元の実行のままです。",
    ),
    "compare.recipe": Message("Recipe", "レシピ"),
    "compare.characters": Message("Characters", "文字数"),
    "compare.undecided": Message("Words not measured", "単語未測定"),
    "compare.precision": Message("Precision", "適合率"),
    "compare.recall": Message("Recall", "再現率"),
    "compare.f1": Message("F1", "F1値"),
    "compare.good_lost": Message("To keep, lost", "採用すべき除外"),
    "compare.bad_kept": Message("To drop, kept", "除外すべき採用"),
    "compare.agree": Message("Agreement", "一致率"),
    "compare.differ": Message("Where they differ", "判定が分かれたテキスト"),
    "compare.only_keeps": Message("Only {name} keeps: {count}", "{name} だけが採用: {count}"),
    "compare.only_rejects": Message("Only {name} rejects: {count}", "{name} だけが除外: {count}"),
    "compare.reasons": Message("Limits that reject", "除外したしきい値"),
    "compare.scores": Message("Against {count} labels", "ラベル{count}件との照合"),
    "compare.group": Message("Group", "区分"),
    "compare.begins": Message("Text", "テキスト"),
    "compare.id": Message("Id", "id"),
    # --- time --------------------------------------------------------------------------------
    # --- buckets, splits, tokens -------------------------------------------------------------
    "apart.title": Message("Buckets, splits, tokens", "バケット・分割・トークン数"),
    "apart.part": Message("Part", "区分"),
    "apart.holds": Message("Holds", "範囲"),
    "apart.share": Message("Share of kept", "採用比"),
    "apart.split": Message("Split", "分割"),
    "apart.splits": Message("Splits", "分割"),
    "apart.by": Message("By {by}; the column is {column}.", "{by} による区分（列 {column}）。"),
    "apart.earlier": Message(
        "Its cut points are those of an earlier release.", "境界値は以前の公開物のものです。"
    ),
    "apart.tokens": Message(
        "{tokens} tokens of {name} (vocabulary {vocabulary}), {unknown} of them unknown.",
        "{name}（語彙数{vocabulary}）で{tokens}トークン、うち未知語{unknown}。",
    ),
    "head.tokens": Message("Tokens", "トークン数"),
    "head.tokens_share": Message("Share of tokens", "トークン比"),
    "time.count": Message("count tokens", "トークン数の集計"),
    "time.title": Message("Time", "所要時間"),
    "time.plan": Message("find the input", "入力の確認"),
    "time.prepare": Message("read, clean, measure, sketch", "読み込み・整形・測定・重複検出の準備"),
    "time.group": Message("group duplicates", "重複のグループ化"),
    "time.judge": Message("judge", "判定"),
    "time.tokenize": Message("tokenize, measure words", "形態素解析・単語の測定"),
    "time.release": Message("release", "書き出し"),
    "time.report": Message("card and report", "カードとレポート"),
    "time.total": Message("total", "合計"),
    "time.note": Message(
        "Of the run that wrote this page; stages that were up to date took none.",
        "このページを書いた実行の時間です。最新だった段階は再実行していません。",
    ),
    # --- what made it ------------------------------------------------------------------------
    "made.title": Message("What made it", "作成条件"),
    "made.recipe": Message("Recipe", "レシピ"),
    "made.packages": Message("Packages", "パッケージ"),
    "made.signals": Message("Signal versions", "指標の版"),
    "made.inputs": Message("Input files", "入力ファイル"),
    "made.outputs": Message("Released files", "公開用ファイル"),
    **HIDDEN,
}
"""By name; `{placeholders}` are the same in both languages."""

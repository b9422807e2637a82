"""What `compare` and `tune` say."""

from __future__ import annotations

from seimai.pipeline.messages.message import Message

ANSWERS: dict[str, Message] = {
    "U030": Message(
        "the run in “{path}” did not measure “{signal}”",
        "「{path}」の実行では「{signal}」を測定していません",
        "run it again: what is missing is measured, nothing else",
        "もう一度実行してください。足りない測定だけが行われます",
    ),
    "U031": Message(
        "no text of the run has a “{column}” in “{path}”",
        "「{path}」には、この実行のテキストに対応する「{column}」がありません",
        "each row needs the `id` of a text and its label: keep or drop",
        "各行にテキストの `id` とラベル（keep または drop）が必要です",
    ),
    "U032": Message(
        "the texts have no column “{column}”",
        "テキストに「{column}」という列はありません",
    ),
    "U033": Message(
        "the labels in “{path}” cannot be read: {cause}",
        "「{path}」のラベルを読み込めません: {cause}",
        "JSONL, CSV or TSV with the columns id and label",
        "id と label の列を持つJSONL、CSV、TSVを指定してください",
    ),
    "U034": Message(
        "the same recipe is named twice",
        "同じレシピが二度指定されています",
    ),
    "U035": Message(
        "“{path}” has no texts labelled keep, or none labelled drop",
        "「{path}」に keep または drop のラベルが付いたテキストがありません",
        "name a signal for its curve, give --labels FILE, or --like FILES that you trust",
        "指標名を指定するか、--labels または --like（信頼できるテキスト）を指定してください",
    ),
    "U036": Message(
        "{name} has to be a share between 0 and 1, not {got}",
        "{name} には 0 から 1 までの割合を指定してください（現在の値: {got}）",
        "half a percent is 0.005",
        "0.5% は 0.005 です",
    ),
    # --- compare ---------------------------------------------------------------------------
    "compare.title": Message(
        "{count} texts of {out}, limits only (cleaning and duplicates are those of the run)",
        "{out} の{count}件。しきい値だけの比較（整形と重複は元の実行のまま）",
    ),
    "compare.recipe": Message("recipe", "レシピ"),
    "compare.kept": Message("kept", "採用"),
    "compare.share": Message("share", "割合"),
    "compare.characters": Message("characters", "文字数"),
    "compare.undecided": Message("undecided", "未定"),
    "compare.undecided_note": Message(
        "undecided: kept by all that is known; their words were not measured (--words does)",
        "未定: 既知の値では採用。単語が未測定です（--words で測定）",
    ),
    "compare.outdated": Message(
        "measured by an earlier version, so a run of today may differ: {signals}",
        "以前の版で測定（現在の版での実行とは異なる可能性あり）: {signals}",
    ),
    "compare.groups_rest": Message(
        "{count} smaller groups (--format json has them)", "ほか{count}区分（--format json に記載）"
    ),
    "compare.agree": Message("agreement", "一致率"),
    "compare.only_keeps": Message("only {name} keeps {count}", "{name} だけが採用 {count}件"),
    "compare.only_rejects": Message("only {name} rejects {count}", "{name} だけが除外 {count}件"),
    "compare.alone": Message(
        "{name}: rejected for one reason only, and in all",
        "{name}: 単独の理由で除外した件数と、全体の件数",
    ),
    "compare.rest": Message(
        "{count} more limits that reject less alone", "ほか{count}件（単独の除外はより少数）"
    ),
    "compare.labelled": Message("{count} labelled", "ラベル{count}件"),
    "compare.precision": Message("precision", "適合率"),
    "compare.recall": Message("recall", "再現率"),
    "compare.f1": Message("F1", "F1値"),
    "compare.good_lost": Message("good lost", "良文の除外"),
    "compare.bad_kept": Message("bad kept", "不良の採用"),
    "compare.texts": Message("texts", "件数"),
    "compare.groups_note": Message(
        "+ kept of those to keep, − kept of those to drop",
        "+ 採用すべき文書のうち採用、− 除外すべき文書のうち採用",
    ),
    # --- tune ------------------------------------------------------------------------------
    "tune.kept": Message("kept", "採用"),
    "tune.alone": Message("only reason", "単独の理由"),
    "tune.good": Message("good lost", "良文の除外"),
    "tune.bad": Message("bad dropped", "不良の除外"),
    "tune.outside": Message("the nearest text outside", "すぐ外のテキスト"),
    "tune.just_outside": Message("just outside {limit}", "{limit} のすぐ外"),
    "tune.just_inside": Message("just inside {limit}", "{limit} のすぐ内"),
    "tune.empty": Message("nothing to measure in {count} texts", "測定対象なし {count}件"),
    "tune.undecided": Message(
        "words of {count} texts were not measured (--words does)",
        "単語が未測定 {count}件（--words で測定）",
    ),
    "tune.nothing": Message("no other limits are proposed", "変更の提案はありません"),
    "tune.proposed": Message("proposed", "提案"),
    "tune.as_it_is": Message("recipe as it is", "現在のレシピ"),
    "tune.seen": Message("proposed, on the same texts", "提案（同じテキスト）"),
    "tune.unseen": Message("made without the text (5 parts)", "提案（交差検証、5分割）"),
    "tune.trusted": Message("{count} trusted texts", "信頼できるテキスト{count}件"),
    "tune.lost": Message("lost", "除外"),
    "tune.not_reached": Message(
        "a precision of {wanted} is not reached on texts not seen",
        "未見のテキストでは適合率 {wanted} に届きません",
    ),
    "tune.too_few": Message(
        "too few texts to promise a loss of {loss}: of texts not seen {got} are lost",
        "除外 {loss} を保証するにはテキストが少なすぎます（未見のテキストの除外 {got}）",
    ),
    "tune.run_keeps": Message(
        "of this run the limits keep {old} now, and would keep {new}",
        "この実行の採用率（しきい値のみ）: 現在 {old}、提案 {new}",
    ),
    # --- commands --------------------------------------------------------------------------
    "help.compare": Message(
        "hold several recipes against the numbers of one run",
        "一つの実行結果で複数のレシピを比べる",
    ),
    "help.tune": Message(
        "show what other limits would keep, or propose some",
        "しきい値を変えた場合の採用率を示す、または提案する",
    ),
    "help.tuned": Message(
        "the signal to show; without it limits are proposed",
        "調べる指標。省略するとしきい値を提案する",
    ),
    "help.at": Message("one more place for the limit", "試すしきい値を追加する"),
    "help.like": Message(
        "texts that you trust: files as for --source, or the folder of a run; repeatable",
        "信頼できるテキスト。--source と同じ指定、または実行のフォルダ（複数指定可）",
    ),
    "help.loss": Message(
        "share of the texts to keep that may be lost (default: 0.005)",
        "採用すべきテキストを失ってよい割合（既定値: 0.005）",
    ),
    "help.precision": Message(
        "drop no more than it takes to reach this precision", "この適合率に達したところで止める"
    ),
    "help.every": Message(
        "propose limits on signals that have none yet as well",
        "しきい値のない指標にも提案する",
    ),
    "help.together": Message(
        "propose limits that combine two signals as well",
        "2つの指標を組み合わせたしきい値も提案する",
    ),
    "help.write": Message("write the proposed recipe to a file", "提案したレシピを書き出す"),
    "help.compared": Message("two or more YAML files", "比べるYAMLファイル（2つ以上）"),
    "help.on": Message("the folder of a finished run", "完了した実行のフォルダ"),
    "help.labelled": Message(
        "JSONL, CSV or TSV with id and label (keep, drop); default: the column `label` of the data",
        "id と label（keep・drop）を持つJSONL、CSV、TSV。既定値はデータの `label` 列",
    ),
    "help.by": Message(
        "split figures by this column (default: kind, genre); repeatable",
        "集計を分ける列（既定値: kind、genre。複数指定可）",
    ),
    "help.samples": Message("texts shown of each kind", "表示する文例の数"),
    "help.words": Message(
        "measure word signals that the run did not need", "実行時に不要だった単語の指標も測定する"
    ),
    "help.html_table": Message("write a page as well", "HTMLページも書き出す"),
}

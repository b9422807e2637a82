"""T: tokenizers, token ids, mixes."""

from __future__ import annotations

from seimai.pipeline.messages.message import Message

DELIVERY: dict[str, Message] = {
    "T001": Message(
        "the tokenizer “{path}” cannot be read: {cause}",
        "トークナイザ「{path}」を読み込めません: {cause}",
        "give a tokenizer.json or a SentencePiece model; nothing is fetched",
        "tokenizer.json か SentencePiece のモデルを指定してください（ダウンロードはしません）",
    ),
    "T002": Message(
        "the tokenizer “{path}” does not work: {cause}",
        "トークナイザ「{path}」が動作しません: {cause}",
        "it has to be a tokenizer.json of Hugging Face or a model of SentencePiece",
        "Hugging Face の tokenizer.json か SentencePiece のモデルである必要があります",
    ),
    "T003": Message(
        "which token ends a document is not said",
        "文書の終わりを表すトークンが指定されていません",
        "--eod TOKEN, or --eod none; special tokens of this tokenizer: {known}",
        "--eod トークン、または --eod none を指定してください。特殊トークン: {known}",
    ),
    "T004": Message(
        "the tokenizer has no token “{token}”",
        "トークナイザに「{token}」というトークンはありません",
        "its special tokens: {known}",
        "特殊トークン: {known}",
    ),
    "T005": Message(
        "the tokenizer “{path}” has no tokens for {share} of the text",
        "トークナイザ「{path}」では、テキストの{share}が未知語になります",
        "it was probably made for another language; nothing was written",
        "別の言語向けのトークナイザと思われます。何も書き出していません",
    ),
    "T006": Message(
        "“{path}” is a record without its release",
        "「{path}」には記録だけがあり、公開物がありません",
        "give the folder that holds data/ and run.json",
        "data/ と run.json のあるフォルダを指定してください",
    ),
    "T007": Message(
        "“{path}” is not as its run wrote it",
        "「{path}」は実行時に書き出されたままの状態ではありません",
        "`seimai verify` says what else differs; run the recipe again",
        "`seimai verify` で違いを確認し、レシピを実行し直してください",
    ),
    "T008": Message(
        "the texts of “{path}” have no column “{column}”",
        "「{path}」のテキストに「{column}」という列はありません",
        "name it under `release: signals:` of the recipe, and run it again",
        "レシピの `release: signals:` に書いて、もう一度実行してください",
    ),
    "T009": Message(
        "validation and test together take {share} of the texts, and leave none to train on",
        "検証用とテスト用の合計が{share}で、学習用が残りません",
        "a thousandth is 0.001",
        "千分の一は 0.001 です",
    ),
    "T011": Message(
        "“{path}” is not an index of token ids: {cause}",
        "「{path}」はトークン列の索引ではありません: {cause}",
    ),
    "T042": Message(
        "the release “{path}” holds out texts of its own",
        "公開物「{path}」にはすでに検証用・テスト用の分割があります",
        "leave out --validation and --test: its files say which texts are held out",
        "--validation と --test を外してください。分割は公開物のファイルに従います",
    ),
    "T020": Message(
        "“{name}” is drawn from a release, and the mix names no tokenizer",
        "「{name}」は公開物から取り出しますが、ミックスにトークナイザの指定がありません",
        "mix: {{tokenizer: path/to/tokenizer.json, eod: TOKEN}}",
        "mix: {{tokenizer: tokenizer.json のパス, eod: トークン}} と書いてください",
    ),
    "T021": Message(
        "“{path}” holds no finished tokens",
        "「{path}」に完成したトークン列がありません",
        "`seimai tokens` makes them",
        "`seimai tokens` で作れます",
    ),
    "T022": Message(
        "“{name}” has no texts of the source “{source}”",
        "「{name}」に出所「{source}」のテキストはありません",
    ),
    "T023": Message(
        "“{one}” and “{other}” were made with different tokenizers or ends of documents",
        "「{one}」と「{other}」では、トークナイザまたは文書の終わりの指定が異なります",
    ),
    "T024": Message(
        "{count} texts are in “{one}” and in “{other}”: {ids}",
        "{count}件のテキストが「{one}」と「{other}」の両方にあります: {ids}",
        "draw them apart with `where` or `sources`, or run the releases as one",
        "`where` や `sources` で分けるか、一つの公開物として実行してください",
    ),
    "T025": Message(
        "releases changed since this mix was made: {changes}",
        "このミックスの作成後に公開物が変わりました: {changes}",
        "--accept makes it again from what there is now; another --out keeps both",
        "--accept で作り直します。別の --out を指定すると両方が残ります",
    ),
    "T026": Message(
        "“{name}” is asked for {asked} tokens and has {there} (a text at most {epochs} times):"
        " {missing} are missing",
        "「{name}」から{asked}トークンが必要ですが、{there}しかありません"
        "（1件につき最大{epochs}回）。{missing}不足しています",
        "ask for less, allow more epochs, or loosen `where`",
        "量を減らすか、エポック数の上限を上げるか、`where` を緩めてください",
    ),
    "T027": Message(
        "the draws ask for {asked} tokens together, and the budget is {budget}: {missing} apart",
        "取り出す量の合計は{asked}トークン、予算は{budget}トークンで、{missing}の差があります",
        "a draw without `repeats`, `weight` and `take` takes what remains",
        "`repeats`、`weight`、`take` のいずれもない項目は、残りを受け持ちます",
    ),
    "T028": Message(
        "whole texts come to {given} tokens, not within a thousandth of {budget}",
        "文書単位で取り出すと{given}トークンになり、予算{budget}との差が0.1%を超えます",
        "the budget is small for texts of this length",
        "テキストの長さに対して予算が小さすぎます",
    ),
    "T029": Message(
        "a text comes again after {gap} tokens, within a window of {window}",
        "同じテキストが{gap}トークン後に再び現れます（ウィンドウは{window}トークン）",
        "repeat less, or say a smaller `window`",
        "繰り返しを減らすか、`window` を小さくしてください",
    ),
    "T030": Message(
        "the source “{source}” has {share} of the tokens, and {most} is the most",
        "出所「{source}」が全トークンの{share}を占めています（上限は{most}）",
    ),
    "T031": Message(
        "no text of “{name}” has “{source}” in its column “{column}”",
        "「{name}」には、列「{column}」が「{source}」のテキストがありません",
        "there are: {known}",
        "ある値: {known}",
    ),
    "T033": Message(
        "the release “{path}” is not the one that the tokens in “{tokens}” were made of",
        "公開物「{path}」は、「{tokens}」のトークン列を作ったときのものではありません",
        "make the tokens again with `seimai tokens`",
        "`seimai tokens` でトークン列を作り直してください",
    ),
    "R180": Message(
        "“{got}” is not a number of tokens",
        "「{got}」はトークン数ではありません",
        "write 300B, 1.5M, 4096, or all",
        "300B、1.5M、4096、all のように書いてください",
    ),
    "R181": Message(
        "“{name}: {got}” is not a point of a curve",
        "「{name}: {got}」は曲線の点ではありません",
        "p40: 0 means that at the 40th percentile nothing is drawn",
        "p40: 0 は、40パーセンタイルで取り出さないことを表します",
    ),
    "R182": Message(
        "each draw names a `release`, or the folder of its `tokens`",
        "項目ごとに `release` か `tokens`（トークン列のフォルダ）のどちらかを指定してください",
    ),
    "R183": Message(
        "`{one}` and `{other}` both say how much",
        "`{one}` と `{other}` は同時に指定できません",
        "keep one of them",
        "どちらか一方にしてください",
    ),
    "R184": Message(
        "two draws are called “{name}”, or it is no name for a file",
        "「{name}」という項目が重複しているか、ファイル名に使えません",
        "give each a `name` of letters, figures, - and _",
        "英数字と - _ からなる `name` を付けてください",
    ),
    "R185": Message(
        "the weights come to {share}, more than the whole",
        "`weight` の合計が{share}で、全体を超えています",
    ),
    "help.mix": Message(
        "draw texts of several releases into one training set",
        "複数の公開物から学習データを配合する",
    ),
    "help.mix_file": Message("the mix, a YAML file", "ミックスのYAMLファイル"),
    "help.mix_plan": Message(
        "say what can be met, and write no mix",
        "実現できる量だけを表示する（ミックスは書き出さない）",
    ),
    "help.mix_accept": Message(
        "make the mix again though releases changed",
        "公開物が変わっていても、ミックスを作り直す",
    ),
    "mix.met": Message(
        "{tokens} tokens, asked for {budget} ({off} off)",
        "{tokens}トークン（予算{budget}、差{off}）",
    ),
    "mix.all": Message("{tokens} tokens", "{tokens}トークン"),
    "mix.draw": Message("draw", "項目"),
    "mix.has": Message("has", "在庫"),
    "mix.asked": Message("asked", "要求"),
    "mix.given": Message("given", "実現"),
    "mix.epochs": Message("epochs", "エポック"),
    "mix.most": Message("most copies", "最大反復"),
    "mix.source": Message("source", "出所"),
    "mix.gap": Message(
        "copies of a text are {gap} tokens apart or more", "同じテキストの間隔は最小{gap}トークン"
    ),
    "mix.nothing_written": Message("no mix was written", "ミックスは書き出していません"),
    "help.tokens": Message(
        "write a release as token ids for training",
        "公開物を学習用のトークン列に変換する",
    ),
    "help.release": Message(
        "a release, or the output folder of a run", "公開物、または実行の出力フォルダ"
    ),
    "help.tokenizer": Message(
        "a tokenizer.json, or a SentencePiece model",
        "tokenizer.json または SentencePiece のモデル",
    ),
    "help.tokens_out": Message("the folder to write", "書き出すフォルダ"),
    "help.eod": Message(
        "the token that ends a document, or none", "文書の終わりを表すトークン、または none"
    ),
    "help.bod": Message(
        "the token that begins a document (usually none)",
        "文書の始まりを表すトークン（通常は不要）",
    ),
    "help.validation": Message("share of texts held out to validate", "検証用に取り分ける割合"),
    "help.test": Message("share of texts held out to test", "テスト用に取り分ける割合"),
    "help.seed": Message("another seed, another split", "分割の乱数の種"),
    "help.group": Message(
        "texts with the same value here stay on one side of the split",
        "この列の値が同じテキストは、分割の同じ側に入る",
    ),
    "help.count_by": Message(
        "also count tokens by this column; repeatable",
        "この列ごとのトークン数も数える（複数指定可）",
    ),
    "help.ids_parquet": Message("leave the ids as Parquet too", "トークン列をParquetでも残す"),
    "help.tokens_plan": Message(
        "say about how many tokens there are, and write nothing",
        "おおよそのトークン数だけを表示する（何も書き出さない）",
    ),
    "tokens.about": Message(
        "about {tokens} tokens in {documents} texts, by a sample",
        "標本からの見積もり: テキスト{documents}件、約{tokens}トークン",
    ),
    "tokens.done": Message(
        "{tokens} tokens in {documents} texts", "テキスト{documents}件、{tokens}トークン"
    ),
    "tokens.unknown": Message("{count} unknown ({share})", "未知語 {count}（{share}）"),
    "tokens.tokenizer": Message(
        "{name}: {vocabulary} ids, {bytes} bytes each",
        "{name}: 語彙{vocabulary}、1トークン{bytes}バイト",
    ),
    "tokens.split": Message("split", "分割"),
    "tokens.texts": Message("texts", "テキスト"),
    "tokens.tokens": Message("tokens", "トークン"),
    "tokens.share": Message("share", "割合"),
    "tokens.written": Message("written: {out}", "書き出し先: {out}"),
}

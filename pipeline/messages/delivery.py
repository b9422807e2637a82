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

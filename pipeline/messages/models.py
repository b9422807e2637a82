"""M: learned scores, their files and their training."""

from __future__ import annotations

from seimai.pipeline.messages.message import Message

MODELS: dict[str, Message] = {
    "M001": Message(
        "there is no model “{path}”",
        "モデル「{path}」がありません",
        "paths start from the folder that the run is started in",
        "パスは実行時のフォルダからの相対パスです",
    ),
    "M002": Message(
        "“{path}” is not a model that can be read: {cause}",
        "「{path}」はモデルとして読み込めません: {cause}",
        "`seimai train` writes models (.npz)",
        "モデル（.npz）は `seimai train` で作れます",
    ),
    "M003": Message(
        "no text was found in {files}",
        "{files} にテキストがありません",
    ),
    "M004": Message(
        "no record of {files} has a label",
        "{files} にラベル付きのレコードがありません",
        "each record needs `label`: {known}; other labels are left out",
        "各レコードに `label` が必要です: {known}（他のラベルは使われません）",
    ),
    "M005": Message(
        "the weight “{got}” at {place} is not a number from 0 on",
        "{place} の weight「{got}」は 0 以上の数ではありません",
    ),
    "M006": Message(
        "{good} good and {bad} bad texts are too few to learn from",
        "良いテキスト {good}件、悪いテキスト {bad}件では学習できません",
        "at least {fewest} of each are needed, and some hundred are better",
        "それぞれ {fewest}件以上が必要です。数百件あるのが理想です",
    ),
    "M008": Message(
        "no kind of model has files that end as “{path}” does",
        "「{path}」の拡張子に対応するモデルの種類がありません",
        "there are: {known}",
        "使えるもの: {known}",
    ),
    "M009": Message(
        "the model “{path}” asks for “{name}”, and no signal is called so",
        "モデル「{path}」が使う「{name}」という指標はありません",
        "its features have to be named after signals; `seimai signals` lists them",
        "特徴量の名前は指標名にしてください。`seimai signals` で一覧を表示できます",
    ),
    "help.train": Message(
        "make a learned score from labelled texts",
        "ラベル付きテキストから学習済みスコアを作る",
    ),
    "help.good": Message(
        "files with good texts of any genre; repeatable",
        "良いテキストのファイル（ジャンルは問わない。複数指定可）",
    ),
    "help.bad": Message(
        "files with bad texts; repeatable",
        "悪いテキストのファイル（複数指定可）",
    ),
    "help.labels": Message(
        "files with texts of the source to judge, each with a `label`: keep or drop; repeatable",
        "判定対象と同じ出所のテキストのファイル。`label` に keep か drop を持つ（複数指定可）",
    ),
    "help.model": Message("the model file to write (.npz)", "書き出すモデルファイル（.npz）"),
    "train.texts": Message(
        "learned from {good} good and {bad} bad texts",
        "良いテキスト {good}件、悪いテキスト {bad}件から学習しました",
    ),
    "train.unseen": Message(
        "on texts it had not seen (five folds): AUC {auc}",
        "学習に使っていないテキストでの結果（5分割）: AUC {auc}",
    ),
    "train.threshold": Message("keep up to", "採用の上限"),
    "train.precision": Message("precision", "適合率"),
    "train.recall": Message("good kept", "良いものの採用率"),
    "train.caught": Message("bad caught", "悪いものの除外率"),
    "train.background": Message("good background kept", "背景の良いものの採用率"),
    "M010": Message(
        "{place}: “{got}” cannot be the name of a kind",
        "{place}: 「{got}」は種類の名前に使えません",
        "`kind`: small letters, digits and “_”; leave it out for texts of no kind",
        "`kind` には小文字、数字、「_」が使えます。どの種類でもないテキストでは省いてください",
    ),
    "M011": Message(
        "too few to learn from: {counts}",
        "学習に必要なテキストが足りません: {counts}",
        "two kinds at least, with {fewest} texts each; {fewest} of no kind help as well",
        "2種類以上、それぞれ{fewest}件以上が必要です。どの種類でもないテキストもあると役立ちます",
    ),
    "help.kinds": Message(
        "files with texts that have a `kind`, to learn kinds (--out is a folder); repeatable",
        "種類を学習する場合の、`kind` を持つテキストのファイル。--out はフォルダ（複数指定可）",
    ),
    "train.kinds": Message(
        "kinds: {kinds}; right on texts that were not seen (five folds): {right}",
        "種類: {kinds}。学習に使っていないテキストでの正解率（5分割）: {right}",
    ),
    "train.is": Message("is ↓  taken for →", "実際 ↓  判定 →"),
    "train.use_kinds": Message(
        "in a recipe:  models: {{{models}}}   buckets: {{kind: {{highest: {{{highest}}}}}}}",
        "レシピでの使い方:  models: {{{models}}}   buckets: {{kind: {{highest: {{{highest}}}}}}}",
    ),
    "train.use": Message(
        "in a recipe:  models: {{{name}: {path}}}   limits: {{model.{name}: {{max: 0.9}}}}",
        "レシピでの使い方:  models: {{{name}: {path}}}   limits: {{model.{name}: {{max: 0.9}}}}",
    ),
}

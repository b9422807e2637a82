"""R: what can be wrong with a recipe."""

from __future__ import annotations

from seimai.pipeline.messages.message import Message

RECIPE: dict[str, Message] = {
    # --- the file --------------------------------------------------------------------------
    "R001": Message(
        "there is no recipe “{path}”",
        "レシピ「{path}」が見つかりません",
        "give the path of a YAML file, or the name of a shipped recipe (`seimai recipes`)",
        "YAMLファイルのパス、または同梱レシピの名前（`seimai recipes` で一覧）を指定してください",
    ),
    "R006": Message(
        "the recipe “{path}” cannot be read: {cause}",
        "レシピ「{path}」を読み込めません: {cause}",
    ),
    "R019": Message(
        "the recipe is not UTF-8 text",
        "レシピがUTF-8のテキストではありません",
        "save the file as UTF-8",
        "UTF-8で保存し直してください",
    ),
    "R004": Message(
        "this is not valid YAML: {cause}",
        "YAMLとして正しくありません: {cause}",
        "look at the brackets, quotes and indentation around this place",
        "この付近の括弧、引用符、字下げを確認してください",
    ),
    "R005": Message(
        "tabs cannot be used for indentation",
        "字下げにタブが使われています",
        "indent with spaces",
        "YAMLの字下げには半角スペースを使ってください",
    ),
    "R021": Message(
        "duplicate key “{key}” (first on line {first})",
        "キー「{key}」が重複しています（最初は{first}行目）",
        "keep one of the two; the later one would silently win",
        "どちらか一方だけを残してください",
    ),
    "R027": Message(
        "the recipe has no keys",
        "レシピにキーがありません",
        "a recipe starts with `recipe: NAME`",
        "レシピは `recipe: 名前` で始まります",
    ),
    "R028": Message(
        "this file is too large or too deeply nested to be a recipe",
        "レシピとしては大きすぎるか、入れ子が深すぎます",
        "a recipe holds settings, not data: is this the right file?",
        "レシピには設定だけを書きます。ファイルの指定を確認してください",
    ),
    "R032": Message(
        "keys must be strings",
        "キーには文字列を書いてください",
    ),
    # --- keys and types --------------------------------------------------------------------
    "R002": Message(
        "unknown key “{key}”",
        "ここに「{key}」というキーは書けません",
        "what can stand here: {known}",
        "ここに書けるキー: {known}",
    ),
    "R020": Message(
        "missing key “{key}”",
        "キー「{key}」がありません",
    ),
    "R010": Message(
        "“{key}” must be a number, not {got}",
        "「{key}」には数値を書いてください（現在の値: {got}）",
    ),
    "R011": Message(
        "“{key}” must be an integer, not {got}",
        "「{key}」には整数を書いてください（現在の値: {got}）",
    ),
    "R012": Message(
        "“{key}” must be a string, not {got}",
        "「{key}」には文字列を書いてください（現在の値: {got}）",
        "put it in quotes if it is meant to be a string",
        "文字列として書くときは引用符で囲んでください",
    ),
    "R013": Message(
        "“{key}” must be true or false, not {got}",
        "「{key}」には true か false を書いてください（現在の値: {got}）",
    ),
    "R014": Message(
        "“{key}” must be a list: {items}",
        "「{key}」にはリストを書いてください: {items}",
    ),
    "R015": Message(
        "“{key}” must be a mapping, such as {like}",
        "「{key}」には {like} のようなキーと値の組を書いてください",
    ),
    "R016": Message(
        "“{key}” must be one of {want}, not {got}",
        "「{key}」には {want} のいずれかを書いてください（現在の値: {got}）",
    ),
    "R017": Message(
        "{got} is not a size in bytes",
        "{got} はバイト数として読めません",
        "write 500MB (10^6), 512MiB (2^20), or a number of bytes",
        "500MB（10の6乗）、512MiB（2の20乗）、またはバイト数を書いてください",
    ),
    "R018": Message(
        "“{key}” must be {bound}",
        "「{key}」は {bound} でなければなりません",
    ),
    "R031": Message(
        "{got} cannot be a limit: it must be a finite number",
        "{got} はしきい値として使えません（有限の数値が必要です）",
        "leave out min or max where there is no bound",
        "上限または下限がないときは、その min または max を省いてください",
    ),
    "R030": Message(
        "“{got}” cannot be the name of a recipe",
        "「{got}」はレシピ名に使えません",
        "the output folder is named after it: letters, digits, “-”, “_” and “.”",
        "出力フォルダの名前になります。文字、数字、「-」「_」「.」が使えます",
    ),
    "R033": Message(
        "invalid value for “{key}”: {cause}",
        "「{key}」の値が正しくありません: {cause}",
        "`seimai recipes --reference` explains every key",
        "`seimai recipes --reference` で、すべてのキーの説明を表示できます",
    ),
    # --- what the keys say -----------------------------------------------------------------
    "R003": Message(
        "no signal is called “{name}”",
        "「{name}」という指標はありません",
        "`seimai signals{family}` lists {count} of them; families are {families}",
        "`seimai signals{family}` で{count}件の一覧を表示できます。分類: {families}",
    ),
    "R007": Message(
        "min ({min:g}) is larger than max ({max:g})",
        "min（{min:g}）が max（{max:g}）より大きくなっています",
        "no number lies between them: exchange the two, or remove one",
        "両方を満たす値がありません。入れ替えるか、片方を削除してください",
    ),
    "R008": Message(
        "this limit has neither min nor max",
        "このしきい値には min も max もありません",
        "write {{min: 0.06}}, {{max: 0.3}}, or both",
        "{{min: 0.06}}、{{max: 0.3}} のように、少なくとも一方を書いてください",
    ),
    "R009": Message(
        "no cleaner is called “{name}”",
        "「{name}」というクリーナーはありません",
        "there are: {known}",
        "使えるもの: {known}",
    ),
    "R022": Message(
        "the source “{name}” must have exactly one of “files”, “dataset” and “database”",
        "入力元「{name}」には「files」「dataset」「database」のうち一つだけが必要です",
        "for example `files: [crawl/*.jsonl.zst]`; make it two sources to read two kinds",
        "例: `files: [crawl/*.jsonl.zst]`。複数の種類を読むときは入力元を分けてください",
    ),
    "R023": Message(
        "“{name}” is listed twice",
        "「{name}」が二度書かれています",
    ),
    "R024": Message(
        "no text can pass: {key} is {bound}, and “{name}” lies between {low} and {high}",
        "どのテキストも通りません: {key} が {bound} ですが、「{name}」の値は {low}～{high} です",
        "shares are written as 0.12, not 12",
        "割合は 12 ではなく 0.12 のように書きます",
    ),
    "R044": Message(
        "{key} is {bound}, and “{name}” lies between {low} and {high}: this bound rejects nothing",
        "{key} が {bound} ですが、「{name}」の値は {low}～{high} なので、何も除外されません",
        "write a number of this range, or leave {key} out",
        "この範囲の数値を書くか、{key} を省いてください",
    ),
    "R045": Message(
        "this limit rejects nothing: every “{name}” lies between {low} and {high}, and "
        "`empty: keep` passes what cannot be measured",
        "このしきい値では何も除外されません。「{name}」の値は必ず {low}～{high} で、"
        "測れないときも `empty: keep` により通ります",
        "choose a bound inside of the range, or leave the limit out",
        "範囲の内側の値にするか、このしきい値を省いてください",
    ),
    "R025": Message(
        "{rows} rows in {bands} bands find only {share}% of the pairs with similarity {similarity}",
        "rows {rows}、bands {bands} では、類似度 {similarity} の組の {share}% しか見つかりません",
        "fewer rows or more bands find more; 8 and 16 find 95% at 0.8",
        "rows を減らすか bands を増やしてください。8 と 16 なら類似度 0.8 で 95% です",
    ),
    "R026": Message(
        "“{got}” is not a valid `keep`",
        "「{got}」では、重複グループのどれを残すか決まりません",
        "write longest, earliest, newest, native, or best and the name of a signal; "
        "or a list of these with one best at most",
        "longest、earliest、newest、native、または best に続けて指標名を書いてください。"
        "並べて書くこともできます（best は1つまで）",
    ),
    "R029": Message(
        "rows times bands is {hashes}; at most {most} hashes per text are allowed",
        "rows と bands の積が {hashes} です。1件あたり {most} までにしてください",
    ),
    "R036": Message(
        "the source “{name}” needs both “database” and “query”",
        "入力元「{name}」には「database」と「query」の両方が必要です",
        "for example `query: SELECT id, body AS text FROM articles`",
        "例: `query: SELECT id, body AS text FROM articles`",
    ),
    "R037": Message(
        "an address of the source “{name}” holds a password or a token",
        "入力元「{name}」のアドレスにパスワードまたはトークンが書かれています",
        "recipes are published with their data: use the environment, `files: ['${{URL}}']`, "
        "`database: ${{DB_URL}}` or the variables of the storage's driver",
        "レシピはデータと共に公開されます。`files: ['${{URL}}']`、`database: ${{DB_URL}}` や、"
        "ストレージのドライバの環境変数を使ってください",
    ),
    "R040": Message(
        "the combined limit “{name}” holds no limits",
        "組み合わせ「{name}」にしきい値がありません",
        "write the limits that are to fail together under `limits:`",
        "同時に満たさないことを条件とするしきい値を `limits:` に書いてください",
    ),
    "R041": Message(
        "“{name}” asks for {fail} failing limits and holds {count}",
        "「{name}」は {fail}件の不適合を求めていますが、しきい値は {count}件です",
        "leave `fail` out where all of them have to fail",
        "すべての不適合を条件とするなら `fail` を省いてください",
    ),
    "R042": Message(
        "“{got}” cannot be the name of a combined limit",
        "「{got}」は組み合わせの名前に使えません",
        "it becomes the reason `together.NAME`: letters a–z, digits and “_”, a letter first",
        "除外理由 `together.名前` になります。英字で始め、英数字と「_」だけを使ってください",
    ),
    "R070": Message(
        "“{name}” cannot be the name of a model",
        "「{name}」はモデル名に使えません",
        "small letters, digits and “_”: the signal is called `model.NAME`",
        "小文字、数字、「_」が使えます。指標名は `model.名前` になります",
    ),
    "R061": Message(
        "“{selector}” is not a CSS selector: {cause}",
        "「{selector}」はCSSセレクターとして読めません: {cause}",
        'for example `main: {{"www.example.jp": "#article"}}`',
        '例: `main: {{"www.example.jp": "#article"}}`',
    ),
    "R081": Message(
        "`personal:` names kinds, but no cleaner masks them",
        "`personal:` に種類が書かれていますが、マスクするクリーナーがありません",
        "add `personal` to `clean:`, or take the line out",
        "`clean:` に `personal` を加えるか、この行を消してください",
    ),
    "R082": Message(
        "`tokens: where` decides which texts are split into words, and {name} is measured on words",
        "`tokens: where` は単語に分ける文書を決めるもので、単語から測る {name} は使えません",
        "use signals that need no words; `seimai signals {name}` says what it needs",
        "単語の要らない指標を使ってください（`seimai signals {name}` で確認できます）",
    ),
    "R083": Message(
        "{name} is counted only where the recipe has a section `across`",
        "{name} は、レシピに `across` がある場合にだけ数えます",
        "write `across: {{texts: 5}}`",
        "レシピに `across: {{texts: 5}}` と書いてください",
    ),
    "R035": Message(
        "the recipe names no source",
        "レシピに入力元がありません",
        "add `source:` to the recipe or start with --source FILES",
        "レシピに `source:` を書くか、--source で指定してください",
    ),
}

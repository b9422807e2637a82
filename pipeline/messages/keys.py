"""
What the keys of a recipe mean, in both languages: the words of the reference and of its schema.

Types, defaults and ranges are not here: they are read from the models of `recipe/`. A key that the
models have and this table lacks fails a test.
"""

from __future__ import annotations

from typing import NamedTuple


class Key(NamedTuple):
    """A key of a recipe: what it is for, and a line of YAML with it."""

    en: str
    ja: str
    example: str = ""


SECTIONS: dict[str, Key] = {
    "recipe": Key(
        "The keys at the top of a recipe. Only `recipe` has to be there.",
        "レシピの最上位のキーです。必須なのは `recipe` だけです。",
    ),
    "about": Key(
        "What the dataset card says about the data; nothing here changes a verdict.",
        "データセットカードに載せる内容です。判定には影響しません。",
    ),
    "source": Key(
        "Where texts come from: a list, each with a name and one of `files`, `dataset` and "
        "`database`.",
        "文書の入力元のリストです。それぞれに名前と、"
        "`files`・`dataset`・`database` のいずれか一つを書きます。",
    ),
    "limits": Key(
        "Limits by the name of a signal. At least one of `min` and `max` has to be there; "
        "both belong to what is allowed.",
        "指標名ごとのしきい値です。`min` と `max` の少なくとも一方が必要で、"
        "どちらもその値自体を含みます。",
    ),
    "together": Key(
        "Combined limits: a list. Each rejects where `fail` of its limits fail, and is asked only "
        "where `where` holds.",
        "しきい値の組み合わせのリストです。`limits` のうち `fail` 個が範囲外のとき除外します。"
        "`where` を満たす文書だけを対象にします。",
    ),
    "contamination": Key(
        "Benchmarks that are looked for in the texts: a list. Each defines the signals "
        "`contamination.NAME_count` (items whose question is in a text), `…_passage_count` and "
        "`…_share`.",
        "文書に混入していないか調べるベンチマークのリストです。それぞれが指標 "
        "`contamination.名前_count`（設問が含まれる問題の数）、`…_passage_count`、`…_share` "
        "を定義します。",
    ),
    "lists": Key(
        "Lists of hosts and addresses, sub-domains included: a list. Each defines the signal "
        "`list.NAME_count`.",
        "ホストやURLのリストです。サブドメインも含みます。"
        "それぞれが指標 `list.名前_count` を定義します。",
    ),
    "licenses": Key(
        "Which licences texts may have, by the licence of the text or else of its source. Defines "
        "the signal `license.allowed_count`.",
        "認めるライセンスです。文書のライセンス、なければ入力元のライセンスで判断します。"
        "指標 `license.allowed_count` を定義します。",
    ),
    "dedup": Key(
        "How near duplicates are found, and which text of a group stays. Without this section "
        "none are looked for.",
        "似た文書の見つけ方と、どれを残すかを決めます。この節がなければ重複は調べません。",
    ),
    "across": Key(
        "Signals of what a text has in common with other texts of the run: "
        "`across.template_share`, the share of its visible characters in sentences that others "
        "have with other names, places and numbers in them, and `across.repeated_share`, the same "
        "of sentences that others have word for word. Near duplicates count as one text. Only "
        "with this section are they counted.",
        "同じ実行のほかのテキストと共通する文の割合を指標にします。`across.template_share` は"
        "固有名詞・地名・数字だけを差し替えた同じ型の文、`across.repeated_share` は一字一句同じ文が"
        "占める文字数の割合です。重複するテキストはまとめて1件と数えます。"
        "この節がなければ数えません。",
    ),
    "tokens": Key(
        "How much of a long text the `word.*` signals are measured on.",
        "`word.*` の指標を、長い文書のどこまでで測るかを決めます。",
    ),
    "buckets": Key(
        "How what was kept is told apart: each is a column `bucket.NAME` of the release, cut once "
        "over all kept texts. `unknown` are texts with nothing to measure.",
        "採用した文書の分け方です。それぞれが公開物の列 `bucket.名前` になり、"
        "採用した文書全体で一度だけ境界を決めます。値のない文書は `unknown` です。",
    ),
    "splits": Key(
        "What is held out of training, by a hash: files `data/validation-*` and `data/test-*`. No "
        "text and its near duplicate fall on two sides.",
        "学習から除いておく分です。ハッシュで選び、`data/validation-*` と `data/test-*` に"
        "書き出します。似た文書どうしが分かれることはありません。",
    ),
    "release": Key("How the result is written.", "結果の書き出し方です。"),
    "report": Key("What the report shows.", "レポートに載せる内容です。"),
    "expect": Key(
        "What a good run looks like; a run outside of it ends with exit code 1.",
        "期待する結果です。外れた実行は終了コード1で終わります。",
    ),
    "contained": Key(
        "Under `dedup`: texts that stand word for word in a longer one.",
        "`dedup` の下に書きます。ほかの長い文書にそのまま含まれる文書を探します。",
    ),
    "passages": Key(
        "Under `dedup`: runs of characters that several kept texts share word for word, however "
        "different the texts are otherwise: notices, quotations, descriptions of a company.",
        "`dedup` の下に書きます。採用した複数の文書に一字一句同じまま現れる箇所を探します。"
        "文書全体が似ている必要はありません。注意書き、引用、会社概要などが該当します。",
    ),
    "drift": Key(
        "Under `expect`: how far a run may move from the one that `--baseline` names; 0.02 is two "
        "points.",
        "`expect` の下に書きます。`--baseline` で指定した実行からどれだけ動いてよいか。"
        "0.02 なら2ポイントです。",
    ),
}

KEYS: dict[str, Key] = {
    "recipe.recipe": Key(
        "Name of the recipe, and of the output folder `out/NAME`: letters, digits, “-”, “_”, “.”.",
        "レシピの名前。出力フォルダ `out/名前` にもなります。"
        "文字、数字、「-」「_」「.」が使えます。",
        "recipe: my-corpus",
    ),
    "recipe.version": Key(
        "Raised by you when the recipe changes; card and report name it.",
        "レシピを変えたときに上げる番号。カードとレポートに載ります。",
        "version: 2",
    ),
    "recipe.about": Key(
        "For the dataset card; see below.", "データセットカードの内容。詳しくは後述。"
    ),
    "recipe.source": Key(
        "Where texts come from; see below. `--source FILES` takes its place.",
        "文書の入力元。詳しくは後述。`--source` を付けると置き換わります。",
    ),
    "recipe.clean": Key(
        "Cleaners, in the order in which they run, before anything is measured; all are below.",
        "クリーナーを実行順に並べます。測定より前に働きます。一覧は後述。",
        "clean: [control, width, line_ends, personal]",
    ),
    "recipe.personal": Key(
        "Kinds of personal data that the cleaner `personal` masks; without it all but "
        "`PERSON_NAME`.",
        "クリーナー `personal` で伏せる個人情報の種類。書かなければ `PERSON_NAME` 以外のすべて。",
        "personal: [EMAIL, PHONE, ADDRESS]",
    ),
    "recipe.models": Key(
        "Learned scores: `NAME: PATH` defines the signal `model.NAME`; the path starts from the "
        "folder of the run.",
        "学習スコア。`名前: パス` で指標 `model.名前` を定義します。"
        "パスは実行したフォルダから数えます。",
        "models: {dirt: models/dirt.npz}",
    ),
    "recipe.limits": Key(
        "Limits by signal; see below. The first one that a text breaks is its first reason.",
        "指標ごとのしきい値。詳しくは後述。最初に外れたものが「最初の理由」になります。",
        "limits: {ja.hiragana_share: {min: 0.10}}",
    ),
    "recipe.together": Key(
        "Combined limits, judged after the single ones; see below.",
        "しきい値の組み合わせ。単独のしきい値の後に判定します。詳しくは後述。",
    ),
    "recipe.dedup": Key("Near duplicates; see below.", "重複の扱い。詳しくは後述。"),
    "recipe.across": Key(
        "What a text has in common with others of the run, as signals; see below.",
        "ほかのテキストと共通する文の割合を指標にします。詳しくは後述。",
    ),
    "across.texts": Key(
        "In how many other texts a sentence has to be, so that it counts. The larger the run, the "
        "more often sentences meet by chance.",
        "ほかの何件以上のテキストにある文を数えるか。"
        "テキストが多いほど偶然の一致も増えるため、値を大きくしてください。",
        "texts: 10",
    ),
    "recipe.tokens": Key(
        "For `word.*` signals; see below.", "`word.*` の指標の設定。詳しくは後述。"
    ),
    "recipe.release": Key("How the result is written; see below.", "書き出し方。詳しくは後述。"),
    "recipe.report": Key("What the report shows; see below.", "レポートの内容。詳しくは後述。"),
    "recipe.expect": Key("What a good run looks like; see below.", "期待する結果。詳しくは後述。"),
    # --- about -------------------------------------------------------------------------------
    "about.title": Key("Title of the dataset.", "データセットの名称。", "title: 社内文書コーパス"),
    "about.description": Key(
        "A paragraph about what it holds.", "内容の説明。", "description: 議事録と手引き"
    ),
    "about.license": Key(
        "Licence of the dataset, by its SPDX name; `unknown` where you do not know.",
        "データセットのライセンス（SPDXの名称）。分からなければ `unknown`。",
        "license: CC-BY-4.0",
    ),
    "about.license_link": Key(
        "Address of the text of the licence.",
        "ライセンス本文のアドレス。",
        "license_link: https://example.jp/terms",
    ),
    "about.contact": Key(
        "Whom to write to, for corrections and removals.",
        "訂正や削除の依頼先。",
        "contact: data@example.jp",
    ),
    "about.collected": Key(
        "Who collected the texts, from when to when: a sentence, or a mapping.",
        "誰がいつからいつまで集めたか。文でも、キーと値の組でも書けます。",
        "collected: {by: acme-bot/1.2, from: 2025-04, to: 2025-09}",
    ),
    "about.personal_information": Key(
        "What was done about personal information, and what was not.",
        "個人情報について、何をして何をしていないか。",
        "personal_information: e-mail addresses are masked; names are not",
    ),
    # --- limits ------------------------------------------------------------------------------
    "limits.min": Key(
        "Lowest number allowed, within the range of the signal.",
        "許す最小の値。指標の値域の中で書きます。",
        "ja.particle_share: {min: 0.06}",
    ),
    "limits.max": Key(
        "Highest number allowed, within the range of the signal.",
        "許す最大の値。指標の値域の中で書きます。",
        "web.url_share: {max: 0.30}",
    ),
    "limits.empty": Key(
        "What it means that there is nothing to measure (nan). In a combined limit the default "
        "is `keep`.",
        "測るものがない（nan）ときの扱い。組み合わせの中では `keep` が既定です。",
        "text.simplified_share: {max: 0.10, empty: keep}",
    ),
    # --- together ----------------------------------------------------------------------------
    "together.name": Key(
        "Its name: the reason in the release is `together.NAME`.",
        "名前。除外理由は `together.名前` になります。",
        "name: short_list",
    ),
    "together.fail": Key(
        "How many of its limits have to fail; all of them where it is left out.",
        "いくつ範囲外になれば除外するか。省くとすべて。",
        "fail: 2",
    ),
    "together.where": Key(
        "Limits that a text has to keep to for being asked at all; nothing to measure does not.",
        "対象とする文書の条件。すべてのしきい値に収まる文書だけを対象にします。"
        "測れないものは収まらないとみなします。",
        "where: {ja.letter_count: {min: 100}}",
    ),
    "together.limits": Key(
        "The limits that fail together, written as under `limits`.",
        "組み合わせるしきい値。書き方は `limits` と同じです。",
        "limits: {ja.particle_share: {min: 0.10}, text.sentence_share: {min: 0.40}}",
    ),
    # --- tokens, release, report ---------------------------------------------------------------
    "tokens.max_chars": Key(
        "So many characters of a longer text, a third each from its beginning, its middle and its "
        "end; the whole text where it is left out.",
        "長い文書で単語を見る文字数。冒頭・中央・末尾から3分の1ずつ。省くと全文。",
        "max_chars: 900",
    ),
    "tokens.where": Key(
        "Of which texts the words are asked: those that keep to all of these limits. The others "
        "are not split into words, and limits on words let them pass. Left out: of all texts that "
        "pass the limits on characters.",
        "単語に分ける文書の条件。すべてのしきい値に収まる文書だけを単語に分けます。"
        "ほかの文書は分けず、単語のしきい値を通します。"
        "省くと、文字のしきい値を通ったすべての文書を分けます。",
        "where: {quality.dirt_score: {min: 0.10}}",
    ),
    "release.shard": Key(
        "Size of a Parquet file of the release, uncompressed.",
        "公開するParquetファイル一つの大きさ（圧縮前）。",
        "shard: 500MB",
    ),
    "release.rejects": Key(
        "Whether rejected texts are written as well, with their reasons.",
        "除外した文書も、理由を付けて書き出すか。",
        "rejects: false",
    ),
    "release.previous": Key(
        "How many releases before this one are kept beside it, for `seimai rollback`; 0 where a "
        "text that the source has lost must be nowhere after the next run.",
        "`seimai rollback` で戻せるように残す、以前の公開物の数。"
        "入力元から消えた文書を次の実行でどこにも残したくないなら0。",
        "previous: 1",
    ),
    "release.tokenizer": Key(
        "A `tokenizer.json` or SentencePiece model by path: the release has the column "
        "`token_count`, and `run.json`, card and report the tokens by source, bucket and split.",
        "`tokenizer.json` か SentencePiece のモデルのパス。公開物に列 `token_count` が加わり、"
        "`run.json`・カード・レポートに入力元・バケット・分割ごとのトークン数が載ります。",
        "tokenizer: models/tokenizer.json",
    ),
    "release.folders": Key(
        "Buckets that become folders as well, `data/quality=q01/`.",
        "フォルダにも分けるバケット。`data/quality=q01/` のようになります。",
        "folders: [quality]",
    ),
    "release.signals": Key(
        "Signals whose numbers become columns of the release.",
        "値を公開物の列に加える指標。",
        "signals: [quality.dirt_score, ja.language_score]",
    ),
    "report.samples": Key(
        "Samples for each reason; 0 for texts that may not be shown.",
        "理由ごとに載せる文書の数。見せられない文書なら0。",
        "samples: 8",
    ),
    "report.removed_lines": Key(
        "Store the lines that cleaners take out, so that the report shows them struck through, and "
        "`explain` without the input; they are never released.",
        "クリーナーが取り除いた行を保存し、レポートに取り消し線で示す。"
        "`explain` は入力がなくても示せる。公開はしない。",
        "removed_lines: true",
    ),
}

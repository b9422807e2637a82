"""What each shipped recipe is for, in Japanese; in English its own comment says it."""

from __future__ import annotations

HEADLINES: dict[str, str] = {
    "books": "書籍・雑誌など、編集を経た文章向け。時代を問わない文学、随筆、報告書、教科書。",
    "ci": "CI向け。web.yaml のしきい値で数千件を処理し、基準の実行と比べる。",
    "dedup": "重複だけを除く。しきい値では測らず、本文にも手を加えない。",
    "documents": "会社や役所の文書向け。Word・Excel・PDF・メール・古いテキスト・書庫が混在する"
    "ファイルサーバーを、文字コードを問わず読む。",
    "fineweb2-ja": "FineWeb2 の日本語向け規則を、Seimaiの指標で再現したもの。",
    "hojichar": "HojiChar のフィルタを、既定値のままSeimaiの指標で再現したもの。",
    "llm-jp-v1": "LLM-jp コーパス v1 のCommon Crawl向け規則を、Seimaiの指標で再現したもの。",
    "minimal": "実用になる最小のレシピ。十分な長さがあり、日本語であること。",
    "records": "短いレコード向け。意見や要望、質問と回答、発言、チャット、レビュー。",
    "sample": "`make run` のレシピ。付属サンプルを、web.yaml と同じしきい値で処理する。",
    "strict": "クロールの最良の部分だけ。編集された、まとまりのある文章。",
    "swallow-v1": "Swallow コーパス v1 の規則を、Seimaiの指標で再現したもの。",
    "uzushio-v3": "LLM-jp コーパス v3 で使われた Uzushio のフィルタを、"
    "Seimaiの指標で再現したもの。",
    "web": "クロールした日本語の既定。ジャンルを問わず編集された日本語を残し、汚れを除く。",
}

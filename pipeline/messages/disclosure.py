"""
What the drafts of `seimai disclose` ask and answer, in both languages.

`ask.NAME` is a question of a form, `told.NAME` the answer that figures of a run give; a question
without an answer is for people. The forms are the template of the European Commission for the
public summary of training content (Art. 53(1)(d) of the AI Act, July 2025), the datasheet of Gebru
et al. (2018) and the draft of the Japanese principle code on generative AI and intellectual
property (Cabinet Office, December 2025).
"""

from __future__ import annotations

from seimai.pipeline.messages.message import Message

FORMS: dict[str, Message] = {
    "form.eu-summary": Message(
        "Public summary of training content (AI Act, Art. 53(1)(d)) – draft",
        "学習コンテンツの公開要約（EU AI法 第53条1項(d)）— 下書き",
    ),
    "form.datasheet": Message("Datasheet for the dataset – draft", "データシート — 下書き"),
    "form.jp-disclosure": Message(
        "Disclosure under the Japanese principle code (draft of December 2025) – draft",
        "生成AIと知的財産に関するプリンシプル・コード（2025年12月の案）に基づく開示 — 下書き",
    ),
    "form.note": Message(
        "Drafted from `run.json` of the release; every figure is one of its figures. Answer what "
        "is marked ❓ yourself. This is no legal advice. The questions follow the templates named "
        "above as the authors knew them and have not been compared with the texts in force: do so "
        "before you publish.",
        "公開用データの `run.json` から作成した下書きです。数字はすべて `run.json` の値です。"
        "❓の項目はご自身で記入してください。法的助言ではありません。"
        "設問は、上記の様式について作成者が知る範囲で書いたもので、"
        "現行の文書との照合は済んでいません。公開前に必ず照らし合わせてください。",
    ),
    "form.open": Message("❓ To be answered by you.", "❓ ご自身で記入してください。"),
    "disclose.written": Message(
        "{count} drafts in {path}; {open} questions are left to you",
        "下書き{count}件を {path} に書き出しました。記入が必要な項目は{open}件です",
    ),
    "verify.drafts": Message(
        "the figures of all drafts are those of run.json",
        "下書きの数字はすべてrun.jsonと一致します",
    ),
    "help.disclose": Message(
        "draft the disclosures that law and good practice ask for",
        "法令や慣行で求められる開示文書の下書きを作る",
    ),
    "part.general": Message("General information", "基本情報"),
    "part.sources": Message("Data sources", "データの入力元"),
    "part.processing": Message("Data processing", "データの処理"),
    "part.motivation": Message("Motivation", "目的"),
    "part.composition": Message("Composition", "構成"),
    "part.collection": Message("Collection", "収集"),
    "part.uses": Message("Uses, distribution, maintenance", "利用・配布・保守"),
    "part.data": Message("Training data", "学習データの概要"),
    "part.rights": Message("Protection of intellectual property", "知的財産の保護"),
    "part.contact": Message("Records and contact", "記録と窓口"),
}

ASKED: dict[str, Message] = {
    "ask.provider": Message(
        "Who provides the model, and who represents the provider in the Union?",
        "モデルの提供者、およびEU域内の代理人は誰ですか。",
    ),
    "ask.model": Message(
        "Which models are trained on it, in which versions?",
        "どのモデルのどの版の学習に使いますか。",
    ),
    "ask.name": Message("What is the dataset called?", "データセットの名称は何ですか。"),
    "told.name": Message("{title}", "{title}"),
    "ask.size": Message("Which modality and how much data?", "データの種類と量はどれだけですか。"),
    "told.size": Message(
        "Text: {kept:,} texts, {characters:,} characters, {bytes:,} bytes of UTF-8.",
        "テキスト: {kept:,}件、{characters:,}文字、UTF-8で{bytes:,}バイト。",
    ),
    "told.size_tokens": Message(
        "Text: {kept:,} texts, {characters:,} characters, {bytes:,} bytes of UTF-8, {tokens:,} "
        "tokens of {tokenizer}.",
        "テキスト: {kept:,}件、{characters:,}文字、UTF-8で{bytes:,}バイト、"
        "{tokenizer}で{tokens:,}トークン。",
    ),
    "ask.language": Message("Which languages?", "対象の言語は何ですか。"),
    "told.language": Message("Japanese.", "日本語。"),
    "ask.period": Message("From when is the data?", "いつのデータですか。"),
    "told.period": Message(
        "Dated texts that were read, kept or not, by source: {spans}.",
        "日付のある入力文書の期間（除外した文書を含む、入力元別）: {spans}。",
    ),
    "ask.source_list": Message(
        "Which sources, and how much is kept of each?",
        "入力元と、それぞれの採用件数を挙げてください。",
    ),
    "told.source_list": Message("{sources}.", "{sources}。"),
    "ask.licences": Message(
        "Under which licences are the kept texts?", "採用した文書のライセンスは何ですか。"
    ),
    "told.licences": Message("{licences}.", "{licences}。"),
    "ask.obtained": Message(
        "Which of the sources are public datasets, licensed, scraped by or for you, data of users, "
        "or synthetic?",
        "各入力元は、公開データセット、許諾を得たデータ、自社または委託で収集したデータ、"
        "利用者のデータ、合成データのどれですか。",
    ),
    "ask.crawler": Message(
        "Which crawlers collected it, for what, and how do they behave?",
        "どのクローラーが、何の目的で、どのように収集しましたか。",
    ),
    "told.crawler": Message("{collected}.", "{collected}。"),
    "ask.domains": Message(
        "Which domains make up most of the scraped content? (The template: the top 10 % by size; "
        "for small enterprises the top 5 % or 1,000.)",
        "収集したコンテンツの多くを占めるドメインを挙げてください"
        "（様式では量の上位10%、中小企業は上位5%または1,000件）。",
    ),
    "told.domains": Message(
        "{shown} of {count} hosts, by bytes kept: {hosts}.",
        "{count}ホストのうち採用バイト数の上位{shown}件: {hosts}。",
    ),
    "ask.reservations": Message(
        "How are reservations of rights (Art. 4(3) of Directive 2019/790), robots.txt and opt-outs "
        "honoured?",
        "権利留保（指令2019/790 第4条3項）、robots.txt、オプトアウトをどのように尊重していますか。",
    ),
    "told.reservations": Message(
        "Texts whose site had refused, and those of them kept, by protocol: {optout}.",
        "サイトが利用を拒んでいた文書と、そのうち採用した数（プロトコル別）: {optout}。",
    ),
    "ask.illegal": Message(
        "What is done to find and remove illegal content?",
        "違法なコンテンツをどのように見つけ、取り除いていますか。",
    ),
    "told.illegal": Message(
        "Texts on lists of addresses, and those of them kept: {lists}.",
        "URLのリストに載っていた文書と、そのうち採用した数: {lists}。",
    ),
    "ask.personal": Message(
        "What is done about personal data?", "個人情報をどのように扱っていますか。"
    ),
    "told.personal": Message(
        "{masked:,} items were replaced by fixed tokens. Cleaners: {cleaners}.",
        "{masked:,}か所を決まった記号に置き換えました。クリーナー: {cleaners}。",
    ),
    "ask.filters": Message(
        "What was removed, and why?", "何を、どのような理由で取り除きましたか。"
    ),
    "told.filters": Message(
        "Of {read:,} records {rejected:,} were rejected and {quarantined:,} could not be read. By "
        "reason (a text may have several): {reasons}.",
        "{read:,}件のうち{rejected:,}件を除外し、{quarantined:,}件は読み込めませんでした。"
        "理由別（重複あり）: {reasons}。",
    ),
    "ask.duplicates": Message("What was done about duplicates?", "重複をどのように扱いましたか。"),
    "told.duplicates": Message(
        "{duplicates:,} texts are copies of a kept one, which stands for them.",
        "{duplicates:,}件は、採用した文書の写しとして取り除きました。",
    ),
    "ask.benchmarks": Message(
        "Which benchmarks were looked for?", "どのベンチマークの混入を調べましたか。"
    ),
    "told.benchmarks": Message("{benchmarks}.", "{benchmarks}。"),
    "ask.purpose": Message(
        "For what was it made, by whom, and who paid?",
        "何のために、誰が作りましたか。費用は誰が負担しましたか。",
    ),
    "ask.bias": Message(
        "Which groups and views are missing or over-represented?",
        "不足している、または偏っている集団や見方はありますか。",
    ),
    "ask.uses": Message(
        "What should it be used for, and what not?",
        "どのような利用に適し、どのような利用に適しませんか。",
    ),
    "ask.licence": Message(
        "Under which licence is the collection?", "データセット全体のライセンスは何ですか。"
    ),
    "told.licence": Message("{licence}.", "{licence}。"),
    "ask.contact": Message(
        "Whom do rightsholders and persons concerned write to?",
        "権利者や本人からの連絡を受ける窓口はどこですか。",
    ),
    "told.contact": Message("{contact}.", "{contact}。"),
    "ask.records": Message(
        "Which records of the data are kept?", "学習データの記録をどのように残していますか。"
    ),
    "told.records": Message(
        "Release of {made}: {files} data files with digests, every rejected text with its reasons, "
        "and `run.json` with {inputs:,} inputs and their digests.",
        "{made}の公開用データ: ダイジェスト付きのデータファイル{files}件、除外した全文書と"
        "その理由、入力{inputs:,}件とダイジェストを載せた `run.json`。",
    ),
    "ask.web": Message(
        "Is data collected from the web, and from whom else?",
        "ウェブから収集していますか。ほかに誰から入手していますか。",
    ),
    "told.web": Message(
        "Kept texts come from {count:,} hosts; the others have no address.",
        "採用・除外を合わせて{count:,}ホストの文書です。それ以外の文書にはURLがありません。",
    ),
    "ask.access": Message(
        "Is paywalled or access-restricted content, or are known pirate sites kept out?",
        "有料・会員限定のコンテンツや海賊版サイトを避ける措置をとっていますか。",
    ),
    "ask.maintenance": Message(
        "How is it kept up, and how are removals passed on?",
        "どのように更新し、削除の依頼をどう反映しますか。",
    ),
}

DISCLOSURE = {**FORMS, **ASKED}

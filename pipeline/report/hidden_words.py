"""What the section on personal data says, in English and Japanese."""

from __future__ import annotations

from seimai.pipeline.messages.message import Message

HIDDEN: dict[str, Message] = {
    "hidden.title": Message("Personal data", "個人情報"),
    "hidden.none": Message(
        "The recipe masks no personal data, and no signal found any.",
        "レシピは個人情報をマスクしておらず、指標でも見つかっていません。",
    ),
    "hidden.unmasked": Message(
        "The recipe masks nothing: add personal to clean.",
        "レシピはマスクをしていません。clean に personal を加えてください。",
    ),
    "hidden.note": Message(
        "Find, remove, mask, keep a record: the order follows what the Personal Information "
        "Protection Commission of Japan wrote on sensitive data for generative AI in June 2023, "
        "here for all kinds; hold it against the text in force. What has neither the form nor the "
        "label of personal data is not found.",
        "確認・除外・マスク・記録の順に示します。個人情報保護委員会の2023年6月の注意喚起"
        "（生成AIと要配慮個人情報）にならい、すべての種類に当てはめたものです。"
        "現行の文書と照らし合わせてください。"
        "決まった書式も項目名もない個人情報は検出できません。",
    ),
    "hidden.find": Message(
        "Found: {items} items in {texts} texts.",
        "確認: {texts}件の文書で{items}か所を見つけました。",
    ),
    "hidden.remove": Message(
        "Removed: {items} of them went with {texts} texts that were rejected.",
        "削除: うち{items}か所は、除外した{texts}件の文書とともに外しました。",
    ),
    "hidden.mask": Message(
        "Masked: {items} stand as fixed tokens in {texts} kept texts. No token tells what it "
        "hides.",
        "加工: 残る{items}か所は、採用した{texts}件の文書の中で決まった記号に置き換えました。"
        "記号から元の内容はわかりません。",
    ),
    "hidden.record": Message(
        "Recorded: the total stands in run.json and the dataset card, the tables below in this "
        "page. What was masked is stored nowhere in the output. Lines that cleaners take out "
        "before masking are stored where the recipe asks for removed_lines, as they were.",
        "記録: 総数はrun.jsonとデータセットカードに、内訳はこのページにあります。"
        "マスクした元の文字は、出力のどこにも残しません。"
        "ただし removed_lines を指定すると、マスク前に削除した行は元のまま保存します。",
    ),
    "hidden.kinds": Message("By kind", "種類別"),
    "hidden.sources": Message("By source", "入力元別"),
    "hidden.kind": Message("Kind", "種類"),
    "hidden.items": Message("Items, all texts", "か所（全文書）"),
    "hidden.texts": Message("Texts", "文書"),
    "hidden.kept_items": Message("Items in kept texts", "か所（採用した文書）"),
    "hidden.kept_texts": Message("Kept texts", "採用した文書"),
    "hidden.left": Message("What is left", "残っているもの"),
    "hidden.left_note": Message(
        "Found once more in the texts as they are after masking: kinds that the recipe leaves. "
        "Names of persons are left unless the recipe names them.",
        "マスク後の文書をもう一度調べた数です。レシピがマスクしない種類が残ります。"
        "人名は、レシピで指定したときだけマスクします。",
    ),
    "hidden.nothing_left": Message("Nothing was found any more.", "何も見つかりませんでした。"),
    "hidden.sensitive": Message(
        "Words on health, belief, crime or status beside a named person (a candidate for special "
        "care-required personal information, to be read by people): {texts} texts, {kept} of them "
        "kept.",
        "人名のある文に病歴・信条・犯罪歴・身分などの語がある文書"
        "（要配慮個人情報の候補。人による確認が必要）: {texts}件、うち採用{kept}件。",
    ),
    "hidden.samples": Message("Where they stand", "置き換えた箇所の例"),
    "hidden.samples_note": Message(
        "Every other character is a dot, so that this page shows nobody's data.",
        "このページから誰の情報も読み取れないように、ほかの文字はすべて点にしています。",
    ),
    "hidden.around": Message("Surroundings", "前後"),
    "mask.EMAIL": Message("E-mail address", "メールアドレス"),
    "mask.PHONE": Message("Telephone number", "電話番号"),
    "mask.CARD": Message("Credit card number", "クレジットカード番号"),
    "mask.MYNUMBER": Message("Individual number", "マイナンバー（個人番号）"),
    "mask.POSTAL_CODE": Message("Postal code", "郵便番号"),
    "mask.ADDRESS": Message("Address", "住所"),
    "mask.BANK_ACCOUNT": Message("Bank account", "口座番号"),
    "mask.DRIVER_LICENSE": Message("Driving licence", "運転免許証番号"),
    "mask.PASSPORT": Message("Passport", "旅券番号"),
    "mask.HEALTH_INSURANCE": Message("Health insurance", "健康保険証の記号・番号"),
    "mask.PENSION_NUMBER": Message("Pension number", "基礎年金番号"),
    "mask.RESIDENCE_CARD": Message("Residence card", "在留カード番号"),
    "mask.BIRTH_DATE": Message("Date of birth", "生年月日"),
    "mask.IP_ADDRESS": Message("IP address", "IPアドレス"),
    "mask.PERSON_NAME": Message("Name of a person", "人名"),
    "left.pii.email_count": Message("E-mail addresses", "メールアドレス"),
    "left.pii.phone_count": Message("Telephone numbers", "電話番号"),
    "left.pii.address_count": Message("Addresses and postal codes", "住所・郵便番号"),
    "left.pii.account_count": Message("Accounts and cards", "口座・カード番号"),
    "left.pii.paper_count": Message("Numbers of papers", "証明書などの番号"),
    "left.pii.birth_count": Message("Dates of birth", "生年月日"),
    "left.pii.machine_count": Message("IP addresses", "IPアドレス"),
    "left.pii.name_count": Message("Names of persons", "人名"),
}

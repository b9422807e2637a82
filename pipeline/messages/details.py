"""
What the details of quarantine say in Japanese.

A detail is data: one English sentence, the same bytes in every locale. Screens and reports show it
in the reader's language, from the table below. A placeholder of a sentence stands for what is in
it: numbers, names and what a library said stay as they are, `{detail}` is a detail itself.
"""

from __future__ import annotations

import re
from functools import cache

DETAILS = {
    # --- files and streams -----------------------------------------------------------------
    "the file has no bytes": "ファイルが空です",
    "the text is empty": "テキストが空です",
    "this is not a file": "ファイルではありません",
    "a link that leaves its folder; name its target to read it": (
        "フォルダの外を指すリンクです。読み込むにはリンク先を指定してください"
    ),
    "the folder cannot be read": "フォルダを読めません",
    "the system does not allow reading this file": "読み取り権限がありません",
    "the file no longer exists": "ファイルがなくなっています",
    "the system cannot read this file: {said}": "OSがこのファイルを読めません: {said}",
    "there is no reader for this kind of file: {name}": "この形式には対応していません: {name}",
    "needs seimai[{extra}]: the package “{package}” is not installed": (
        "seimai[{extra}] が必要です（パッケージ「{package}」がありません）"
    ),
    "the bytes are not text: {refused}": "テキストではないバイト列です: {refused}",
    "the reader gave up: {error}": "読み込み処理が中断しました: {error}",
    "reading it took longer than a record may": "読み込みが1件あたりの制限時間を超えました",
    "{step} took longer than {seconds} seconds{where}": (
        "{step}に {seconds} 秒を超える時間がかかりました{where}"
    ),
    "{step} took more memory than there was{where}": "{step}にメモリが足りませんでした{where}",
    "the file has more than {largest} bytes, the limit of a record": (
        "1件の上限 {largest} バイトを超えるファイルです"
    ),
    "the file has more than {most} characters, the limit of a record": (
        "1件の上限 {most} 文字を超えるファイルです"
    ),
    "the text has more than {largest} bytes, the limit of a record": (
        "1件の上限 {largest} バイトを超えるテキストです"
    ),
    "the text has more than {largest} bytes": "テキストが {largest} バイトを超えています",
    "the record has {size} bytes; the limit is {largest}": (
        "1件が {size} バイトあります（上限 {largest} バイト）"
    ),
    "the page has {size} bytes; the limit is {largest}": (
        "ページが {size} バイトあります（上限 {largest} バイト）"
    ),
    "the {kind} stream ends too early, after {given} bytes": (
        "{kind} のデータが {given} バイトで途切れています"
    ),
    "the {kind} stream grew beyond {ratio} times its size": (
        "{kind} の展開後の大きさが元の {ratio} 倍を超えました"
    ),
    "the {kind} stream is damaged after {given} bytes: {error}": (
        "{kind} のデータが {given} バイト以降で壊れています: {error}"
    ),
    "bytes that are not {kind} follow the {same} stream": (
        "{kind} のデータのうしろに余分なバイトがあります"
    ),
    "a {kind} member is damaged: {error}": "{kind} の一部が壊れています: {error}",
    "it unpacks to far more bytes than real text would": "展開後の大きさが異常です",
    # --- archives --------------------------------------------------------------------------
    "the archive is password-protected": "アーカイブがパスワードで保護されています",
    "the archive is damaged: {error}": "アーカイブが壊れています: {error}",
    "the archive is compressed with an unknown method": "アーカイブの圧縮方式が不明です",
    "the archive unpacks to far more bytes than real text would": (
        "アーカイブの展開後の大きさが異常です"
    ),
    "the archive ends inside a member, {left} bytes early": (
        "アーカイブがメンバーの途中で終わっています（{left} バイト不足）"
    ),
    "the archive ends inside the member, {left} bytes early": (
        "アーカイブがこのメンバーの途中で終わっています（{left} バイト不足）"
    ),
    "the archive ends inside this member": "アーカイブがこのメンバーの途中で終わっています",
    "the archive ends right after this member": "アーカイブがこのメンバーの直後で終わっています",
    "archives are nested in each other more than {most} deep": (
        "アーカイブの入れ子が {most} 段を超えています"
    ),
    "the directory of the archive does not end": "アーカイブの目次が途中で終わっています",
    "the directory of the archive is empty, but bytes precede it": (
        "アーカイブの目次は空ですが、その前にデータがあります"
    ),
    "the directory says {said} members and lists {count}": (
        "目次ではメンバー {said} 件のはずが、{count} 件しかありません"
    ),
    "the directory at the end of the archive cannot be read ({why}); its members were read up to "
    "byte {at}": (
        "アーカイブ末尾の目次を読めません（{why}）。メンバーは {at} バイト目まで読みました"
    ),
    "the name of the member points outside the archive": (
        "メンバーの名前がアーカイブの外を指しています"
    ),
    "the member is password-protected": "メンバーがパスワードで保護されています",
    "the member is packed with {kind}, which is not read": (
        "メンバーの圧縮方式 {kind} には対応していません"
    ),
    "the member is packed with Deflate64, which `pip install seimai[archive]` unpacks": (
        "メンバーの圧縮方式はDeflate64です。pip install seimai[archive] で展開できるようになります"
    ),
    "the member is compressed with an unknown method: {method}": (
        "メンバーの圧縮方式が不明です: {method}"
    ),
    "the member cannot be unpacked: {error}": "メンバーを展開できません: {error}",
    "the member cannot be unpacked without the directory": "目次がないためメンバーを展開できません",
    "the member is damaged after {given} bytes: {detail}": (
        "メンバーが {given} バイト以降で壊れています: {detail}"
    ),
    "the member is damaged: {error}": "メンバーが壊れています: {error}",
    "the member ends too early": "メンバーが途中で終わっています",
    "it ends too early": "途中で終わっています",
    "the size of the member was only in the directory": "メンバーの大きさが目次にしかありません",
    "the member has more than {most} packed bytes": (
        "メンバーの圧縮データが {most} バイトを超えています"
    ),
    "the member claims to be smaller than its header": "メンバーの大きさがヘッダーより小さいです",
    "the member claims to be stored, but has two sizes": (
        "無圧縮のはずのメンバーに2通りの大きさがあります"
    ),
    "the packed bytes of the member end too early": "メンバーの圧縮データが途中で終わっています",
    "the packed bytes of the member are damaged": "メンバーの圧縮データが壊れています",
    "no header stands before the member": "メンバーの前にヘッダーがありません",
    "the checksum of the member is wrong": "メンバーのチェックサムが合いません",
    "the checksum of the header is wrong": "ヘッダーのチェックサムが合いません",
    "the header of the member is longer than the file": "メンバーのヘッダーがファイルより長いです",
    "the header of a member cannot be read: {error}": "メンバーのヘッダーを読めません: {error}",
    "a field of the header is longer than the file": "ヘッダーの項目がファイルより長いです",
    "an extended header is larger than any real one": "拡張ヘッダーの大きさが異常です",
    "bytes that are not a member header": "メンバーのヘッダーではないバイト列です",
    "the file ends inside a header": "ファイルがヘッダーの途中で終わっています",
    "a file with holes, as tar --sparse writes": "tar --sparse の疎なファイルです",
    # --- mail ------------------------------------------------------------------------------
    "the message is encrypted": "メールが暗号化されています",
    "the message cannot be parsed: {error}": "メールを解析できません: {error}",
    "a header of the message does not end": "メールのヘッダーが終わっていません",
    "the message has more than {largest} bytes": "メールが {largest} バイトを超えています",
    "{detail}; the message at byte {begin} is not whole": (
        "{detail}。{begin} バイト目からのメールは不完全です"
    ),
    "the rich text of the message has more than {largest} bytes": (
        "メールのリッチテキストが {largest} バイトを超えています"
    ),
    "the rich text of the message does not begin as one": "メールのリッチテキストの先頭が不正です",
    "the rich text of the message ends in its header": (
        "メールのリッチテキストがヘッダーで終わっています"
    ),
    # --- office ----------------------------------------------------------------------------
    "an office document that is password-protected": "パスワードで保護されたOffice文書です",
    "an Ichitaro document; save it as .docx": "一太郎文書です。.docx で保存し直してください",
    "a binary document of an old program": "古いソフトのバイナリ文書です",
    "a document of a test version of Word 97; save it as .docx": (
        "Word 97 試用版の文書です。.docx で保存し直してください"
    ),
    "the document is password-protected": "文書がパスワードで保護されています",
    "the document is damaged: {error}": "文書が壊れています: {error}",
    "the document is cut off": "文書が途中で切れています",
    "the document has no part “{name}”": "文書に部品「{name}」がありません",
    "the document has no stream “{name}”": "文書にストリーム「{name}」がありません",
    "the document does not say which part is its text": "文書の本文がどの部品か分かりません",
    "the document does not say where its text is": "文書の本文の位置が分かりません",
    "the document claims to be larger than its file": "文書の大きさがファイルより大きいです",
    "the document claims to be longer than its text": "文書の長さが本文より長いです",
    "the document has a document type declaration": "文書に DOCTYPE 宣言があります",
    "the directory of the document does not end": "文書の目次が途中で終わっています",
    "the end of the document is missing or damaged: {error}": (
        "文書の末尾が欠けているか壊れています: {error}"
    ),
    "the elements of the document are nested too deeply": "文書の要素の入れ子が深すぎます",
    "the lists of the document are cut off": "文書の箇条書きの定義が途中で切れています",
    "the tables of the document claim to be larger than its file": (
        "文書内の表の大きさがファイルより大きいです"
    ),
    "the stream “{name}” says to be larger than the file": (
        "ストリーム「{name}」がファイルより大きいです"
    ),
    "the stream “{name}” has more than {largest} bytes": (
        "ストリーム「{name}」が {largest} バイトを超えています"
    ),
    "the part “{name}” is damaged: {error}": "部品「{name}」が壊れています: {error}",
    "a part of the document is damaged: {error}": "文書の部品が壊れています: {error}",
    "a tag in the part “{name}” has no end": "部品「{name}」のタグが閉じていません",
    "more parts of the document are damaged": "ほかにも壊れた部品があります",
    "a table of the document is cut off": "文書内の表が途中で切れています",
    "a piece of the text ends before it begins": "本文の断片の終わりが始まりより前です",
    "an embedded page is not there": "埋め込みページがありません",
    "the file ends in its header": "ファイルがヘッダーで終わっています",
    "the file ends inside its text": "ファイルが本文の途中で終わっています",
    "the file ends inside a group": "ファイルがグループの途中で終わっています",
    "the file does not start like a document": "ファイルの先頭が文書ではありません",
    "the file does not start as RTF": "ファイルの先頭がRTFではありません",
    "groups are nested more than {most} deep": "グループの入れ子が {most} 段を超えています",
    "the workbook is password-protected": "ブックがパスワードで保護されています",
    "a workbook of an Excel before version 5": "Excel 5 より前のブックです",
    "a chart or macros of an old Excel": "古い Excel のグラフかマクロです",
    "{count} cells refer to strings that the workbook does not have": (
        "{count} 個のセルの文字列がブックにありません"
    ),
    "the document is too large to be held in memory": "文書が大きすぎてメモリに収まりません",
    "the file is neither an archive nor a document in XML": "書庫でもXML文書でもありません",
    "the workbook names no sheet": "ブックにシートがありません",
    "the workbook ends inside a record": "ブックがレコードの途中で終わっています",
    "the workbook stream does not start with a workbook": "ブックの先頭が不正です",
    "the strings of the workbook do not end": "ブックの文字列表が途中で終わっています",
    "the sheets of the workbook overlap": "ブックのシートが重なっています",
    "there is no sheet where the workbook says": "ブックの指す位置にシートがありません",
    "a string of the workbook ends too early": "ブックの文字列が途中で終わっています",
    "a record of the workbook is too short": "ブックのレコードが短すぎます",
    "a record of the workbook has no end": "ブックのレコードに終わりがありません",
    "records of the workbook are too short: {count}": (
        "ブックに短すぎるレコードが {count} 件あります"
    ),
    "records of the sheet are too short: {count}": "シートに短すぎるレコードが {count} 件あります",
    "the presentation is password-protected": "プレゼンテーションがパスワードで保護されています",
    "the presentation does not say where its slides are": "スライドの位置が分かりません",
    "there is no directory where the presentation says": "指定の位置に目次がありません",
    "there is no document where the presentation says": "指定の位置に文書がありません",
    "there is no edit where the presentation says": "指定の位置に編集履歴がありません",
    "there is no slide where the presentation says": "指定の位置にスライドがありません",
    "a slide is missing from the presentation": "プレゼンテーションのスライドが欠けています",
    "the slides of the presentation overlap": "プレゼンテーションのスライドが重なっています",
    "a record of the presentation is too short": "プレゼンテーションのレコードが短すぎます",
    "a record of the slide is too short": "スライドのレコードが短すぎます",
    # --- PDF -------------------------------------------------------------------------------
    "the file is password-protected": "ファイルがパスワードで保護されています",
    "the file is damaged: {detail}": "ファイルが壊れています: {detail}",
    "it cannot be read": "読めません",
    "it is not a PDF": "PDFではありません",
    "its lock is not known": "保護の方式が不明です",
    "a page is missing": "ページが欠けています",
    "it has no pages": "ページがありません",
    "the file has {count} pages": "{count} ページあります",
    "without a text layer: {pages} of {count} pages": (
        "テキスト層のないページ: {pages}（全 {count} ページ）"
    ),
    "damaged: {pages} of {count} pages": "壊れたページ: {pages}（全 {count} ページ）",
    "reading the file takes more memory or computing than any real document": (
        "読み込みに必要なメモリか計算量が異常です"
    ),
    # --- markup and pages ------------------------------------------------------------------
    "there is no law in the XML": "XMLに法令がありません",
    "there is no text in the XML": "XMLに本文がありません",
    "there is no element in the XML": "XMLに要素がありません",
    "not well-formed XML: {error}": "整形式のXMLではありません: {error}",
    "there is no text in the page": "ページに本文がありません",
    "there is no page in the file": "ファイルにページがありません",
    "the file ends inside a page": "ファイルがページの途中で終わっています",
    "the file ends before the dump does": "ダンプの終わりより前でファイルが終わっています",
    "nothing is translated in the file": "訳文のないファイルです",
    "the record cannot be parsed: {error}": "レコードを解析できません: {error}",
    "the response has no HTTP header": "HTTPヘッダーのない応答です",
    "the response has no HTTP status": "HTTPステータスのない応答です",
    "the content coding of the response cannot be undone": "応答の圧縮を展開できません",
    "the response expands to more than {largest} bytes, the limit": (
        "応答を展開すると上限 {largest} バイトを超えます"
    ),
    "the response has a content coding that is not known": "応答の圧縮方式が不明です",
    # --- rows ------------------------------------------------------------------------------
    "the line is not UTF-8: {reason} at its byte {at}": (
        "UTF-8ではない行です: {at} バイト目（{reason}）"
    ),
    "the line is not JSON: {error}": "JSONではない行です: {error}",
    "the line holds {detail}, not an object": "行の中身がオブジェクトではなく{detail}です",
    "null": "null",
    "true or false": "真偽値",
    "a number": "数値",
    "a list": "リスト",
    "an object": "オブジェクト",
    "a string": "文字列",
    "a value of type {kind}": "{kind} 型の値",
    "bytes follow the end of the list": "リストのうしろに余分なバイトがあります",
    "the list ends inside an element": "リストが要素の途中で終わっています",
    "a line has more than {largest} characters": "{largest} 文字を超える行があります",
    "the table cannot be read beyond this row: {error}": "表のこの行から先を読めません: {error}",
    "several columns are called “{name}”": "「{name}」という列が複数あります",
    "the text column “{name}” holds {kind}, not strings": (
        "本文の列「{name}」が文字列ではありません（{kind}）"
    ),
    "the text column “{name}” holds {detail}, not a string": (
        "本文の列「{name}」が文字列ではなく{detail}です"
    ),
    "the text column “{name}” holds {detail}": "本文の列「{name}」の中身は{detail}です",
    "the column “{name}” is not UTF-8: {reason} at its byte {at}": (
        "列「{name}」がUTF-8ではありません: {at} バイト目（{reason}）"
    ),
    "{detail}; to read one, write e.g. `text: {column}` into the source of the recipe": (
        "{detail}。読む列はレシピの入力元に `text: {column}` のように書きます"
    ),
    "no text column of the usual names; there are {columns}": (
        "既定の名前の本文列がありません。あるのは {columns}"
    ),
    "no text column of the usual names; the record has {columns}": (
        "既定の名前の本文列がありません。このレコードの列は {columns}"
    ),
    "no text column {names}; there are {columns}": (
        "本文列 {names} がありません。あるのは {columns}"
    ),
    "no text column {names}; the record has {columns}": (
        "本文列 {names} がありません。このレコードの列は {columns}"
    ),
    "the batches end {size} bytes before the file does, and its footer has {footer}": (
        "バッチがファイルの終わりより {size} バイト手前で終わり、フッターは {footer} バイトです"
    ),
    "the {count} rows from here on are missing": "ここから {count} 行が欠けています",
    "the {count} rows from here on are larger than {largest} bytes each": (
        "ここから {count} 行は1行が {largest} バイトを超えています"
    ),
    "the {count} rows from here on cannot be read: {detail}": (
        "ここから {count} 行を読めません: {detail}"
    ),
    "the data set does not list its files: {error}": (
        "データセットのファイル一覧を取得できません: {error}"
    ),
    "the data set cannot be read further: {error}": "データセットの続きを読めません: {error}",
    "the query failed: {error}": "クエリが失敗しました: {error}",
    # --- by request ------------------------------------------------------------------------
    "request {name}": "申請 {name}",
}
"""English sentences as the readers write them, with what a Japanese reader is shown."""

STEPS = {
    "reading it": "読み込み",
    "cleaning it": "クリーニング",
    "measuring it": "指標の計算",
    "comparing it": "重複の比較",
    "splitting it into words": "単語分割",
    "measuring its words": "単語の指標の計算",
}
"""The steps of `engine/workers/slow_records.py`, which take too long."""

_HOLE = re.compile(r"{(\w+)}")


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """The sentences as patterns, those with the most words of their own first."""
    ordered = sorted(DETAILS, key=lambda english: -len(_HOLE.sub("", english)))
    return [(_pattern(english), DETAILS[english]) for english in ordered]


def _pattern(english: str) -> re.Pattern[str]:
    # Every second part is the name of a hole; what fills it may hold anything, so the last is
    # greedy by standing at the end.
    parts = _HOLE.split(english)
    parts[::2] = map(re.escape, parts[::2])
    parts[1::2] = (f"(?P<{name}>.+?)" for name in parts[1::2])
    return re.compile("".join(parts), re.DOTALL)


def in_japanese(detail: str) -> str:
    """
    The detail of a quarantined record for a Japanese reader; as it is where no sentence fits.

    >>> in_japanese("the file has 12000 pages")
    '12000 ページあります'
    >>> in_japanese("damaged by hand")
    'damaged by hand'
    """
    if detail in DETAILS:
        return DETAILS[detail]
    for pattern, japanese in _patterns():
        if found := pattern.fullmatch(detail):
            values = found.groupdict()
            if "detail" in values:
                values["detail"] = in_japanese(values["detail"])
            if "step" in values:
                values["step"] = STEPS.get(values["step"], values["step"])
            return japanese.format(**values)
    return detail

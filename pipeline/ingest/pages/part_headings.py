"""Headings that begin what is not the main text: lists of other articles, rankings, notices."""

from __future__ import annotations

import re

_MARKS = r"[■□●○◆◇▼▽▲△★☆▶►▷»≫›・|｜【〔［\[<＜《「『#＃\-–—:：]*"
_WHAT = (
    r"(?:記事|ニュース|リンク|情報|キーワード|ワード|トピックス?|タグ|商品|動画|コンテンツ|サイト|ページ|特集|書籍|"
    r"製品|投稿|エントリー?|レシピ|ブログ|スレッド|まとめ|連載|カテゴリー?|ストーリー|コラム|写真|画像|話題|作品|求人|質問|相談|"
    r"イベント|セミナー|サービス|コメント|トラックバック)"
)
_OF_SOMEBODY = (
    r"\S{1,20}の(?:他の|ほかの|その他の|新着|最新|人気)?"
    r"(?:記事|ニュース|求人|プレスリリース|投稿|質問|レシピ)(?:一覧)?"
)
"""Those of one writer, firm or field: only what is rather links below it is a list of others."""
BEGINS = re.compile(
    rf"^{_MARKS}(?:"
    rf"(?:関連(?:する)?|類似の?|その他の|ほかの|他の|次の|前の|注目の?|人気の?|新着の?|最新の?|最近の?|おすすめの?|オススメの?|お勧めの?|"
    rf"お薦めの?|話題の|同じ(?:著者|カテゴリー?|シリーズ)の?|この(?:著者|カテゴリー?|連載|シリーズ)の?|今日の|今週の|よく読まれている|"
    rf"よく読まれた|読まれている|見られている|よく閲覧されている(?:ご)?|急上昇の?|主な|主要){_WHAT}|"
    r"\S{0,12}も(?:よく)?(?:読まれて|読んで|人気)|あなたも\S{1,10}(?:ませんか|みよう)|"
    r"\S{1,14}(?:から|で)(?:探す|さがす|選ぶ)$|(?:最近|最後に)(?:見た|チェックした|閲覧した|読んだ)|(?:閲覧|検索)履歴|"
    r"(?:\S{0,12}も)?(?:あわせて|合わせて|併せて|こちらも|次に|一緒に)(?:読|よ|見|み|チェック|どうぞ)|"
    r"(?:その他|ほか|他|似た|同じ)の\S{1,8}$|似た\S{1,8}$|この\S{1,8}を\S{1,14}(?:人|方)(?:は|が|に|も)|"
    r"(?:この記事|このページ|こちらの記事|この商品|この情報)(?:を|に|と|の|が)|この(?:本|作品|動画)を(?:買|読|見)|こちらも|こんな(?:記事|特集|商品)も|"
    r"関連(?:する|した)?(?:記事|ニュース|リンク|情報|質問|$)|(?:\S{0,14})ランキング|注目(?:記事|ニュース|の|ワード)|"
    r"[^。]{0,24}（全\d+回）$|新着|最新(?:記事|ニュース|の|号|情報|刊)|おすすめ|オススメ|お勧め|お薦め|ピックアップ|トピックス?$|特集$|連載$|"
    r"人気(?:記事|の|ランキング|ワード|キーワード)|急上昇|トレンド|(?:いま|今|よく)読まれて(?:い(?:る|ます)|る|ます)|"
    r"(?:Ｐ|P)(?:Ｒ|R)(?:$|[:：\]】］])|広告|スポンサー|sponsor|advert|"
    r"カテゴリー?(?:$|別|一覧)|アーカイブ|月別|タグ(?:$|クラウド|一覧)|プロフィール|著者(?:$|プロフィール|紹介)|"
    r"(?:サイト内|記事)?検索$|メニュー$|リンク集?$|ブックマーク|フォロー|シェア|ツイート|"
    r"(?:\S{0,10})をフォロー|コメント(?:$|を|する|欄|一覧|[(（:：])|トラックバック|(?:前|次)の記事|"
    r"購読|メールマガジン|メルマガ|会員(?:登録|限定|の方)|ログイン|"
    r"related|recommend|popular|recent|latest|archives?\b|categor|tags?$|share|follow|"
    rf"{_OF_SOMEBODY}$|ranking|pickup|"
    r"topics?$|profile$|search$|links?$|you(?:may|might)|trending|most(?:read|viewed|popular)|"
    r"more(?:from|stories)|comments?$|trackbacks?$|newsletter|what'snew"
    r")",
    re.IGNORECASE,
)
WEAK = re.compile(
    rf"^{_MARKS}(?:リンク集?|特集|連載|トピックス?|メニュー|プロフィール|著者|検索|カテゴリー?|タグ|アーカイブ|コメント|"
    r"links?|topics?|profile|search|archives?|categor\w*|tags?|comments?)(?:\W|$)",
    re.IGNORECASE,
)
"""Those of them that may head a part of an article: a company's profile, a list of links."""
_COOKIES = r"cookies?\b|クッキー(?:[(（]|情報|ポリシー|を(?:使|利用|有効|許可)|の(?:使|利用|設定))"
"""Those of a site; クッキー alone is what one bakes."""
OWNED = re.compile(
    r"©|\(c\)\s|copyright|all rights reserved|(?:無断|禁)(?:転載|複製|複写)", re.IGNORECASE
)
OWNED_WORDS = ("©", "(c)", "(C)", "right", "Right", "RIGHT", "転載", "複製", "複写")
"""Parts of them without blanks: where none is, the others need no search."""
OWNING = re.compile(r"©|copyright|allrightsreserved|(?:無断|禁)(?:転載|複製|複写)", re.IGNORECASE)
"""The same in a text without blanks, but for what is too short to be told."""
RIGHTS = re.compile(rf"{OWNED.pattern}|{_COOKIES}", re.IGNORECASE)
"""What is said below any page, of which only this is believed near the article."""
FIRST = frozenset(
    "■□●○◆◇▼▽▲△★☆▶►▷»≫›・|｜【〔［[<＜《「『#＃-–—:："
    "関類似そほ他次前注人新最おオお話同こ今よ読見急主あ合併一ピト特連広スカアタ月プ著サ記検メリブフシツコ購会ロ"
    "ＰPpSsAaRrLlCcTtFfYyMmNnWw"
)
LAST_OF = frozenset("グー）い読すぶか歴事スト人稿問")
"""The first characters of such headings, and the last ones of those that may begin with any."""

LABEL = re.compile(rf"^{_MARKS}(?:PR|ＰＲ|広告|スポンサー|sponsor|advert)", re.IGNORECASE)
"""Those that are rather a label on what is right below."""
NOTICE = re.compile(
    r"(?:©|\(c\)\s|copyright|all rights reserved|(?:無断|禁)(?:転載|複製|複写)|"
    rf"{_COOKIES}|javascript|"
    r"(?:会員|有料|登録)(?:の方|限定|会員|する|登録)|続き(?:を|は)(?:お?読|こちら)|ログイン|広告|アプリ(?:を|で)|"
    r"ブラウザ|プライバシーポリシー|利用規約|お問い?合わせ)",
    re.IGNORECASE,
)
"""What notices of a site speak of: rights, cookies, paying, scripts."""
PAYING = re.compile(
    r"(?:この|本|こちらの)記事は[^\n]{0,20}(?:会員|有料|登録)|残り[^\n]{0,8}(?:文字|字)"
    r"|(?:続き|全文|以降)(?:を|は)[^\n]{0,20}(?:会員|ログイン|登録|有料)|会員(?:の方は|登録して)[^\n]{0,6}ログイン"
    r"|(?:会員|電子版|有料)(?:に(?:なる|登録する)と)[^\n]{0,20}(?:続き|記事|読)|今すぐ登録|^\s*(?:有料)?会員限定(?:記事)?\s*$"
    r"|より(?:よ|良)い(?:ウェブサイト|Webサイト|ホームページ|サイト|ページ)(?:に|を|の?作り|づくり)"
    r"|この(?:記事|ページ|回答)は(?:いかが|参考に|お?役に)|役に立ちましたか|(?:わか|分か|見つけ|みつけ|探し)り?やすかったですか"
)
"""Notices of what a reader would have to pay, to register for or to answer, in a word of few
others."""
OFFER = re.compile(r"申し?込|登録|ログイン|購読|会員|プラン")
"""What stands on the links of such a notice."""
BYLINE = re.compile(
    r"(?:comments?|コメント|trackbacks?|トラックバック|ＴＢ|TB)[(（:：]?\d+(?:[)）件]|$)|\d件のコメント",
    re.IGNORECASE,
)
"""What a line below an entry counts."""
COUNTING = ("omment", "OMMENT", "コメント", "rackback", "RACKBACK", "トラックバック", "ＴＢ", "TB")
"""Words of which one stands in such a line."""
REMARKS = re.compile(
    rf"{_MARKS}(?:(?:この\S{{1,6}}(?:へ|に対する|について)の|(?:みんな|読者|皆さん|皆様)の)(?:コメント|comments?)|"
    r"(?:コメント|comments?)(?=一覧|欄|[(（:：]?\d))(?:一覧|欄)?(?:[(（:：]?\d+件?[)）]?)?|"
    r"\d+(?:件の)?(?:コメント|comments?)[:：]?|discussion",
    re.IGNORECASE,
)
"""Headings of what readers wrote below a page. コメント alone may be what a company's head says."""
REMARKS_WITH_FIELD = re.compile(rf"{_MARKS}(?:コメント|comments?)", re.IGNORECASE)
"""It is one of readers' remarks, too, where there is a field to write another one."""
REMARKING = ("コメント", "omment", "iscussion")
ABOUT_DATA = ("クッキー", "ookie", "OOKIE", "個人データ", "端末に情報")
"""Parts of words of which one stands in every notice of what a site keeps about its readers."""
ASKED = (
    "登録", "サポート", "応援", "支援", "贈る", "購読", "ign up", "ignup", "ubscribe", "onate",
)  # fmt: skip
"""Parts of what stands on links and buttons that ask for an account or support."""
_SHARES = (
    r"(?:(?:シェア|ポスト|ツイート|ブックマーク|送信|保存|コピー|印刷|投稿)(?:する)?|(?:LINE|メール)で?(?:送る|共有)?|"
    r"(?:URL|リンク)を?コピー|Facebook|Twitter|はてな|Pocket|Feedly|Share|Tweet|Post|Print|Mail|X|"
    r"で|を|[\d・|｜/／])++"
)
"""Buttons to share a page with others."""
_CRUMBS = (
    r"(?:現在の?(?:位置|地)[:：]?)?\S{0,12}?(?:ホーム|トップ(?:ページ)?|TOP|HOME)[>＞»›/／→]\S+"
)
"""Where in a site a page stands."""
_PAGER = (
    r"(?:\d{1,3}|[<>＜＞«»‹›←→|｜…・（）()]|最初|最後|(?:前|次|先頭|一覧|もと)"
    r"(?:の(?:記事|ページ|日記|話|\d+件))?(?:へ|に)?(?:戻る|もどる|進む)?)++"
)
"""Links to the pages before and after."""
OF_LINKS = re.compile(rf"{_SHARES}|{_CRUMBS}|{_PAGER}", re.IGNORECASE)
"""Lines of links that frame a text, and of nothing else."""
SHARING = re.compile(
    rf"{_MARKS}(?:シェア|ツイート|ポスト|フォロー|ブックマーク|share|tweet|follow|bookmark)",
    re.IGNORECASE,
)
"""Headings of buttons; a text right below them is the article."""
_LABEL = r"(?:最終)?(?:更新|公開|配信|掲載|投稿|発信|作成|登録)(?:日時?|時間)?"
_DATE = (
    r"(?:(?:19|20)\d\d|(?:令和|平成|昭和)(?:元|\d{1,2}))[年/.\-]\d{1,2}[月/.\-]\d{1,2}日?"
    r"(?:[(（]?[月火水木金土日](?:曜日?)?[)）]?)?"
)
_TIME = r"(?:午前|午後|[AP]M)?\d{1,2}[:：時]\d{2}(?:分|[:：]\d{2})?"
STAMP = re.compile(
    rf"(?:(?:ページ番号|記事番号|No\.?)[:：]?\d+)?(?:{_LABEL}[:：]?{_DATE}(?:{_TIME})?"
    rf"|{_DATE}(?:{_TIME}|に?{_LABEL}))"
    rf"(?:に?{_LABEL}|{_DATE}|\d{{1,2}}月\d{{1,2}}日|{_TIME}|(?:有料)?会員限定|"
    r"[()（）\[\]［］:：・|｜/／,，に])*"
)
"""When a page was written: a date with the time of day or a word such as 更新, and whether one has
to pay, and nothing else."""
SIGNED = re.compile(rf"(\D{{1,20}}?|\d{{0,4}}\S{{1,20}}?){_DATE}{_TIME}")
"""The writer of a post or an answer, and when."""
WHEN = re.compile(rf"{_DATE}{_TIME}")
WHO = re.compile(r"\S{1,20}(?:さん|さま)")
"""A writer in a line above the date."""
OTHER = re.compile(rf"{_MARKS}(?:(?:その他|ほか|他)の(?!(?:{_WHAT}))\S{{1,8}}|{_OF_SOMEBODY})$")
"""Headings of other things, whatever they are."""
ASKING = (
    "会員", "今すぐ登録", "残り", "役に立ち", "参考になりました", "いかがでした", "やすかった",
    "より良い", "よりよい",
)  # fmt: skip
"""Words of which one stands wherever somebody is asked to pay, or what they think of a page."""
SOUGHT = (*OWNED_WORDS, *ASKING, *REMARKING, *ABOUT_DATA, *ASKED)
"""All words that are looked for in a page, at once."""
LEAST_NOTICE, LONGEST_PAYING = 8, 120
"""Characters of a notice that is believed wherever it stands."""
LONGEST_NOTICE = 250
"""The same of one far from the article."""
LEAST_STAMP, LONGEST_STAMP = 8, 60
LONGEST_HEADING = 30
"""Characters; longer ones are sentences."""


def begins_other(line: str) -> bool:
    """
    Whether a line, its blanks left out, is the heading of something that is not the main text.

    >>> [
    ...     begins_other(x)
    ...     for x in ("■関連記事", "あわせて読みたい", "ＰＲ", "関連する法律の改正について")
    ... ]
    [True, True, True, False]
    """
    return 0 < len(line) <= LONGEST_HEADING and BEGINS.match(line) is not None

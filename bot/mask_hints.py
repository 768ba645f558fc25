"""The words around a number that say what it is the number of."""

import re
from dataclasses import dataclass
from typing import Literal

from bot.personal_data import Kind

# `figure`: an amount or a public code, so only numbers that speak for themselves are masked; `product`: nor are they.
Meaning = Kind | Literal["figure", "product"]

_BANKS = (
    "bca|bri|bni|mandiri|bsi|btn|cimb|niaga|permata|danamon|ocbc|panin|maybank|mega|jago|jenius|btpn|seabank|blu|"
    "muamalat|sinarmas|bjb|bank"
)
_COURIERS = (
    r"jne|j&t|jnt|j n t|sicepat|si cepat|anteraja|anter aja|ninja|spx|id ?express|idexpress|lion parcel|wahana|"
    r"pos indonesia|gosend|paxel|lex"
)
_WORDS: dict[Meaning, str] = {
    Kind.PHONE: r"wa|whats ?app|wasap|hp|hape|handphone|ponsel|te?le?po?n|te?lpo?n|tlp|telp|phone|cell|mobile|call|"
    r"kontak|contact|hubungi|sms|gopay|ovo|shopeepay|linkaja",
    Kind.NIK: r"nik|e?-?ktp|kk|kartu keluarga|kartu tanda penduduk|identity number|id card",
    Kind.NPWP: r"npwp|tax id|tax number|tin",
    Kind.ACCOUNT: rf"no ?rek|rek|rekening|rekeningnya|reknya|account|acct|acc|virtual account|va|transfer|tf|trf|"
    rf"{_BANKS}",
    Kind.ORDER: r"order|orderan|orderannya|orders|order ?id|orderid|pesanan|pesanannya|pesenan|pesenannya|psnan|"
    r"invoice|inv|nota|pembelian|purchase|transaksi",
    Kind.RECEIPT: rf"resi|resinya|no ?resi|awb|airway ?bill|waybill|tracking|track|lacak|pelacakan|receipt|"
    rf"{_COURIERS}",
    Kind.CARD: rf"(?:kartu(?: kredit| debit)?|debit)(?: (?:{_BANKS}))?(?! keluarga| tanda)|card|cc|visa|"
    r"master ?card|amex",
    "figure": r"error|eror|err|kode|code|pasal|ayat|kbli|bpom|halal|omzet|omset|saldo|harga|total|totalnya|sebesar|"
    r"senilai|nilai|pajak|gmv|penjualan|pendapatan|penghasilan|modal|biaya|komisi|laba|untung|rugi|revenue|sales|"
    r"price|turnover|balance|worth|income|amount|jumlah|followers?|views?|barcode|ean|isbn|upc|versi|version",
    "product": r"sku|produk|product|barang|item|knowledge",
}
_ORDER = tuple(_WORDS)
_BEFORE = re.compile(
    "|".join(rf"(?P<m{place}>(?<![a-z])(?:{_WORDS[meaning]})(?![a-z]))" for place, meaning in enumerate(_ORDER))
)
_AFTER = re.compile(
    rf"[\s,(:\-=]{{0,3}}(?:(?:di |ke |bank |rek )?(?P<account>{_BANKS}|a\.?/?n\.?|atas nama|rekening)"
    rf"|(?:pakai |via |kurir )?(?P<receipt>{_COURIERS}|resi))(?![a-z])"
)
_LIST = re.compile(r"[\s,/&+;.\-]*(?:dan|and|atau|or|sama|serta|&)?[\s,/&+;.\-]*")
_WINDOW = 45
_NEAR = 16


@dataclass(frozen=True)
class Hint:
    """What the nearest word says, and whether it stands right beside the number."""

    meaning: Meaning | None = None
    near: bool = False


def hint_before(text: str, start: int) -> Hint:
    """Return what the nearest telling word before that place says. `text` is in lower case."""
    window = text[max(0, start - _WINDOW) : start]
    cut = max(window.rfind("?"), window.rfind("!")) + 1
    words = list(_BEFORE.finditer(window, cut))
    if not words or words[-1].lastgroup is None:
        return Hint()
    return Hint(_ORDER[int(words[-1].lastgroup[1:])], len(window) - words[-1].end() <= _NEAR)


def hint_after(text: str, end: int) -> Hint:
    """Return what a bank, an owner or a courier named right after that place says."""
    match = _AFTER.match(text, end)
    if match is None:
        return Hint()
    return Hint(Kind.ACCOUNT if match["account"] else Kind.RECEIPT, near=True)


def goes_on(text: str, end: int, start: int) -> bool:
    """Tell whether a number at `start` continues a list whose last number ended at `end`."""
    return start - end <= 12 and _LIST.fullmatch(text, end, start) is not None

"""A small but whole knowledge folder: each field, status and kind of document occurs in it at least once.

`write_knowledge` writes it without a fault. A test that wants a fault changes one line with `change`, and finds the
line it must be reported at with `line_of`.
"""

from datetime import date
from pathlib import Path

from indexer.faults import Fault
from indexer.question_time import AskedTime, Period

TODAY = date(2026, 11, 23)


def on(year: int, month: int, day: int) -> AskedTime:
    """Ask about that day."""
    return AskedTime(Period.of_day(date(year, month, day)))


TOPICS = """\
fees:
  id: Biaya & komisi
  en: Fees & commission
  overview: faqs/fees#overview
rules:
  id: Aturan
  en: Rules
news:
  id: Kabar
  en: News
"""

PUBLISHERS = """\
official:
  - kementerian
  - seller university
second_hand:
  - blog
"""

GLOSSARY = """\
- words: [brp, brapa]
  means: berapa
- words: potongan admin
  means: komisi
- words: ongkir
  adds: ongkos kirim shipping
  why: Sellers never write it in full.
"""

LEFT_OUT = """\
FEE-009: An older statement of FEE-001.
"""

QUESTIONS = """\
- text: komisi sekarang berapa
  section: faqs/fees#commission-now
- text: what is the commission now
  section: [faqs/fees#commission-now, faqs/fees#overview]
- text: kapan saldo cair
  section: faqs/payouts#when-paid
- text: kalau ditunda
  previous: [kapan saldo cair]
  section: faqs/payouts#when-paid
- text: komisi shopee berapa
  refuse: true
- text: berapa
  ask_back: true
"""

FEE_FACTS = """\
- id: FEE-001
  topic: Commission
  fact: From 18 May 2026 the commission is 9.25%, at most Rp650,000 an item.
  fact_id: Mulai 18 Mei 2026 komisinya 9,25%, paling banyak Rp650.000 per barang.
  effective: '2026-05-18'
  as_of: '2026-10-01'
  status: in_force
  confidence: high
  sources:
  - {publisher: Seller University, title: Komisi (text of 20 May 2026), date: '2026-05-20', url: 'https://uni.example/1'}
  - {publisher: A seller's blog, title: My fees}
- id: FEE-002
  topic: Commission of 2025
  fact: From 9 June 2025 the commission was 8%.
  fact_id: Mulai 9 Juni 2025 komisinya 8%.
  effective: '2025-06-09'
  as_of: 2025-07
  status: superseded
  superseded_by: FEE-001
  confidence: high
  sources: [{publisher: Seller University, title: Komisi, date: '2025-06-01'}]
- id: FEE-003
  topic: Commission of 2024
  fact: From 1 May 2024 the commission was 6.5%.
  fact_id: Mulai 1 Mei 2024 komisinya 6,5%.
  effective: '2024-05-01'
  as_of: '2024-05-02'
  status: superseded
  superseded_by: FEE-002
  confidence: medium
  sources: [{publisher: Koran, title: Komisi naik}]
- id: FEE-004
  topic: Shipping
  fact: The seller pays Rp1,250 for shipping on Tokopedia and Rp2,500 on TikTok Shop.
  fact_id: Ongkir untuk penjual Rp1.250 di Tokopedia dan Rp2.500 di TikTok Shop.
  effective: null
  as_of: '2026-09-01'
  status: in_force
  confidence: high
  sources: [{publisher: Seller University, title: Ongkir}]
- id: FEE-005
  topic: Payouts
  fact: The balance is paid out two days after delivery, before 23:59.
  fact_id: Saldo cair dua hari setelah barang diterima, sebelum pukul 23.59.
  effective: null
  as_of: '2026-08-01'
  status: in_force
  confidence: high
  sources: [{publisher: Seller University, title: Pencairan}]
- id: FEE-009
  topic: Commission, an older note
  fact: The commission is a percentage.
  fact_id: Komisi berupa persentase.
  effective: null
  as_of: '2024-01-01'
  status: historical
  confidence: high
  sources: [{publisher: Koran, title: Komisi}]
"""

RULE_FACTS = """\
- id: RUL-001
  topic: Permendag 31/2023
  fact: From 26 September 2023 social media may only promote; article 21 paragraph (3).
  fact_id: Mulai 26 September 2023 media sosial hanya boleh promosi; Pasal 21 ayat (3).
  effective: '2023-09-26'
  as_of: '2023-10-01'
  status: superseded
  superseded_by: RUL-002
  confidence: high
  sources: [{publisher: Kementerian Perdagangan, title: Permendag 31/2023}]
- id: RUL-002
  topic: Permendag 19/2026
  fact: From 8 June 2026 article 25 lets social media sell with a licence.
  fact_id: Mulai 8 Juni 2026 Pasal 25 membolehkan media sosial berjualan dengan izin.
  effective: '2026-06-08'
  as_of: '2026-09-01'
  status: in_force
  confidence: high
  sources: [{publisher: Kementerian Perdagangan, title: Permendag 19/2026}]
- id: RUL-003
  topic: Closing
  fact: TikTok Shop closed on 4 October 2023 at 17.00.
  fact_id: TikTok Shop tutup 4 Oktober 2023 pukul 17.00.
  effective: '2023-10-04'
  as_of: '2023-10-05'
  status: historical
  confidence: high
  sources: [{publisher: Koran, title: Tutup}]
- id: RUL-004
  topic: Tax plan
  fact: A tax of 0.5% is planned from 1 January 2027.
  fact_id: Pajak 0,5% direncanakan mulai 1 Januari 2027.
  effective: '2027-01-01'
  as_of: '2026-11-01'
  status: planned
  confidence: medium
  sources: [{publisher: Kementerian Keuangan, title: Rencana}]
- id: RUL-005
  topic: Share
  fact: It is disputed whether the share is 75%.
  fact_id: Masih diperdebatkan apakah porsinya 75%.
  effective: null
  as_of: '2026-01-01'
  status: disputed
  confidence: low
  sources: [{publisher: Koran, title: Porsi}]
"""

FEES = """\
---
title:
  id: Biaya
  en: Fees
topic: fees
platform: both
---

## overview

```yaml
facts: [FEE-001]
```

### id: Biaya apa saja?

Komisi dan ongkir.

### en: Which fees are there?

Commission and shipping.

## commission-now

```yaml
in_force_from: 2026-05-18
replaces: faqs/fees#commission-2025
facts: [FEE-001]
asked:
  id: [komisi sekarang berapa, potongan komisi]
  en: [what is the commission now]
see_also: [faqs/payouts#when-paid]
```

### id: Komisi sekarang berapa?

Komisinya **9,25%**, paling banyak Rp650.000 per barang.

> Contoh: harga Rp200.000 × 9,25% = Rp18.500.

### en: What is the commission now?

The commission is **9.25%**, at most Rp650,000 an item.

> Example: price Rp200,000 × 9.25% = Rp18,500.

## commission-2025

```yaml
replaces: faqs/fees#commission-2024
facts: [FEE-002]
```

### id: Komisi mulai Juni 2025 berapa?

Komisinya 8%.

### en: What was the commission from June 2025?

The commission was 8%.

## commission-2024

```yaml
facts: [FEE-003]
```

### id: Komisi tahun 2024 berapa?

Komisinya 6,5% mulai 1 Mei 2024.

### en: What was the commission in 2024?

The commission was 6.5% from 1 May 2024.

## shipping-tokopedia

```yaml
platform: tokopedia
facts: [FEE-004]
```

### id: Ongkir di Tokopedia berapa?

Ongkir Rp1.250.

### en: What is shipping on Tokopedia?

Shipping costs Rp1,250.

## shipping-tiktok

```yaml
platform: tiktok_shop
facts: [FEE-004]
```

### id: Ongkir di TikTok Shop berapa?

Ongkir Rp2.500.

### en: What is shipping on TikTok Shop?

Shipping costs Rp2,500.
"""

PAYOUTS = """\
---
title: {id: Pencairan, en: Payouts}
topic: fees
---

## when-paid

```yaml
platform: both
checked: 2026-07-01
confidence: medium
sources: {publisher: Seller University, title: Pencairan saldo, date: 2026-07, url: "https://uni.example/2"}
facts: FEE-005
```

### id: Kapan saldo cair?

Saldo cair 2 hari setelah barang diterima:
1. tunggu barang sampai,
2. tarik sebelum pukul 23.59.

### en: When is the balance paid out?

The balance is paid out two days after delivery:
1. wait for the parcel,
2. withdraw before 23:59.
"""

OLD_RULE = """\
---
title: {id: Permendag 31/2023, en: Permendag 31/2023}
topic: rules
platform: both
---

## social-sales

```yaml
laws: {name: Permendag 31/2023, article: 21, paragraph: 3}
facts: [RUL-001]
```

### id: Aturan lama: media sosial boleh jualan?

Tidak, hanya promosi (Pasal 21 ayat (3)).

### en: The old rule: may social media sell?

No, they may only promote (article 21 paragraph (3)).
"""

NEW_RULE = """\
---
title: {id: Permendag 19/2026, en: Permendag 19/2026}
topic: rules
platform: both
replaces: regulations/old-rule
---

## social-sales

```yaml
laws: [{name: Permendag 19/2026, article: 25}]
facts: [RUL-002]
```

### id: Aturan: media sosial boleh jualan?

Boleh, dengan izin (Pasal 25).

### en: The rule: may social media sell?

Yes, with a licence (article 25).
"""

OFFICIAL_TEXT = """\
---
title: {id: Teks resmi, en: Official text}
topic: rules
platform: both
imported: true
in_force_from: 2026-06-08
sources: [{publisher: Kementerian Perdagangan, title: Permendag 19/2026, url: "https://jdih.example/19"}]
---

## article-7

### id: Pasal 7: Pajak dan izin

Pelaku usaha wajib punya izin paling lambat 90 hari.
"""

NEWS = """\
---
title: {id: Kabar, en: News}
topic: news
platform: both
---

## closing

```yaml
platform: tiktok_shop
facts: [RUL-003]
```

### id: Kapan TikTok Shop tutup?

Tutup 4 Oktober 2023 pukul 17.00.

### en: When did TikTok Shop closing happen?

It closed on 4 October 2023 at 17:00.

## new-tax

```yaml
facts: [RUL-004]
```

### id: Rencana pajak baru?

Pajak 0,5% direncanakan mulai 1 Januari 2027.

### en: Which new tax is planned?

A tax of 0.5% is planned from 1 January 2027.

## tax-put-off

```yaml
status: postponed
facts: [RUL-004]
```

### id: Pajak ditunda?

Pajak itu ditunda.

### en: Is the tax put off?

The tax is put off.

## share

```yaml
facts: [RUL-005]
```

### id: Benarkah porsinya 75%?

Masih diperdebatkan apakah 75%.

### en: Is the share really 75%?

It is disputed whether it is 75%.
"""

OTHER_SHOPS = """\
---
title: {id: Toko lain, en: Other shops}
topic: news
platform: both
---

## shopee

### id: Komisi Shopee berapa?

Aku cuma paham Tokopedia dan TikTok Shop.

### en: What is the commission on Shopee?

I only know Tokopedia and TikTok Shop.
"""

FILES = {
    "topics.yaml": TOPICS,
    "publishers.yaml": PUBLISHERS,
    "glossary.yaml": GLOSSARY,
    "left_out.yaml": LEFT_OUT,
    "questions/known.yaml": QUESTIONS,
    "facts/fees.yaml": FEE_FACTS,
    "facts/rules.yaml": RULE_FACTS,
    "faqs/fees.md": FEES,
    "faqs/payouts.md": PAYOUTS,
    "regulations/old-rule.md": OLD_RULE,
    "regulations/new-rule.md": NEW_RULE,
    "regulations/official-text.md": OFFICIAL_TEXT,
    "announcements/news.md": NEWS,
    "outside/other-shops.md": OTHER_SHOPS,
}


def write_knowledge(folder: Path) -> Path:
    """Write all files and return the folder."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def change(path: Path, old: str, new: str) -> None:
    """Put `new` in the place of `old`, which must stand in the file exactly once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def line_of(path: Path, part: str) -> int:
    """Return the number of the only line that holds `part`."""
    lines = [number for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if part in line]
    assert len(lines) == 1, f"{part!r} stands in the lines {lines} of {path.name}"
    return lines[0]


def shown(faults: tuple[Fault, ...]) -> list[str]:
    """Return the faults as they are printed."""
    return [str(fault) for fault in faults]

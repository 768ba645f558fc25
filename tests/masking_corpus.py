"""Made-up messages with their personal data marked: written by hand, and made from templates with a fixed seed.

In the hand-written ones `<phone:0812…>` marks a span. Every number here is invented.
"""

import re
from dataclasses import dataclass
from random import Random

from bot.personal_data import Kind, Span

_MARK = re.compile(r"<(\w+):([^>]*)>")


@dataclass(frozen=True)
class Labelled:
    """A message and where its personal data stands."""

    text: str
    spans: tuple[Span, ...]


def labelled(marked: str) -> Labelled:
    """Read a message with marks."""
    text, spans, position = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[position : match.start()]
        spans.append(Span(len(text), len(text) + len(match[2]), Kind(match[1])))
        text += match[2]
        position = match.end()
    return Labelled(text + marked[position:], tuple(spans))


def corpus(seed: int = 7) -> list[Labelled]:
    """Return all messages, the dirty ones and as many clean ones."""
    random = Random(seed)
    dirty = [*WRITTEN_DIRTY, *(_dirty(random) for _ in range(240))]
    clean = [*WRITTEN_CLEAN, *(_clean(random) for _ in range(len(dirty) - len(WRITTEN_CLEAN)))]
    return [labelled(marked) for marked in (*dirty, *clean)]


def _digits(random: Random, count: int, first: str = "") -> str:
    return first + "".join(random.choice("0123456789") for _ in range(count - len(first)))


def _grouped(digits: str, sizes: tuple[int, ...], joint: str) -> str:
    parts, position = [], 0
    for size in sizes:
        parts.append(digits[position : position + size])
        position += size
    return joint.join(part for part in (*parts, digits[position:]) if part)


def _phone(random: Random) -> str:
    rest = random.choice(("811", "812", "813", "821", "838", "852", "857", "858", "877", "881", "895", "896"))
    rest = _digits(random, random.choice((10, 11, 11, 12)), rest)
    head = random.choice(("0", "0", "0", "62", "+62", "+62 "))
    joint = random.choice(("", "", "", "-", " ", "."))
    if not joint:
        return head + rest
    if head == "0":
        return _grouped("0" + rest, (4, 4), joint)
    return head.strip() + joint + _grouped(rest, (3, 4), joint)


def _email(random: Random) -> str:
    name = random.choice(("budi.santoso", "toko_berkah", "siti88", "cv.maju-jaya", "rina+toped", "AgusW", "halo"))
    return name + random.choice(("@gmail.com", "@yahoo.co.id", "@tokoberkah.id", "@mail.ugm.ac.id", "@outlook.com"))


def _nik(random: Random) -> str:
    day = random.randint(1, 28) + random.choice((0, 40))
    place = random.choice(("3273", "3174", "3578", "1271", "5171", "6471", "7371", "9471", "3404", "1671"))
    born = f"{day:02}{random.randint(1, 12):02}{random.randint(60, 99)}"
    nik = f"{place}{random.randint(1, 30):02}{born}{random.randint(1, 40):04}"
    return random.choice((nik, nik, nik, _grouped(nik, (4, 4, 4), " "), _grouped(nik, (6, 6), "-")))


def _npwp(random: Random) -> str:
    digits = _digits(random, 15)
    return f"{digits[:2]}.{digits[2:5]}.{digits[5:8]}.{digits[8]}-{digits[9:12]}.{digits[12:]}"


def _npwp_plain(random: Random) -> str:
    return random.choice((_digits(random, 15, "7"), _digits(random, 16, "00")))


def _account(random: Random) -> str:
    return random.choice(
        (
            _digits(random, 10, "87"),
            _digits(random, 10, "52"),
            _digits(random, 13, "137"),
            _digits(random, 15, "0206"),
            _digits(random, 16, "00"),
            _grouped(_digits(random, 15, "0341"), (4, 2, 6, 2), "-"),
            _grouped(_digits(random, 13, "142"), (3, 2, 7), "-"),
            _grouped(_digits(random, 10, "44"), (3, 3), " "),
        )
    )


def _order(random: Random) -> str:
    invoice = f"INV/2025{random.randint(1, 12):02}{random.randint(1, 28):02}/MPL/{_digits(random, 10, '3')}"
    return random.choice((_digits(random, 18, "57"), _digits(random, 18, "58"), _digits(random, 19, "57"), invoice))


def _receipt(random: Random) -> str:
    head, length = random.choice(
        (("JP", 10), ("JX", 10), ("SPXID0", 11), ("TKP01-", 9), ("TLJC", 12), ("JT", 11), ("IDS", 12), ("000", 9))
    )
    return head + _digits(random, length)


def _receipt_plain(random: Random) -> str:
    return _digits(random, random.choice((12, 14, 15)), random.choice(("10", "02", "58", "11")))


def _card(random: Random) -> str:
    body = _digits(random, 15, random.choice(("4", "52", "54")))
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (1 if place % 2 else 2)
        total += value - 9 if value > 9 else value
    card = body + str(-total % 10)
    return random.choice((card, _grouped(card, (4, 4, 4), " "), _grouped(card, (4, 4, 4), "-")))


_MAKERS = {
    "phone": _phone,
    "email": _email,
    "nik": _nik,
    "npwp": _npwp,
    "npwp_plain": _npwp_plain,
    "account": _account,
    "order": _order,
    "receipt": _receipt,
    "receipt_plain": _receipt_plain,
    "card": _card,
}
_DIRTY = (
    "kak tolong hubungi saya di {phone} ya, saldo belum cair",
    "min, wa aku {phone} dong, toko keblokir nih",
    "{phone} ini nomor saya, tlg dibantu",
    "Nomor hp toko {phone} sama {phone} yg mana yg dipake buat login?",
    "You can reach me at {phone} or {email}",
    "email saya {email} kok ga bisa buat daftar seller center?",
    "udah kirim ke {email} dari 3 hari lalu blm dibales",
    "My account is registered with {email}, how do I merge both shops?",
    "NIK saya {nik} katanya ga valid pas verifikasi, knp ya",
    "ktp a.n budi {nik} lahir 1990, ditolak terus",
    "data saya: Budi, {nik}, Bandung. pajak 0,5% kena gak?",
    "My identity number is {nik}, why was it rejected?",
    "npwp {npwp} udah diupload tp masih pending",
    "NPWP saya {npwp_plain}, omzet di bawah 500 juta, tetap dipungut?",
    "pakai npwp lama {npwp} atau nik {nik}?",
    "tax id {npwp} is that enough for PPh 22?",
    "rek bca {account} a.n. Siti kok gagal withdraw",
    "no rekening {account} (Mandiri), penarikan 2.500.000 blm masuk dr tgl 05-05-2025",
    "tolong cairkan ke BRI {account} ya kak",
    "My bank account {account} BNI was rejected, error 11021035",
    "saldo ga masuk ke rekening saya: {account}",
    "pesanan {order} kok dibatalin otomatis?",
    "order id {order} customer minta refund 150rb",
    "{order} statusnya stuck di dikirim, kena denda ga?",
    "Buyer claims not received for order {order}, what now?",
    "no pesanan {order} dan {order} komisinya beda, kenapa?",
    "resi {receipt} dari tgl 12 ga gerak",
    "kurir bilang resi {receipt} hilang, ganti ruginya max 1 juta?",
    "no resi {receipt_plain} jne belum update",
    "tracking number {receipt_plain} shows delivered but buyer says no",
    "AWB: {receipt} pesanan {order}",
    "kartu kredit {card} ga bisa buat bayar iklan",
    "my card {card} was charged twice for ads",
    "bayar iklan pake {card} ditolak, solusinya?",
    "nama: Rina, hp: {phone}, rek: {account}, email: {email}",
)
_CLEAN = (
    "omzet saya {million} juta setahun, kena pajak 0,5% ga?",
    "Harga barang Rp{price}, komisi Tokopedia berapa?",
    "tgl {day:02}/{month:02}/{year} pesanan masuk, kapan saldonya cair?",
    "PMK {number}/{year} pasal {number} ayat (2) bunyinya gimana?",
    "Permendag {number} Tahun {year} masih berlaku?",
    "biaya komisi {number},{month}% per {day} Mei {year} bener?",
    "kode error {code} pas sinkron produk, solusinya?",
    "KBLI 47{number}1 cocok buat jualan online?",
    "GMV bulan lalu {price} turun {number}% dari {month}/{year}",
    "How much is the fee on an item of Rp {price} sold on {year}-{month:02}-{day:02}?",
    "penjualan {plain} setahun itu masih UMKM kan?",
    "TikTok Shop shut down on 4 October 2023 and came back 12.12, right? So {number} days?",
    "stok {number} pcs, harga {number}rb, ongkir {number}.000, total {price}",
    "cashback {number}% max {number}.000 min belanja {million}rb",
    "saya punya {number} toko di Tokopedia dan {month} di TikTok, bisa digabung?",
    "saldo {price} ditahan {day} hari, error {code}",
    "settlement T+{month}, sales {plain}, is tax withheld?",
    "UU {number} tahun {year} tentang UMKM, modal di bawah {million} juta",
    "jam {month:02}.{day:02} WIB tanggal {day} bulan {month} {year} servernya down",
    "transfer sebesar Rp {price} ke rekening belum masuk {month} hari",
)


def _dirty(random: Random) -> str:
    template = random.choice(_DIRTY)

    def make(match: re.Match[str]) -> str:
        kind = match[1].removesuffix("_plain")
        return f"<{kind}:{_MAKERS[match[1]](random)}>"

    return re.sub(r"\{(\w+)\}", make, template)


def _clean(random: Random) -> str:
    return random.choice(_CLEAN).format(
        million=random.choice((100, 250, 340, 500, 4800)),
        price=f"{random.randint(1, 999)}.{random.randint(0, 999):03}.{random.choice(('000', '500', '750'))}",
        plain=random.choice((340000000, 499500000, 1250000000, 4800000000, 500000000)),
        day=random.randint(1, 28),
        month=random.randint(1, 12),
        year=random.randint(2021, 2026),
        number=random.randint(10, 99),
        code=random.choice((11021035, 36009004, 12052700, 98001002)),
    )


WRITTEN_DIRTY = (
    "WA ku <phone:0812 3456 7890> bs dihubungi jam 9-17",
    "hubungi <phone:+62 (812) 3456-7890> ya",
    "telp toko <phone:(021) 5551234> atau <phone:0274-512345>",
    "nomornya <phone:+6281234567890>/<phone:081398765432>",
    "hp lama <phone:081234567890>, hp baru <phone:085712345678>. yg dipake login yg mana?",
    "dm aja <phone:O81234567890>",
    "<phone:０８１２３４５６７８９０> itu wa saya",
    "<phone:0\ufe0f\u20e38\ufe0f\u20e31\ufe0f\u20e32\ufe0f\u20e33\ufe0f\u20e34\ufe0f\u20e35\ufe0f\u20e36\ufe0f\u20e37\ufe0f"
    "\u20e38\ufe0f\u20e39\ufe0f\u20e30\ufe0f\u20e3> chat ya",
    "08 nya <phone:0812\u200b3456\u200b7890>",
    "link wa https://<phone:wa.me/6281234567890> buat komplain",
    "nomor aku <phone:0821.1234.5678> 50 pcs ready",
    "wa<phone:081234567890>an aja kak",
    "kalo gopay saya <phone:085612345678> bisa buat cairin?",
    "hp saya <phone:8123456789> tanpa nol",
    "my sister in Malaysia <phone:+60 12-345 6789> also sells",
    "OTP ga masuk ke <phone:0895-3456-78901>, udah 3x",
    "cust marah2 <phone:08 12 34 56 78 90>",
    "<email:budi@gmail.com>,<email:siti_88@yahoo.co.id> dua2nya ga bisa",
    "email aku <email:toko.berkah (at) gmail (dot) com>",
    "kirim ke <email:TOKO.BERKAH@GMAIL.COM>.",
    "mailto:<email:halo@toko-berkah.id> gak dibalas",
    "nik <nik:3273010101900001> sama kk <nik:3273010101100002>",
    "KTP ibu saya <nik:3273014708650003> dipake daftar, boleh?",
    "<nik:3578 0141 0790 0004>",
    "NIK:<nik:1271014503920002>\nNama: Sari\nTtl: 05-03-1992",
    "npwp perusahaan <npwp:01.234.567.8-901.000> KPP Madya",
    "npwp badan <npwp:0012345678901000> format baru",
    "npwp <npwp:01 234 567 8 901 000> yg lama",
    "NPWP16 saya <npwp:3273010101900001> sama kaya nik",
    "npwp:<npwp:012345678901000>",
    "rek BCA <account:1234567890> an Budi Santoso",
    "transfer ke <account:1234567891> BCA a/n Budi",
    "norek mandiri <account:137-00-1234567-8>",
    "BRI <account:0206-01-004321-50-7> atas nama CV Maju",
    "no rek:\n<account:0341 01 012345 53 2>\nbank BRI",
    "rek bca <account:0812345678> (bukan nomor hp)",
    "rek saya gak bisa dicairin, hubungi <phone:081234567890>",
    "bank jago <account:103456789012> atau seabank <account:901234567890>",
    "VA BNI <account:8808081234567890> buat bayar iklan",
    "saldo 1.500.000 ditarik ke rek <account:5220304050> blm masuk",
    "BCA digital <account:001234567890> gagal verifikasi",
    "ini yg dipake <number:1370012345678>",
    "TikTok order <order:577087614418520388> gimana ini",
    "pesanan saya <order:5770 8761 4418 5203 88> hilang",
    "<order:INV/20250101/MPL/1234567890> blm cair",
    "<order:inv/20240312/mpl/3812345678>",
    "invoice <order:INV/20200101/XX/I/412345678> dr jaman dulu",
    "ada 3 order: <order:577087614418520388>, <order:577087614418520389> dan <order:577087614418520390>",
    "kode pesanan <order:2501018ABCDEF9> dari shopee bisa dibawa?",
    "https://seller-id.tokopedia.com/order/detail?order_no=<order:577087614418520388>&shop_region=ID",
    "pesanan error terus <order:577087614418520388>",
    "resi J&T <receipt:JP1234567890> nyangkut",
    "<receipt:JX3456789012> blm dipickup",
    "sicepat <receipt:000123456789> retur",
    "SPX <receipt:SPXID04123456789A> telat",
    "<receipt:TKP01-ABC1234567> kurir rekomendasi",
    "resi jne <receipt:012345678901234> hilang dijalan",
    "awb <receipt:TLJC40123456789>",
    "anteraja <receipt:10001234567890> stuck",
    "<receipt:1000123456789> (JNE) belum sampe",
    "no resi <receipt:11002345678901>, <receipt:11002345678902>",
    "cc <card:4111 1111 1111 1111> ditolak",
    "visa <card:4111111111111111>",
    "kartu debit <card:5500-0055-5555-5559> bisa buat iklan?",
    "amex <card:378282246310005>",
    "Halo kak, saya Budi (<phone:081234567890>). Order <order:577087614418520388> resi <receipt:JP9876543210> "
    "dana Rp1.250.000 belum cair ke BCA <account:8735081234>, tolong ya <email:budi@gmail.com>",
    "my number is <phone:0812-3456-7890> and my BCA account is <account:8735081234>",
    "Can you check tracking <receipt:JP1234567890>? call <phone:+62 812 3456 7890>",
    "1. <phone:081234567890>\n2. <phone:081234567891>\n3. <phone:081234567892>",
    "tgl 01-05-2025 <phone:081234567890> lapor",
    "total 250.000 order <order:577087614418520388>",
    "permisi min, toko saya <phone:0813-8888-1234> ga bisa login sejak migrasi",
    "bales ke <phone:6285777712345> ya min jgn kesini",
    "kontak darurat: <phone:0811234567> (istri)",
    "tlp <phone:022-7301234> kantor bandung",
    "Please WhatsApp me on <phone:+62 878-1122-3344>, thanks",
    "call center bilang hubungin <phone:0877 1122 3344>, tp ga diangkat, udah 3 hari 5 kali",
    "nmr <phone:089612345678>",
    "no wa: <phone:081288889999> / email: <email:dwi_handayani@rocketmail.com>",
    "akun tiktok saya pake <email:jualan.murah99@icloud.com> sedang tokped pake <email:jualanmurah@gmail.com>",
    "verif gagal pake nik <nik:3201234506880007>",
    "No KK <nik:3201230101100012> sama KTP <nik:3201235508910003> beda kota",
    "<nik:6171025207010001> ktp sy, tolong cek knp ditolak",
    "KTP suami: <nik:3515.1414.0585.0003>",
    "npwp saya <npwp:09.254.294.3-407.000>, omzet 600jt",
    "npwp cabang <npwp:0925429434070001> gimana",
    "NPWP: <npwp:092542943407000>",
    "pencairan ke bca <account:0370123456> ditolak krn nama beda",
    "bank mandiri no <account:1560012345678> atas nama istri boleh?",
    "rek BSI <account:7123456789> a/n PT Sukses, withdraw rp 5.000.000 pending",
    "transfer aja ke <account:0987654321> bni",
    "saya ganti rekening dari <account:1234509876> ke <account:6789054321> tp ga berubah",
    "bank BTN <account:0001201610012345>",
    "my payout account is CIMB <account:7061234567800>",
    "akun bank saya permata <account:4123456789> kenapa tidak bisa ditambahkan",
    "order <order:578123456789012345> udah 2 minggu",
    "customer dgn no order <order:579912345678901234> minta retur",
    "Order ID: <order:576543210987654321>, settlement 45.500",
    "id pesanan <order:1234567890123456789>?",
    "yang balik barang bekas bukan barang saya, pesenan <order:570597467299626558>",
    "invoice tokped <order:INV/20251112/MPL/5412345678> dipotong 8%",
    "no inv. <order:INV/20231201/MPL/3598765432>",
    "<order:577000111222333444>",
    "kode booking kirim <receipt:TKP01-8XK2J4PQ9> ga muncul",
    "<receipt:JZ1234567890> status retur",
    "resi spx <receipt:SPXID058812345678> hilang",
    "nomor resi ninja <receipt:NLIDAP1234567890> nyasar",
    "resi: <receipt:004512345678> sicepat",
    "no. resi <receipt:1190123456789012>",
    "JNE resi <receipt:CM12345678901> tgl 5",
    "jnt <receipt:JP0987654321> dan <receipt:JP0987654322> telat",
    "lacak <receipt:100012345678> dong",
    "id express <receipt:IDE701234567890>",
    "kartu bca <card:4617 0000 0000 0005>",
    "master <card:5425233430109903> exp 04/28",
    "pake cc <card:4263982640269299>",
    "hp 1: <phone:0812 1111 2222>, hp 2: <phone:0812 1111 2223>",
    "Budi <phone:081211112222> Ani <phone:081211112223> Joko <phone:081211112224>",
    "<phone:081-211-112-222> bisa telpon?",
    "<phone:+62-21-5550123> kantor",
    "(<phone:0812 3456 789>)",
    "<phone:wa.me/6281234567890>",
    "t.me/toko <phone:0812.3456.7890>.",
    "nomorku<phone:081234567890>ya",
    "udah transfer 1.487.500 ke <account:1234567890> belum dikonfirm",
    "halo gan sy seller batik, hubungin sy lgsg aja <phone:0838 9912 345>",
    "nomer telfon rumah <phone:0341 567890>",
    "telkomsel <phone:62811-2345-678>",
    "sms ke <phone:08211234567> dong",
    "saya punya 2 no: <phone:087712341234> & <phone:081912341234>",
    "(<email:admin@toko-kita.co.id>)",
    "email:<email:a.b.c+shop@gmail.com>;",
    "Emailku <email:BUDI.S@Gmail.Com> ga bisa login di TikTok Shop",
    "NIK <nik:3374 1106 4591 0002> perempuan",
    "nik saya itu <nik:3374110605910002>,kk <nik:3374111212090005>.",
    "npwp istri <npwp:54.321.678.9-012.000>/<npwp:543216789012000>",
    "No. NPWP : <npwp:3374110605910002>",
    "rekening tujuan: Bank Central Asia <account:0561234567>",
    "rek. <account:061-0561-234> bca",
    "ganti ke bank mandiri <account:1410012345671> a.n istri",
    "bri simpedes <account:3456-01-012345-53-1>",
    "payout to bank account <account:1234509871234> fails",
    "danamon <account:003512345678>",
    "no pesanan: <order:580012345678901234>",
    "my order no. <order:578899001122334455> got cancelled, why?",
    "pembeli order <order:577712345678901234>, bayar 250.000, saya rugi",
    "INV : <order:INV/20251010/MPL/4987654321> sdh 10 hari",
    "pesanan <order:584123456789012345> retur, resi balik <receipt:JX4567890123>",
    "resi nya <receipt:SPXID056677889900>",
    "<receipt:JNAP-0012345678> resi jne",
    "resi sicepat: <receipt:002912345678>",
    "paket no <receipt:JT1234567890> hilang di gudang",
    "tracking <receipt:TKP02-9K2LM4X7Q>",
    "resi Anteraja <receipt:10008765432109> belum discan",
    "nomor kartu <card:5264 2200 0000 0003>, exp 12/27",
    "debit bca <card:6019 0012 3456 7890> ga bisa",
    "visa saya <card:4532015112830366> kepotong 2x",
)
WRITTEN_CLEAN = (
    "harga Rp1.250.000 apa Rp 1.250.000,00?",
    "omzet 340000000 setahun",
    "omzet Rp340000000, rp 1250000000, IDR 4800000000",
    "di rekening ada Rp 1.250.000.000",
    "saldo BCA 1.500.000 ga nambah2",
    "PMK 37/2025 pasal 8 ayat (1) huruf a",
    "PP 55 Tahun 2022, PP 23/2018, UU 7/2021",
    "KBLI 47911 atau 47912?",
    "error 11021035 waktu integrasi toko",
    "kode 36009004, 12052700 muncul terus",
    "periode 01/05/2025-31/05/2025 sama 2024-01-01 s.d. 2024-06-30",
    "1 Mei 2025, 12.12, 11.11, 4 Oktober 2023, jam 10.30-12.00",
    "komisi 4,25% + Rp1.250 per item, max Rp40.000",
    "75,01% saham, $1.5 billion, US$840 juta, Rp 23,4 triliun",
    "5000 followers, 1234567 views, 10.000.000 views",
    "ukuran 10 x 20 x 30 cm berat 1.500 gram",
    "https://seller-id.tokopedia.com/university/essay?knowledge_id=6837752061085442&lang=id",
    "https://www.cnnindonesia.com/ekonomi/20260609133130-92-1367064/permendag-baru",
    "lihat https://peraturan.bpk.go.id/Details/330089/pmk-no-37-tahun-2025",
    "500 juta, 4,8 miliar, 4.800.000.000, 2,5jt, 150rb, 99k",
    "order 3 pcs @ 25.000 = 75.000",
    "pesanan ke-12 dari 345 pesanan tahun 2024",
    "rekening bank apa aja yg bisa dipake? BCA, BRI, Mandiri, BNI?",
    "NPWP wajib ga? NIK bisa dipake gantinya?",
    "resi otomatis atau manual? JNE, J&T, SiCepat?",
    "nomor hp boleh sama buat 2 toko ga?",
    "batas 500.000.000 itu per toko atau per NPWP?",
    "diskon 50% 2025, beli 2 gratis 1, 3 3 3",
    "ISBN 978-602-8519-93-9 buku pajak",
    "barcode 8991234567890 ga kebaca",
    "@tokoberkah di instagram, tiktok @toko.berkah88",
    "a@b itu apa? @ @ @",
    "v2.14.0 build 20250501 app versi 39.4.3",
    "2025 2024 2023 2022 mana yg dipake?",
    "2020 2021 2022 2023 aturan berubah terus",
    "ayat 1 2 3 4 5 6 7 8 9 10 11 12",
    "10 20 30 40 50 60 70 80 90 persen",
    "1 250 000 + 2 500 000 = 3 750 000",
    "penjualan 1.000.000.000 2.000.000.000 3.000.000.000",
    "1.250.000-2.500.000 per bulan",
    "harga 1250000-2500000",
    "PER-15/PJ/2025, SE-12/2024, KEP-54/PJ/2025",
    "20250501103000 timestamp di csv",
    "T+2, T+5, H-7, D-1, 24/7, 9-5",
    "stok 12.500 8.750 3.250",
    "sku ABC-12345-XL, SKU 20250012",
    "produk 1729384756102938475 diturunin",
    "komisi naik dari 2,0% 3,8% 5,0% jadi 6,5% 7,5% 8,0%",
    "pasal 22 21 23 4(2) 15",
    "PPh 22 0,5% x 340.000.000 = 1.700.000",
    "gmv 4875321450 kena PPN ga",
    "jumlah penjualan 1487500250 setahun",
    "biaya 1.250 2.500 3.750 per transaksi",
    "level 1 2 3, bintang 4.9 dari 1.234 ulasan",
    "https://tiktok.com/@tokoberkah/video/7301234567890123456",
    "komisi 2,0%-6,5%, biaya 1.250/order, gratis ongkir 4,0% max 40.000",
    "penghasilan 499.999.999 setahun kena ga?",
    "jual 1500 pcs x 12500 = 18750000",
    "modal 75000000, omzet 612345678",
    "omzetku 1.234.567.890 di 2024, 987.654.321 di 2025",
    "Pasal 21 ayat (1) huruf b Permendag 31/2023",
    "PMK-37/PMK.03/2025 vs PMK 37 TAHUN 2025",
    "nomor 19 tahun 2026 tanggal 8-6-2026",
    "2025-07-14T00:00:00+07:00",
    "14/07/2025 14.30 - 15.00",
    "error code 98001002 saat bind toko",
    "kbli 47919, 46900, 47911",
    "rekening saya cair 12 hari, 3x gagal, 5 juta",
    "TikTok invested US$1.5 billion (Rp23.4 trillion) for 75.01%",
    "rating 4.8/5 dari 12.345 ulasan",
    "ongkir 9.000-15.000/kg",
    "harga coret 1.299.000 jadi 1.099.000 (15%)",
    "setiap order kena 1250 + 2% + 8000",
    "paket 2 kg 30x20x10",
    "bulan 01 02 03 04 05 06 2025 laporan",
    "4 8 15 16 23 42",
    "0,5% dari 4.800.000.000 = 24.000.000",
    "saldo 12.345.678,90 kok jadi 12.345.000",
    "https://seller-id.tokopedia.com/university/essay?identity=1&role=1&knowledge_id=1234567890123456",
    "https://news.detik.com/berita/d-7083112/tiktok-shop",
    "tahun 2023/2024 semester 1",
    "id toko 7495123 slug toko-berkah",
    "10-12 hari kerja setelah tanggal 10 12 2025",
    "nomor permohonan S-123/PJ.02/2025",
    "24 Nov 2025 - 31 Des 2025, 23:59:59",
    "3.000.000.000.000",
    "1/2/3/4/5/6/7/8",
    "12 345 678 rupiah",
    "limit Rp 200000000/hari",
    "min. Rp10.000.000,- per transaksi",
    "kode pos 40123, kec. Coblong",
    "saldo 12345678 ga cair2",
    "stok 1000000 barang",
    "NPWP saya belum punya, omzet 350.000.000",
    "rekening koran 3 bulan 2025 perlu ga",
    "transfer bank 1x24 jam",
    "order 1.250 paket sebulan, resi 1.250 lembar",
    "tahun 2024 omzet 1,2M tahun 2025 2,4M",
    "tgl 8/8 voucher 88.888, 9.9 voucher 99.999",
    "WA blast 10.000 kontak kena banned",
    "harga 89.900 89.500 88.900",
    "1 jt - 2 jt, 500rb - 750rb",
    "pasal 3 ayat 2 huruf c angka 1 PP 80/2019",
    "order jam 23.59.59 tgl 31.12.2025",
    "KTP atau SIM bisa?",
    "kartu kredit cicilan 0% 12 bulan min 1.000.000",
    "100000000000 = 100 miliar?",
    "HPP 45.250, jual 79.999, komisi 6,5%, sisa 21.345",
    "https://www.tokopedia.com/toko-berkah/kaos-polos-1731234567890123456?extParam=src",
    "https://vt.tiktok.com/ZS1234567/",
    "Tokopedia integrasi 08 April 2025 jam 10 12 30",
    "PPN 11% 12% DPP 11/12",
    "9 angka di belakang koma 0,123456789",
    "nomor SK 0012/DIR/2025 tgl 02-01-2025",
    "",
    "👍👍👍 😅",
    "<3 <b>halo</b> 1 OR 1=1; DROP TABLE users; --",
)

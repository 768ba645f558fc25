"""Questions about core matters as sellers type them, with the sections of which one must answer; none: declined."""

from typing import NamedTuple

from indexer.sections import Language


class RealQuestion(NamedTuple):
    """A question, the language it is in, the sections of which one must be cited, and the seller's messages before."""

    text: str
    language: Language
    sections: tuple[str, ...]
    previous: tuple[str, ...] = ()


COMMISSION, ORDER_FEES, HISTORY = "faqs/platform-commission", "faqs/order-and-service-fees", "faqs/fees-history"
STEPS, PRODUCTS, PAYOUTS = "faqs/integration-steps", "faqs/integration-products", "faqs/payouts"
LICENCES, TAX, RULES = "regulations/licences", "regulations/marketplace-income-tax", "regulations/ecommerce-2026"
DEAL, KPPU, CLOSURE = "announcements/partnership", "announcements/kppu", "announcements/closure-2023"

QUESTIONS = (
    RealQuestion("Berapa persen komisi buat jualan baju muslim?", "id", (f"{COMMISSION}#clothing",)),
    RealQuestion(
        "min, komisi platform itu dihitung setelah diskon atau sebelum?", "id", (f"{COMMISSION}#commission-base",)
    ),
    RealQuestion("komisi buat skincare sama kosmetik sekarang berapa ya", "id", (f"{COMMISSION}#beauty",)),
    RealQuestion("What commission do I pay on laptops and tablets?", "en", (f"{COMMISSION}#phones-and-computers",)),
    RealQuestion("biaya proses pesanan 1.250 itu apa sih", "id", (f"{ORDER_FEES}#order-processing-fee",)),
    RealQuestion(
        "Kalau pesanan dibatalkan, biaya Rp1.250 dikembalikan tidak?",
        "id",
        (f"{ORDER_FEES}#order-processing-cancelled",),
    ),
    RealQuestion(
        "komisi dinamis maksimal berapa rupiah?",
        "id",
        ("faqs/dynamic-commission#rate-and-cap", "faqs/dynamic-commission#example"),
    ),
    RealQuestion("How much is the service fee for Mall shops?", "en", (f"{ORDER_FEES}#mall-service-fee",)),
    RealQuestion("biaya layanan logistik itu apaan kak?", "id", (f"{ORDER_FEES}#logistics-service-fee",)),
    RealQuestion("cara dapat komisi lebih murah lewat GMV Max", "id", (f"{COMMISSION}#gmv-max-saving",)),
    RealQuestion("apakah wajib menggabungkan toko Tokopedia dengan TikTok Shop?", "id", (f"{STEPS}#is-it-compulsory",)),
    RealQuestion(
        "kenapa COD nyala sendiri habis integrasi, bisa dimatiin?",
        "id",
        (f"{STEPS}#cod-switched-on",),
    ),
    RealQuestion("Can I undo the shop integration later?", "en", (f"{STEPS}#undo",)),
    RealQuestion("rating dan ulasan produk tokopedia hilang gak setelah digabung", "id", (f"{PRODUCTS}#reviews-kept",)),
    RealQuestion(
        "apakah produk Tokopedia otomatis tersalin ke TikTok Shop?",
        "id",
        (f"{PRODUCTS}#products-copied", f"{PRODUCTS}#which-products-copied"),
    ),
    RealQuestion(
        "How do I sell only on Tokopedia after integration?",
        "en",
        (f"{PRODUCTS}#tokopedia-only", f"{STEPS}#choose-one-or-both"),
    ),
    RealQuestion("berapa lama verifikasi toko setelah integrasi", "id", (f"{STEPS}#verification-time",)),
    RealQuestion("saldo bisa ditarik ke gopay atau dana gak?", "id", (f"{PAYOUTS}#bank-accounts-only",)),
    RealQuestion("sekali tarik saldo paling sedikit berapa ya", "id", (f"{PAYOUTS}#withdrawal-limits",)),
    RealQuestion("Is there a fee for withdrawing money to my bank?", "en", (f"{PAYOUTS}#withdrawal-fee",)),
    RealQuestion("lupa kata sandi penarikan saldo", "id", (f"{PAYOUTS}#withdrawal-password",)),
    RealQuestion("kenapa saldo saya dibekukan, berapa lama?", "id", (f"{PAYOUTS}#held-balance",)),
    RealQuestion("Apakah penjual online wajib punya NIB?", "id", (f"{LICENCES}#nib-required",)),
    RealQuestion("berapa biaya bikin NIB", "id", (f"{LICENCES}#nib-cost",)),
    RealQuestion("By when must an existing seller have an NIB?", "en", (f"{LICENCES}#existing-seller-18-months",)),
    RealQuestion("tarif PPh 22 marketplace berapa persen?", "id", (f"{TAX}#rate",)),
    RealQuestion("omzet di bawah 500 juta apa tetap kena potong PPh 22", "id", (f"{TAX}#letter-500-million",)),
    RealQuestion("Is VAT 11% or 12% at the moment?", "en", ("regulations/vat-and-records#vat-rate",)),
    RealQuestion(
        "Permendag yang berlaku sekarang 31/2023 atau 19/2026?",
        "id",
        (f"{RULES}#rule-in-force", f"{RULES}#what-changed"),
    ),
    RealQuestion("apa bedanya permendag 19 2026 dengan permendag 31 2023", "id", (f"{RULES}#what-changed",)),
    RealQuestion(
        "kenapa tiktok shop ditutup tahun 2023?",
        "id",
        (f"{CLOSURE}#why-closed", f"{CLOSURE}#overview", "regulations/ecommerce-2023#payment-ban"),
    ),
    RealQuestion(
        "When did TikTok Shop open again in December 2023?", "en", ("announcements/reopening-2023#reopening-date",)
    ),
    RealQuestion("siapa pemilik tokopedia sekarang?", "id", (f"{DEAL}#stake-split", "announcements/timeline#overview")),
    RealQuestion(
        "How much did TikTok pay for Tokopedia?",
        "en",
        (f"{DEAL}#stake-price", "announcements/myths#price-one-and-a-half-billion"),
    ),
    RealQuestion("apa benar tokopedia mau tutup?", "id", ("announcements/after-the-deal#tokopedia-not-closing",)),
    RealQuestion("kenapa KPPU denda TikTok 15 miliar", "id", (f"{KPPU}#late-report-fine",)),
    RealQuestion("menurut Dewi Meisari apa manfaat kerja sama ini buat UMKM?", "id", (f"{DEAL}#dewi-good-for-msmes",)),
    RealQuestion("batas waktu pembeli mengajukan retur berapa hari", "id", ("faqs/returns#return-window",)),
    RealQuestion(
        "poin pelanggaran hilangnya kapan?", "id", ("faqs/violations#points-expire", "faqs/violations#points-180-days")
    ),
    RealQuestion("What are the steps to appeal a violation?", "en", ("faqs/violations#how-to-appeal",)),
    RealQuestion("kurir tidak datang menjemput paket saya", "id", ("faqs/shipping#courier-not-picking-up",)),
    RealQuestion(
        "paket hilang di jalan, dapat ganti rugi gak?",
        "id",
        ("faqs/cancellations-and-lost-parcels#lost-damaged-compensation",),
    ),
    RealQuestion("cara daftar toko mall gimana", "id", ("faqs/managing-the-account#mall-register",)),
    RealQuestion("1 KTP bisa untuk berapa toko?", "id", ("faqs/opening-a-shop#ktp-limit",)),
    RealQuestion(
        "apakah skincare wajib BPOM?",
        "id",
        ("faqs/product-certificates#bpom-cosmetics", "faqs/product-certificates#bpom-which-goods"),
    ),
    RealQuestion("harga emas antam hari ini berapa?", "id", ()),
    RealQuestion("tolong buatkan puisi tentang laut", "id", ()),
    RealQuestion("What is the capital of Australia?", "en", ()),
    RealQuestion(
        "kalau tas sama sepatu?", "id", (f"{COMMISSION}#shoes-bags-jewellery",), ("komisi baju muslim berapa persen",)
    ),
    RealQuestion(
        "kalau ke luar jawa berapa?",
        "id",
        (f"{ORDER_FEES}#logistics-fee-islands",),
        ("biaya layanan logistik di pulau jawa berapa",),
    ),
    RealQuestion(
        "and what if I have both shops already?",
        "en",
        (f"{STEPS}#steps-both-shops",),
        ("How do I integrate when I only have a Tokopedia shop?",),
    ),
    RealQuestion(
        "terus cara bandingnya gimana?", "id", ("faqs/violations#how-to-appeal",), ("toko saya kena poin pelanggaran",)
    ),
    RealQuestion("berapa biaya layanan Tokopedia bulan Mei 2024?", "id", (f"{HISTORY}#tokopedia-may-2024",)),
    RealQuestion("komisi TikTok Shop tahun 2023 berapa?", "id", (f"{HISTORY}#tiktok-shop-june-2023",)),
    RealQuestion("komisi dinamis waktu Juli 2025 berapa persen?", "id", (f"{HISTORY}#dynamic-commission-2025",)),
    RealQuestion("What was Tokopedia's service fee in March 2023?", "en", (f"{HISTORY}#tokopedia-january-2023",)),
    RealQuestion(
        "pasal berapa di Permendag 31/2023 yang melarang social commerce memproses pembayaran",
        "id",
        ("regulations/ecommerce-2023#payment-ban",),
    ),
)

# Messages that say too little: it must be asked back what is meant.
VAGUE = (
    "berapa ya",
    "kenapa gagal",
    "gimana caranya",
    "sampai kapan",
    "is it allowed?",
    "how much",
    "bisa nggak",
    "syaratnya apa",
)

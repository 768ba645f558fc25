import pytest

from bot.guard import PLACEHOLDER, Danger, guarded


@pytest.mark.parametrize(
    ("text", "danger", "left"),
    [
        ("otp saya 482913 kok gagal", Danger.CODE, f"otp saya {PLACEHOLDER} kok gagal"),
        ("kode verifikasinya 48 29 13", Danger.CODE, f"kode verifikasinya {PLACEHOLDER}"),
        ("my verification code is 4829", Danger.CODE, f"my verification code is {PLACEHOLDER}"),
        ("password saya Toko2026! kenapa ditolak", Danger.PASSWORD, f"password saya {PLACEHOLDER} kenapa ditolak"),
        ("kata sandi: rahasia123", Danger.PASSWORD, f"kata sandi: {PLACEHOLDER}"),
        ("pin ku 482913", Danger.PASSWORD, f"pin ku {PLACEHOLDER}"),
        ("kartu 4111 1111 1111 1111 exp 12/28", Danger.CARD, f"kartu {PLACEHOLDER} exp 12/28"),
        ("cvv 123", Danger.CARD, f"cvv {PLACEHOLDER}"),
    ],
)
def test_a_secret_is_found_and_taken_out(text: str, danger: Danger, left: str) -> None:
    found = guarded(text)

    assert (found.dangers, found.text) == ((danger,), left)


@pytest.mark.parametrize(
    "text",
    [
        "otp nggak masuk masuk gimana",
        "kenapa kode otp harus 6 digit",
        "lupa password seller center",
        "password lupa cara ganti",
        "cara ganti pin",
        "pin lokasi toko salah",
        "nomor pesanan 5801234567890123456",
        "komisi 2026 berapa",
        "npwp 09.254.294.3-407.000",
        "Rp4.800.000.000 setahun kena pajak apa",
        "https://seller-id.tokopedia.com/university/essay?knowledge_id=5411650459305729",
        "buka www.tiktok.com/business atau seller-id.tiktok.com",
        "lihat di pajak.go.id dan oss.go.id",
        "link shopee.co.id",
        "harga 10.000 jadi 12.500",
    ],
)
def test_what_is_no_secret_and_no_trap_is_left_alone(text: str) -> None:
    found = guarded(text)

    assert (found.dangers, found.text, found.link) == ((), text, None)


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("ini link asli? https://tokopedia-hadiah.com/klaim", "tokopedia-hadiah.com"),
        ("tokopedla.com minta login", "tokopedla.com"),
        ("seller.t0kopedia.net.id", "seller.t0kopedia.net.id"),
        ("tiktokshop-bonus.xyz", "tiktokshop-bonus.xyz"),
        ("tokopedia.com.promo-seller.site/login", "tokopedia.com.promo-seller.site"),
        ("http://tikt0k.co/masuk", "tikt0k.co"),
    ],
)
def test_an_address_that_only_looks_official_is_named(text: str, link: str) -> None:
    found = guarded(text)

    assert (found.dangers, found.link) == ((Danger.LINK,), link)


def test_several_dangers_are_all_found() -> None:
    found = guarded("password Toko2026! otp 482913 di tokopedia-login.com")

    assert found.dangers == (Danger.CODE, Danger.PASSWORD, Danger.LINK)
    assert "482913" not in found.text and "Toko2026" not in found.text

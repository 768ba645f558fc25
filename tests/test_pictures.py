from pathlib import Path

import pytest

from bot.rehearsal.picture import NoBrowser, page_of, photograph

PLAYED = """# a remark
# today: 2026-11-25

Sari: komisi <b>?
    ▸
    │ Komisinya 4%.
    │
    │ Sejak Mei.
    [👍 Pas] [👎 Kurang pas]
Sari taps: Pas
    (Makasih!)
    ✎ changed to
    │ Komisinya 4%.
    [✅ Makasih]
Budi in Seller Bandung: @tanya_bot halo
    ▸
    │ Halo!
Sari inline: komisi
    offers: Komisi berapa?
"""


def test_a_played_dialogue_becomes_bubbles_with_buttons() -> None:
    page = page_of(PLAYED)

    assert '<div class="bubble mine">komisi &lt;b&gt;?</div>' in page
    assert (
        '<div class="bubble">Komisinya 4%.\n\nSejak Mei.</div><div class="keys"><div class="key">👍 Pas</div>' in page
    )
    assert '<div class="note">Sari taps: Pas</div>\n<div class="note">Makasih!</div>' in page
    assert '<div class="bubble"><div class="who">✎</div>Komisinya 4%.</div>' in page
    assert '<div class="who">Budi in Seller Bandung</div>@tanya_bot halo</div>' in page
    assert '<div class="note">offers: Komisi berapa?</div>' in page
    assert "remark" not in page and page.count('class="bubble') == 5


def test_without_a_browser_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)

    with pytest.raises(NoBrowser, match="install one, or leave out --pictures"):
        photograph(PLAYED, tmp_path / "x.png")

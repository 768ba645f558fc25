from indexer.glossary import Glossary
from indexer.inventory import inventory_of
from indexer.sections import Source
from tests.made_sections import section


def test_sections_are_counted_by_kind_and_status() -> None:
    counted = inventory_of([section(id="faqs/a#b"), section(id="faqs/a#c")], Glossary({}, {}))
    assert counted.sections["kind"] == {"faqs": 2}
    assert sum(counted.sections["status"].values()) == 2


def test_a_section_whose_sources_have_no_address_is_listed() -> None:
    counted = inventory_of([section(id="faqs/a#b", sources=(Source("Koran", "Berita"),))], Glossary({}, {}))
    assert counted.without_address == ("faqs/a#b",)


def test_a_subject_that_we_do_not_cover_needs_no_source() -> None:
    counted = inventory_of([section(id="outside/a#b", sources=())], Glossary({}, {}))
    assert counted.without_address == ()


def test_the_fewest_ways_of_asking_are_told_for_each_language() -> None:
    one = section(id="faqs/a#b", asked={"id": ("x", "y"), "en": ("z",)})
    other = section(id="faqs/a#c", asked={"id": ("x",)})
    counted = inventory_of([one, other], Glossary({("gmn",): "bagaimana"}, {}))
    assert counted.fewest_asked == {"id": 1, "en": 0}
    assert counted.glossary_words == 1

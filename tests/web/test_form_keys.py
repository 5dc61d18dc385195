"""A form that is sent twice: the first answer again; a form that was refused: another try."""

from portal.db import db
from portal.domain.accounts.models import FormKey
from portal.domain.purchases import queries as purchases


def test_the_same_wrong_digits_twice_are_two_tries_and_two_answers(client, purchase):
    path = f"/q/{purchases.token_of(purchase.id)}/phone"
    for left in ("9", "8"):
        assert left in client.post(path, expect=422, digits="0000", _key="k").text
    assert db.session.query(FormKey).count() == 0
    client.post(path, digits="2222", _key="k")


def test_the_same_words_twice_are_one_message_other_words_are_another(agent, claim):
    path = f"/desk/cases/{claim.code}/messages"
    for words in ("Satu", "Satu", "Dua"):
        agent.post(path, kind="message", body=words, _key="k")
    text = agent.get(f"/desk/cases/{claim.code}").text
    assert text.count('<p class="said">Satu</p>') == 1
    assert text.count('<p class="said">Dua</p>') == 1


def test_a_key_belongs_to_its_person(agent, manager, claim):
    path = f"/desk/cases/{claim.code}/messages"
    for browser in (agent, manager):
        browser.post(path, kind="note", body="Sama", _key="k")
    assert agent.get(f"/desk/cases/{claim.code}").text.count('<p class="said">Sama</p>') == 2


def test_what_cannot_be_four_digits_is_no_try(client, purchase):
    path = f"/q/{purchases.token_of(purchase.id)}/phone"
    for typed in ("", "22", "abcd", "22222", "٢٢٢٢"):
        assert "Write four digits." in client.post(path, expect=422, digits=typed).text
    assert "Tries left: 9" in client.post(path, expect=422, digits="0000").text

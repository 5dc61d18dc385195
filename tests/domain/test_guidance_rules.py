"""What a search for a cause must be before customers walk it, and how a walk goes."""

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.guidance.rules import ENDS, Answer, Step, problems, reachable, read, walk, write


def steps(*told):
    return {
        n: Step(n, f"Langkah {n}", "", tuple(Answer(f"ke {to}", "", to) for to in to_), end)
        for n, to_, end in told
    }


def said(tree):
    return {number: [message.id for message in wrong] for number, wrong in problems(tree).items()}


GOOD = steps(("1", ["2", "solved"], ""), ("2", ["1", "3"], ""), ("3", [], "stop"))


def test_a_loop_with_a_way_out_is_good():
    assert problems(GOOD) == {}


def test_a_loop_without_a_way_out_is_named_at_each_of_its_steps():
    tree = steps(("1", ["2", "4"], ""), ("2", ["3"], ""), ("3", ["2"], ""), ("4", [], "ask"))
    assert set(said(tree)) == {"2", "3"}
    assert "circle" in said(tree)["2"][0]


def test_what_cannot_be_published_says_why():
    assert said({}) == {"": ["Add the first step."]}
    assert "no answer leads here." in said(steps(("1", ["ask"], ""), ("2", ["ask"], "")))["2"][0].lower()
    assert "not there" in said(steps(("1", ["7"], "")))["1"][0]
    assert "Add an answer" in said(steps(("1", [], "")))["1"][0]
    assert "in Indonesian" in said({"1": Step("1", " ", "", (Answer("ya", "", "ask"),))})["1"][0]


def test_a_walk_follows_the_answers_and_ends_with_what_was_tried():
    assert walk(GOOD, "").step.number == "1"
    assert walk(GOOD, "01").step.end == walk(GOOD, "01").end == "stop"
    assert walk(GOOD, "1").end == "solved" and walk(GOOD, "1").step is None
    assert walk(GOOD, "000").tried[2][0].number == "1"
    assert [line[1] for line in walk(GOOD, "01").told("id")] == ["ke 2", "ke 3", ""]


def test_a_way_that_is_not_there_is_none():
    for made_up in ("7", "x", "11", "010", "²"):
        assert walk(GOOD, made_up) is None
    assert walk({}, "") is None


numbers = st.integers(1, 6).map(str)


@given(
    st.dictionaries(
        numbers,
        st.tuples(
            st.lists(st.one_of(numbers, st.sampled_from(list(ENDS))), max_size=4),
            st.sampled_from(["", "ask"]),
        ),
        max_size=6,
    )
)
def test_what_is_published_can_be_ended_from_everywhere(told):
    tree = steps(*((n, to, end) for n, (to, end) in told.items()))
    if problems(tree):
        return
    assert reachable(tree) == set(tree)
    for number in tree:
        seen, waiting = set(), [number]
        while waiting:
            here = waiting.pop()
            if here in ENDS:
                break
            if here not in seen:
                seen.add(here)
                waiting += tree[here].leads_to
        else:
            raise AssertionError(f"{number} never ends")
    assert read(write(tree)) == tree

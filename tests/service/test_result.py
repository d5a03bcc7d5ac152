"""Why pictures are missing, in the words of each door."""

from imagen_demo.domain.advice import Door
from imagen_demo.domain.errors import Charged, UnusableReply
from imagen_demo.service.result import Result


def test_a_lost_picture_is_told_in_the_words_of_each_door() -> None:
    lost = UnusableReply("The picture came back damaged.", charged=Charged.YES)
    result = Result([], ("1 of 2 pictures.",), (lost,))
    first = "The picture came back damaged. It was charged."
    assert result.missing_at(Door.CREATE) == (
        "1 of 2 pictures.",
        f"{first} Press Generate to try again.",
    )
    assert result.missing_at(Door.PROGRAM) == ("1 of 2 pictures.", f"{first} Try again.")

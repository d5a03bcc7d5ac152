"""What an answer says of pictures that are not in it: kept by a filter, failed, or still begun.

`replies` asks it of every success, `client` tells what is missing in its words. A filter is
believed only where it is named, or where all else is silent: so Google leaves pictures out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from imagen_demo.aimlapi.service_words import shortened, text_of, words_of


@dataclass(frozen=True, slots=True)
class Absent:
    """What a reply says of pictures that are not in it.

    Attributes:
        reason: Why the safety filter kept them, in the service's words; empty if it says nothing.
        failure: What else it says of them: an error, a state, the id of a job; empty if nothing.
        failed: Entries that say so of themselves.
        is_begun: They are still being drawn, as it says.
    """

    reason: str = ""
    failure: str = ""
    failed: int = 0
    is_begun: bool = False

    def of(self, missing: int) -> int:
        """How many of the missing are so by a fault: all, where it is said of all of them."""
        return min(self.failed or missing, missing) if self.failure else 0


# Where services that pass Google's filter on say why it kept a picture.
_REASONS = (
    *("raiFilteredReason", "rai_filtered_reason", "filtered_reason", "filter_reason"),
    *("blockReasonMessage", "block_reason_message", "blockReason", "block_reason"),
)
_SUPPORT_CODES = ("support_code", "supportCode", "support_codes", "supportCodes")
_KEPT_BACK = {
    *("safety", "image_safety", "prohibited_content", "image_prohibited_content", "blocklist"),
    *("content_filter", "content_policy_violation", "moderation_blocked", "safety_filter"),
}
"""Codes that stand for a filter, as Google's API and its kin write them."""

_STATES = ("status", "state")
_DONE = {"", "ok", "success", "succeeded", "successful", "completed", "complete", "done"}
_BEGUN = {"processing", "pending", "queued", "in_queue", "in_progress", "running", "starting"}
_JOBS = ("id", "job_id", "jobId", "task_id", "taskId", "generation_id", "generationId")


def absent_of(body: Mapping[str, object], entries: Sequence[object], *, some_came: bool) -> Absent:
    """Read what is said of pictures that are not there, of each and of all of them.

    Args:
        body: The whole answer.
        entries: Those of its entries that have no picture.
        some_came: Others have one; then an id of the answer's own is no job that goes on.
    """
    each = [entry for entry in entries if isinstance(entry, Mapping)]
    reasons = [reason for place in (*each, body) if (reason := _reason(place))]
    failures = [said for place in each if not _reason(place) and (said := _failure(place))]
    of_all = "" if reasons else _failure(body, names_job=not some_came)
    states = [_state(place) for place in (*each, body)]
    return Absent(
        reason=shortened(" ".join(dict.fromkeys(reasons))),
        failure=shortened("; ".join(dict.fromkeys(filter(None, (*failures, of_all))))),
        failed=len(failures),
        is_begun=any(state.lower() in _BEGUN for state in states),
    )


def _reason(place: Mapping[str, object]) -> str:
    """Why a filter kept a picture, with the code that support asks for; empty if none did."""
    feedback = place.get("promptFeedback")
    places = (place, feedback) if isinstance(feedback, Mapping) else (place,)
    said = [text_of(where.get(name)) for where in places for name in _REASONS]
    problem = place.get("error")
    code = _code(place, "finishReason", "finish_reason") or (
        _code(problem, "code", "type") if isinstance(problem, Mapping) else ""
    )
    reason = next(filter(None, said), "") or (words_of(place) or code if code else "")
    if not reason:
        return ""
    codes = [_plain(place.get(name)) for name in _SUPPORT_CODES]
    more = next((f" (support code {each})" for each in codes if each and each not in reason), "")
    return f"{reason}{more}"


def _code(place: Mapping[str, object], *names: str) -> str:
    said = (text_of(place.get(name)) for name in names)
    return next((each for each in said if each.lower() in _KEPT_BACK), "")


def _failure(place: Mapping[str, object], *, names_job: bool = True) -> str:
    """What a place says besides pictures: words, a state that is not the end, the id of a job."""
    state, words = _state(place), words_of({**place, "data": None})
    parts = ["" if words.lower().rstrip(".!") in _DONE else words]
    # An error without a word is one nevertheless.
    parts += [f"error: {place['error']}"] if place.get("error") and not words else []
    parts += ["success: false"] if place.get("success") is False and not words else []
    parts += [f"status: {state}"] if state.lower() not in _DONE else []
    jobs = _JOBS if names_job else ()
    parts += [f"{name}: {said}" for name in jobs if (said := _plain(place.get(name)))][:1]
    return "; ".join(filter(None, parts))


def _state(place: Mapping[str, object]) -> str:
    return next((said for name in _STATES if (said := text_of(place.get(name)))), "")


def _plain(value: object) -> str:
    """A text or a whole number, as text."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else text_of(value)


def missing_of(asked: int, linked: int, lost: int, absent: Absent) -> tuple[str, ...]:
    """Say how many pictures of how many came, and what became of the others; nothing if all came.

    Args:
        asked: Pictures that were asked for.
        linked: Those that the answer has, or leads to.
        lost: Those of them that did not arrive, which is told elsewhere.
        absent: What the answer says of the rest.
    """
    if linked - lost == asked:
        return ()
    failed = absent.of(asked - linked)
    blocked = asked - linked - failed
    said = [f"{linked - lost} of {asked} pictures."]
    if blocked:
        was = "One was" if blocked == 1 else f"{blocked} were"
        said.append(f"{was} blocked by the safety filter and not charged.")
        said += [_quoted(absent.reason)] if absent.reason else []
    if failed:
        one = "One did" if failed == 1 else f"{failed} did"
        said += [f"{one} not come, and may have been charged.", _quoted(absent.failure)]
    return (" ".join(said),)


def _quoted(words: str) -> str:
    """The service's words in a sentence, of which no part may pass for a link to a picture."""
    return f"The service said: “{re.sub('https?://', '', words)}”."

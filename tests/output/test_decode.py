"""What was encoded is decoded to the same bytes, and nothing else passes for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.output.encode import ENCODINGS, decode


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(body=st.binary())
def test_what_was_encoded_is_decoded(encoding: str, body: bytes) -> None:
    assert decode(ENCODINGS[encoding].encode(body), encoding) == body


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(body=st.binary(min_size=1), cut=st.integers(1, 8))
def test_what_was_cut_off_or_has_more_is_not(encoding: str, body: bytes, cut: int) -> None:
    encoded = ENCODINGS[encoding].encode(body)
    for wrong in (encoded[:-cut], b"<" + encoded, encoded + b"<p>more"):
        with pytest.raises(ValueError, match=r".+"):
            decode(wrong, encoding)

"""A commitment's format is for ever: who was shown salt and text checks it without our code."""

from onetonne.base.commitments import commitment


def test_a_commitment_is_the_sha_256_of_salt_zero_byte_and_text() -> None:
    # printf 'salt\0Wang' | sha256sum
    golden = "0f6e9c65fae1107c3d3b093449cefba9d279c796cee58afcb384d6f1bf57cce8"
    assert commitment("salt", "Wang") == golden


def test_salt_and_text_do_not_run_together() -> None:
    assert commitment("salt", "Wang") != commitment("saltW", "ang")

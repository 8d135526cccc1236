"""Vocabulary: token id = byte value for 0..255, then four control tokens."""

BOS, EOS, GOOD, BAD = 256, 257, 258, 259
VOCABULARY = 260
CONTROL_NAMES = {BOS: "<s>", EOS: "</s>", GOOD: "<good>", BAD: "<bad>"}
NEWLINE = 10


def encode(text, end=False):
    """Token ids of `<s>` + text, with `</s>` appended when `end` is set."""
    ids = [BOS, *text.encode("latin-1")]
    return ids + [EOS] if end else ids


def decode(ids):
    """Text of the byte tokens in `ids`; control tokens are dropped."""
    return bytes(i for i in ids if i < 256).decode("latin-1")

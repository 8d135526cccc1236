"""Write and read a model as one GGUF (version 3) file of architecture `llama`: f16 matrices, f32 norms."""

import struct

import numpy
import torch

from model import Llama, Shape
from tokens import BOS, CONTROL_NAMES, EOS, VOCABULARY

ALIGNMENT = 32
F32, F16 = 0, 1
UINT32, FLOAT32, BOOL, STRING, ARRAY, INT32 = 4, 6, 7, 8, 9, 5


def byte_spellings():
    """GPT-2's printable character for each byte value."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    spelling = {byte: chr(byte) for byte in plain}
    for offset, byte in enumerate(b for b in range(256) if b not in spelling):
        spelling[byte] = chr(256 + offset)
    return [spelling[byte] for byte in range(256)]


def packed_string(text):
    """A GGUF string: length (64 bits) and UTF-8 bytes."""
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def packed(kind, value):
    """A GGUF value of the given type, without its type tag."""
    if kind == STRING:
        return packed_string(value)
    return struct.pack({UINT32: "<I", INT32: "<i", FLOAT32: "<f", BOOL: "<?"}[kind], value)


def packed_entry(key, kind, value):
    """A metadata entry; lists become arrays of `kind`."""
    if isinstance(value, list):
        items = b"".join(packed(kind, item) for item in value)
        return packed_string(key) + struct.pack("<IIQ", ARRAY, kind, len(value)) + items
    return packed_string(key) + struct.pack("<I", kind) + packed(kind, value)


def metadata(shape, name):
    """Metadata entries (key, type, value) that llama.cpp needs."""
    return [
        ("general.architecture", STRING, "llama"),
        ("general.name", STRING, name),
        ("general.file_type", UINT32, F16),
        ("general.alignment", UINT32, ALIGNMENT),
        ("llama.context_length", UINT32, shape.context),
        ("llama.embedding_length", UINT32, shape.width),
        ("llama.block_count", UINT32, shape.layers),
        ("llama.feed_forward_length", UINT32, shape.hidden),
        ("llama.attention.head_count", UINT32, shape.heads),
        ("llama.attention.head_count_kv", UINT32, shape.heads),
        ("llama.attention.layer_norm_rms_epsilon", FLOAT32, shape.epsilon),
        ("llama.rope.dimension_count", UINT32, shape.channels),
        ("llama.rope.freq_base", FLOAT32, shape.rope_base),
        ("llama.vocab_size", UINT32, VOCABULARY),
        ("tokenizer.ggml.model", STRING, "gpt2"),
        ("tokenizer.ggml.pre", STRING, "gpt-2"),
        ("tokenizer.ggml.tokens", STRING, byte_spellings() + [CONTROL_NAMES[i] for i in sorted(CONTROL_NAMES)]),
        ("tokenizer.ggml.token_type", INT32, [1] * 256 + [3] * len(CONTROL_NAMES)),
        ("tokenizer.ggml.merges", STRING, []),
        ("tokenizer.ggml.bos_token_id", UINT32, BOS),
        ("tokenizer.ggml.eos_token_id", UINT32, EOS),
        ("tokenizer.ggml.add_bos_token", BOOL, True),
    ]


def tensors(model):
    """Named views of the weights in llama.cpp's layout: [name, tensor], matrices (out, in)."""
    yield "token_embd.weight", model.embedding.data
    yield "output_norm.weight", model.norm.data
    for index, block in enumerate(model.blocks):
        yield f"blk.{index}.attn_norm.weight", block.attention_norm.data
        for name, part in zip(("attn_q", "attn_k", "attn_v"), block.qkv.data.chunk(3)):
            yield f"blk.{index}.{name}.weight", part
        yield f"blk.{index}.attn_output.weight", block.out.data
        yield f"blk.{index}.ffn_norm.weight", block.feed_norm.data
        for name, part in zip(("ffn_gate", "ffn_up"), block.gate_up.data.chunk(2)):
            yield f"blk.{index}.{name}.weight", part
        yield f"blk.{index}.ffn_down.weight", block.down.data


def aligned(size):
    """`size` rounded up to the alignment."""
    return (size + ALIGNMENT - 1) // ALIGNMENT * ALIGNMENT


def write(model, path, name):
    """Write `model` to `path`; `name` is what `general.name` says."""
    entries = metadata(model.shape, name)
    head, body = b"", b""
    arrays = [(key, t.cpu().numpy().astype(numpy.float32 if t.dim() == 1 else numpy.float16)) for key, t in tensors(model)]
    for key, array in arrays:
        dimensions = array.shape[::-1]
        kind = F32 if array.ndim == 1 else F16
        head += packed_string(key) + struct.pack(f"<I{len(dimensions)}QIQ", len(dimensions), *dimensions, kind, len(body))
        body += array.tobytes().ljust(aligned(array.nbytes), b"\0")
    start = b"GGUF" + struct.pack("<IQQ", 3, len(arrays), len(entries))
    start += b"".join(packed_entry(*entry) for entry in entries) + head
    with open(path, "wb") as file:
        file.write(start.ljust(aligned(len(start)), b"\0") + body)


class Reader:
    """Cursor over the bytes of a GGUF file."""

    def __init__(self, data):
        self.data, self.position = data, 0

    def take(self, layout):
        """The next value of a struct layout."""
        value = struct.unpack_from("<" + layout, self.data, self.position)
        self.position += struct.calcsize("<" + layout)
        return value[0] if len(value) == 1 else value

    def string(self):
        """The next length-prefixed string."""
        size = self.take("Q")
        self.position += size
        return self.data[self.position - size : self.position].decode()

    def value(self, kind):
        """The next metadata value."""
        if kind == STRING:
            return self.string()
        if kind == ARRAY:
            item, count = self.take("IQ")
            return [self.value(item) for _ in range(count)]
        return self.take({UINT32: "I", INT32: "i", FLOAT32: "f", BOOL: "?"}[kind])


def read(path):
    """The model of a file that `write` made; its weights are the file's rounded ones, in float32."""
    with open(path, "rb") as file:
        reader = Reader(file.read())
    _, _, tensor_count, entry_count = reader.take("IIQQ")
    meta = {}
    for _ in range(entry_count):
        key = reader.string()
        meta[key] = reader.value(reader.take("I"))
    places = {}
    for _ in range(tensor_count):
        name, rank = reader.string(), reader.take("I")
        dimensions = [reader.take("Q") for _ in range(rank)]
        places[name] = (dimensions[::-1], *reader.take("IQ"))
    shape = Shape(
        width=meta["llama.embedding_length"],
        layers=meta["llama.block_count"],
        heads=meta["llama.attention.head_count"],
        hidden=meta["llama.feed_forward_length"],
    )
    model, base = Llama(shape), aligned(reader.position)
    for name, tensor in tensors(model):
        size, kind, offset = places[name]
        dtype = numpy.float32 if kind == F32 else numpy.float16
        array = numpy.frombuffer(reader.data, dtype, count=int(numpy.prod(size)), offset=base + offset)
        tensor.copy_(torch.from_numpy(array.astype(numpy.float32)).view(*size))
    return model

// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/transformer/gguf_metadata.hpp>
#include <outthink/backends/transformer/gguf_reader.hpp>
#include <outthink/backends/transformer/gguf_tensor.hpp>
#include <outthink/backends/transformer/mapped_file.hpp>
#include <outthink/core/error.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace outthink::backends::gguf {

/// @brief A GGUF file, version 3: its metadata and its tensors, checked but not copied.
///
/// How it works: the file is mapped; every length, count and offset is compared with the bytes that
/// are there before it is used, and nothing is allocated by a number that was not.
/// Cost: linear in the metadata; tensor data is not touched.
/// Errors: `errc::file_unreadable`; `errc::malformed_file` for wrong magic, anything cut short,
/// doubled names, misaligned or outlying data; `errc::unsupported_model` for another version, an
/// element type or a nested array that this library does not read. Messages name file and place.
/// Reference: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
class file {
 public:
  explicit file(const std::string& path)
      : mapping_(path),
        reader_(mapping_.path(), mapping_.bytes()),
        header_(read_header(reader_)),
        metadata_(reader_, header_.pairs) {
    for (std::uint64_t i = 0; i < header_.tensors; ++i) {
      const tensor t = read_tensor_description(reader_, i);
      if (!tensors_.emplace(t.name, t).second) refuse(t.name, "is there twice");
    }
    locate_data();
  }
  file(const file&) = delete;
  file& operator=(const file&) = delete;

  [[nodiscard]] const std::string& path() const noexcept { return mapping_.path(); }
  [[nodiscard]] const gguf::metadata& metadata() const noexcept { return metadata_; }
  [[nodiscard]] const std::map<std::string_view, tensor>& tensors() const noexcept {
    return tensors_;
  }

  [[nodiscard]] bool has_tensor(std::string_view name) const { return tensors_.contains(name); }

  /// The tensor of that name with that shape ([columns] or [columns, rows]); anything else is an
  /// error.
  [[nodiscard]] const tensor& require_tensor(std::string_view name, std::uint64_t columns,
                                             std::uint64_t rows = 1) const {
    const auto found = tensors_.find(name);
    const std::string expected =
        "expected [" + std::to_string(columns) + ", " + std::to_string(rows) + "]";
    if (found == tensors_.end()) refuse(name, "is missing, " + expected);
    const auto& shape = found->second.shape;
    if (shape[0] != columns || shape[1] != rows || shape[2] != 1 || shape[3] != 1)
      refuse(name, "has shape [" + std::to_string(shape[0]) + ", " + std::to_string(shape[1]) +
                       ", " + std::to_string(shape[2]) + ", " + std::to_string(shape[3]) + "], " +
                       expected);
    return found->second;
  }

  [[noreturn]] void refuse(std::string_view name, const std::string& problem,
                           errc code = errc::malformed_file) const {
    throw error(code, path() + ": tensor '" + std::string(name.substr(0, 80)) + "': " + problem);
  }

 private:
  struct header {
    std::uint64_t tensors;
    std::uint64_t pairs;
  };

  static header read_header(reader& in) {
    const auto magic = in.take(4, "magic");
    if (std::string_view(reinterpret_cast<const char*>(magic.data()), 4) != "GGUF")
      in.refuse(errc::malformed_file, "magic", "the file does not begin with 'GGUF'");
    const auto version = in.number<std::uint32_t>("version");
    if (version != 3)
      in.refuse(errc::unsupported_model, "version",
                "is " + std::to_string(version) + ", supported is 3 (little-endian)");
    const auto tensors = in.number<std::uint64_t>("number of tensors");
    return {tensors, in.number<std::uint64_t>("number of metadata pairs")};
  }

  std::uint64_t alignment() const {
    constexpr std::string_view key = "general.alignment";
    if (!metadata_.has(key)) return 32;
    const std::uint64_t found = metadata_.integer(key, 1, 1U << 20);
    if (!std::has_single_bit(found))
      metadata_.refuse(key, "is " + std::to_string(found) + ", expected a power of two");
    return found;
  }

  void locate_data() {
    const std::uint64_t step = alignment();
    const auto all = mapping_.bytes();
    const std::uint64_t start = (reader_.position() + step - 1) / step * step;
    const std::uint64_t size = start <= all.size() ? all.size() - start : 0;
    for (auto& [name, t] : tensors_) {
      if (t.offset % step != 0)
        refuse(name, "its data begin at offset " + std::to_string(t.offset) +
                         ", expected a multiple of " + std::to_string(step));
      if (t.offset > size || t.bytes > size - t.offset)
        refuse(name, "its " + std::to_string(t.bytes) + " bytes at offset " +
                         std::to_string(t.offset) + " do not fit into the file's " +
                         std::to_string(size) + " bytes of data");
      t.data = all.data() + start + t.offset;
    }
  }

  mapped_file mapping_;
  reader reader_;
  header header_;
  gguf::metadata metadata_;
  std::map<std::string_view, tensor> tensors_;
};

}  // namespace outthink::backends::gguf

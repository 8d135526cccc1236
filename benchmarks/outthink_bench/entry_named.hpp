// SPDX-License-Identifier: MIT
#pragma once

#include "nearest_name.hpp"

#include <string>
#include <vector>

namespace bench {

/// The entry of that name in a registry; `kind` and `where` are for the error if there is none.
template <class Entry>
[[nodiscard]] const Entry& entry_named(const std::vector<Entry>& all, const std::string& name,
                                       const char* kind, const std::string& where) {
  std::vector<std::string> names;
  for (const Entry& one : all) {
    if (one.name == name) return one;
    names.push_back(one.name);
  }
  throw unknown_name(where, kind, name, names);
}

}  // namespace bench

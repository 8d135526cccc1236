// SPDX-License-Identifier: MIT
#include "policies.hpp"

#include <vector>

namespace bench {

const std::vector<policy_entry>& all_policies() {
  static const std::vector<policy_entry> all = [] {
    std::vector<policy_entry> made = detail::sampling_policies();
    for (auto& more : {detail::step_policies(), detail::tree_policies()})
      made.insert(made.end(), more.begin(), more.end());
    return made;
  }();
  return all;
}

}  // namespace bench

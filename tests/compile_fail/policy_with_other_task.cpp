// expect: outthink: a policy needs `task<candidate_nodes> operator()(search auto& s) const`
// SPDX-License-Identifier: MIT
#include <outthink/outthink.hpp>

#include <string>

struct root_only {
#ifdef OUTTHINK_FIXED
  outthink::task<outthink::candidate_nodes> operator()(outthink::search auto& s) const {
    co_return s.candidates();
  }
#else
  outthink::task<outthink::node_id> operator()(outthink::search auto& s) const {
    co_return s.root();
  }
#endif
};

void search() {
  outthink::backends::scripted model(
      [](const outthink::generation_request&, outthink::random_stream&) { return std::string(); });
  static_cast<void>(outthink::solve({"1 2 3 4"}, model, root_only{}, outthink::no_verifier{},
                                    outthink::majority_vote{}));
}

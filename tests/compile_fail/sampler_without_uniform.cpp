// expect: outthink: a sampler needs `token_id operator()(std::span<float> logits, const
// SPDX-License-Identifier: MIT
#include "../archetypes/token_model.hpp"
#include <outthink/outthink.hpp>

#include <span>

struct greedy_sampler {
  outthink::token_id operator()(std::span<float> logits) { return logits[0] < logits[1] ? 1 : 0; }
#ifdef OUTTHINK_FIXED
  outthink::token_id operator()(std::span<float> logits, const outthink::sampling_options&,
                                double) {
    return (*this)(logits);
  }
#endif
};

void decode(archetypes::coin_model& model) {
  outthink::decoder decoding{model, outthink::decoder_options{}, greedy_sampler{}};
}

// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/aggregators/best_score.hpp>
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/aggregators/weighted_vote.hpp>
#include <outthink/backends/replay.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/core/when_all.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/policies/dvts.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/policies/tree_search.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/sampling/decoder.hpp>
#include <outthink/sampling/sampler_chain.hpp>
#include <outthink/verifiers/no_verifier.hpp>
#include <outthink/verifiers/value_model.hpp>

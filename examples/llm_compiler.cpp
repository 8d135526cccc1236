// SPDX-License-Identifier: MIT
// Tool calls as a graph: what does not depend on each other is called side by side.
#include <outthink/outthink.hpp>
#include <outthink/policies/llm_compiler.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

using namespace outthink;

/// Looks speeds up, and compares two. A real one would make the calls of a batch at once.
struct tools {
  using request = tool_call;
  using response = tool_result;

  static tool_result use(const tool_call& call) {
    const std::map<std::string, int> speeds{{"cheetah", 104}, {"greyhound", 70}, {"falcon", 389}};
    if (call.tool == "speed" && !speeds.contains(call.input)) return {"no such animal", true};
    if (call.tool == "speed") return {std::to_string(speeds.at(call.input))};
    const std::size_t comma = call.input.find(',');
    return {
        std::to_string(std::max(std::stoi(call.input), std::stoi(call.input.substr(comma + 1))))};
  }

  static std::vector<tool_result> answer(std::span<const tool_call> calls) {
    std::vector<tool_result> results;
    for (const tool_call& call : calls) {
      const char* between = results.empty() ? "" : ", ";
      results.push_back(use(call));
      fmt::print("{}{}({}) = {}", between, call.tool, call.input, results.back().text);
    }
    fmt::print("\n");
    return results;
  }
};

int main() {
  // Stands for a model that plans, and then answers with what the last call gave.
  backends::scripted model([](const generation_request& asked, random_stream&) {
    const std::string prompt(asked.trace.prompt());
    const std::size_t last = prompt.rfind("Observation: ");
    if (last == std::string::npos) {
      return std::string(
          "1. speed(cheetah)\n2. speed(greyhound)\n3. speed(falcon)\n"
          "4. max($1, $2)\n5. max($4, $3)\n6. join()<END_OF_PLAN>\n");
    }
    return "Thought: found\nAction: Finish(" + prompt.substr(last + 13, 3) + " km/h)";
  });
  tools box;
  const llm_compiler<tools> policy{.tools = &box, .prompts = {"speed(animal)\nmax(a, b)\n"}};
  const outcome result =
      solve("How fast is the fastest?", model, policy, no_verifier{}, best_score{});
  fmt::print("{} after {} generations\n", result.answer, result.spent.model_calls);
}

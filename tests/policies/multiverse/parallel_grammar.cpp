// SPDX-License-Identifier: MIT
#include <outthink/policies/multiverse/parallel_grammar.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

using outthink::find_parallel_fault;
using outthink::outline_labels;

namespace {

const std::string kSample =
    "<Parallel> <Goal> <Outline>1: a</Outline> <Outline>2: b</Outline> </Goal> "
    "<Path>1: ..</Path> <Path>2: ..</Path> <Conclusion>..</Conclusion> </Parallel>";

/// The reason of the first fault, "" if there is none.
std::string fault(const std::string& text) {
  const auto found = find_parallel_fault(text);
  return found ? found->reason : "";
}

std::string replaced(std::string text, std::string_view old, std::string_view with) {
  return text.replace(text.find(old), old.size(), with);
}

}  // namespace

TEST_CASE("find_parallel_fault accepts blocks, text around them, and blocks in paths") {
  CHECK(fault(kSample).empty());
  CHECK(fault("").empty());
  CHECK(fault("Let me think. " + kSample + " And again: " + kSample + " So 7.").empty());
  CHECK(fault(replaced(kSample, "1: ..", "1: " + kSample)).empty());
  CHECK(fault("<Parallel><Goal>two cases</Goal><Path></Path><Conclusion></Conclusion></Parallel>")
            .empty());
  CHECK(fault("if a < b and c > d, <Think> or </Paths> </ Path> <Path <").empty());
}

TEST_CASE("find_parallel_fault rejects what stands in the wrong order") {
  CHECK(fault(replaced(kSample, "<Goal> ", "<Path>0</Path> <Goal> ")) ==
        "a <Path> comes after the <Goal>");
  CHECK(fault(kSample.substr(0, kSample.find("<Goal>")) + kSample.substr(kSample.find("<Path>"))) ==
        "a <Path> comes after the <Goal>");
  CHECK(fault("<Parallel><Goal></Goal><Conclusion></Conclusion></Parallel>") ==
        "a <Conclusion> comes after at least one <Path>");
  CHECK(fault(replaced(kSample, "</Conclusion>", "</Conclusion><Path>3</Path>")) ==
        "a <Path> comes before the <Conclusion>");
  CHECK(fault(replaced(kSample, "<Conclusion>..</Conclusion>", "")) ==
        "a <Parallel> ends with a <Conclusion>");
  CHECK(fault("<Parallel></Parallel>") == "a <Parallel> ends with a <Conclusion>");
  CHECK(fault(replaced(kSample, "</Goal>", "</Goal><Goal></Goal>")) ==
        "a <Parallel> has one <Goal>, before all else");
  CHECK(fault(replaced(kSample, "</Conclusion>", "</Conclusion><Conclusion></Conclusion>")) ==
        "a <Parallel> has one <Conclusion>");
}

TEST_CASE("find_parallel_fault rejects what stands in the wrong place, and what is not closed") {
  CHECK(fault("<Goal></Goal>") == "a <Goal> stands in a <Parallel>");
  CHECK(fault("<Path></Path>") == "a <Path> stands in a <Parallel>");
  CHECK(fault("<Conclusion>") == "a <Conclusion> stands in a <Parallel>");
  CHECK(fault("<Parallel><Outline>") == "an <Outline> stands in a <Goal>");
  CHECK(fault(replaced(kSample, "<Conclusion>", "<Conclusion>" + kSample)) ==
        "a <Parallel> stands in the text itself or in a <Path>");
  CHECK(fault("</Path>") == "a tag is closed that is not the last open one");
  CHECK(fault(replaced(kSample, "</Goal>", "</Path>")) ==
        "a tag is closed that is not the last open one");
  for (std::size_t length = kSample.find('>') + 1; length < kSample.size(); ++length) {
    CHECK_FALSE(fault(kSample.substr(0, length)).empty());
  }
}

TEST_CASE("find_parallel_fault compares paths with outlines, and says where it is") {
  const std::string one_path = replaced(kSample, "<Path>2: ..</Path> ", "");
  CHECK(fault(one_path) == "there are as many paths as outlines");
  CHECK(find_parallel_fault(one_path)->position == one_path.find("<Conclusion>"));
  CHECK(find_parallel_fault("ab<Parallel>")->position == 12);
}

TEST_CASE("outline_labels reads what stands before the colons of the last goal") {
  CHECK(outline_labels(kSample) == std::vector<std::string>{"1", "2"});
  CHECK(outline_labels("<Goal><Outline>7: x</Outline></Goal> <Goal>\n<Outline>\n1.1: a: b</Outline>"
                       "<Outline>no label</Outline><Outline>: c</Outline></Goal>") ==
        std::vector<std::string>{"1.1", "2", "3"});
  CHECK(outline_labels("<Goal>no outlines</Goal>").empty());
  CHECK(outline_labels("<Outline>1: a</Outline>").empty());
}

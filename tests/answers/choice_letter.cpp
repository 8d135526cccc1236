// SPDX-License-Identifier: MIT
#include <outthink/answers/choice_letter.hpp>

#include <doctest/doctest.h>

using outthink::answers::choice_letter;

TEST_CASE("choice_letter reads the letter, however it is dressed") {
  for (const char* text : {"B", "b", "(B)", "(b)", "B.", "B) 12", "**B**", "\\textbf{(B)}\\ 12",
                           "\\mathrm{B}", "B: because", " [B] "}) {
    CAPTURE(text);
    CHECK(choice_letter(text, 4) == 'B');
  }
}

TEST_CASE("choice_letter takes no letter beyond the choices, and no prose") {
  CHECK(choice_letter("E", 4) == '\0');
  CHECK(choice_letter("E", 5) == 'E');
  CHECK(choice_letter("A cat", 4) == '\0');
  CHECK(choice_letter("Because", 4) == '\0');
  CHECK(choice_letter("A1", 4) == '\0');
  CHECK(choice_letter("12", 4) == '\0');
  CHECK(choice_letter("", 4) == '\0');
  CHECK(choice_letter("\\", 4) == '\0');
}

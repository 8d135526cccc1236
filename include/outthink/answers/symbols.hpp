// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace outthink::answers {

/// What a token of a mathematical text does.
enum class symbol : std::uint8_t {
  end,           ///< of the text
  unknown,       ///< a character or command without a meaning here
  ignored,       ///< a space, or a command that only changes how the text looks
  number,        ///< read by `read_number`
  variable,      ///< a letter, by its name
  function,      ///< of the argument that follows
  function_two,  ///< of two arguments in braces
  words,         ///< prose: `\text{…}`, or letters that are no product of variables
  text,          ///< `\text` and its like, of which the content says what it is
  unit,          ///< degrees and currencies, which are left out
  open,          ///< a bracket named by its text
  close,
  bar,  ///< of an absolute value
  comma,
  separator,  ///< of answers: a semicolon, `and`, `or`
  relation,
  set_operation,
  plus,
  minus,
  plus_minus,
  minus_plus,
  times,
  divide,
  power,
  subscript,
  factorial,
  prime,
  percent,
  fraction,
  root,
  begin,  ///< of an environment
  environment_end,
  column,  ///< ends a cell of a matrix
  row,     ///< ends a row of a matrix
};

/// Whether a name is a command, which wants a backslash, or a word, which has none.
enum class spelling : std::uint8_t { command, word, either };

/// A name, what it stands for, and the text that normal forms have for it.
struct named_symbol {
  std::string_view name;
  symbol kind;
  std::string_view text;
  spelling spelled = spelling::either;
};

namespace detail {

/// Names, sorted; what is `words` or a unit here would else be a product of variables.
inline constexpr named_symbol names[] = {
    {" ", symbol::ignored, "", spelling::command},
    {"!", symbol::ignored, "", spelling::command},
    {"$", symbol::unit, "", spelling::command},
    {"%", symbol::percent, "", spelling::command},
    {"(", symbol::ignored, "", spelling::command},
    {")", symbol::ignored, "", spelling::command},
    {",", symbol::ignored, "", spelling::command},
    {":", symbol::ignored, "", spelling::command},
    {";", symbol::ignored, "", spelling::command},
    {"Big", symbol::ignored, "", spelling::command},
    {"Bigg", symbol::ignored, "", spelling::command},
    {"Biggl", symbol::ignored, "", spelling::command},
    {"Biggr", symbol::ignored, "", spelling::command},
    {"Bigl", symbol::ignored, "", spelling::command},
    {"Bigr", symbol::ignored, "", spelling::command},
    {"Delta", symbol::variable, "Delta", spelling::either},
    {"Gamma", symbol::variable, "Gamma", spelling::either},
    {"Lambda", symbol::variable, "Lambda", spelling::either},
    {"Omega", symbol::variable, "Omega", spelling::either},
    {"Phi", symbol::variable, "Phi", spelling::either},
    {"Pi", symbol::variable, "Pi", spelling::either},
    {"Psi", symbol::variable, "Psi", spelling::either},
    {"Rightarrow", symbol::relation, "->", spelling::command},
    {"Sigma", symbol::variable, "Sigma", spelling::either},
    {"Theta", symbol::variable, "Theta", spelling::either},
    {"Xi", symbol::variable, "Xi", spelling::either},
    {"[", symbol::ignored, "", spelling::command},
    {"\\", symbol::row, "", spelling::command},
    {"]", symbol::ignored, "", spelling::command},
    {"alpha", symbol::variable, "alpha", spelling::either},
    {"and", symbol::separator, "", spelling::word},
    {"angle", symbol::function, "angle", spelling::either},
    {"approx", symbol::relation, "=", spelling::command},
    {"arccos", symbol::function, "arccos", spelling::either},
    {"arcsin", symbol::function, "arcsin", spelling::either},
    {"arctan", symbol::function, "arctan", spelling::either},
    {"ast", symbol::times, "", spelling::command},
    {"bar", symbol::function, "overline", spelling::command},
    {"begin", symbol::begin, "", spelling::command},
    {"beta", symbol::variable, "beta", spelling::either},
    {"big", symbol::ignored, "", spelling::command},
    {"bigcup", symbol::set_operation, "\xE2\x88\xAA", spelling::command},
    {"bigl", symbol::ignored, "", spelling::command},
    {"bigr", symbol::ignored, "", spelling::command},
    {"binom", symbol::function_two, "binom", spelling::command},
    {"binom", symbol::function, "binom", spelling::word},
    {"boldsymbol", symbol::ignored, "", spelling::command},
    {"boxed", symbol::ignored, "", spelling::command},
    {"cap", symbol::set_operation, "\xE2\x88\xA9", spelling::command},
    {"cdot", symbol::times, "", spelling::command},
    {"cdots", symbol::variable, "...", spelling::command},
    {"ceil", symbol::function, "ceil", spelling::word},
    {"cfrac", symbol::fraction, "", spelling::command},
    {"chi", symbol::variable, "chi", spelling::either},
    {"circ", symbol::unit, "", spelling::command},
    {"cm", symbol::words, "", spelling::word},
    {"colon", symbol::relation, ":", spelling::command},
    {"cos", symbol::function, "cos", spelling::either},
    {"cosh", symbol::function, "cosh", spelling::either},
    {"cot", symbol::function, "cot", spelling::either},
    {"csc", symbol::function, "csc", spelling::either},
    {"cup", symbol::set_operation, "\xE2\x88\xAA", spelling::command},
    {"dbinom", symbol::function_two, "binom", spelling::command},
    {"deg", symbol::unit, "", spelling::word},
    {"degree", symbol::unit, "", spelling::either},
    {"degrees", symbol::unit, "", spelling::word},
    {"delta", symbol::variable, "delta", spelling::either},
    {"det", symbol::function, "det", spelling::either},
    {"dfrac", symbol::fraction, "", spelling::command},
    {"displaystyle", symbol::ignored, "", spelling::command},
    {"div", symbol::divide, "", spelling::command},
    {"dots", symbol::variable, "...", spelling::command},
    {"emptyset", symbol::variable, "{}", spelling::command},
    {"end", symbol::environment_end, "", spelling::command},
    {"epsilon", symbol::variable, "epsilon", spelling::either},
    {"equiv", symbol::relation, "==", spelling::command},
    {"eta", symbol::variable, "eta", spelling::either},
    {"exp", symbol::function, "exp", spelling::either},
    {"fbox", symbol::ignored, "", spelling::command},
    {"floor", symbol::function, "floor", spelling::word},
    {"frac", symbol::fraction, "", spelling::command},
    {"ft", symbol::words, "", spelling::word},
    {"gamma", symbol::variable, "gamma", spelling::either},
    {"gcd", symbol::function, "gcd", spelling::either},
    {"ge", symbol::relation, ">=", spelling::command},
    {"geq", symbol::relation, ">=", spelling::command},
    {"geqslant", symbol::relation, ">=", spelling::command},
    {"gt", symbol::relation, ">", spelling::command},
    {"hat", symbol::function, "hat", spelling::either},
    {"hr", symbol::words, "", spelling::word},
    {"hrs", symbol::words, "", spelling::word},
    {"in", symbol::relation, "\xE2\x88\x88", spelling::command},
    {"in", symbol::words, "", spelling::word},
    {"inf", symbol::variable, "infinity", spelling::word},
    {"infinity", symbol::variable, "infinity", spelling::word},
    {"infty", symbol::variable, "infinity", spelling::command},
    {"iota", symbol::variable, "iota", spelling::either},
    {"kappa", symbol::variable, "kappa", spelling::either},
    {"kg", symbol::words, "", spelling::word},
    {"km", symbol::words, "", spelling::word},
    {"lVert", symbol::bar, "", spelling::command},
    {"lambda", symbol::variable, "lambda", spelling::either},
    {"land", symbol::separator, "", spelling::command},
    {"langle", symbol::open, "<", spelling::command},
    {"lb", symbol::words, "", spelling::word},
    {"lbrace", symbol::open, "{", spelling::command},
    {"lbs", symbol::words, "", spelling::word},
    {"lceil", symbol::open, "ceil", spelling::command},
    {"lcm", symbol::function, "lcm", spelling::either},
    {"ldots", symbol::variable, "...", spelling::command},
    {"le", symbol::relation, "<=", spelling::command},
    {"left", symbol::ignored, "", spelling::command},
    {"leq", symbol::relation, "<=", spelling::command},
    {"leqslant", symbol::relation, "<=", spelling::command},
    {"lfloor", symbol::open, "floor", spelling::command},
    {"lg", symbol::function, "lg", spelling::either},
    {"limits", symbol::ignored, "", spelling::command},
    {"ln", symbol::function, "ln", spelling::either},
    {"log", symbol::function, "log", spelling::either},
    {"lor", symbol::separator, "", spelling::command},
    {"lt", symbol::relation, "<", spelling::command},
    {"lvert", symbol::bar, "", spelling::command},
    {"mathbb", symbol::ignored, "", spelling::command},
    {"mathbf", symbol::text, "", spelling::command},
    {"mathcal", symbol::ignored, "", spelling::command},
    {"mathit", symbol::text, "", spelling::command},
    {"mathrm", symbol::text, "", spelling::command},
    {"max", symbol::function, "max", spelling::either},
    {"mbox", symbol::text, "", spelling::command},
    {"mg", symbol::words, "", spelling::word},
    {"mi", symbol::words, "", spelling::word},
    {"mid", symbol::bar, "", spelling::command},
    {"min", symbol::function, "min", spelling::either},
    {"ml", symbol::words, "", spelling::word},
    {"mm", symbol::words, "", spelling::word},
    {"mp", symbol::minus_plus, "", spelling::command},
    {"mph", symbol::words, "", spelling::word},
    {"mu", symbol::variable, "mu", spelling::either},
    {"ne", symbol::relation, "!=", spelling::command},
    {"neq", symbol::relation, "!=", spelling::command},
    {"nu", symbol::variable, "nu", spelling::either},
    {"omega", symbol::variable, "omega", spelling::either},
    {"operatorname", symbol::text, "", spelling::command},
    {"or", symbol::separator, "", spelling::word},
    {"overline", symbol::function, "overline", spelling::either},
    {"overrightarrow", symbol::function, "vec", spelling::command},
    {"oz", symbol::words, "", spelling::word},
    {"percent", symbol::percent, "", spelling::word},
    {"phi", symbol::variable, "phi", spelling::either},
    {"pi", symbol::variable, "pi", spelling::either},
    {"pm", symbol::plus_minus, "", spelling::command},
    {"prime", symbol::prime, "", spelling::command},
    {"psi", symbol::variable, "psi", spelling::either},
    {"qquad", symbol::ignored, "", spelling::command},
    {"quad", symbol::ignored, "", spelling::command},
    {"rVert", symbol::bar, "", spelling::command},
    {"rangle", symbol::close, "<", spelling::command},
    {"rbrace", symbol::close, "{", spelling::command},
    {"rceil", symbol::close, "ceil", spelling::command},
    {"rfloor", symbol::close, "floor", spelling::command},
    {"rho", symbol::variable, "rho", spelling::either},
    {"right", symbol::ignored, "", spelling::command},
    {"rightarrow", symbol::relation, "->", spelling::command},
    {"rvert", symbol::bar, "", spelling::command},
    {"sec", symbol::function, "sec", spelling::either},
    {"setminus", symbol::set_operation, "\\", spelling::command},
    {"sigma", symbol::variable, "sigma", spelling::either},
    {"sim", symbol::relation, "~", spelling::command},
    {"sin", symbol::function, "sin", spelling::either},
    {"sinh", symbol::function, "sinh", spelling::either},
    {"sq", symbol::words, "", spelling::word},
    {"sqrt", symbol::root, "", spelling::either},
    {"tan", symbol::function, "tan", spelling::either},
    {"tanh", symbol::function, "tanh", spelling::either},
    {"tau", symbol::variable, "tau", spelling::either},
    {"text", symbol::text, "", spelling::command},
    {"textbf", symbol::text, "", spelling::command},
    {"textit", symbol::text, "", spelling::command},
    {"textnormal", symbol::text, "", spelling::command},
    {"textrm", symbol::text, "", spelling::command},
    {"textstyle", symbol::ignored, "", spelling::command},
    {"tfrac", symbol::fraction, "", spelling::command},
    {"theta", symbol::variable, "theta", spelling::either},
    {"times", symbol::times, "", spelling::command},
    {"to", symbol::relation, "->", spelling::command},
    {"triangle", symbol::function, "triangle", spelling::either},
    {"varepsilon", symbol::variable, "epsilon", spelling::command},
    {"varnothing", symbol::variable, "{}", spelling::command},
    {"varphi", symbol::variable, "phi", spelling::command},
    {"vartheta", symbol::variable, "theta", spelling::command},
    {"vec", symbol::function, "vec", spelling::either},
    {"vert", symbol::bar, "", spelling::command},
    {"wedge", symbol::separator, "", spelling::command},
    {"widehat", symbol::function, "hat", spelling::command},
    {"xi", symbol::variable, "xi", spelling::either},
    {"yd", symbol::words, "", spelling::word},
    {"zeta", symbol::variable, "zeta", spelling::either},
    {"{", symbol::open, "{", spelling::command},
    {"|", symbol::bar, "", spelling::command},
    {"}", symbol::close, "{", spelling::command},
};

/// Characters beyond ASCII, in UTF-8.
inline constexpr named_symbol characters[] = {
    {"\xC2\xA0", symbol::ignored, ""},
    {"\xC2\xB0", symbol::unit, ""},
    {"\xC2\xA3", symbol::unit, ""},
    {"\xC2\xB1", symbol::plus_minus, ""},
    {"\xC2\xB7", symbol::times, ""},
    {"\xC3\x97", symbol::times, ""},
    {"\xC3\xB7", symbol::divide, ""},
    {"\xCE\xA9", symbol::variable, "Omega"},
    {"\xCE\xB1", symbol::variable, "alpha"},
    {"\xCE\xB2", symbol::variable, "beta"},
    {"\xCE\xB3", symbol::variable, "gamma"},
    {"\xCE\xB8", symbol::variable, "theta"},
    {"\xCE\xBB", symbol::variable, "lambda"},
    {"\xCE\xBC", symbol::variable, "mu"},
    {"\xCF\x80", symbol::variable, "pi"},
    {"\xCF\x86", symbol::variable, "phi"},
    {"\xCF\x89", symbol::variable, "omega"},
    {"\xE2\x80\x89", symbol::ignored, ""},
    {"\xE2\x80\xAF", symbol::ignored, ""},
    {"\xE2\x82\xAC", symbol::unit, ""},
    {"\xE2\x80\xB2", symbol::prime, ""},
    {"\xE2\x88\x85", symbol::variable, "{}"},
    {"\xE2\x88\x88", symbol::relation, "\xE2\x88\x88"},
    {"\xE2\x88\x92", symbol::minus, ""},
    {"\xE2\x88\x93", symbol::minus_plus, ""},
    {"\xE2\x88\x9A", symbol::root, ""},
    {"\xE2\x88\x9E", symbol::variable, "infinity"},
    {"\xE2\x88\xA9", symbol::set_operation, "\xE2\x88\xA9"},
    {"\xE2\x88\xAA", symbol::set_operation, "\xE2\x88\xAA"},
    {"\xE2\x89\x88", symbol::relation, "="},
    {"\xE2\x89\xA0", symbol::relation, "!="},
    {"\xE2\x89\xA4", symbol::relation, "<="},
    {"\xE2\x89\xA5", symbol::relation, ">="},
};

/// Where in `names` those begin that start with a character; 128 stands for the end.
inline constexpr auto names_by_initial = [] {
  std::array<std::uint8_t, 129> first{};
  static_assert(std::size(names) < 256);
  std::size_t at = 0;
  for (std::size_t initial = 0; initial <= 128; ++initial) {
    while (at < std::size(names) && static_cast<unsigned char>(names[at].name[0]) < initial) ++at;
    first[initial] = static_cast<std::uint8_t>(at);
  }
  return first;
}();

}  // namespace detail

/// Signs of more than one character.
inline constexpr named_symbol long_signs[] = {
    {"<=", symbol::relation, "<="},  {">=", symbol::relation, ">="}, {"!=", symbol::relation, "!="},
    {"==", symbol::relation, "=="},  {"->", symbol::relation, "->"}, {"**", symbol::power, ""},
    {"...", symbol::variable, "..."}};

/// Signs of one ASCII character, by the character.
inline constexpr auto signs = [] {
  constexpr named_symbol kSigns[] = {
      {"+", symbol::plus, ""},      {"-", symbol::minus, ""},     {"*", symbol::times, ""},
      {"/", symbol::divide, ""},    {"^", symbol::power, ""},     {"_", symbol::subscript, ""},
      {"!", symbol::factorial, ""}, {"'", symbol::prime, ""},     {"%", symbol::percent, ""},
      {"(", symbol::open, "("},     {")", symbol::close, "("},    {"[", symbol::open, "["},
      {"]", symbol::close, "["},    {"{", symbol::open, "{"},     {"}", symbol::close, "{"},
      {"|", symbol::bar, ""},       {",", symbol::comma, ""},     {";", symbol::separator, ""},
      {"=", symbol::relation, "="}, {"<", symbol::relation, "<"}, {">", symbol::relation, ">"},
      {":", symbol::relation, ":"}, {"~", symbol::ignored, ""},   {"$", symbol::ignored, ""},
      {"&", symbol::column, ""}};
  std::array<named_symbol, 128> table;
  table.fill({"", symbol::unknown, ""});
  for (const named_symbol& sign : kSigns) table[static_cast<std::size_t>(sign.name[0])] = sign;
  return table;
}();

/// The entry of a name, spelled as a command or as a word; null if it has none.
[[nodiscard]] constexpr const named_symbol* find_name(std::string_view name,
                                                      spelling spelled) noexcept {
  const auto initial = static_cast<unsigned char>(name.empty() ? 0 : name[0]);
  if (initial >= 128) return nullptr;
  const std::size_t end = detail::names_by_initial[initial + 1U];
  for (std::size_t i = detail::names_by_initial[initial]; i < end; ++i) {
    const named_symbol& entry = detail::names[i];
    if (entry.name == name && (entry.spelled == spelled || entry.spelled == spelling::either))
      return &entry;
  }
  return nullptr;
}

/// The entry of the character beyond ASCII at the start of `text`; null if it has none.
[[nodiscard]] constexpr const named_symbol* find_character(std::string_view text) noexcept {
  for (const named_symbol& entry : detail::characters)
    if (text.starts_with(entry.name)) return &entry;
  return nullptr;
}

}  // namespace outthink::answers

// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/language_model.hpp>
#include <outthink/concepts/service.hpp>
#include <outthink/concepts/verifier.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace outthink {

/// @brief Any service with the given requests and responses, chosen at run time.
///
/// How it works: refers to a service, or owns one that comes in a `std::unique_ptr`, and hands
/// batches on. Move-only.
///
/// Requires: a service that is referred to outlives it; `no_verifier` is refused, as a search
/// leaves it out at compile time. Cost: one indirect call per batch, one allocation per batch if
/// the service does not answer with a `std::vector` of responses; nothing per request. Errors:
/// those of the service. Determinism: that of the service. Example: tests/docs/plug_in_model.cpp.
template <class Request, class Response>
class any_service {
 public:
  using request = Request;
  using response = Response;

  /// Refers to `asked`.
  template <class Service>
  requires(!std::is_const_v<Service> && !std::is_same_v<Service, any_service>)
      any_service(Service& asked)
  noexcept  // NOLINT: converts, as references do
      : service_(&asked), answer_(&ask<Service>), owner_(nullptr, [](void*) {}) {}

  /// Owns `asked`, which must not be null.
  template <class Service>
  explicit any_service(std::unique_ptr<Service> asked) noexcept
      : service_(asked.get()),
        answer_(&ask<Service>),
        owner_(asked.release(), [](void* owned) { delete static_cast<Service*>(owned); }) {}

  [[nodiscard]] std::vector<Response> answer(std::span<const Request> batch) {
    return answer_(service_, batch);
  }

 private:
  template <class Service>
  static std::vector<Response> ask(void* asked, std::span<const Request> batch) {
    static_assert(service<Service> && std::is_same_v<typename Service::request, Request> &&
                      std::is_same_v<typename Service::response, Response>,
                  "outthink: an any_service holds services with its own request and response");
    static_assert(!abstaining_verifier<Service>,
                  "outthink: a verifier that abstains is chosen at compile time");
    auto&& answers = static_cast<Service*>(asked)->answer(batch);
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(answers)>, std::vector<Response>>) {
      return std::forward<decltype(answers)>(answers);
    } else {
      std::vector<Response> copied;
      copied.reserve(answers.size());
      for (std::size_t i = 0; i < answers.size(); ++i) copied.push_back(std::move(answers[i]));
      return copied;
    }
  }

  void* service_;
  std::vector<Response> (*answer_)(void*, std::span<const Request>);
  std::unique_ptr<void, void (*)(void*)> owner_;
};

/// A language model chosen at run time; see `any_service`.
using any_language_model = any_service<generation_request, generation>;

/// A verifier chosen at run time; see `any_service`.
using any_verifier = any_service<score_request, verdict>;

}  // namespace outthink

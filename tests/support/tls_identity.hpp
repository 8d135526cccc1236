// SPDX-License-Identifier: MIT
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>

namespace outthink::test {

/// A key and a certificate that it signed itself, for one address; also in files, as long as this
/// object lives.
class tls_identity {
 public:
  explicit tls_identity(const std::string& address) {
    X509* const made = certificate();
    X509_set_version(made, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
    X509_gmtime_adj(X509_getm_notBefore(made), -3600);
    X509_gmtime_adj(X509_getm_notAfter(made), 3600);
    X509_set_pubkey(made, key());
    X509_NAME* const name = X509_get_subject_name(made);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
    X509_set_issuer_name(made, name);
    const std::string names = "IP:" + address;
    X509_EXTENSION* const extension =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
    X509_add_ext(made, extension, -1);
    X509_EXTENSION_free(extension);
    X509_sign(made, key(), EVP_sha256());
    std::FILE* const out = ::fdopen(::mkstemp(certificate_file_.data()), "w");
    PEM_write_X509(out, made);
    std::fclose(out);
    std::FILE* const secret = ::fdopen(::mkstemp(key_file_.data()), "w");
    PEM_write_PrivateKey(secret, key(), nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(secret);
  }
  ~tls_identity() {
    ::unlink(certificate_file_.c_str());
    ::unlink(key_file_.c_str());
  }
  tls_identity(const tls_identity&) = delete;
  tls_identity& operator=(const tls_identity&) = delete;

  [[nodiscard]] EVP_PKEY* key() const { return key_.get(); }
  [[nodiscard]] X509* certificate() const { return certificate_.get(); }
  [[nodiscard]] const std::string& key_file() const { return key_file_; }
  [[nodiscard]] const std::string& certificate_file() const { return certificate_file_; }

 private:
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_{EVP_EC_gen("P-256"), &EVP_PKEY_free};
  std::unique_ptr<X509, decltype(&X509_free)> certificate_{X509_new(), &X509_free};
  std::string certificate_file_ = "/tmp/outthink-certificate-XXXXXX";
  std::string key_file_ = "/tmp/outthink-key-XXXXXX";
};

}  // namespace outthink::test

#include "source/scripted_pool.h"

#include <array>
#include <cstdio>
#include <filesystem>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <nlohmann/json.hpp>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include "util/hex.h"

namespace lode::testing {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

void limit_waiting(tcp::socket& socket) {
    const timeval ten_seconds{10, 0};
    for (const int option : {SO_RCVTIMEO, SO_SNDTIMEO})
        ::setsockopt(socket.native_handle(), SOL_SOCKET, option, &ten_seconds, sizeof ten_seconds);
}

template <typename Stream>
class StreamPeer : public Peer {
 public:
    explicit StreamPeer(Stream& stream) : stream_(stream) {}

    std::string read_line() override {
        for (;;) {
            if (const auto end = buffer_.find('\n'); end != std::string::npos) {
                std::string line = buffer_.substr(0, end);
                buffer_.erase(0, end + 1);
                return line;
            }
            if (!fill()) return {};
        }
    }
    std::string read_bytes(std::size_t n) override {
        while (buffer_.size() < n && fill()) {
        }
        std::string bytes = buffer_.substr(0, n);
        buffer_.erase(0, bytes.size());
        return bytes;
    }
    void write(const std::string& bytes) override {
        boost::system::error_code code;
        for (std::size_t done = 0; done < bytes.size() && !code;)
            done += stream_.write_some(asio::buffer(bytes.data() + done, bytes.size() - done), code);
    }

 private:
    bool fill() {
        std::array<char, 4096> chunk{};
        boost::system::error_code code;
        const std::size_t size = stream_.read_some(asio::buffer(chunk), code);
        buffer_.append(chunk.data(), size);
        return !code && size > 0;
    }
    Stream& stream_;
    std::string buffer_;
};

}  // namespace

std::string id_of(const std::string& line) {
    const auto message = nlohmann::json::parse(line, nullptr, false);
    return message.is_object() && message.contains("id") ? message["id"].dump() : "null";
}

std::string notify_line(const std::string& id, unsigned prev, const std::string& time) {
    std::array<char, 9> word{};
    std::snprintf(word.data(), word.size(), "%08x", prev);
    return R"({"id":null,"method":"mining.notify","params":[")" + id + R"(",")" + word.data() +
           std::string(56, '0') + R"(","01","02",[],"20000000","1d00ffff",")" + time + R"(",true]})";
}

void Peer::shake_hands(const std::string& extranonce) {
    line(R"({"id":)" + id_of(expect("mining.configure")) + R"(,"result":null,"error":[-3,"unknown",null]})");
    line(R"({"id":)" + id_of(expect("mining.subscribe")) + R"(,"result":[[["mining.notify","s1"]],)" +
         extranonce + R"(],"error":null})");
    line(R"({"id":)" + id_of(expect("mining.authorize")) + R"(,"result":true,"error":null})");
    line(R"({"id":null,"method":"mining.set_difficulty","params":[1e-6]})");
}

class ScriptedPool::Impl {
 public:
    asio::io_context io;
    tcp::acceptor acceptor{io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
    std::unique_ptr<asio::ssl::context> tls;
    std::mutex mutex;
    int open_socket = -1;  // to wake the thread from a blocking read
    bool ending = false;

    void serve(tcp::socket socket, const Script& script) {
        limit_waiting(socket);
        {
            const std::scoped_lock lock(mutex);
            if (ending) return;
            open_socket = socket.native_handle();
        }
        boost::system::error_code code;
        if (tls) {
            asio::ssl::stream<tcp::socket&> stream(socket, *tls);
            stream.handshake(asio::ssl::stream_base::server, code);
            StreamPeer peer(stream);
            if (!code) script(peer);
        } else {
            StreamPeer peer(socket);
            script(peer);
        }
        const std::scoped_lock lock(mutex);
        open_socket = -1;
        socket.close(code);
    }
    void end() {
        const std::scoped_lock lock(mutex);
        ending = true;
        if (open_socket >= 0) ::shutdown(open_socket, SHUT_RDWR);
        ::shutdown(acceptor.native_handle(), SHUT_RDWR);
    }
};

ScriptedPool::ScriptedPool(std::vector<Script> scripts, const TestCertificate* tls)
    : impl_(std::make_unique<Impl>()) {
    port_ = impl_->acceptor.local_endpoint().port();
    if (tls) {
        impl_->tls = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
        impl_->tls->use_certificate_chain_file(tls->pem_path);
        impl_->tls->use_private_key_file(tls->key_path, asio::ssl::context::pem);
    }
    thread_ = std::jthread([this, scripts = std::move(scripts)] {
        for (std::size_t n = 0;; ++n) {
            tcp::socket socket(impl_->io);
            boost::system::error_code code;
            impl_->acceptor.accept(socket, code);
            if (code) return;
            ++connections_;
            impl_->serve(std::move(socket), scripts[std::min(n, scripts.size() - 1)]);
        }
    });
}

ScriptedPool::~ScriptedPool() {
    impl_->end();
    thread_.join();
}

TestCertificate::TestCertificate() {
    const auto folder = std::filesystem::temp_directory_path();
    const std::string stem = (folder / ("lode-test-" + std::to_string(::getpid()) + "-" +
                                        std::to_string(reinterpret_cast<std::uintptr_t>(this))))
                                 .string();
    pem_path = stem + ".pem";
    key_path = stem + ".key";
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
    X509* const x = certificate.get();
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_gmtime_adj(X509_getm_notBefore(x), -60);
    X509_gmtime_adj(X509_getm_notAfter(x), 3600);
    X509_set_pubkey(x, key.get());
    X509_NAME* const name = X509_get_subject_name(x);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"),
                               -1, -1, 0);
    X509_set_issuer_name(x, name);
    X509_EXTENSION* const names =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
    X509_add_ext(x, names, -1);
    X509_EXTENSION_free(names);
    X509_sign(x, key.get(), EVP_sha256());
    std::array<std::uint8_t, 32> digest{};
    unsigned size = 0;
    X509_digest(x, EVP_sha256(), digest.data(), &size);
    fingerprint = util::to_hex(digest);
    FILE* file = std::fopen(pem_path.c_str(), "w");
    PEM_write_X509(file, x);
    std::fclose(file);
    file = std::fopen(key_path.c_str(), "w");
    PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
}

TestCertificate::~TestCertificate() {
    std::remove(pem_path.c_str());
    std::remove(key_path.c_str());
}

}  // namespace lode::testing

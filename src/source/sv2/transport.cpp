#include "source/sv2/transport.h"

#include <algorithm>
#include <array>
#include <utility>

namespace lode::source::sv2 {
namespace {

// JSON, white space before it, GET, POST, TLS.
constexpr std::array<std::uint8_t, 7> kOtherProtocols = {'{', ' ', '\n', '\r', 'G', 'P', 0x16};
constexpr std::size_t kSurelyText = 16;  // bytes; a key begins with so much text once in ten million times

bool is_text(std::uint8_t byte) {
    return (byte >= 0x20 && byte < 0x7f) || byte == '\n' || byte == '\r' || byte == '\t';
}

}  // namespace

Error speaks_v1() {
    return {ErrorKind::Refused,
            "the server answers in text, as a pool of Stratum V1 does",
            {},
            "Stratum V2; the URL of such a pool begins with stratum+tcp://"};
}

Result<KeyPair> make_connection_key() {
    for (;;) {
        auto pair = make_key_pair();
        if (!pair || std::ranges::find(kOtherProtocols, pair->encoded[0]) == kOtherProtocols.end())
            return pair;
    }
}

Transport::Transport(const KeyPair& ephemeral, CertificateCheck check, std::size_t max_payload)
    : initiator_(ephemeral), check_(std::move(check)), max_payload_(max_payload) {}

Transport::Transport(const KeyPair& ephemeral, std::optional<Bytes32> authority, std::size_t max_payload)
    : Transport(
          ephemeral,
          [authority](const Certificate& certificate, const Bytes32& server_key, std::int64_t unix_time) {
              return check_certificate(certificate, server_key, authority, unix_time);
          },
          max_payload) {}

Bytes Transport::act1() const {
    return {initiator_.act1().begin(), initiator_.act1().end()};
}

bool Transport::answered_in_text() const {
    return !answer_.empty() && std::ranges::all_of(answer_, is_text);
}

Result<void> Transport::feed(std::span<const std::uint8_t> bytes, std::int64_t unix_time) {
    if (open_) {
        open_->reader.feed(bytes);
        return {};
    }
    const auto mine = bytes.first(std::min(bytes.size(), kAct2Size - answer_.size()));
    answer_.insert(answer_.end(), mine.begin(), mine.end());
    if (answer_.size() >= kSurelyText && answered_in_text()) return tl::unexpected(speaks_v1());
    if (answer_.size() < kAct2Size) return {};
    auto done = initiator_.read_act2(std::span(answer_).first<kAct2Size>());
    if (!done) return tl::unexpected(done.error());
    if (auto good = check_(done->certificate, done->server_key, unix_time); !good) return good;
    open_.emplace(Open{FrameReader(std::move(done->ciphers.responder), max_payload_),
                       std::move(done->ciphers.initiator)});
    open_->reader.feed(bytes.subspan(mine.size()));
    return {};
}

Bytes Transport::seal(const Frame& frame) {
    Bytes out;
    seal_frame(frame, open_->sender, out);
    return out;
}

}  // namespace lode::source::sv2

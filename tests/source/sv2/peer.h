// A pool by transcript: does the server's side of the handshake with a session, sends a test's messages and
// records the session's actions. No sockets, no clock.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chain/target.h"
#include "source/sv2/authority.h"
#include "source/sv2/session.h"
#include "source/sv2/transport.h"
#include "work/roll.h"

namespace lode::source::sv2 {

// Messages used by all transcripts.
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

inline constexpr std::uint32_t kChannel = 5, kGroup = 9;
inline constexpr std::uint32_t kBits = 0x1d00ffff;
inline const Uint256 kTarget = Uint256(1) << 240;

inline NewExtendedMiningJob extended_job(std::uint32_t id, std::optional<std::uint32_t> min_ntime = {},
                                         std::uint32_t to = kChannel) {
    return {to, id, min_ntime, 0x20000000, true, {}, {1, 2, static_cast<std::uint8_t>(id)}, {3}};
}
inline NewMiningJob standard_job(std::uint32_t id, std::optional<std::uint32_t> min_ntime = {}) {
    return {kChannel, id, min_ntime, 0x20000000, Hash256{{static_cast<std::uint8_t>(id), 7}}};
}
inline SetNewPrevHash prev_hash(std::uint32_t job, std::uint8_t block = 1, std::uint32_t to = kChannel) {
    return {to, job, Hash256{{block}}, 1'700'000'000, kBits};
}

// Keys are generated once: they take a millisecond each.
struct Secrets {
    Bytes32 authority = {0, 1, 2, 3};
    KeyPair client = *make_connection_key(), ephemeral = *make_key_pair(), server = *make_key_pair();
    Bytes certificate =
        serialize(sign_certificate(authority, decode_ellswift(server.encoded), 1'700'000'000, 1'700'003'600));
};
inline const Secrets& secrets() {
    static const Secrets made;
    return made;
}

struct Peer {
    static constexpr std::int64_t kUnixTime = 1'700'000'100;

    explicit Peer(const std::function<void(SessionOptions&)>& adjust = {})
        : Peer(public_key(secrets().authority), adjust) {}
    explicit Peer(std::optional<Bytes32> authority, const std::function<void(SessionOptions&)>& adjust = {})
        : transport(secrets().client, authority, kMaxMiningPayload) {
        SessionOptions options;
        options.host = "pool.example";
        options.port = 34254;
        options.user = "bob.w1";
        options.verified = authority.has_value();
        options.version_mask = 0x1fffe000;
        if (adjust) adjust(options);
        session.emplace(std::move(options), recent);
        session->hashrate(5e6, now);
    }

    void collect() {
        session->tick(now);
        for (auto& action : session->take_actions()) {
            if (auto* send = std::get_if<action::Send>(&action)) {
                reader->feed(transport.seal(send->frame));
            } else if (auto* publish = std::get_if<action::Publish>(&action)) {
                jobs.push_back(publish->job);
            } else if (std::get_if<action::Withdraw>(&action)) {
                ++withdrawn;
            } else if (auto* say = std::get_if<action::Say>(&action)) {
                said.push_back(say->text);
            } else if (auto* answer = std::get_if<action::Answer>(&action)) {
                answer->callback(answer->outcome);
            } else if (auto* close = std::get_if<action::Close>(&action)) {
                ended(close->error);
            } else if (auto* redirect = std::get_if<action::Redirect>(&action)) {
                redirected = *redirect;
            }
        }
        if (!reader) return;
        while (auto frame = *reader->next()) sent.push_back(*frame);
    }

    Peer& bytes(std::span<const std::uint8_t> data) {
        const bool before = transport.established();
        if (const auto fed = transport.feed(data, kUnixTime); !fed) return ended(fed.error());
        if (!transport.established()) return *this;
        if (!before) session->connected(now);
        for (;;) {
            const auto frame = transport.next();
            if (!frame) return ended(frame.error());
            if (!*frame) break;
            session->frame(**frame, now);
        }
        collect();
        return *this;
    }
    Peer& ended(const Error& error) {
        if (closed.empty()) closed = error.text();
        return *this;
    }
    Peer& answer_handshake(const Bytes& certificate = secrets().certificate) {
        auto responded =
            respond(secrets().client.encoded, secrets().ephemeral, secrets().server, certificate);
        reader.emplace(std::move(responded.ciphers.initiator), kMaxMiningPayload);
        sender.emplace(std::move(responded.ciphers.responder));
        return bytes(responded.act2);
    }
    Bytes sealed(const Frame& frame) {
        Bytes out;
        seal_frame(frame, *sender, out);
        return out;
    }
    template <typename Message>
    Peer& says(const Message& message) {
        return bytes(sealed(to_frame(message)));
    }
    Peer& wait(std::chrono::milliseconds time) {
        now += time;
        collect();
        return *this;
    }
    // The handshake and setup up to an open channel.
    Peer& set_up() { return answer_handshake().says(SetupConnectionSuccess{2, 0}); }
    Peer& open_extended() {
        set_up().says(OpenExtendedChannelSuccess{1, kChannel, kTarget, 8, {0xaa, 0xbb}, kGroup});
        sent.clear();
        return *this;
    }
    Peer& open_standard() {
        set_up().says(OpenStandardChannelSuccess{1, kChannel, kTarget, {0xaa, 0xbb}, kGroup});
        sent.clear();
        return *this;
    }
    // Sends a first job, which is published.
    Peer& mine() { return says(extended_job(1)).says(prev_hash(1)); }

    // Submits a share of the job; its outcome is added to outcomes.
    void submit(const JobPtr& job, bool block = false, const Hash256& hash = {}) {
        Solution solution;
        solution.job = job;
        solution.extranonce2 = work::extranonce2(*job, 7);
        solution.header = work::header_of(*job, 7, 1);
        solution.header.nonce = 0xdeadbeef;
        solution.version = solution.header.version;
        solution.hash = hash;
        solution.block = block;
        session->submit(
            solution, [this](const Outcome& outcome) { outcomes.push_back(outcome); }, now);
        collect();
    }
    // The messages of one type that were sent, in order.
    template <typename Message>
    std::vector<Message> sent_of() const {
        std::vector<Message> out;
        for (const Frame& frame : sent)
            if (frame.type == Message::kType) out.push_back(*parse<Message>(frame.payload));
        return out;
    }
    std::vector<Outcome::Status> statuses() const {
        std::vector<Outcome::Status> out;
        for (const Outcome& outcome : outcomes) out.push_back(outcome.status);
        return out;
    }

    TimePoint now{std::chrono::seconds(1'000'000)};
    pool::RecentJobs recent;
    Transport transport;
    std::optional<Session> session;
    std::optional<FrameReader> reader;
    std::optional<Cipher> sender;
    std::vector<Frame> sent;
    std::vector<JobPtr> jobs;
    std::vector<std::string> said;
    std::vector<Outcome> outcomes;
    std::string closed;
    std::optional<action::Redirect> redirected;
    int withdrawn = 0;
};

}  // namespace lode::source::sv2

// Shared by tests of the source over real sockets: a miner, and a pool that gives one job.
#pragma once

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source/miner_sink.h"
#include "source/scripted_pool.h"
#include "source/stratum/stratum_source.h"
#include "work/roll.h"

namespace lode::source::stratum {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::notify_line;
using testing::Peer;
using testing::Script;
using testing::ScriptedPool;
using testing::TestCertificate;

// Connection events are recorded together with messages.
struct Miner : testing::MinerSink {
    Miner() {
        options.user = "bob";
        options.password = "hunter2";
        options.retry_pause = 20ms;
        overrides.timeouts.configure = 300ms;
        overrides.timeouts.handshake = 600ms;
        overrides.timeouts.first_job = 600ms;
    }
    void start(const std::string& url) {
        auto made = make_stratum_source(*util::parse_url(url), options, io.get_executor(), overrides);
        ASSERT_TRUE(made) << made.error().text();
        source = std::move(*made);
        source->start(*this);
    }
    void start(const ScriptedPool& pool, const std::string& scheme = "stratum+tcp") {
        start(scheme + "://127.0.0.1:" + std::to_string(pool.port()));
    }

    SourceOptions options;
    StratumOverrides overrides;
};

inline void mine(Peer& peer) {
    peer.shake_hands();
    peer.line(notify_line("j1"));
    peer.wait_for_end();
}

}  // namespace lode::source::stratum

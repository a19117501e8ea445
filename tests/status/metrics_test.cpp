#include "status/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/version.h"
#include "status/samples.h"

namespace lode::status {
namespace {

using ::testing::HasSubstr, ::testing::Not;
using Format = MetricsText::Format;

std::string of_sample(Format format) {
    const Snapshot now = lode::testing::sample_snapshot();
    Record record;
    record.sample(now);
    return metrics({now, record, true, 3}, format);
}

TEST(Metrics, OfASession) {
    const std::string text = of_sample(Format::Text);
    for (const char* line : {
             "# TYPE lode_hashes_total counter\nlode_hashes_total{device=\"cpu\"} 5000000\n",
             "lode_hashrate_hashes_per_second{device=\"cpu\",window=\"10s\"} 50000\n",
             "lode_device_temperature_celsius{device=\"cpu\"} 61.5\n",
             "lode_shares_total{source=\"stratum+tcp://pool.example:3333\",result=\"accepted\"} 7\n",
             "lode_shares_total{source=\"stratum+tcp://pool.example:3333\",result=\"rejected\"} 2\n",
             "lode_best_share_difficulty 12.5\n",
             "lode_start_time_seconds 1699999900\n",
             "lode_source_connected{source=\"stratum+tcp://pool.example:3333\"} 1\n",
             "lode_network_difficulty 1\n",
             "lode_chain_height 799999\n",
             "lode_ready 1\n",
             "lode_submit_latency_seconds_bucket{le=\"+Inf\"} 0\n",
             "lode_status_events_dropped_total 3\n",
         })
        EXPECT_THAT(text, HasSubstr(line));
    // What was not measured is absent, not 0.
    EXPECT_THAT(text, Not(HasSubstr("window=\"15m\"")));
    EXPECT_THAT(text, Not(HasSubstr("lode_device_power_watts{")));
    EXPECT_THAT(text, Not(HasSubstr("lode_last_share_time_seconds")));
    EXPECT_THAT(text, Not(HasSubstr("low difficulty")));  // no foreign text in a label
}

// OpenMetrics 1.0.0: the family of a counter goes without _total, and the end is marked.
TEST(Metrics, OpenMetrics) {
    const std::string text = of_sample(Format::OpenMetrics);
    EXPECT_THAT(text, HasSubstr("# TYPE lode_hashes counter\nlode_hashes_total{device=\"cpu\"} 5000000\n"));
    EXPECT_TRUE(text.ends_with("# EOF\n"));
    EXPECT_THAT(of_sample(Format::Text), Not(HasSubstr("# EOF")));
}

TEST(MetricsText, BucketsAndEscapes) {
    MetricsText text(Format::Text);
    text.gauge("lode_x", "Help.");
    text.sample({{"a", "q\"b\\n\n"}}, 0.1);
    EXPECT_EQ(text.finish(), "# HELP lode_x Help.\n# TYPE lode_x gauge\nlode_x{a=\"q\\\"b\\\\n\\n\"} 0.1\n");
}

TEST(Metrics, LatencyIsCumulative) {
    const Snapshot now = lode::testing::sample_snapshot();
    Record record;
    for (const int ms : {4, 900, 20'000})
        record.happened(event::ShareResult{lode::testing::sample_solution(lode::testing::sample_job(), 3),
                                           {Outcome::Status::Accepted, ""},
                                           std::chrono::milliseconds(ms)},
                        lode::testing::kNow);
    const std::string text = metrics({now, record}, Format::Text);
    for (const char* line :
         {"_bucket{le=\"0.005\"} 1\n", "_bucket{le=\"0.5\"} 1\n", "_bucket{le=\"1.0\"} 2\n",
          "_bucket{le=\"10.0\"} 2\n", "_bucket{le=\"+Inf\"} 3\n", "_sum 20.904\n", "_count 3\n",
          "lode_last_share_time_seconds 1700000000\n"})
        EXPECT_THAT(text, HasSubstr(line));
}

TEST(MetricsText, TheFormatIsTheClientsChoice) {
    // As Prometheus 2.42 asks.
    EXPECT_EQ(MetricsText::choose("application/openmetrics-text;version=1.0.0,application/openmetrics-text;"
                                  "version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"),
              Format::OpenMetrics);
    EXPECT_EQ(MetricsText::choose("text/plain"), Format::Text);
    EXPECT_EQ(MetricsText::choose(""), Format::Text);
}

}  // namespace
}  // namespace lode::status

#include "lode/sources.h"

#include <array>

#include <gtest/gtest.h>

#include "lode/devices.h"
#include "lode/seal.h"
#include "support/small_chain.h"

namespace lode {
namespace {

SourceOptions options_in(const test::TemporaryDir& dir) {
    SourceOptions options;
    options.data_dir = dir.path();
    options.user = "worker";
    return options;
}

TEST(MakeSource, KnowsEveryScheme) {
    const test::TemporaryDir dir;
    Loop loop;
    auto options = options_in(dir);
    options.coinbase_addr = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";  // BIP 173
    for (const char* url : {"http://127.0.0.1:1", "https://127.0.0.1:1", "stratum+tcp://127.0.0.1:1",
                            "stratum+ssl://127.0.0.1:1", "127.0.0.1:1"}) {
        const auto source = make_source(url, options, loop);
        ASSERT_TRUE(source) << url << ": " << source.error().text();
        EXPECT_NE((*source)->name().find("127.0.0.1:1"), std::string::npos) << (*source)->name();
    }
}

TEST(MakeSource, WithoutAUrlIsTheLocalChain) {
    const test::TemporaryDir dir;
    Loop loop;
    for (const auto& source : {make_source("local", options_in(dir), loop),
                               make_source(std::span<const std::string>{}, options_in(dir), loop)}) {
        ASSERT_TRUE(source) << source.error().text();
        EXPECT_EQ((*source)->name(), "local");
    }
}

TEST(MakeSource, NamesWhatIsWrongWithAUrl) {
    const test::TemporaryDir dir;
    Loop loop;
    const std::array urls = {std::string("127.0.0.1:1"), std::string("ftp://user:secret@h:1")};
    const auto source = make_source(urls, options_in(dir), loop);
    ASSERT_FALSE(source);
    EXPECT_EQ(source.error().kind, ErrorKind::Usage);
    EXPECT_NE(source.error().text().find("unknown scheme 'ftp'"), std::string::npos) << source.error().text();
    EXPECT_EQ(source.error().text().find("secret"), std::string::npos);
    EXPECT_FALSE(make_source("h:99999", options_in(dir), loop));
}

TEST(SelectDevices, FindsTheCpu) {
    const auto devices = select_devices("cpu");
    ASSERT_TRUE(devices) << devices.error().text();
    ASSERT_EQ(devices->size(), 1u);
    EXPECT_EQ(devices->front().id, "cpu");
    EXPECT_EQ(select_devices("gpu").error().kind, ErrorKind::Usage);
}

TEST(Seal, GivesAJobItsSearchSpace) {
    Job job;
    job.extranonce2_size = 1;  // 256 rolls
    const JobPtr sealed = seal(std::move(job));
    ASSERT_NE(sealed->space, nullptr);
    EXPECT_EQ(sealed->space->rolls(), 256u);
}

}  // namespace
}  // namespace lode

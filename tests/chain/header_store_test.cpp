#include "chain/header_store.h"

#include <csignal>
#include <filesystem>
#include <unistd.h>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "support/small_chain.h"

namespace lode::chain {
namespace {

using test::regtest;

class HeaderStoreTest : public testing::Test {
 protected:
    NetworkDir lock() { return NetworkDir::lock(dir.path(), regtest(), "test").value(); }
    NetworkDir view() { return NetworkDir::view(dir.path(), regtest()); }
    // Stores these headers after what is there.
    void store(std::span<const BlockHeader> headers) {
        const NetworkDir locked = lock();
        auto opened = HeaderStore::open(locked);
        ASSERT_TRUE(opened) << opened.error().text();
        ChainTracker tracker = opened->take_tracker();
        for (const BlockHeader& h : headers) ASSERT_TRUE(tracker.accept(h, kAnyTime));
        ASSERT_FALSE(opened->append(tracker));
    }
    test::TemporaryDir dir;
    std::string file = dir.path() + "/regtest/headers.dat";
};

TEST_F(HeaderStoreTest, KeepsBranchesAndTheOrderOfArrival) {
    const auto headers = test::regtest_headers(20);
    const auto side = test::regtest_headers(20, 1);  // as much work, but second
    store(headers);
    store(side);
    auto opened = HeaderStore::open(view());
    ASSERT_TRUE(opened);
    EXPECT_TRUE(opened->remarks().empty());
    EXPECT_FALSE(std::filesystem::exists(file + ".damaged-1"));
    const ChainTracker tracker = opened->take_tracker();
    EXPECT_EQ(tracker.size(), 41u);
    EXPECT_EQ(tracker.hash(tracker.tip()), headers.back().hash());
    EXPECT_EQ(tracker.branch_tips(), std::vector<Index>{40});
    EXPECT_EQ(std::filesystem::file_size(file), 64u + 41 * 84);
}

TEST_F(HeaderStoreTest, ViewingNothingIsGenesisAndChangesNothing) {
    auto opened = HeaderStore::open(view());
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->take_tracker().size(), 1u);
    EXPECT_FALSE(std::filesystem::exists(dir.path() + "/regtest"));
}

TEST_F(HeaderStoreTest, TornEndIsCut) {
    store(test::regtest_headers(5));
    for (std::size_t torn = 1; torn < kStoreRecord; torn += 20) {
        auto bytes = test::read_bytes(file);
        bytes.resize(bytes.size() - kStoreRecord + torn);
        test::write_bytes(file, bytes);
        const std::size_t whole = (bytes.size() - kStorePrologue) / kStoreRecord;
        {
            auto viewed = *HeaderStore::open(view());
            EXPECT_EQ(viewed.take_tracker().size(), whole);
            EXPECT_EQ(test::read_bytes(file).size(), bytes.size());
        }
        const NetworkDir locked = lock();
        auto opened = HeaderStore::open(locked);
        ASSERT_TRUE(opened);
        ASSERT_EQ(opened->remarks().size(), 1u);
        EXPECT_NE(opened->remarks()[0].find("cut " + std::to_string(torn) + " bytes"), std::string::npos);
        EXPECT_FALSE(opened->damaged());
        EXPECT_EQ(opened->take_tracker().size(), whole);
        EXPECT_EQ(std::filesystem::file_size(file), kStorePrologue + whole * kStoreRecord);
    }
}

TEST_F(HeaderStoreTest, UnwrittenSpaceAtTheEndIsCut) {
    store(test::regtest_headers(5));
    auto bytes = test::read_bytes(file);
    const auto good = bytes;
    bytes.resize(bytes.size() + 500);
    test::write_bytes(file, bytes);
    const NetworkDir locked = lock();
    auto opened = HeaderStore::open(locked);
    ASSERT_TRUE(opened);
    EXPECT_FALSE(opened->damaged());
    EXPECT_EQ(test::read_bytes(file), good);
}

// One wrong byte, wherever it is: noticed, and repaired by the checksum beside it.
TEST_F(HeaderStoreTest, AnyFlippedByteIsFoundAndPutRight) {
    store(test::regtest_headers(6));
    store(test::regtest_headers(1, 1));  // a branch from genesis, last in the file
    const auto good = test::read_bytes(file);
    for (std::size_t at = 0; at < good.size(); at += 5) {  // 5 meets every field of some record
        auto bytes = good;
        bytes[at] ^= static_cast<std::uint8_t>(1 + at % 255);
        test::write_bytes(file, bytes);
        const NetworkDir locked = lock();
        auto opened = HeaderStore::open(locked);
        ASSERT_TRUE(opened) << at << opened.error().text();
        EXPECT_TRUE(opened->damaged()) << at;
        EXPECT_EQ(opened->remarks().size(), 2u) << at;
        EXPECT_NE(opened->remarks()[0].find("has been repaired"), std::string::npos) << opened->remarks()[0];
        EXPECT_EQ(opened->take_tracker().size(), 8u) << at;
        const std::string kept = file + ".damaged-1";
        EXPECT_EQ(test::read_bytes(kept), bytes) << at;
        std::filesystem::remove(kept);
        EXPECT_EQ(test::read_bytes(file), good) << at;
    }
}

// More than one wrong byte: what does not need the record is kept, and the damaged file too.
TEST_F(HeaderStoreTest, ADamagedRecordCostsWhatFollowsIt) {
    store(test::regtest_headers(6));
    store(test::regtest_headers(1, 1));
    const auto good = test::read_bytes(file);
    for (std::size_t record = 0; record < 8; ++record) {
        auto bytes = good;
        for (const std::size_t byte : {3u, 20u, 50u})
            bytes[kStorePrologue + record * kStoreRecord + byte] ^= 0x55;
        test::write_bytes(file, bytes);
        const std::size_t expected = record == 0   ? 8
                                     : record == 7 ? 7
                                                   : record + 1;  // genesis is known anyway
        {
            auto viewed = HeaderStore::open(view());
            ASSERT_TRUE(viewed) << record;
            EXPECT_TRUE(viewed->damaged()) << record;
            EXPECT_NE(viewed->remarks()[0].find("record " + std::to_string(record) + " "), std::string::npos);
            EXPECT_EQ(viewed->take_tracker().size(), expected) << record;
            EXPECT_EQ(test::read_bytes(file), bytes) << record;
        }
        const NetworkDir locked = lock();
        auto opened = HeaderStore::open(locked);
        ASSERT_TRUE(opened) << record;
        EXPECT_EQ(opened->take_tracker().size(), expected) << record;
        const std::string kept = file + ".damaged-1";
        EXPECT_EQ(test::read_bytes(kept), bytes) << record;
        std::filesystem::remove(kept);
        const auto again = HeaderStore::open(view());  // what is on disk now is whole
        ASSERT_TRUE(again);
        EXPECT_TRUE(again->remarks().empty()) << record;
        EXPECT_EQ(again->stored(), expected);
    }
}

TEST_F(HeaderStoreTest, CutToAlmostNothingIsGenesisAgain) {
    store(test::regtest_headers(5));
    const auto good = test::read_bytes(file);
    for (const std::size_t size : {0u, 30u, 64u, 100u}) {
        auto bytes = good;
        bytes.resize(size);
        test::write_bytes(file, bytes);
        store(test::regtest_headers(0));
        EXPECT_EQ(test::read_bytes(file).size(), kStorePrologue + kStoreRecord) << size;
        std::filesystem::remove(file + ".damaged-1");
    }
}

TEST_F(HeaderStoreTest, BeginsAtACheckpointAndInsistsOnIt) {
    const auto headers = test::regtest_headers(20);
    const Anchor anchor{10, headers[9], Uint256(1000)};
    {
        const NetworkDir locked = lock();
        auto opened = HeaderStore::open(locked, anchor);
        ASSERT_TRUE(opened);
        ChainTracker tracker = opened->take_tracker();
        for (std::size_t i = 10; i < 20; ++i) ASSERT_TRUE(tracker.accept(headers[i], kAnyTime));
        ASSERT_FALSE(opened->append(tracker));
    }
    const NetworkDir locked = lock();
    auto opened = HeaderStore::open(locked);  // the file says where it begins
    ASSERT_TRUE(opened);
    const ChainTracker tracker = opened->take_tracker();
    EXPECT_EQ(tracker.anchor(), anchor);
    EXPECT_EQ(tracker.height(tracker.tip()), 20);
    EXPECT_EQ(tracker.work(tracker.tip()), Uint256(1020));
    EXPECT_EQ(HeaderStore::open(locked, genesis_anchor(regtest())).error().kind, ErrorKind::Usage);
}

TEST_F(HeaderStoreTest, OneWriterAndItIsNamed) {
    const NetworkDir first = lock();
    const auto second = NetworkDir::lock(dir.path(), regtest(), "test");
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, ErrorKind::Storage);
    EXPECT_EQ(second.error().what, "in use by process " + std::to_string(::getpid()) + " (test)");
    EXPECT_TRUE(HeaderStore::open(view()));
}

// The limit on a file's size stands for a full disk: a short write, then an error.
TEST_F(HeaderStoreTest, FullDiskIsAnErrorAndHarmsNothing) {
    store(test::regtest_headers(5));
    const auto before = test::read_bytes(file);
    const auto more = test::regtest_headers(50);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        const NetworkDir locked = lock();
        auto opened = HeaderStore::open(locked);
        ChainTracker tracker = opened->take_tracker();
        for (const BlockHeader& h : more) (void)tracker.accept(h, kAnyTime);
        const rlimit limit{before.size() + 1000, RLIM_INFINITY};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        const auto error = opened->append(tracker);
        const bool good = error && error->kind == ErrorKind::Storage && opened->stored() == 6 &&
                          error->where == file && error->what.find("cannot write") == 0;
        const rlimit none{RLIM_INFINITY, RLIM_INFINITY};
        ::setrlimit(RLIMIT_FSIZE, &none);
        const bool unharmed = test::read_bytes(file) == before;
        const bool again = !opened->append(tracker) && opened->stored() == 51;
        ::_exit(good && unharmed && again ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(HeaderStore::open(view())->stored(), 51u);
}

}  // namespace
}  // namespace lode::chain

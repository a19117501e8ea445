#include "util/line_writer.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

namespace lode::util {
namespace {

using namespace std::chrono_literals;

class Pipe {
 public:
    // Linux counts in pages, and a pipe takes more only while it has a page that is unused.
    explicit Pipe(int bytes = 65536) {
        if (::pipe2(ends_, O_CLOEXEC) != 0) std::abort();
        ::fcntl(ends_[1], F_SETPIPE_SZ, bytes);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe() {
        close_reader();
        ::close(ends_[1]);
    }
    [[nodiscard]] int in() const { return ends_[1]; }
    void close_reader() {
        if (ends_[0] >= 0) ::close(ends_[0]);
        ends_[0] = -1;
    }
    // What is there until `end` has been read, or a second passes without more.
    std::string read_to(const std::string& end) {
        std::string all;
        char buffer[1000];
        pollfd readable{ends_[0], POLLIN, 0};
        while (!all.ends_with(end) && ::poll(&readable, 1, 1000) > 0) {
            const auto n = ::read(ends_[0], buffer, sizeof buffer);
            if (n <= 0) break;
            all.append(buffer, static_cast<std::size_t>(n));
        }
        return all;
    }

 private:
    int ends_[2] = {-1, -1};
};

TEST(LineWriter, WritesEachStreamInOrder) {
    Pipe output, error;
    LineWriter writer(output.in(), error.in());
    writer.write(Stream::Output, "one\n");
    writer.write(Stream::Error, "two\n");
    writer.write(Stream::Output, "three\n");
    EXPECT_TRUE(writer.flush(10s));
    EXPECT_EQ(output.read_to("three\n"), "one\nthree\n");
    EXPECT_EQ(error.read_to("two\n"), "two\n");
}

TEST(LineWriter, KeepsTheOrderOfBothStreamsInOnePipe) {
    Pipe both;
    LineWriter writer(both.in(), both.in());
    std::string expected;
    for (int i = 0; i < 100; ++i) {
        const std::string line = fmt::format("line {}\n", i);
        writer.write(i % 3 == 0 ? Stream::Error : Stream::Output, line);
        expected += line;
    }
    EXPECT_TRUE(writer.flush(10s));
    EXPECT_EQ(both.read_to("line 99\n"), expected);
}

// Longer than a pipe holds: written piece by piece while it is read.
TEST(LineWriter, WritesALongLineWhole) {
    Pipe output, error;
    LineWriter writer(output.in(), error.in());
    const std::string line = std::string(100'000, 'x') + "\n";
    writer.write(Stream::Output, line);
    EXPECT_EQ(output.read_to("\n"), line);
}

TEST(LineWriter, SaysHowManyLinesWereDroppedOnceTheReaderReadsAgain) {
    Pipe output(4096), error;
    LineWriter writer(output.in(), error.in(), 10'000);
    writer.set_dropped_text(Stream::Output, [](std::uint64_t n) { return fmt::format("dropped {}\n", n); });
    const std::string line = std::string(99, 'x') + "\n";
    for (int i = 0; i < 1000; ++i) writer.write(Stream::Output, line);  // returns although nobody reads
    EXPECT_FALSE(writer.flush(50ms));
    // The other stream goes on.
    writer.write(Stream::Error, "still here\n");
    EXPECT_EQ(error.read_to("\n"), "still here\n");

    std::string all;
    while (all.find("dropped") == std::string::npos) {
        const std::string more = output.read_to(" \n");
        ASSERT_FALSE(more.empty());
        all += more;
    }
    const auto kept = static_cast<std::size_t>(std::ranges::count(all, '\n')) - 1;
    EXPECT_GE(kept, 100u);  // the queue's 10,000 bytes and what the pipe held
    EXPECT_LE(kept, 100u + 4096 / 100 + 1);
    EXPECT_TRUE(all.ends_with(fmt::format("dropped {}\n", 1000 - kept))) << all.substr(all.size() - 40);
    writer.write(Stream::Output, "again\n");
    EXPECT_EQ(output.read_to("again\n"), "again\n");
}

TEST(LineWriter, EndsAlthoughNobodyReads) {
    Pipe output(4096), error;
    LineWriter writer(output.in(), error.in());
    writer.write(Stream::Output, std::string(10'000, 'x') + "\n");
    EXPECT_FALSE(writer.flush(50ms));
}  // the destructor returns

// A process that has used up its descriptors still says so.
TEST(LineWriter, WritesWithoutADescriptorOfItsOwn) {
#if defined(__has_feature)
#if __has_feature(undefined_behavior_sanitizer)
    GTEST_SKIP() << "UBSan needs descriptors to look at an object's type";
#endif
#endif
    Pipe output, error;
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    const rlimit none{3, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    LineWriter writer(output.in(), error.in());
    ::setrlimit(RLIMIT_NOFILE, &before);
    for (const char* line : {"one\n", "two\n"}) {
        writer.write(Stream::Output, line);
        EXPECT_TRUE(writer.flush(10s)) << line;
    }
    EXPECT_EQ(output.read_to("two\n"), "one\ntwo\n");
}

TEST(LineWriter, KeepsTheErrorOfAClosedPipe) {
    Pipe output, error;
    output.close_reader();
    LineWriter writer(output.in(), error.in());
    EXPECT_EQ(writer.error(Stream::Output), 0);
    writer.write(Stream::Output, "nobody\n");  // and no SIGPIPE ends this program
    EXPECT_TRUE(writer.flush(10s));
    EXPECT_EQ(writer.error(Stream::Output), EPIPE);
    EXPECT_EQ(writer.error(Stream::Error), 0);
    writer.write(Stream::Output, "nobody\n");
    EXPECT_TRUE(writer.flush(10s));
}

TEST(LineWriter, KeepsTheErrorOfAFullDisk) {
    const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    ASSERT_GE(full, 0);
    Pipe error;
    LineWriter writer(full, error.in());
    writer.write(Stream::Output, "x\n");
    EXPECT_TRUE(writer.flush(10s));
    EXPECT_EQ(writer.error(Stream::Output), ENOSPC);
    ::close(full);
}

}  // namespace
}  // namespace lode::util

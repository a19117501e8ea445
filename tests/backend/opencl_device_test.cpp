// Opening the first OpenCL device of this machine, also with faults.
#include <algorithm>
#include <fstream>

#include <gtest/gtest.h>

#include "backend/known_blocks.h"
#include "backend/opencl/cl_device.h"
#include "backend/opencl/program.h"
#include "backend/opencl_support.h"
#include "backend/scanner.h"

namespace lode::backend::opencl {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

// A round constant with one bit changed: it compiles, and finds nothing.
std::string wrong_source() {
    return replaced(kernels::opencl_source(), "0x106aa070", "0x106aa071");
}

// Right, but every work-item idles before it starts.
std::string slow_source() {
    return replaced(kernels::opencl_source(), "LODE_WORD kw[64];",
                    "for (volatile uint i = 0; i < 20000000u; ++i) {}\n    LODE_WORD kw[64];");
}

std::string error_of(const OpenedDevice& opened) {
    return opened ? "" : opened.error().text();
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

bool finds_a_block(Device& device) {
    const KnownBlock& known = known_blocks()[0];
    const auto answer = scanner(device)(scan_input(known.header, 1, 0), known.nonce - 100, 200);
    return answer && answer->total == 1 && answer->hits[0] == Hit{known.nonce, 0};
}

#define OPENING(name, directory)   \
    TestOpening name((directory)); \
    if (!name.found) GTEST_SKIP() << "no OpenCL device"

#define ASSERT_OPENS(opening)                      \
    do {                                           \
        const auto opened_ = open_device(opening); \
        ASSERT_TRUE(opened_) << error_of(opened_); \
        EXPECT_TRUE(finds_a_block(**opened_));     \
    } while (false)

TEST(OpenClOpen, NothingIsNeededButADevice) {
    OPENING(opening, "");
    ASSERT_OPENS(opening);
}

TEST(OpenClOpen, TheSecondTimeNothingIsCompiledOrTuned) {
    const ScratchDirectory scratch;
    {
        OPENING(first, scratch.path());
        ASSERT_OPENS(first);
        EXPECT_TRUE(first.said("tuning")) << "no progress was shown";
    }
    OPENING(second, scratch.path());
    ASSERT_OPENS(second);
    EXPECT_TRUE(second.lines.empty()) << second.lines[0];
    OPENING(third, scratch.path());
    third.options.retune = true;
    ASSERT_OPENS(third);
    EXPECT_TRUE(third.said("tuning"));
}

TEST(OpenClOpen, AnotherDriverVersionIsTunedAgain) {
    const ScratchDirectory scratch;
    {
        OPENING(first, scratch.path());
        ASSERT_OPENS(first);
    }
    OPENING(second, scratch.path());
    second.facts.versions += " updated";
    ASSERT_OPENS(second);
    EXPECT_TRUE(second.said("tuning"));
}

TEST(OpenClOpen, TornEntriesAreRebuilt) {
    const ScratchDirectory scratch;
    {
        OPENING(first, scratch.path());
        ASSERT_OPENS(first);
    }
    for (const auto& file : fs::directory_iterator(scratch.path()))
        fs::resize_file(file.path(), fs::file_size(file.path()) / 2);
    {
        OPENING(second, scratch.path());
        ASSERT_OPENS(second);
        EXPECT_TRUE(second.said("tuning"));
    }
    OPENING(third, scratch.path());
    ASSERT_OPENS(third);
    EXPECT_TRUE(third.lines.empty()) << third.lines[0];
}

// The checks of the store pass, the program is wrong all the same.
TEST(OpenClOpen, AStoredProgramThatIsWrongIsRebuilt) {
    const ScratchDirectory scratch;
    const std::string wrong = wrong_source();
    for (const bool compiles : {true, false}) {
        {
            OPENING(first, scratch.path());
            ASSERT_OPENS(first);
            const Config config = first_guess(first.facts);
            const auto key = program_key(first.facts, first.source, config);
            if (compiles) {
                const auto program = compile_program(cl::Context(first.device), first.device, config, wrong);
                store_program(*program, key, *first.store);
            } else {
                first.store->save(key.place, key.key, {'j', 'u', 'n', 'k'});
            }
        }
        OPENING(second, scratch.path());
        ASSERT_OPENS(second);
        EXPECT_TRUE(second.said("compiling"));
        EXPECT_FALSE(second.said("tuning"));
        OPENING(third, scratch.path());
        ASSERT_OPENS(third);
        EXPECT_TRUE(third.lines.empty()) << third.lines[0];
    }
}

TEST(OpenClOpen, AnUnwritableCacheIsOneWarning) {
    const ScratchDirectory scratch;
    std::ofstream(scratch.path() / "file") << "in the way";
    OPENING(opening, scratch.path() / "file" / "cache");
    ASSERT_OPENS(opening);
    ASSERT_OPENS(opening);
    EXPECT_EQ(std::ranges::count_if(opening.lines,
                                    [](const auto& line) { return contains(line, "cache directory"); }),
              1);
}

TEST(OpenClOpen, WrongAnswersAreAnErrorAndNothingIsRemembered) {
    const ScratchDirectory scratch;
    OPENING(opening, scratch.path());
    const std::string wrong = wrong_source();
    opening.source = wrong;
    const std::string error = error_of(open_device(opening));
    EXPECT_TRUE(contains(error, "driver") && contains(error, "self-test")) << error;
    EXPECT_TRUE(fs::is_empty(scratch.path()));
}

TEST(OpenClOpen, ARefusedKernelShowsTheBuildLog) {
    OPENING(opening, "");
    const std::string refused =
        std::string(kernels::opencl_source()) + "\nint nonsense(void) { return unknown_name; }\n";
    opening.source = refused;
    const std::string error = error_of(open_device(opening));
    EXPECT_TRUE(contains(error, "does not compile") && contains(error, "unknown_name")) << error;
}

TEST(OpenClOpen, AHungQueueIsAnError) {
    OPENING(opening, "");
    const std::string slow = slow_source();
    opening.source = slow;
    opening.timeout = 20ms;
    const std::string error = error_of(open_device(opening));
    EXPECT_TRUE(contains(error, "hangs")) << error;
}

class OpenClDevice : public testing::Test {
 protected:
    void SetUp() override {
        if (!opening.found) GTEST_SKIP() << "no OpenCL device";
        make(opening.source, 60s);
    }

    void make(std::string_view source, std::chrono::milliseconds timeout) {
        const Config config = first_guess(opening.facts);
        const cl::Context context(opening.device);
        const auto program = compile_program(context, opening.device, config, source);
        DeviceInfo info;
        info.id = opening.id;
        auto made = ClDevice::make(context, opening.device, *program, config, info, timeout);
        device = std::move(*made);
    }

    TestOpening opening{""};
    std::unique_ptr<ClDevice> device;
};

// One hit at the end of a scan that is cut into many launches: a slow device and a short batch.
TEST_F(OpenClDevice, ALongScanIsCutAndLosesNothing) {
    device->set_speed(1, 1e5);
    const KnownBlock& known = known_blocks()[0];
    const std::uint32_t before = 100'000;
    const auto answer = scanner(*device)(scan_input(known.header, 1, 0), known.nonce - before, before + 1);
    const auto& result = *answer;
    EXPECT_EQ(result.total, 1u);
    EXPECT_EQ(result.hits[0], (Hit{known.nonce, 0}));
}

TEST_F(OpenClDevice, EveryHitOfALongScanIsCounted) {
    device->set_speed(1, 1e6);
    const auto input = scan_input(known_blocks()[1].header, 3, 0xffffffff);
    const auto answer = scanner(*device)(input, 0xfffe0000, 0x20000);
    EXPECT_EQ(answer->total, 3 * 0x20000u);
}

TEST_F(OpenClDevice, AHungQueueRetiresIt) {
    const std::string slow = slow_source();
    make(slow, 20ms);
    const auto input = scan_input(known_blocks()[0].header, 1, 0);
    ASSERT_TRUE(device->enqueue(input, 0, 1));
    const auto answer = device->collect();
    ASSERT_FALSE(answer);
    EXPECT_TRUE(contains(answer.error().text(), "hangs"));
    EXPECT_FALSE(device->enqueue(input, 0, 1));
    EXPECT_FALSE(device->collect());
}

}  // namespace
}  // namespace lode::backend::opencl

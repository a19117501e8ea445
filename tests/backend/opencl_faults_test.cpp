// The OpenCL backend on a driver that returns wrong results, hangs or loses its device: every fault gives a
// clear error and never a wrong result, and recoverable devices recover.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backend/fake_opencl.h"
#include "backend/known_blocks.h"
#include "backend/opencl/cl_device.h"
#include "backend/opencl_support.h"
#include "backend/scanner.h"

namespace lode::backend::opencl {
namespace {

using namespace std::chrono_literals;
using fake_opencl::driver;
using fake_opencl::Fault;
using testing::HasSubstr;

class OpenClFaults : public testing::Test {
 protected:
    void SetUp() override { driver() = {}; }

    static std::string error_while_opening(Fault fault) {
        TestOpening opening("");
        driver().fault = fault;
        const auto opened = open_device(opening);
        return opened ? "it opened" : opened.error().text();
    }
    static std::unique_ptr<Device> open(std::chrono::milliseconds timeout = 10s) {
        TestOpening opening("");
        opening.timeout = timeout;
        auto opened = open_device(opening);
        if (opened) return std::move(*opened);
        ADD_FAILURE() << opened.error().text();
        return nullptr;
    }
    static Result<ScanResult> find_block(Device& device) {
        const KnownBlock& known = known_blocks()[0];
        return scanner(device)(scan_input(known.header, 1, 0), known.nonce - 100, 200);
    }
    static void expect_block(const Result<ScanResult>& found) {
        ASSERT_TRUE(found) << found.error().text();
        EXPECT_EQ(found->total, 1u);
        EXPECT_EQ(found->hits[0], (Hit{known_blocks()[0].nonce, 0}));
    }
    // What is left of a device that failed: it takes nothing more, and its end waits for nothing.
    static void expect_spent(std::unique_ptr<Device> device) {
        const auto launches = driver().launches;
        EXPECT_FALSE(device->enqueue(scan_input(known_blocks()[0].header, 1, 0), 0, 1));
        EXPECT_FALSE(device->collect());
        device.reset();
        EXPECT_EQ(driver().launches, launches);
    }
};

TEST_F(OpenClFaults, WithoutOneItWorksAndReleasesEverything) {
    expect_block(find_block(*open()));
    EXPECT_EQ(driver().alive, 0);
}

TEST_F(OpenClFaults, WrongAnswersAreFoundBeforeItIsUsed) {
    for (const Fault fault :
         {Fault::DropsHits, Fault::InventsHits, Fault::ManglesHits, Fault::ReturnsOldResults})
        EXPECT_THAT(error_while_opening(fault), HasSubstr("self-test"));
    EXPECT_EQ(driver().alive, 0);
}

TEST_F(OpenClFaults, NoMemoryIsNamedAndLeavesNothingBehind) {
    EXPECT_THAT(error_while_opening(Fault::OutOfMemory),
                HasSubstr("clCreateBuffer answered CL_MEM_OBJECT_ALLOCATION_FAILURE (-4)"));
    EXPECT_EQ(driver().alive, 0);
    driver().fault = Fault::None;
    expect_block(find_block(*open()));
}

TEST_F(OpenClFaults, ACompileErrorShowsAPrintableLog) {
    const auto error = error_while_opening(Fault::DoesNotCompile);
    EXPECT_THAT(error, HasSubstr("does not compile the kernel"));
    EXPECT_THAT(error, HasSubstr("its log: line 1: no?[31m"));
}

TEST_F(OpenClFaults, ALostDeviceStaysLost) {
    auto device = open();
    ASSERT_NE(device, nullptr);
    driver().fault = Fault::Lost;
    const auto found = find_block(*device);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, ErrorKind::Device);
    EXPECT_THAT(found.error().text(), HasSubstr("CL_OUT_OF_RESOURCES (-5)"));
    expect_spent(std::move(device));
    EXPECT_THAT(error_while_opening(Fault::Lost), HasSubstr("CL_DEVICE_NOT_AVAILABLE (-2)"));
}

TEST_F(OpenClFaults, AResetEndsTheScansInFlightAndNoLaterOnes) {
    auto device = open();
    ASSERT_NE(device, nullptr);
    driver().fault = Fault::Resets;
    const auto found = find_block(*device);
    ASSERT_FALSE(found);
    EXPECT_THAT(found.error().text(), HasSubstr("a scan answered CL_OUT_OF_RESOURCES (-5)"));
    expect_spent(std::move(device));
    expect_block(find_block(*open()));
}

TEST_F(OpenClFaults, AHangEndsWithAnErrorAndIsNotWaitedForAgain) {
    auto device = open(20ms);
    ASSERT_NE(device, nullptr);
    driver().fault = Fault::Hangs;
    const auto found = find_block(*device);
    ASSERT_FALSE(found);
    EXPECT_THAT(found.error().text(), HasSubstr("its queue hangs"));
    expect_spent(std::move(device));
}

}  // namespace
}  // namespace lode::backend::opencl

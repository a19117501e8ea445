#include "backend/selection.h"

#include <array>

#include <gtest/gtest.h>

namespace lode::backend {
namespace {

DeviceEntry entry(std::string id, std::string backend, std::string physical,
                  DeviceStatus status = DeviceStatus::Ok, bool on_request = false) {
    DeviceEntry made;
    made.id = std::move(id);
    made.backend = std::move(backend);
    made.physical = std::move(physical);
    made.status = status;
    made.reason = status == DeviceStatus::Ok ? "" : "out of order";
    made.on_request = on_request;
    return made;
}

// Two GPUs, the first through both APIs, the third only through OpenCL; a CPU through OpenCL; the CPU.
constexpr std::array kTable = {
    Backend{"cuda",
            [](const BackendOptions&) {
                return std::vector{entry("cuda:0", "cuda", "0000:3b:00.0"),
                                   entry("cuda:1", "cuda", "0000:5e:00.0", DeviceStatus::Failed)};
            }},
    Backend{"opencl",
            [](const BackendOptions&) {
                return std::vector{entry("opencl:0.0", "opencl", "0000:3b:00.0"),
                                   entry("opencl:0.1", "opencl", "0000:5e:00.0"),
                                   entry("opencl:1.0", "opencl", "cpu", DeviceStatus::Ok, true)};
            }},
    Backend{
        "metal",
        [](const BackendOptions&) { return std::vector{entry("", "metal", "", DeviceStatus::NotBuilt)}; }},
    Backend{"cpu", [](const BackendOptions&) { return std::vector{entry("cpu", "cpu", "cpu")}; },
            [](const BackendOptions&) {
                return std::vector{entry("cpu:portable", "cpu", "cpu"),
                                   entry("cpu:avx512", "cpu", "cpu", DeviceStatus::Failed)};
            }},
};

// The ids in order, or the error's line.
std::string chosen(std::string_view spec) {
    const auto selected = select(kTable, spec, {});
    if (!selected) return selected.error().text();
    std::string ids;
    for (const DeviceEntry& device : *selected) ids += device.id + " ";
    return ids;
}

TEST(Selection, DefaultIsAllThatWorkOnceAndWithoutWhatMustBeNamed) {
    EXPECT_EQ(chosen(""), "cuda:0 opencl:0.1 cpu ");
}

TEST(Selection, ANameIsADeviceABackendOrAForm) {
    EXPECT_EQ(chosen("cuda:0"), "cuda:0 ");
    EXPECT_EQ(chosen("cuda"), "cuda:0 ");
    EXPECT_EQ(chosen("opencl"), "opencl:0.0 opencl:0.1 opencl:1.0 ");
    EXPECT_EQ(chosen("opencl:1.0"), "opencl:1.0 ");
    EXPECT_EQ(chosen("cpu"), "cpu ");
    EXPECT_EQ(chosen("cpu:portable"), "cpu:portable ");
}

TEST(Selection, OrderIsTheUsersAndNothingComesTwice) {
    EXPECT_EQ(chosen("cpu,cuda"), "cpu cuda:0 ");
    EXPECT_EQ(chosen("opencl,cuda"), "opencl:0.0 opencl:0.1 opencl:1.0 ");
    EXPECT_EQ(chosen("cuda:0,cuda,cuda:0"), "cuda:0 ");
    EXPECT_EQ(chosen("cpu:portable,cpu"), "cpu:portable ");
}

TEST(Selection, WhatDoesNotWorkSaysWhy) {
    EXPECT_EQ(chosen("cuda:1"), "device cuda:1: out of order");
    EXPECT_EQ(chosen("cpu:avx512"), "device cpu:avx512: out of order");
    EXPECT_EQ(chosen("cpu,metal"), "device metal: out of order");
    EXPECT_EQ(select(kTable, "metal", {}).error().kind, ErrorKind::Device);
}

TEST(Selection, UnknownNamesGetTheNearestKnownOne) {
    EXPECT_EQ(chosen("cuda:7"), "no device is called \"cuda:7\" (expected: for example \"cuda:0\")");
    EXPECT_EQ(chosen("cpu:avx51"),
              "no device is called \"cpu:avx51\" (expected: for example \"cpu:avx512\")");
    EXPECT_EQ(chosen("opncl"), "no device is called \"opncl\" (expected: for example \"opencl\")");
    EXPECT_EQ(chosen("metal:0"), "no device is called \"metal:0\" (expected: for example \"metal\")");
    EXPECT_EQ(chosen("cpu,"), "no device is called \"\" (expected: for example \"cuda:0\")");
    EXPECT_EQ(select(kTable, "x", {}).error().kind, ErrorKind::Usage);
}

TEST(Selection, NothingThatWorksIsAnErrorWithTheReasons) {
    const auto selected = select(std::span(kTable).subspan(2, 1), "", {});
    ASSERT_TRUE(!selected);
    EXPECT_EQ(selected.error().text(), "device (any): out of order");
}

}  // namespace
}  // namespace lode::backend

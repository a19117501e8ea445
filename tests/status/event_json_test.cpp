#include "status/event_json.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace lode::status {
namespace {

// The other events are tested where they are printed (tests/app/reporter_test.cpp).
TEST(EventJson, AnObject) {
    const auto object = event_json(event::SourceSwitched{"a", "b", true});
    ASSERT_TRUE(object);
    EXPECT_EQ(dump(*object),
              R"({"event":"source","source":"b","state":"switched","from":"a","back":true,"asked":false})");
}

TEST(EventJson, MessagesAreForPeople) {
    EXPECT_FALSE(event_json(event::Message{event::Severity::Info, "hello"}));
}

TEST(EventJson, BytesThatAreNotUtf8AreReplaced) {
    EXPECT_EQ(dump(nlohmann::ordered_json("a\xff")), "\"a\xef\xbf\xbd\"");
}

}  // namespace
}  // namespace lode::status

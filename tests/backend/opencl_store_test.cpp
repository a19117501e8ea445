#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "backend/opencl/store.h"
#include "backend/opencl_support.h"

namespace lode::backend::opencl {
namespace {

namespace fs = std::filesystem;
using Bytes = Store::Bytes;

class OpenClStore : public testing::Test {
 protected:
    Store make(const fs::path& directory) {
        return {directory, [this](const std::string& line) { warnings.push_back(line); }};
    }

    ScratchDirectory scratch;
    std::vector<std::string> warnings;
};

std::string content_of(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

void overwrite(const fs::path& file, const std::string& content) {
    std::ofstream(file, std::ios::binary) << content;
}

TEST_F(OpenClStore, FindsWhatWasSavedAlsoInALaterRun) {
    const Bytes content = {0, 1, 2, 255, '\n'};
    auto store = make(scratch.path() / "new" / "deep");
    EXPECT_FALSE(store.load("place", "key"));
    store.save("place", "key", content);
    store.save("elsewhere", "key", {});
    EXPECT_EQ(store.load("place", "key"), content);
    EXPECT_EQ(store.load("elsewhere", "key"), Bytes{});
    EXPECT_EQ(make(scratch.path() / "new" / "deep").load("place", "key"), content);
    EXPECT_TRUE(warnings.empty()) << warnings[0];
    // No drafts are left behind.
    EXPECT_EQ(std::distance(fs::directory_iterator(scratch.path() / "new" / "deep"), {}), 2);
}

TEST_F(OpenClStore, AStaleEntryIsNotFoundAndItsPlaceIsTaken) {
    auto store = make(scratch.path());
    store.save("place", "driver 1", {1});
    EXPECT_FALSE(store.load("place", "driver 2"));
    store.save("place", "driver 2", {2});
    EXPECT_EQ(store.load("place", "driver 2"), Bytes{2});
    EXPECT_FALSE(store.load("place", "driver 1"));
    EXPECT_EQ(std::distance(fs::directory_iterator(scratch.path()), {}), 1);
}

TEST_F(OpenClStore, ATornOrAlteredEntryIsNotFoundAndItsPlaceIsTaken) {
    const Bytes content(100, 7);
    auto store = make(scratch.path());
    store.save("place", "key", content);
    const std::string whole = content_of(store.file("place"));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        overwrite(store.file("place"), whole.substr(0, size));
        EXPECT_FALSE(store.load("place", "key")) << "torn after " << size << " bytes";
    }
    for (std::size_t i = 0; i < whole.size(); ++i) {
        std::string altered = whole;
        altered[i] = static_cast<char>(altered[i] ^ 1);
        overwrite(store.file("place"), altered);
        EXPECT_FALSE(store.load("place", "key")) << "altered at " << i;
    }
    overwrite(store.file("place"), whole + "x");
    EXPECT_FALSE(store.load("place", "key"));
    store.save("place", "key", content);
    EXPECT_EQ(store.load("place", "key"), content);
    EXPECT_TRUE(warnings.empty()) << warnings[0];
}

TEST_F(OpenClStore, AnUnusableDirectoryIsOneWarning) {
    overwrite(scratch.path() / "file", "not a directory");
    auto store = make(scratch.path() / "file" / "cache");
    EXPECT_FALSE(store.load("place", "key"));
    store.save("place", "key", {1});
    store.save("place", "key", {1});
    EXPECT_FALSE(store.load("place", "key"));
    ASSERT_EQ(warnings.size(), 1u);
    EXPECT_NE(warnings[0].find((scratch.path() / "file" / "cache").string()), std::string::npos)
        << warnings[0];
}

TEST_F(OpenClStore, AFileThatCannotBeWrittenIsOneWarning) {
    auto store = make(scratch.path());
    fs::create_directory(store.file("place"));  // also root cannot replace a directory by a file
    store.save("place", "key", {1});
    store.save("other", "key", {1});
    ASSERT_EQ(warnings.size(), 1u);
    EXPECT_NE(warnings[0].find("cannot be written"), std::string::npos) << warnings[0];
    EXPECT_EQ(std::distance(fs::directory_iterator(scratch.path()), {}), 1) << "a draft was left behind";
}

TEST_F(OpenClStore, NoDirectoryAtAllIsOneWarning) {
    auto store = make("");
    store.save("place", "key", {1});
    EXPECT_FALSE(store.load("place", "key"));
    EXPECT_EQ(warnings.size(), 1u);
}

// A driver runs what is stored: a directory that others can write to is not trusted.
TEST_F(OpenClStore, ADirectoryThatOthersMayWriteToIsNotUsed) {
    make(scratch.path()).save("place", "key", {1});
    fs::permissions(scratch.path(), fs::perms::others_write, fs::perm_options::add);
    EXPECT_FALSE(make(scratch.path()).load("place", "key"));
    ASSERT_EQ(warnings.size(), 1u);
    EXPECT_NE(warnings[0].find("other users may write"), std::string::npos) << warnings[0];
}

}  // namespace
}  // namespace lode::backend::opencl

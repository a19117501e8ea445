#include "backend/opencl/store.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <span>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <sys/stat.h>

#include "crypto/sha256.h"

namespace lode::backend::opencl {
namespace {

namespace fs = std::filesystem;

// File: magic, SHA-256 of the key, SHA-256 of the content, content.
constexpr std::string_view kMagic = "lode-opencl-1\n";
constexpr std::size_t kHead = kMagic.size() + 64;
constexpr std::size_t kMaxContent = 64u << 20;  // programs are far below a megabyte

std::span<const std::uint8_t> bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Store::Bytes head(std::string_view key, const Store::Bytes& content) {
    Store::Bytes result(kMagic.begin(), kMagic.end());
    for (const auto& hash : {crypto::sha256(bytes(key)), crypto::sha256(content)})
        result.insert(result.end(), hash.begin(), hash.end());
    return result;
}

// Drivers execute what is stored here, so no other user may have write access.
std::string why_unsafe(const fs::path& directory) {
    struct stat status {};
    if (stat(directory.c_str(), &status) != 0) return std::strerror(errno);
    if (status.st_uid != geteuid() && status.st_uid != 0) return "it belongs to another user";
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) return "other users may write to it";
    return "";
}

// Writes all bytes and syncs; true on success.
bool write_through(const fs::path& path, const Store::Bytes& content) {
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) return false;
    std::size_t done = 0;
    while (done < content.size()) {
        const ssize_t wrote = write(file, content.data() + done, content.size() - done);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) break;
        done += static_cast<std::size_t>(wrote);
    }
    const bool synced = done == content.size() && fsync(file) == 0;
    const int error = errno;
    const bool closed = close(file) == 0;
    if (!synced) errno = error;
    return synced && closed;
}

}  // namespace

Store::Store(fs::path directory, std::function<void(const std::string&)> warn)
    : directory_(std::move(directory)), warn_(std::move(warn)) {}

bool Store::usable() {
    if (state_ != State::Untried) return state_ == State::Usable;
    state_ = State::Usable;
    if (directory_.empty()) {
        give_up("there is no cache directory, as HOME is not set");
        return false;
    }
    std::error_code error;
    const bool made = fs::create_directories(directory_, error);
    if (error) {
        give_up("the cache directory " + directory_.string() + " cannot be made: " + error.message());
        return false;
    }
    if (made) fs::permissions(directory_, fs::perms::owner_all, error);
    if (const auto why = why_unsafe(directory_); !why.empty())
        give_up("the cache directory " + directory_.string() + " is not used: " + why);
    return state_ == State::Usable;
}

fs::path Store::file(std::string_view place) const {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string name;
    const auto hash = crypto::sha256(bytes(place));
    for (std::size_t i = 0; i < 8; ++i) (name += kDigits[hash[i] >> 4]) += kDigits[hash[i] & 15];
    return directory_ / (name + ".bin");
}

std::optional<Store::Bytes> Store::load(std::string_view place, std::string_view key) {
    const std::lock_guard lock(mutex_);
    if (!usable()) return std::nullopt;
    std::ifstream stream(file(place), std::ios::binary | std::ios::ate);
    const auto size = static_cast<std::streamoff>(stream.tellg());
    if (!stream || size < static_cast<std::streamoff>(kHead) ||
        size > static_cast<std::streamoff>(kHead + kMaxContent))
        return std::nullopt;
    stream.seekg(0);
    Bytes all(static_cast<std::size_t>(size));
    stream.read(reinterpret_cast<char*>(all.data()), size);
    if (!stream) return std::nullopt;
    Bytes content(all.begin() + kHead, all.end());
    all.resize(kHead);
    if (all != head(key, content)) return std::nullopt;
    return content;
}

void Store::save(std::string_view place, std::string_view key, const Bytes& content) {
    const std::lock_guard lock(mutex_);
    if (!usable() || content.size() > kMaxContent) return;
    Bytes all = head(key, content);
    all.insert(all.end(), content.begin(), content.end());
    const fs::path target = file(place);
    fs::path draft = target;
    draft += "." + std::to_string(getpid()) + ".new";
    if (!write_through(draft, all) || std::rename(draft.c_str(), target.c_str()) != 0) {
        give_up("the cache file " + target.string() + " cannot be written: " + std::strerror(errno));
        std::error_code ignored;
        fs::remove(draft, ignored);
    }
}

void Store::give_up(const std::string& why) {
    if (warn_) warn_(why + "; OpenCL programs will be compiled and tuned again at the next start");
    state_ = State::GivenUp;
}

}  // namespace lode::backend::opencl

// A file descriptor with Results instead of errno. Every failure names the path and the system's reason.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "lode/result.h"

namespace lode::chain {

class File {
 public:
    enum class Mode { Read, Write };  // Write also reads, and creates
    static Result<File> open(const std::string& path, Mode mode);

    File(File&& other) noexcept;
    File& operator=(File&& other) noexcept;
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File();

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] int descriptor() const { return fd_; }
    [[nodiscard]] Result<std::uint64_t> size() const;
    // As many bytes as there are, up to out.size().
    [[nodiscard]] Result<std::size_t> read(std::uint64_t offset, std::span<std::uint8_t> out) const;
    // All of them and on disk (fdatasync), or the file is as long as before.
    [[nodiscard]] std::optional<Error> append(std::uint64_t offset, std::span<const std::uint8_t> bytes);
    [[nodiscard]] std::optional<Error> truncate(std::uint64_t size);  // and on disk

 private:
    File(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}
    [[nodiscard]] Error failure(const std::string& what) const;

    std::string path_;
    int fd_ = -1;
};

// Writes a new file as a whole: it is there with all these bytes after a crash, or not at all.
std::optional<Error> write_whole(const std::string& path, std::span<const std::uint8_t> bytes);
// Makes a rename or a new name in this directory last.
std::optional<Error> sync_directory(const std::string& path);

}  // namespace lode::chain

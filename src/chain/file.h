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
    // Reads up to out.size() bytes, fewer at the end of the file.
    [[nodiscard]] Result<std::size_t> read(std::uint64_t offset, std::span<std::uint8_t> out) const;
    // Writes all bytes, or on failure leaves the file at its old length. Readers see them at once, and they
    // survive the process; a power cut only after sync().
    [[nodiscard]] std::optional<Error> write(std::uint64_t offset, std::span<const std::uint8_t> bytes);
    // Returns when everything written is on disk (fdatasync). Any thread, also during a write. After an Error
    // it is unknown how much is on disk.
    [[nodiscard]] std::optional<Error> sync() const;
    // Write and sync; after an Error the file has its old length.
    [[nodiscard]] std::optional<Error> append(std::uint64_t offset, std::span<const std::uint8_t> bytes);
    [[nodiscard]] std::optional<Error> truncate(std::uint64_t size);  // and syncs

 private:
    File(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}
    [[nodiscard]] Error failure(const std::string& what) const;

    std::string path_;
    int fd_ = -1;
};

// Writes a new file atomically: after a crash it exists with all these bytes, or not at all.
std::optional<Error> write_whole(const std::string& path, std::span<const std::uint8_t> bytes);
// Syncs the directory, so that a rename or a new file in it survives a power cut.
std::optional<Error> sync_directory(const std::string& path);

}  // namespace lode::chain

#include "chain/file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>
#include <utility>

#include <fmt/core.h>
#include <sys/stat.h>

namespace lode::chain {
namespace {

Error system_error(const std::string& path, const std::string& what) {
    return {ErrorKind::Storage, fmt::format("{}: {}", what, std::strerror(errno)), path, {}};
}

}  // namespace

Result<File> File::open(const std::string& path, Mode mode) {
    const int flags = mode == Mode::Write ? O_RDWR | O_CREAT | O_CLOEXEC : O_RDONLY | O_CLOEXEC;
    const int fd = ::open(path.c_str(), flags, 0644);
    if (fd < 0) return tl::unexpected(system_error(path, "cannot open"));
    return File(path, fd);
}

File::File(File&& other) noexcept : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)) {}

File& File::operator=(File&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(fd_, other.fd_);
    return *this;
}

File::~File() {
    if (fd_ >= 0) ::close(fd_);
}

Error File::failure(const std::string& what) const {
    return system_error(path_, what);
}

Result<std::uint64_t> File::size() const {
    struct stat status {};
    if (::fstat(fd_, &status) != 0) return tl::unexpected(failure("cannot get its size"));
    return static_cast<std::uint64_t>(status.st_size);
}

Result<std::size_t> File::read(std::uint64_t offset, std::span<std::uint8_t> out) const {
    std::size_t done = 0;
    while (done < out.size()) {
        const ssize_t n =
            ::pread(fd_, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return tl::unexpected(failure("cannot read"));
        if (n == 0) break;
        done += static_cast<std::size_t>(n);
    }
    return done;
}

std::optional<Error> File::write(std::uint64_t offset, std::span<const std::uint8_t> bytes) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t n =
            ::pwrite(fd_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
        if (n < 0 && errno == EINTR) continue;
        if (n > 0) {
            done += static_cast<std::size_t>(n);
            continue;
        }
        const Error error = failure(fmt::format("cannot write {} bytes at {}", bytes.size(), offset));
        (void)::ftruncate(fd_, static_cast<off_t>(offset));
        return error;
    }
    return std::nullopt;
}

std::optional<Error> File::sync() const {
    if (::fdatasync(fd_) == 0) return std::nullopt;
    return failure("cannot sync to disk");
}

std::optional<Error> File::append(std::uint64_t offset, std::span<const std::uint8_t> bytes) {
    if (auto error = write(offset, bytes)) return error;
    auto error = sync();
    if (error) (void)::ftruncate(fd_, static_cast<off_t>(offset));
    return error;
}

std::optional<Error> File::truncate(std::uint64_t size) {
    if (::ftruncate(fd_, static_cast<off_t>(size)) != 0 || ::fdatasync(fd_) != 0)
        return failure(fmt::format("cannot cut to {} bytes", size));
    return std::nullopt;
}

std::optional<Error> sync_directory(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool good = fd >= 0 && ::fsync(fd) == 0;
    std::optional<Error> error;
    if (!good) error = system_error(path, "cannot sync to disk");
    if (fd >= 0) ::close(fd);
    return error;
}

std::optional<Error> write_whole(const std::string& path, std::span<const std::uint8_t> bytes) {
    const std::string draft = path + ".new";
    ::unlink(draft.c_str());  // of an earlier attempt
    auto file = File::open(draft, File::Mode::Write);
    if (!file) return file.error();
    if (auto error = file->append(0, bytes)) {
        ::unlink(draft.c_str());
        return error;
    }
    if (::rename(draft.c_str(), path.c_str()) != 0) return system_error(path, "cannot replace");
    return sync_directory(std::filesystem::path(path).parent_path().string());
}

}  // namespace lode::chain

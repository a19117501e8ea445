#include "chain/data_dir.h"

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <unistd.h>

#include <fmt/core.h>
#include <sys/file.h>

#include "util/hex.h"

namespace lode::chain {
namespace {

std::string holder(const File& lock) {
    std::array<std::uint8_t, 64> text{};
    const auto size = lock.read(0, text);
    if (!size || *size == 0) return "another process";
    std::string line(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(*size));
    return "process " + util::printable(line.substr(0, line.find('\n')));
}

}  // namespace

NetworkDir::NetworkDir(const std::string& data_dir, const Network& network)
    : network_(&network), path_(data_dir + "/" + network.stored_name) {}

NetworkDir NetworkDir::view(const std::string& data_dir, const Network& network) {
    return {data_dir, network};
}

Result<NetworkDir> NetworkDir::lock(const std::string& data_dir, const Network& network,
                                    const std::string& purpose) {
    NetworkDir dir(data_dir, network);
    std::error_code code;
    std::filesystem::create_directories(dir.path_, code);
    if (code)
        return fail(ErrorKind::Storage, "cannot create the data directory: " + code.message(), dir.path_);
    auto file = File::open(dir.file("lock"), File::Mode::Write);
    if (!file) return tl::unexpected(file.error());
    if (::flock(file->descriptor(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return fail(ErrorKind::Storage, "cannot be locked", file->path());
        return fail(ErrorKind::Storage, fmt::format("in use by {}", holder(*file)), dir.path_,
                    "one writing process a data directory");
    }
    // Only informs other processes who holds the lock, so write errors are ignored.
    const std::string text = fmt::format("{} ({})\n", ::getpid(), purpose);
    (void)file->truncate(0);
    (void)file->append(0, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    dir.lock_ = std::move(*file);
    return dir;
}

}  // namespace lode::chain

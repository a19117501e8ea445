// The directory of a network's files: DATA_DIR/NETWORK/{headers.dat,blocks.dat,lock}. One process writes, any
// number read.
#pragma once

#include <optional>
#include <string>

#include "chain/file.h"
#include "chain/network.h"
#include "lode/result.h"

namespace lode::chain {

class NetworkDir {
 public:
    // Creates the directory if missing and takes the lock, for the lifetime of this object (flock, so never
    // longer than the process). purpose: "mining", "import", shown to other processes. The Error names the
    // process that holds the lock.
    static Result<NetworkDir> lock(const std::string& data_dir, const Network& network,
                                   const std::string& purpose);
    // Never creates or changes anything, and needs no lock.
    static NetworkDir view(const std::string& data_dir, const Network& network);

    [[nodiscard]] const Network& network() const { return *network_; }
    [[nodiscard]] bool writable() const { return lock_.has_value(); }
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
    NetworkDir(const std::string& data_dir, const Network& network);

    const Network* network_;
    std::string path_;
    std::optional<File> lock_;
};

}  // namespace lode::chain

// The best difficulty of all sessions with a data directory, kept in it.
#pragma once

#include <future>
#include <optional>
#include <string>

#include "lode/error.h"

namespace lode::app {

// Used on one thread. The file DATA_DIR/best-difficulty holds one number as text; whatever else it holds
// counts as none.
class BestDifficulty {
 public:
    explicit BestDifficulty(const std::string& data_dir);
    BestDifficulty(const BestDifficulty&) = delete;
    BestDifficulty& operator=(const BestDifficulty&) = delete;
    ~BestDifficulty();  // waits until it is written

    [[nodiscard]] double value() const { return best_; }  // 0: none yet
    // Remembers it where it is better. Does not wait for the disk; a failure is logged once.
    void offer(double difficulty);

 private:
    void write();
    void finish();

    std::string path_;
    double best_ = 0;
    double written_ = 0;  // or being written
    bool failed_ = false;
    std::future<std::optional<Error>> writing_;  // invalid: nothing is being written
};

}  // namespace lode::app

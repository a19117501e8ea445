// The HTTP server that shows a mining session, on a thread of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "lode/engine.h"
#include "lode/result.h"
#include "status/access.h"
#include "status/site.h"

namespace lode::status {

class Server {
 public:
    // Made on the io thread and destroyed there, before the engine. post: as the engine's; actions are
    // called through it. Usage: an address that is none or taken, a token of the wrong form, an address that
    // others reach with no rule for it.
    static Result<std::unique_ptr<Server>> open(const HttpOptions& options, Engine& engine, Post post,
                                                Actions actions);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server();

    [[nodiscard]] std::string url() const;  // "http://127.0.0.1:8080/"

 private:
    class Impl;
    explicit Server(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace lode::status

// The cgminer API of a running `lode mine`.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "app/mine_options.h"
#include "cgminer_api/server.h"
#include "lode/engine.h"
#include "lode/result.h"

namespace lode::app {

// Null where it was not asked for. Tells the server every event; it is closed before the engine ends. The
// functions are called on a thread of the server's.
Result<std::unique_ptr<cgminer_api::Server>> open_api(const MineOptions& options, Engine& engine,
                                                      std::function<void()> quit,
                                                      std::function<void()> restart,
                                                      std::function<void(std::size_t)> switch_to);
// As configured. first: the index of the one that is tried first and stands first in the options' URLs.
std::vector<cgminer_api::Pool> api_pools(const MineOptions& options, std::size_t first);
void close_api(std::unique_ptr<cgminer_api::Server>& server, Engine& engine);

}  // namespace lode::app

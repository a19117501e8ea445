// The event loop behind lode::Loop, for modules that use Asio.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "lode/loop.h"

namespace lode {

class Loop::Impl {
 public:
    boost::asio::io_context io{1};
};

inline boost::asio::io_context::executor_type executor_of(Loop& loop) {
    return loop.impl().io.get_executor();
}

}  // namespace lode

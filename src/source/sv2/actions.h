// What a session of Stratum V2 wants done.
#pragma once

#include "source/pool/actions.h"
#include "source/sv2/frame.h"

namespace lode::source::sv2 {

namespace action {
using namespace pool::action;
struct Send {
    Frame frame;
};
}  // namespace action

using Action = pool::ActionOf<action::Send>;

}  // namespace lode::source::sv2

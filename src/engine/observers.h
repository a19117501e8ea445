// The list of observers.
#pragma once

#include <vector>

#include "lode/events.h"

namespace lode::engine {

// Used on the io thread. Observers may be added and removed during a notification.
class Observers {
 public:
    void add(Observer& observer) { list_.push_back(&observer); }
    void remove(const Observer& observer);
    void notify(const Event& event);

 private:
    std::vector<Observer*> list_;  // null: removed during a notification
    unsigned notifying_ = 0;       // calls of notify() that have not returned
};

}  // namespace lode::engine

// The long poll (BIP 22): a getblocktemplate call that the node answers when there is a new template. While
// open it occupies one of the node's RPC threads, so it is used only if one is spare.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "lode/events.h"
#include "lode/header.h"
#include "source/node/rpc.h"
#include "source/node/template.h"
#include "source/node/thread_check.h"

namespace lode::source::node {

// Used on the io thread. At most one is open at the node: one that ended without an answer counts as open
// until the node's tip changes.
class LongPoll {
 public:
    struct Hooks {
        std::function<void(event::Severity, std::string)> say;
        std::function<void(const RpcAnswer&)> answered;  // a template
    };

    // wanted: false disables long polls. node: its name, for messages.
    LongPoll(std::unique_ptr<RpcClient> rpc, std::unique_ptr<ThreadCheck> check, bool wanted,
             std::string node, Hooks hooks);

    // Opens a long poll for the successor of this template, if there is a spare thread; request: the call's
    // parameters.
    void open(const Template& work, const std::string& request);
    [[nodiscard]] bool is_open() const { return open_on_.has_value(); }
    // An ordinary call has waited long while a long poll was open: disables long polls.
    void harms();
    void cancel();

 private:
    void begin(const Hash256& prev, const std::string& request);
    void give_up(const std::string& why);

    std::unique_ptr<RpcClient> rpc_;
    std::unique_ptr<ThreadCheck> check_;
    bool wanted_;
    std::string node_;
    Hooks hooks_;
    bool checked_ = false;
    std::optional<Hash256> open_on_;    // the tip for which one is open
    std::optional<Hash256> abandoned_;  // the tip of the last one that ended without an answer
};

}  // namespace lode::source::node

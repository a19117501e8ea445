// A connection to a pool and the session on it, independent of the protocol, as used by the client.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "lode/result.h"
#include "source/pool/actions.h"
#include "util/url.h"

namespace lode::net {
class Stream;
}

namespace lode::source::pool {

// The client as seen by its link. Callable at any time; effects are deferred.
class LinkHost {
 public:
    LinkHost() = default;
    LinkHost(const LinkHost&) = delete;
    LinkHost& operator=(const LinkHost&) = delete;
    virtual ~LinkHost() = default;

    virtual void act(Action action) = 0;
    // Requests a call of step() now rather than at the deadline.
    virtual void wake() = 0;
};

// Destroyed only by its client, after end() and never from inside one of its own calls or handlers.
class Link {
 public:
    Link() = default;
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;
    virtual ~Link() = default;

    // Sends the first messages, and begins to read.
    virtual void start(TimePoint now) = 0;
    virtual void submit(const Solution& solution, SubmitCallback callback, TimePoint now) = 0;
    virtual void hashrate(double /*rate*/, TimePoint /*now*/) {}
    // Handles due jobs and time-outs, sends messages, and passes the session's other actions to the host.
    virtual void step(TimePoint now) = 0;
    // When step() is to be called at the latest.
    [[nodiscard]] virtual TimePoint deadline(TimePoint now) const = 0;
    // Closes the connection and answers what is in flight.
    virtual void end() = 0;
    // The session had work for long, or an accepted share: resets the count of failures.
    [[nodiscard]] virtual bool went_well(TimePoint /*now*/) const { return false; }
};

// since: the session's first job; nullopt before it.
inline bool session_went_well(std::optional<TimePoint> since, std::uint64_t accepted, TimePoint now) {
    constexpr std::chrono::seconds kLong{10};
    return since && (accepted > 0 || now - *since >= kLong);
}

// host:port of a pool, which may have redirected us.
inline std::string authority_at(util::Url url, const Place& place) {
    url.host = place.host;
    url.port = place.port;
    return url.authority();
}

// Makes a pool's links, and passes on what one has learned to the next.
class Links {
 public:
    Links() = default;
    Links(const Links&) = delete;
    Links& operator=(const Links&) = delete;
    virtual ~Links() = default;

    virtual Result<std::unique_ptr<Link>> make(std::shared_ptr<net::Stream> stream, const Place& place,
                                               LinkHost& host) = 0;
    enum class Next { Pause, AtOnce };
    // Called before a failed link is ended; null: the connection to this place failed. May replace the error
    // by a more specific one, or ask for an immediate retry.
    virtual Next failed(Link* link, const Place& place, Error& error, LinkHost& host) = 0;
};

}  // namespace lode::source::pool

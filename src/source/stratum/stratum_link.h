// A connection to a pool that speaks Stratum V1.
#pragma once

#include <memory>
#include <string>

#include "source/pool/link.h"
#include "source/stratum/session_options.h"
#include "util/url.h"

namespace lode::source::stratum {

struct LinkOptions {
    util::Url url;
    bool tls = false;
    bool dump = false;       // log every line
    std::string password;    // removed from what is logged
    SessionOptions session;  // for every session; resume and configure are set by the links
};

std::unique_ptr<pool::Links> make_links(LinkOptions options);

}  // namespace lode::source::stratum

// Probes whether a server that did not answer the handshake speaks Stratum V1, for a better error.
#pragma once

#include <memory>

#include "source/pool/link.h"

namespace lode::source::sv2 {

// Always ends with an error, within five seconds.
std::unique_ptr<pool::Link> make_v1_probe(std::shared_ptr<net::Stream> stream, pool::LinkHost& host);

}  // namespace lode::source::sv2

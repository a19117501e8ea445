// Work sources by their URLs: what `lode mine` mines on.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "lode/loop.h"
#include "lode/result.h"
#include "lode/source.h"
#include "lode/source_options.h"

namespace lode {

// One of
//   http(s)://[user:password@]host:port                   a Bitcoin node's JSON-RPC
//   stratum+tcp://host:port, stratum+ssl://…, host:port   a pool of Stratum V1
//   stratum2+tcp://host:port/KEY                          a pool of Stratum V2
//   template+tcp://host:port/KEY                          a template provider of Stratum V2
//   local                                                 a chain of one's own in options.data_dir
// Jobs of nodes and pools are judged by the stored headers and options.peers, where there are any. The loop
// outlives the source. Usage: a URL or an option that it cannot work with.
Result<std::unique_ptr<WorkSource>> make_source(std::string_view url, const SourceOptions& options,
                                                Loop& loop);

// Failover, in order of preference: mines on the first that works, and returns to an earlier one when it
// works again. options.retries counts rounds. No URL: the local chain.
Result<std::unique_ptr<WorkSource>> make_source(std::span<const std::string> urls,
                                                const SourceOptions& options, Loop& loop);

// What make_source() makes of URLs, with URLs and options that can be changed while it is mined.
class ReplaceableSource : public WorkSource {
 public:
    // Mines on these instead. What was mined so far goes on until the new source has a job; then it gets and
    // answers, for 10 s at most, what is still found and under way for it. If the new one gives up first,
    // the former stays. The chain stays as it was made: network, signet_challenge, data_dir, peers and listen
    // are not read. Usage: as make_source(), or a local chain before or after; nothing changes then. On the
    // io thread, not from inside a callback of the source.
    virtual Result<void> replace(std::span<const std::string> urls, const SourceOptions& options) = 0;
};
Result<std::unique_ptr<ReplaceableSource>> make_replaceable_source(std::span<const std::string> urls,
                                                                   const SourceOptions& options, Loop& loop);

// Whether make_source() would take these; connects to nothing and opens no file but those that options name.
// Any thread.
Result<void> check_source(std::span<const std::string> urls, const SourceOptions& options);

// Endless made-up work for benchmarks: about one hash in 2^share_bits is submitted and accepted at once.
std::unique_ptr<WorkSource> make_bench_source(unsigned share_bits, Loop& loop);

}  // namespace lode

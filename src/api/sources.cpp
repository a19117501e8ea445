#include "lode/sources.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "api/loop.h"
#include "source/bench/bench_source.h"
#include "source/failover/failover.h"
#include "source/judged/judged_source.h"
#include "source/registry.h"
#include "source/switch/switch_source.h"
#include "util/url.h"

namespace lode {
namespace {

using Made = Result<std::unique_ptr<WorkSource>>;
using Watches = std::shared_ptr<source::ChainWatches>;

constexpr std::string_view kLocal = "local";

Result<util::Url> parse(std::string_view text) {
    if (text != kLocal) return util::parse_url(text);
    util::Url url;
    url.scheme = kLocal;
    return url;
}

// Jobs of nodes and pools are compared with our header tree; the local chain's are built on it.
Made make_judged(const util::Url& url, const SourceOptions& options, const Watches& watches,
                 const boost::asio::any_io_executor& executor) {
    auto made = source::make_source(url, options, executor);
    if (!made || url.scheme == kLocal) return made;
    return source::make_judged(std::move(*made), watches, {.on_bad_job = options.on_bad_job}, executor);
}

// Each child gives up early; the failover counts the rounds.
Made make_failover(const std::vector<util::Url>& urls, const SourceOptions& options, const Watches& watches,
                   const boost::asio::any_io_executor& executor) {
    SourceOptions child_options = options;
    child_options.retries = 0;
    std::vector<source::FailoverChild> children;
    for (const auto& url : urls) {
        if (auto probe = source::make_source(url, child_options, executor); !probe)
            return probe;  // its options are wrong
        children.push_back({url.safe(), [=] { return make_judged(url, child_options, watches, executor); }});
    }
    return source::make_failover(std::move(children),
                                 {.rounds = options.retries, .pause = options.retry_pause}, executor);
}

Result<std::vector<util::Url>> parse_all(std::span<const std::string> urls) {
    std::vector<util::Url> parsed;
    for (const auto& text : urls) {
        auto url = parse(text);
        if (!url) return tl::unexpected(url.error().at("URL"));
        parsed.push_back(std::move(*url));
    }
    if (parsed.empty()) parsed.push_back(*parse(kLocal));
    return parsed;
}

bool has_local(const std::vector<util::Url>& urls) {
    return std::ranges::any_of(urls, [](const util::Url& url) { return url.scheme == kLocal; });
}

// A source together with the header chains that its jobs are judged by, which report to the same observers.
class WatchedSource final : public ReplaceableSource {
 public:
    WatchedSource(SourceOptions options, boost::asio::any_io_executor executor)
        : options_(std::move(options)),
          executor_(std::move(executor)),
          watches_(std::make_shared<source::ChainWatches>(options_, executor_, [this](const Event& event) {
              if (sink_ != nullptr) sink_->report(event);
          })) {}
    ~WatchedSource() override { end(); }

    Result<void> set(const std::vector<util::Url>& urls) {
        auto made = make(urls, options_);
        if (!made) return tl::unexpected(made.error());
        inner_ = std::make_unique<source::SwitchSource>(std::move(*made), source::SwitchOptions{}, executor_);
        local_ = has_local(urls);
        return {};
    }
    // Two chains on one directory would wait for each other's lock.
    Result<void> replace(std::span<const std::string> urls, const SourceOptions& options) override {
        const auto parsed = parse_all(urls);
        if (!parsed) return tl::unexpected(parsed.error());
        if (local_ || has_local(*parsed))
            return fail(ErrorKind::Usage, "a local chain cannot be replaced, nor replace another source",
                        "URL", "a restart");
        SourceOptions mixed = options;
        mixed.network = options_.network;
        mixed.signet_challenge = options_.signet_challenge;
        mixed.data_dir = options_.data_dir;
        mixed.peers = options_.peers;
        mixed.listen = options_.listen;
        auto made = make(*parsed, mixed);
        if (!made) return tl::unexpected(made.error());
        inner_->use(std::move(*made));
        return {};
    }

    [[nodiscard]] std::string name() const override { return inner_->name(); }
    void start(JobSink& sink) override {
        sink_ = &sink;
        inner_->start(sink);
    }
    void submit(const Solution& solution, SubmitCallback callback) override {
        inner_->submit(solution, std::move(callback));
    }
    void hashrate(double rate) override { inner_->hashrate(rate); }
    void stop() override { end(); }

 private:
    Made make(const std::vector<util::Url>& urls, const SourceOptions& options) {
        return urls.size() == 1 ? make_judged(urls.front(), options, watches_, executor_)
                                : make_failover(urls, options, watches_, executor_);
    }
    void end() {
        if (inner_) inner_->stop();
        watches_->stop();
        sink_ = nullptr;
    }

    const SourceOptions options_;
    boost::asio::any_io_executor executor_;
    JobSink* sink_ = nullptr;
    Watches watches_;
    std::unique_ptr<source::SwitchSource> inner_;
    bool local_ = false;
};

}  // namespace

Result<std::unique_ptr<ReplaceableSource>> make_replaceable_source(std::span<const std::string> urls,
                                                                   const SourceOptions& options, Loop& loop) {
    const auto parsed = parse_all(urls);
    if (!parsed) return tl::unexpected(parsed.error());
    auto watched = std::make_unique<WatchedSource>(options, executor_of(loop));
    if (const auto set = watched->set(*parsed); !set) return tl::unexpected(set.error());
    return watched;
}

Made make_source(std::span<const std::string> urls, const SourceOptions& options, Loop& loop) {
    return make_replaceable_source(urls, options, loop);
}

Result<void> check_source(std::span<const std::string> urls, const SourceOptions& options) {
    Loop loop;
    return make_source(urls, options, loop).map([](const auto&) {});
}

Made make_source(std::string_view url, const SourceOptions& options, Loop& loop) {
    const std::string text(url);
    return make_source(std::span(&text, 1), options, loop);
}

std::unique_ptr<WorkSource> make_bench_source(unsigned share_bits, Loop& loop) {
    return source::make_bench_source(share_bits, executor_of(loop));
}

}  // namespace lode

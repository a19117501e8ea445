#include <algorithm>
#include <memory>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "app/chain.h"
#include "app/import_source.h"
#include "app/progress.h"
#include "app/units.h"
#include "chain/checkpoint.h"
#include "chain/header_reader.h"
#include "util/clock.h"
#include "util/log.h"

namespace lode::app {
namespace {

using chain::Accepted;
using chain::Anchor;
using chain::ChainTracker;
using chain::FileFormat;
using chain::HeaderReader;
using chain::HeaderStore;

constexpr chain::Index kBatch = 1 << 14;  // headers written and synced at once

constexpr const char* kImportHelp =
    R"(FILE: raw 80-byte headers, a node's blk*.dat (with its xor.dat beside it where it is obfuscated), headers as
160 hex digits in lines, CSV or JSON, a headers.dat of lode, or gzip of any of these; - reads standard input.
A file that begins at genesis names its network by that (as do blk*.dat and headers.dat): it needs no --network.
A file that begins at genesis, or at a stored header, needs no more. Another one needs the block that you
trust, which must be in the file: --checkpoint HEIGHT:HASH:WORK, WORK being the chain work up to and including
it in hex ("chainwork" of a node's getblockheader). Headers before it are not stored.
Examples:
  lode chain import headers.bin --network main
  lode chain import later.bin --checkpoint 149184:00000000...:2a7e...)";

struct ImportOptions : ChainOptions {
    std::string file;
    std::string checkpoint;  // HEIGHT:HASH:WORK; empty: none
};

// Adds the flag to the library's errors about a checkpoint.
Error of_flag(Error error) {
    error.where = "--checkpoint";
    return error;
}

class Import {
 public:
    explicit Import(const ImportOptions& options) : options_(options) {}
    int run();

 private:
    using Item = HeaderReader::Item;

    // The anchor, if the chain does not begin at genesis; moves `item` to its header.
    Result<std::optional<Anchor>> find_anchor(HeaderReader& reader, std::optional<Item>& item);
    Result<Anchor> find_checkpoint(const chain::Checkpoint& checkpoint, HeaderReader& reader,
                                   std::optional<Item>& item);
    std::optional<Error> open_store(const chain::NetworkDir& dir, const std::optional<Anchor>& anchor);
    std::optional<Error> read_all(HeaderReader& reader, std::optional<Item> item);
    std::optional<Error> take(const Item& item, bool ordered);
    std::optional<Error> refused(const chain::RuleViolation& violation, const std::string& place);
    void tell(const HeaderReader& reader);
    void summarize(const HeaderReader& reader, bool ok, double seconds);
    [[nodiscard]] std::uint64_t added() const { return std::max(store_->stored(), before_) - before_; }

    const ImportOptions& options_;
    const chain::Network* network_ = nullptr;
    std::string another_network_;  // a hint, if the network was neither given nor identified by the file
    std::optional<HeaderStore> store_;
    std::optional<ChainTracker> tracker_;
    bool begins_ = false;      // with a checkpoint: all is checked before anything is written
    chain::Index before_ = 0;  // headers stored at the start
    std::uint64_t read_ = 0, known_ = 0, skipped_ = 0, size_ = 0;
    const std::int64_t now_ = util::unix_time();
    std::optional<Progress> bar_;
};

Result<std::optional<Anchor>> Import::find_anchor(HeaderReader& reader, std::optional<Item>& item) {
    const auto& prologue = reader.prologue();
    if (options_.checkpoint.empty()) {
        if (!prologue || prologue->height == 0) return std::nullopt;
        return fail(ErrorKind::Usage, fmt::format("begins at height {}", prologue->height), options_.file,
                    fmt::format("--checkpoint {}:{}:{}, if you trust that block", prologue->height,
                                item->hash.hex(), prologue->work.to_short_hex()));
    }
    const auto checkpoint = chain::parse_checkpoint(options_.checkpoint);
    if (!checkpoint) return tl::unexpected(of_flag(checkpoint.error()));
    auto anchor = find_checkpoint(*checkpoint, reader, item);
    if (!anchor) return tl::unexpected(anchor.error());
    const bool first_stored = prologue && skipped_ == 0;
    if (first_stored && (prologue->height != anchor->height || prologue->work != anchor->work))
        return fail(
            ErrorKind::Usage, "is not what the file says of this block", "--checkpoint",
            fmt::format("{}:{}:{}", prologue->height, item->hash.hex(), prologue->work.to_short_hex()));
    return *anchor;
}

Result<Anchor> Import::find_checkpoint(const chain::Checkpoint& checkpoint, HeaderReader& reader,
                                       std::optional<Item>& item) {
    // If the headers begin at genesis, height and work follow from them.
    std::optional<ChainTracker> before;
    if (item->hash == network_->genesis_hash || item->header.prev == network_->genesis_hash)
        before.emplace(*network_);
    while (item && item->hash != checkpoint.hash) {
        ++skipped_;
        if (before) (void)before->accept(item->header, item->hash, now_);
        auto next = reader.next();
        if (!next) return tl::unexpected(next.error().at(options_.file));
        item = *next;
    }
    if (!item)
        return fail(ErrorKind::Usage,
                    fmt::format("none of the file's {} headers is {}", skipped_, checkpoint.hash.hex()),
                    "--checkpoint");
    auto anchor = chain::anchor_at(*network_, checkpoint, item->header);
    if (!anchor) return tl::unexpected(of_flag(anchor.error()));
    if (before)
        if (auto error = chain::contradiction(*before, *anchor)) return tl::unexpected(of_flag(*error));
    return anchor;
}

std::optional<Error> Import::open_store(const chain::NetworkDir& dir, const std::optional<Anchor>& anchor) {
    auto store = HeaderStore::open(dir, anchor);
    if (!store) return store.error();
    log_remarks(store->remarks());
    store_ = std::move(*store);
    tracker_ = store_->take_tracker();
    begins_ = anchor && tracker_->size() == 1;
    before_ = tracker_->size();
    return std::nullopt;
}

int Import::run() {
    auto source = open_import_source(options_.file);
    if (!source) return report(source.error());
    size_ = source->size;
    HeaderReader reader(options_.given_network(), std::move(source->bytes), source->key);
    auto first = reader.next();
    if (!first) return report(first.error().at(options_.file));
    if (!*first)
        return report({ErrorKind::Malformed, "holds no header: " + reader.format_name(), options_.file, {}});
    network_ = reader.network();
    if (network_ == nullptr) {
        network_ = &options_.chosen_network();
        another_network_ = fmt::format(", or --network: without it this is {}", network_->name);
    }
    const auto anchor = find_anchor(reader, *first);
    if (!anchor) return report(anchor.error());
    const auto dir = chain::NetworkDir::lock(options_.directory(), *network_, "import");
    if (!dir) return report(dir.error());
    if (const auto error = open_store(*dir, *anchor)) return report(*error);

    bar_.emplace("importing", "headers", options_.json());
    const auto error = read_all(reader, *first);
    std::optional<Error> unsaved;
    if (!error || !begins_) unsaved = store_->append(*tracker_);  // the headers before a bad one are valid
    const double seconds = bar_->seconds();
    bar_.reset();
    summarize(reader, !error && !unsaved, seconds);
    if (unsaved) return report(*unsaved);
    if (error) {
        if (begins_) util::warn("nothing was stored: the checkpoint may be wrong");
        return report(error->at(options_.file));
    }
    if (tracker_->orphans() > 0)
        util::warn("{} headers follow blocks that are not stored, and are left out", tracker_->orphans());
    return added() + known_ > 0 ? kDone : kUsage;
}

std::optional<Error> Import::read_all(HeaderReader& reader, std::optional<Item> item) {
    // A gap is an error in these formats; nodes write blocks in order of arrival, and text may contain
    // anything.
    const bool ordered = reader.format() == FileFormat::Raw || reader.format() == FileFormat::Store;
    while (item) {
        if (auto error = take(*item, ordered)) return error;
        if (!begins_ && tracker_->size() - store_->stored() >= kBatch) {
            if (auto error = store_->append(*tracker_)) return error;
            tell(reader);
        }
        auto next = reader.next();
        if (!next) return next.error();
        item = *next;
    }
    return std::nullopt;
}

std::optional<Error> Import::take(const Item& item, bool ordered) {
    ++read_;
    const auto accepted = tracker_->accept(item.header, item.hash, now_);
    const bool linked = accepted && accepted->status != Accepted::Status::Orphan;
    if (!linked && ordered && !tracker_->find(item.header.prev))
        return refused({chain::rule::kNoParent, "follows " + item.header.prev.hex() + ", which is not stored",
                        "the header before it, or --checkpoint" + another_network_, -1, item.hash},
                       item.place());
    if (!accepted) return refused(accepted.error(), item.place());
    if (accepted->bad_orphan) return refused(*accepted->bad_orphan, "a header before " + item.place());
    if (accepted->status == Accepted::Status::Known) ++known_;
    return std::nullopt;
}

std::optional<Error> Import::refused(const chain::RuleViolation& violation, const std::string& place) {
    if (options_.json())
        print_json({{"event", "refused"},
                    {"place", place},
                    {"height", violation.height >= 0 ? nlohmann::ordered_json(violation.height)
                                                     : nlohmann::ordered_json()},
                    {"hash", violation.hash.hex()},
                    {"rule", violation.rule},
                    {"found", violation.found},
                    {"expected", violation.expected}});
    return violation.error().at(place);
}

void Import::tell(const HeaderReader& reader) {
    if (options_.json()) print_json({{"event", "progress"}, {"headers", store_->stored()}, {"read", read_}});
    const double whole = static_cast<double>(std::max<std::uint64_t>(size_, reader.position()));
    bar_->update(static_cast<double>(reader.position()) / whole, read_);
}

void Import::summarize(const HeaderReader& reader, bool ok, double seconds) {
    const double rate = static_cast<double>(read_) / std::max(seconds, 1e-6);
    const auto tip = tracker_->tip();
    if (options_.json()) {
        print_json({{"event", "import"},
                    {"network", network_->name},
                    {"format", reader.format_name()},
                    {"ok", ok},
                    {"read", read_},
                    {"added", added()},
                    {"known", known_},
                    {"skipped", skipped_},
                    {"unconnected", tracker_->orphans()},
                    {"headers", store_->stored()},
                    {"height", tracker_->height(tip)},
                    {"tip", tracker_->hash(tip).hex()},
                    {"seconds", seconds},
                    {"rate", rate}});
        return;
    }
    fmt::print("{}: {} headers read ({}) in {}, {}; {} new, {} known, {} not connected\n", network_->name,
               read_, reader.format_name(), duration_text(seconds), count_text(rate, "/s"), added(), known_,
               tracker_->orphans());
    if (skipped_ > 0) fmt::print("{} headers before the checkpoint are not stored\n", skipped_);
    fmt::print("tip at height {}: {}\n", tracker_->height(tip), tracker_->hash(tip).hex());
}

}  // namespace

void add_chain_import(CLI::App& chain, Run& run) {
    auto options = std::make_shared<ImportOptions>();
    CLI::App* command = chain.add_subcommand("import", "check headers from a file and keep them");
    command->add_option("FILE", options->file, "file of headers; -: standard input")->required();
    command->add_option("--checkpoint", options->checkpoint, "HEIGHT:HASH:WORK of the block to begin at");
    declare_chain_options(*command, *options);
    command->footer(kImportHelp);
    command->callback([options, &run] { run = [options] { return Import(*options).run(); }; });
}

}  // namespace lode::app

#include <memory>
#include <unistd.h>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "app/chain.h"
#include "app/progress.h"
#include "app/units.h"
#include "chain/header_reader.h"
#include "util/hex.h"
#include "util/log.h"

namespace lode::app {
namespace {

using chain::Accepted;
using chain::ChainTracker;
using chain::HeaderReader;
using chain::HeaderStore;

constexpr chain::Index kBatch = 1 << 14;  // headers brought to disk at once

constexpr const char* kImportHelp =
    R"(FILE: raw 80-byte headers, a node's blk*.dat (not obfuscated: -blocksxor=0), lines with
160 hex digits (CSV too), or a headers.dat of lode; - reads standard input.
A file that begins at genesis names its network by that (as do blk*.dat and headers.dat): it needs no --network.
A file that begins at genesis, or at a stored header, needs no more. Another one needs the block that you
trust, which must be in the file: --checkpoint HEIGHT:HASH:WORK, WORK being the chain work up to and including
it in hex ("chainwork" of a node's getblockheader). Headers before it are passed over.
Examples:
  lode chain import headers.bin --network main
  lode chain import later.bin --checkpoint 149184:00000000...:2a7e...)";

struct ImportOptions : ChainOptions {
    std::string file;
    std::string checkpoint;  // HEIGHT:HASH:WORK
};

struct Checkpoint {
    std::int64_t height = 0;
    Hash256 hash;
    Uint256 work;
};

Result<Checkpoint> parse_checkpoint(const std::string& text) {
    const auto refuse = [&] {
        return fail(ErrorKind::Usage, "\"" + util::printable(text) + "\"", "--checkpoint",
                    "HEIGHT:HASH:WORK, the hash with 64 hex digits, the work in hex");
    };
    const auto first = text.find(':'), second = text.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos || first == 0 || first > 9) return refuse();
    if (text.find_first_not_of("0123456789") != first) return refuse();
    const auto hash = Hash256::from_hex(std::string_view(text).substr(first + 1, second - first - 1));
    const auto work = Uint256::from_hex(std::string_view(text).substr(second + 1));
    if (!hash || !work || work->is_zero()) return refuse();
    return Checkpoint{std::stol(text.substr(0, first)), *hash, *work};
}

Result<chain::ByteSource> open_source(const std::string& path, std::uint64_t& size) {
    if (path == "-") {
        return chain::ByteSource([](std::span<std::uint8_t> out) -> Result<std::size_t> {
            const std::size_t n = std::fread(out.data(), 1, out.size(), stdin);
            if (n < out.size() && std::ferror(stdin) != 0)
                return fail(ErrorKind::Storage, "cannot be read", "standard input");
            return n;
        });
    }
    auto file = chain::File::open(path, chain::File::Mode::Read);
    if (!file) return tl::unexpected(Error{ErrorKind::Usage, file.error().what, path, {}});
    size = file->size().value_or(0);
    auto shared = std::make_shared<chain::File>(std::move(*file));
    return chain::ByteSource(
        [shared, offset = std::uint64_t{0}](std::span<std::uint8_t> out) mutable -> Result<std::size_t> {
            auto n = shared->read(offset, out);
            if (n) offset += *n;
            return n;
        });
}

class Import {
 public:
    explicit Import(const ImportOptions& options) : options_(options) {}
    int run();

 private:
    using Item = HeaderReader::Item;

    // Where the chain shall begin, if not at genesis; moves `item` to the header there.
    Result<std::optional<chain::Anchor>> find_anchor(HeaderReader& reader, std::optional<Item>& item) const;
    std::optional<Error> read_all(HeaderReader& reader, std::optional<Item> item);
    std::optional<Error> take(const Item& item, bool ordered);
    std::optional<Error> save();
    std::optional<Error> refused(const chain::RuleViolation& violation, const std::string& place);
    void tell(const HeaderReader& reader);
    [[nodiscard]] std::uint64_t added() const { return tracker_->size() - before_; }

    const ImportOptions& options_;
    const chain::Network* network_ = nullptr;
    std::string another_network_;  // what to try where the network was neither given nor named by the file
    std::optional<HeaderStore> store_;
    std::optional<ChainTracker> tracker_;
    chain::Index before_ = 0;  // headers stored at the start
    std::uint64_t read_ = 0, known_ = 0, size_ = 0;
    const std::int64_t now_ = unix_now();
    std::optional<Progress> bar_;
};

Result<std::optional<chain::Anchor>> Import::find_anchor(HeaderReader& reader,
                                                         std::optional<Item>& item) const {
    if (options_.checkpoint.empty()) {
        const auto& prologue = reader.prologue();
        if (!prologue || prologue->height == 0) return std::nullopt;
        return fail(ErrorKind::Usage, fmt::format("begins at height {}", prologue->height), options_.file,
                    fmt::format("--checkpoint {}:{}:{}, if you trust that block", prologue->height,
                                item->header.hash().hex(), prologue->work.to_short_hex()));
    }
    const auto checkpoint = parse_checkpoint(options_.checkpoint);
    if (!checkpoint) return tl::unexpected(checkpoint.error());
    while (item && item->header.hash() != checkpoint->hash) {
        auto next = reader.next();
        if (!next) return tl::unexpected(next.error());
        item = std::move(*next);
    }
    if (!item)
        return fail(ErrorKind::Usage, "the file has no header " + checkpoint->hash.hex(), "--checkpoint");
    if (auto violation = chain::check_proof_of_work(*network_, item->header, checkpoint->hash))
        return tl::unexpected(violation->error().at("--checkpoint"));
    return chain::Anchor{checkpoint->height, item->header, checkpoint->work};
}

int Import::run() {
    auto source = open_source(options_.file, size_);
    if (!source) return report(source.error());
    HeaderReader reader(chain::find_network(options_.network), std::move(*source));
    auto first = reader.next();
    if (!first) return report(first.error().at(options_.file));
    if (!*first) return report({ErrorKind::Malformed, "holds no header", options_.file, {}});
    network_ = reader.network();
    if (network_ == nullptr) {
        network_ = &options_.chosen_network();
        another_network_ = fmt::format(", or --network: without it this is {}", network_->name);
    }
    auto anchor = find_anchor(reader, *first);
    if (!anchor) return report(anchor.error());

    const auto dir = chain::NetworkDir::lock(options_.directory(), *network_, "import");
    if (!dir) return report(dir.error());
    auto store = HeaderStore::open(*dir, *anchor);
    if (!store) return report(store.error());
    log_remarks(store->remarks());
    store_ = std::move(*store);
    tracker_ = store_->take_tracker();
    before_ = tracker_->size();

    bar_.emplace("importing", "headers", options_.json());
    const auto error = read_all(reader, std::move(*first));
    const auto unsaved = save();  // what came before the bad one is good
    const double seconds = bar_->seconds();
    bar_.reset();
    const std::uint64_t unconnected = tracker_->orphans();
    if (options_.json()) {
        print_json({{"event", "import"},
                    {"network", network_->name},
                    {"format", reader.format_name()},
                    {"ok", !error && !unsaved},
                    {"read", read_},
                    {"added", added()},
                    {"known", known_},
                    {"unconnected", unconnected},
                    {"headers", store_->stored()},
                    {"height", tracker_->height(tracker_->tip())},
                    {"tip", tracker_->hash(tracker_->tip()).hex()},
                    {"seconds", seconds},
                    {"rate", static_cast<double>(read_) / std::max(seconds, 1e-6)}});
    } else {
        fmt::print("{}: {} headers read ({}) in {}, {}; {} new, {} known, {} connect to nothing stored\n",
                   network_->name, read_, reader.format_name(), duration_text(seconds),
                   count_text(static_cast<double>(read_) / std::max(seconds, 1e-6), "/s"), added(), known_,
                   unconnected);
        fmt::print("tip at height {}: {}\n", tracker_->height(tracker_->tip()),
                   tracker_->hash(tracker_->tip()).hex());
    }
    if (unsaved) return report(*unsaved);
    if (error) return report(error->at(options_.file));
    if (unconnected > 0)
        util::warn("{} headers follow blocks that are not stored, and are left out", unconnected);
    return added() + known_ > 0 ? kDone : kUsage;
}

std::optional<Error> Import::read_all(HeaderReader& reader, std::optional<Item> item) {
    using Format = HeaderReader::Format;
    // In these a gap is a fault; nodes write blocks as they come, and lists may hold anything.
    const bool ordered = reader.format() == Format::Raw || reader.format() == Format::Store;
    while (item) {
        if (auto error = take(*item, ordered)) return error;
        if (tracker_->size() - store_->stored() >= kBatch) {
            if (auto error = save()) return error;
            tell(reader);
        }
        auto next = reader.next();
        if (!next) return next.error();
        item = std::move(*next);
    }
    return std::nullopt;
}

std::optional<Error> Import::take(const Item& item, bool ordered) {
    ++read_;
    const auto accepted = tracker_->accept(item.header, now_);
    const bool linked = accepted && accepted->status != Accepted::Status::Orphan;
    if (!linked && ordered && !tracker_->find(item.header.prev))
        return refused({chain::rule::kNoParent, "follows " + item.header.prev.hex() + ", which is not stored",
                        "the header before it, or --checkpoint" + another_network_, -1, item.header.hash()},
                       item.place);
    if (!accepted) return refused(accepted.error(), item.place);
    if (accepted->bad_orphan) return refused(*accepted->bad_orphan, "a header before " + item.place);
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

std::optional<Error> Import::save() {
    return store_->append(*tracker_);
}

void Import::tell(const HeaderReader& reader) {
    if (options_.json()) print_json({{"event", "progress"}, {"headers", store_->stored()}, {"read", read_}});
    const double whole = static_cast<double>(std::max<std::uint64_t>(size_, reader.position()));
    bar_->update(static_cast<double>(reader.position()) / whole, read_);
}

}  // namespace

void add_chain_import(CLI::App& chain, Run& run) {
    auto options = std::make_shared<ImportOptions>();
    CLI::App* command = chain.add_subcommand("import", "check headers from a file and keep them");
    command->add_option("FILE", options->file, "where the headers are; -: standard input")->required();
    command->add_option("--checkpoint", options->checkpoint, "HEIGHT:HASH:WORK of the block to begin at");
    declare_chain_options(*command, *options);
    command->footer(kImportHelp);
    command->callback([options, &run] { run = [options] { return Import(*options).run(); }; });
}

}  // namespace lode::app

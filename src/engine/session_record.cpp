#include "engine/session_record.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "engine/share_tally.h"

namespace lode::engine {
namespace {

using std::chrono::milliseconds;
using std::chrono::system_clock;

// Converts a steady time point to wall time.
system_clock::time_point wall_time(SessionRecord::Clock::time_point time) {
    return system_clock::now() +
           std::chrono::duration_cast<system_clock::duration>(time - SessionRecord::Clock::now());
}

BlockStatus block_status(const Solution& solution, Outcome::Status status) {
    switch (status) {
        case Outcome::Status::Accepted:
            return solution.job->single_block ? BlockStatus::Accepted : BlockStatus::ShareAccepted;
        case Outcome::Status::Rejected:
            return BlockStatus::Rejected;
        case Outcome::Status::Stale:
            return BlockStatus::Stale;
        case Outcome::Status::Unknown:
            break;
    }
    return BlockStatus::Unknown;
}

}  // namespace

SessionRecord::SessionRecord(const std::vector<DeviceEntry>& devices, double best_before)
    : retry_at_(devices.size()) {
    now_.best_difficulty_ever = best_before;
    for (const auto& entry : devices) {
        DeviceSnapshot device;
        device.id = entry.id;
        device.backend = entry.backend;
        device.name = entry.name;
        now_.devices.push_back(std::move(device));
    }
}

void SessionRecord::started(std::string source) {
    const std::scoped_lock lock(mutex_);
    began_ = Clock::now();
    now_.source.name = std::move(source);
}

void SessionRecord::stopped() {
    const std::scoped_lock lock(mutex_);
    ended_ = Clock::now();
}

void SessionRecord::paused(bool paused) {
    const std::scoped_lock lock(mutex_);
    now_.paused = paused;
}

void SessionRecord::happened(const Event& event) {
    const std::scoped_lock lock(mutex_);
    std::visit([this](const auto& e) { note(e); }, event);
}

void SessionRecord::no_job() {
    const std::scoped_lock lock(mutex_);
    job_.reset();
    now_.job.reset();
}

DeviceSnapshot* SessionRecord::find_device(const std::string& id) {
    const auto found = std::ranges::find(now_.devices, id, &DeviceSnapshot::id);
    return found == now_.devices.end() ? nullptr : &*found;
}

void SessionRecord::note(const event::DeviceOpened& e) {
    auto* device = find_device(e.device);
    if (device == nullptr) return;
    device->state = DeviceState::Running;
    device->error.reset();
    device->name = e.info.name;
    device->kernel = e.info.kernel;
    device->cpus = e.info.cpus;
}

void SessionRecord::note(const event::DeviceFailed& e) {
    device_failed(e.device, e.error, DeviceState::Failed);
    if (const auto* device = find_device(e.device))
        retry_at_[static_cast<std::size_t>(device - now_.devices.data())] = Clock::now() + e.retry_in;
}

void SessionRecord::note(const event::DeviceRetired& e) {
    device_failed(e.device, e.error, DeviceState::Retired);
}

void SessionRecord::device_failed(const std::string& id, const Error& error, DeviceState state) {
    auto* device = find_device(id);
    if (device == nullptr) return;
    device->state = state;
    device->error = error;
    ++device->failures;
}

// Events of a failover's sources that are not in use are ignored.
void SessionRecord::note(const event::SourceConnected& e) {
    auto& source = now_.source;
    if (source.connected_since && source.name != e.source) return;
    source.name = e.source;
    source.connected_since = system_clock::now();
    source.error.reset();
}

void SessionRecord::note(const event::SourceLost& e) {
    if (now_.source.name != e.source) return;
    now_.source.connected_since.reset();
    now_.source.error = e.error;
}

void SessionRecord::note(const event::SourceSwitched& e) {
    now_.source = {};
    now_.source.name = e.to;
}

void SessionRecord::note(const event::JobReceived& e) {
    auto& source = now_.source;
    source.name = e.source;
    if (!source.connected_since) source.connected_since = system_clock::now();
    source.error.reset();
    source.difficulty = e.job->difficulty;
    job_ = e.job;
    now_.job = JobSnapshot{e.job->id,
                           e.job->height,
                           e.job->network,
                           e.job->bits,
                           e.job->difficulty,
                           wall_time(e.job->received),
                           {},
                           {}};
    show_judgement();
}

// A job is judged before the engine receives it, and again when the chain tip changes.
void SessionRecord::note(const event::Judgement& e) {
    if (e.verdict != "tip") ++totals_.jobs_doubted;
    judged_ = e;
    show_judgement();
}

void SessionRecord::note(const event::BlockConfirmed& e) {
    const auto block = std::ranges::find(now_.blocks, e.hash, &FoundBlock::hash);
    if (block == now_.blocks.end() || block->status == BlockStatus::Accepted) return;
    block->status = BlockStatus::Accepted;
    ++totals_.blocks_accepted;
}

void SessionRecord::show_judgement() {
    if (!now_.job || judged_.job != job_) return;
    now_.job->judgement = judged_.verdict;
    now_.job->judgement_detail = judged_.detail;
}

void SessionRecord::found(const Solution& solution) {
    const std::scoped_lock lock(mutex_);
    now_.best_difficulty = std::max(now_.best_difficulty, solution.difficulty);
    now_.best_difficulty_ever = std::max(now_.best_difficulty_ever, solution.difficulty);
}

void SessionRecord::dropped(const Solution& solution) {
    const std::scoped_lock lock(mutex_);
    if (solution.block) add_block(solution, BlockStatus::Stale);
    count(solution, {Outcome::Status::Stale, "a newer job came before it was sent"});
}

void SessionRecord::sent(const Solution& solution) {
    const std::scoped_lock lock(mutex_);
    if (solution.block) add_block(solution, BlockStatus::Unknown);
}

void SessionRecord::add_block(const Solution& solution, BlockStatus status) {
    ++now_.blocks_found;
    if (now_.blocks.size() >= Snapshot::kMaxBlocks) now_.blocks.erase(now_.blocks.begin());
    const Job& job = *solution.job;
    now_.blocks.push_back({solution.hash,
                           job.height,
                           job.network,
                           solution.device,
                           solution.difficulty,
                           system_clock::now(),
                           status,
                           {}});
}

void SessionRecord::answered(const Solution& solution, const Outcome& outcome, milliseconds latency) {
    const std::scoped_lock lock(mutex_);
    count(solution, outcome);
    if (outcome.status != Outcome::Status::Unknown) now_.source.latency = latency;
    if (!solution.block) return;
    const auto block = std::ranges::find(now_.blocks, solution.hash, &FoundBlock::hash);
    if (block == now_.blocks.end()) return;  // too old to be listed
    if (block->status != BlockStatus::Accepted) block->status = block_status(solution, outcome.status);
    block->reason = outcome.reason;
}

void SessionRecord::count(const Solution& solution, const Outcome& outcome) {
    const bool share = !solution.job->single_block;
    switch (outcome.status) {
        case Outcome::Status::Accepted:
            totals_.shares_accepted += share ? 1 : 0;
            totals_.blocks += solution.block ? 1 : 0;
            totals_.blocks_accepted += solution.block && !share ? 1 : 0;
            break;
        case Outcome::Status::Rejected:
            totals_.shares_rejected += share ? 1 : 0;
            totals_.blocks_rejected += solution.block ? 1 : 0;
            break;
        case Outcome::Status::Stale:
            ++totals_.stale;
            break;
        case Outcome::Status::Unknown:
            ++totals_.unknown;
            break;
    }
    if (!share) return;
    add(now_.shares, outcome);
    if (auto* device = find_device(solution.device)) add(device->shares, outcome);
}

void SessionRecord::hardware_error(const std::string& id) {
    const std::scoped_lock lock(mutex_);
    ++totals_.hardware_errors;
    if (auto* device = find_device(id)) ++device->hardware_errors;
}

void SessionRecord::measured(const Hashrates& rates) {
    const std::scoped_lock lock(mutex_);
    now_.rates = rates.total();
    for (std::size_t i = 0; i < now_.devices.size(); ++i) now_.devices[i].rates = rates.of(i);
}

SessionRecord::Clock::duration SessionRecord::uptime() const {
    if (began_ == Clock::time_point()) return {};
    return (ended_ == Clock::time_point() ? Clock::now() : ended_) - began_;
}

Totals SessionRecord::totals(const std::vector<DeviceReading>& readings) const {
    const std::scoped_lock lock(mutex_);
    Totals totals = totals_;
    totals.blocks_found = now_.blocks_found;
    for (const auto& reading : readings) totals.hashes += reading.hashes;
    totals.seconds = std::chrono::duration<double>(uptime()).count();
    return totals;
}

Snapshot SessionRecord::snapshot(const std::vector<DeviceReading>& readings) const {
    const std::scoped_lock lock(mutex_);
    Snapshot snapshot = now_;
    snapshot.taken = system_clock::now();
    snapshot.uptime = std::chrono::duration_cast<milliseconds>(uptime());
    snapshot.hardware_errors = totals_.hardware_errors;
    snapshot.jobs_doubted = totals_.jobs_doubted;
    snapshot.blocks_accepted = totals_.blocks_accepted;
    for (std::size_t i = 0; i < snapshot.devices.size(); ++i) {
        auto& device = snapshot.devices[i];
        device.hashes = readings[i].hashes;
        device.telemetry = readings[i].telemetry;
        snapshot.hashes += device.hashes;
        if (device.state == DeviceState::Failed && Clock::now() >= retry_at_[i])
            device.state = DeviceState::Opening;
    }
    return snapshot;
}

}  // namespace lode::engine

#include "source/node/job_maker.h"

#include <random>
#include <utility>

#include "source/node/signer.h"
#include "source/node/signet.h"
#include "work/roll.h"

namespace lode::source::node {
namespace {

using namespace std::chrono_literals;

constexpr auto kRenewal = 200ms;  // between looks whether a signed job's nonces are spent

}  // namespace

JobMaker::JobMaker(const boost::asio::any_io_executor& executor, NodeLink& link, const SourceOptions& options,
                   std::vector<std::uint8_t> script, Hooks hooks)
    : link_(link),
      options_(options),
      script_(std::move(script)),
      hooks_(std::move(hooks)),
      renew_timer_(executor) {
    std::random_device random;
    serial_ = std::uint64_t{random()} << 32 | random();
}

Result<JobPtr> JobMaker::draft(const TemplatePtr& work, TimePoint received, bool clean) {
    return make_job(work, describe(received, clean));
}

void JobMaker::make(const TemplatePtr& work, TimePoint received, bool clean) {
    unsigned_ = nullptr;
    const JobSpec spec = describe(received, clean);
    if (signet::wants_signature(work->signet_challenge)) return have_signed(work, spec);
    publish(make_job(work, spec));
}

void JobMaker::stop() {
    drop_unsigned();
    renew_timer_.cancel();
}

bool JobMaker::spent() const {
    return job_ && signet::wants_signature(job_->signet_challenge) && job_->space->exhausted();
}

JobSpec JobMaker::describe(TimePoint received, bool clean) {
    JobSpec spec;
    spec.script = script_;
    spec.tag = options_.coinbase_tag;
    spec.version_mask = options_.version_rolling ? options_.version_mask : 0;
    spec.network = network_;
    spec.clean = clean;
    spec.received = received;
    ++serial_;
    for (int shift = 56; shift >= 0; shift -= 8)
        spec.extranonce1.push_back(static_cast<std::uint8_t>(serial_ >> shift));
    return spec;
}

void JobMaker::have_signed(const TemplatePtr& work, const JobSpec& spec) {
    const auto draft = make_job(work, spec);
    if (!draft) return publish(draft);
    const BlockHeader header = work::header_of(**draft, 0, 0);
    const std::string psbt = signet::signing_psbt(
        work->signet_challenge,
        {static_cast<std::uint32_t>(header.version), header.prev, header.merkle_root, header.time});
    unsigned_ = work;
    sign(link_.rpc(), psbt, [this, work, spec](const auto& solution) {
        if (!solution)
            return link_.failed(solution.error(), solution.error().error.kind != ErrorKind::Unreachable);
        if (unsigned_ != work) return;  // replaced or dropped
        unsigned_ = nullptr;
        JobSpec complete = spec;
        complete.signet_solution = *solution;
        publish(make_job(work, std::move(complete)));
        watch_nonces();
    });
}

void JobMaker::publish(const Result<JobPtr>& job) {
    if (!job) return link_.failed(job.error(), job.error().kind == ErrorKind::Usage);
    job_ = *job;
    hooks_.publish(job_);
}

// A signature covers everything but the nonce.
void JobMaker::watch_nonces() {
    renew_timer_.after(kRenewal, [this] {
        if (spent()) return hooks_.spent();
        watch_nonces();
    });
}

}  // namespace lode::source::node

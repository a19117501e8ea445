#include <array>

#include "backend/known_blocks.h"
#include "conformance/conformance.h"

namespace lode::conformance {
namespace {

using backend::known_blocks;
using backend::KnownBlock;
using backend::scan_input;

class QueueSuite {
 public:
    explicit QueueSuite(Device& device) : device_(device) {}

    void answers_come_in_order();
    void misuse_is_an_error();
    Report report;

 private:
    void expect(bool good, const char* check, const std::string& text) {
        ++report.checks;
        if (!good) report.failures.push_back({check, text});
    }
    // Collects one scan of a known block, which must hold its nonce alone.
    void expect_block(const char* check, const KnownBlock& known);

    Device& device_;
};

void QueueSuite::expect_block(const char* check, const KnownBlock& known) {
    const auto answer = device_.collect();
    const std::string name = "block " + std::to_string(known.height) + ": ";
    if (!answer) return expect(false, check, name + answer.error().text());
    const auto& result = *answer;
    expect(result.total == 1 && result.hits[0] == Hit{known.nonce, 0}, check,
           name + std::to_string(result.total) + " hits");
}

// As many in flight as it wants, long and short ones mixed, each with an input of its own that is gone when
// enqueue() returns.
void QueueSuite::answers_come_in_order() {
    constexpr const char* kCheck = "answers come in the order of the scans";
    constexpr unsigned kScans = 40;
    const auto blocks = known_blocks();
    const unsigned depth = device_.info().in_flight;
    for (unsigned i = 0; i < kScans + depth; ++i) {
        if (i >= depth) expect_block(kCheck, blocks[(i - depth) % blocks.size()]);
        if (i >= kScans) continue;
        const KnownBlock& known = blocks[i % blocks.size()];
        ScanInput input = scan_input(known.header, 1, 0);
        const std::uint32_t before = i % 3 == 0 ? 0 : 5000;
        const auto queued = device_.enqueue(input, known.nonce - before, before + 1);
        input = {};
        if (!queued) return expect(false, kCheck, queued.error().text());
    }
}

void QueueSuite::misuse_is_an_error() {
    const ScanInput good = scan_input(known_blocks()[0].header, 1, 0);
    ScanInput none = good, many = good;
    none.variants = 0;
    many.variants = kMaxVariants + 1;
    expect(!device_.enqueue(none, 0, 1), "misuse", "no variants were accepted");
    expect(!device_.enqueue(many, 0, 1), "misuse", "nine variants were accepted");
    expect(!device_.enqueue(good, 0, 0), "misuse", "an empty range was accepted");
    expect(!device_.enqueue(good, 0xffffffff, 2), "misuse", "a range beyond 2^32 was accepted");
    expect(!device_.collect(), "misuse", "collect() without a scan gave a result");
}

}  // namespace

Report run_queue(const std::function<OpenedDevice()>& open) {
    Report report;
    auto opened = open();
    if (!opened) {
        report.failures.push_back({"open", opened.error().text()});
        return report;
    }
    {
        auto device = std::move(*opened);
        const DeviceInfo& info = device->info();
        ++report.checks;
        if (info.id.empty() || info.backend.empty() || info.name.empty() || info.kernel.empty() ||
            info.threads < 1 || info.variants < 1 || info.variants > kMaxVariants || info.in_flight < 1 ||
            info.granularity < 1)
            report.failures.push_back({"info", "a field is empty or out of range"});
        QueueSuite suite(*device);
        suite.answers_come_in_order();
        suite.misuse_is_an_error();
        report.checks += suite.report.checks;
        for (const Failure& failure : suite.report.failures) report.failures.push_back(failure);
        // Destroyed with a long scan in flight, whose answer nobody wants.
        (void)device->enqueue(scan_input(known_blocks()[0].header, 1, 0), 0, std::uint64_t{1} << 24);
    }
    return report;
}

}  // namespace lode::conformance

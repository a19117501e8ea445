#include "backend/opencl/open.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "backend/opencl/cl_device.h"
#include "backend/opencl/program.h"
#include "backend/opencl/tune.h"
#include "backend/self_test.h"

namespace lode::backend::opencl {
namespace {

using std::chrono::steady_clock;

// A device that has passed its self-test with this configuration.
struct Ready {
    Config config;
    cl::Program program;
    std::unique_ptr<ClDevice> device;
};

class Opener {
 public:
    explicit Opener(const Opening& opening) : opening_(opening) {}

    OpenedDevice open();

 private:
    using Attempt = Result<Ready>;

    Attempt load(const Config& config);
    Attempt compile(const Config& config);
    Attempt test(const Config& config, const cl::Program& program);
    Result<std::unique_ptr<ClDevice>> tune();

    std::string tuning_key() const;
    std::optional<Tuned> remembered();
    void remember(const Tuned& tuned, const Ready& ready);
    ProgramKey key(const Config& config) const {
        return program_key(opening_.facts, opening_.source, config);
    }
    void say(const std::string& text) const {
        if (opening_.options.progress) opening_.options.progress(opening_.id + ": " + text);
    }

    const Opening& opening_;
    cl::Context context_;
};

DeviceInfo device_info(const Opening& opening) {
    DeviceInfo info;
    info.id = opening.id;
    info.backend = "opencl";
    info.name = opening.facts.name;
    info.threads = opening.facts.is_cpu ? opening.facts.compute_units : 1;
    info.drives_screen = opening.facts.drives_screen;
    // A display needs 60 frames per second; without one a longer scan is more efficient.
    using std::chrono::microseconds;
    info.batch = opening.facts.drives_screen ? microseconds(8'000)
                 : opening.facts.is_cpu      ? microseconds(20'000)
                                             : microseconds(30'000);
    return info;
}

Opener::Attempt Opener::test(const Config& config, const cl::Program& program) {
    auto made =
        ClDevice::make(context_, opening_.device, program, config, device_info(opening_), opening_.timeout);
    if (!made) return tl::unexpected(made.error());
    auto& device = *made;
    if (auto tested = self_test(scanner(*device)); !tested) return tl::unexpected(tested.error());
    device->set_sensors(Hwmon::open(opening_.facts.physical));
    return Ready{config, program, std::move(device)};
}

Opener::Attempt Opener::load(const Config& config) {
    const auto program = load_program(context_, opening_.device, config, key(config), *opening_.store);
    if (!program) return tl::unexpected(program.error());
    return test(config, *program);
}

Opener::Attempt Opener::compile(const Config& config) {
    const auto program = compile_program(context_, opening_.device, config, opening_.source);
    if (!program) return tl::unexpected(program.error());
    return test(config, *program);
}

std::string Opener::tuning_key() const {
    return opening_.facts.platform + '\n' + opening_.facts.name + '\n' + opening_.facts.versions + '\n' +
           std::string(opening_.source);
}

std::optional<Tuned> Opener::remembered() {
    if (opening_.options.retune) return std::nullopt;
    const auto bytes =
        opening_.store->load("tuning\n" + opening_.facts.platform + '\n' + opening_.facts.name, tuning_key());
    if (!bytes) return std::nullopt;
    return parse_tuned(std::string(bytes->begin(), bytes->end()), opening_.facts);
}

void Opener::remember(const Tuned& tuned, const Ready& ready) {
    const std::string text = to_text(tuned);
    opening_.store->save("tuning\n" + opening_.facts.platform + '\n' + opening_.facts.name, tuning_key(),
                         Store::Bytes(text.begin(), text.end()));
    store_program(ready.program, key(ready.config), *opening_.store);
}

Result<std::unique_ptr<ClDevice>> Opener::tune() {
    const auto start = steady_clock::now();
    std::optional<Ready> fastest;
    double fastest_rate = 0;
    std::optional<Error> first_error;
    auto last_start = start;
    const auto measure = [&](const Config& config) -> std::optional<double> {
        last_start = steady_clock::now();
        auto attempt = compile(config);
        const Result<Speed> speed =
            attempt ? measure_speed(*attempt->device, {1, 4}) : tl::unexpected(attempt.error());
        if (!speed) {
            say("tuning: " + describe(config) + " does not work: " + speed.error().text());
            if (!first_error) first_error = speed.error();
            return std::nullopt;
        }
        say("tuning: " + describe(config) + ' ' + std::to_string(static_cast<int>(speed->rate / 1e6)) +
            " MH/s");
        if (speed->rate > fastest_rate) {
            fastest = std::move(*attempt);
            fastest_rate = speed->rate;
        }
        return speed->rate;
    };
    say("compiling and tuning for " + opening_.facts.name + ", this may take " +
        std::to_string(opening_.tuning.count() / 1000) + " s");
    // Does not start a step that would probably exceed the time limit.
    const auto enough = [&] {
        const auto now = steady_clock::now();
        return (now - start) + (now - last_start) > opening_.tuning;
    };
    static_cast<void>(find_fastest(opening_.facts, measure, enough));
    if (!fastest) return tl::unexpected(first_error->at(opening_.facts.remark));

    const auto speed = measure_speed(*fastest->device, {1, 2, 4, 8});
    if (!speed) return tl::unexpected(speed.error().at(opening_.facts.remark));
    const auto [variants, rate] = *speed;
    fastest->device->set_speed(variants, rate);
    remember({fastest->config, variants, rate}, *fastest);
    return std::move(fastest->device);
}

OpenedDevice Opener::open() {
    cl_int status = CL_SUCCESS;
    context_ = cl::Context(opening_.device, nullptr, nullptr, nullptr, &status);
    if (status != CL_SUCCESS)
        return tl::unexpected(call_failed(status, "clCreateContext").value().at(opening_.facts.remark));

    if (const auto tuned = remembered()) {
        auto attempt = load(tuned->config);
        if (!attempt) {  // not stored, rejected by the driver, or wrong
            say("compiling for " + opening_.facts.name);
            attempt = compile(tuned->config);
            if (attempt) remember(*tuned, *attempt);
        }
        if (!attempt) return tl::unexpected(attempt.error().at(opening_.facts.remark));
        auto& device = attempt->device;
        device->set_speed(tuned->variants, tuned->rate);
        return std::move(device);
    }
    return tune();
}

}  // namespace

OpenedDevice open_device(const Opening& opening) {
    return Opener(opening).open();
}

}  // namespace lode::backend::opencl

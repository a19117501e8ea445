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
    using Attempt = std::variant<Ready, Error>;

    Attempt load(const Config& config);
    Attempt compile(const Config& config);
    Attempt test(const Config& config, const cl::Program& program);
    std::variant<std::unique_ptr<ClDevice>, Error> tune();

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
    // A screen shows 60 pictures a second; elsewhere a longer scan wastes less.
    using std::chrono::microseconds;
    info.batch = opening.facts.drives_screen ? microseconds(8'000)
                 : opening.facts.is_cpu      ? microseconds(20'000)
                                             : microseconds(30'000);
    return info;
}

Opener::Attempt Opener::test(const Config& config, const cl::Program& program) {
    auto made =
        ClDevice::make(context_, opening_.device, program, config, device_info(opening_), opening_.patience);
    if (auto* error = std::get_if<Error>(&made)) return *error;
    auto& device = std::get<std::unique_ptr<ClDevice>>(made);
    if (auto error = self_test(scanner(*device))) return *error;
    return Ready{config, program, std::move(device)};
}

Opener::Attempt Opener::load(const Config& config) {
    const auto program = load_program(context_, opening_.device, config, key(config), *opening_.store);
    if (const auto* error = std::get_if<Error>(&program)) return *error;
    return test(config, std::get<cl::Program>(program));
}

Opener::Attempt Opener::compile(const Config& config) {
    const auto program = compile_program(context_, opening_.device, config, opening_.source);
    if (const auto* error = std::get_if<Error>(&program)) return *error;
    return test(config, std::get<cl::Program>(program));
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

std::variant<std::unique_ptr<ClDevice>, Error> Opener::tune() {
    const auto start = steady_clock::now();
    std::optional<Ready> fastest;
    double fastest_rate = 0;
    std::optional<Error> first_error;
    auto last_start = start;
    const auto measure = [&](const Config& config) -> std::optional<double> {
        last_start = steady_clock::now();
        auto attempt = compile(config);
        std::optional<Error> error;
        if (auto* failed = std::get_if<Error>(&attempt)) {
            error = *failed;
        } else {
            auto& ready = std::get<Ready>(attempt);
            const auto speed = measure_speed(*ready.device, {1, 4});
            if (const auto* measured = std::get_if<Speed>(&speed)) {
                say("tuning: " + describe(config) + ' ' +
                    std::to_string(static_cast<int>(measured->rate / 1e6)) + " MH/s");
                if (measured->rate > fastest_rate) {
                    fastest = std::move(ready);
                    fastest_rate = measured->rate;
                }
                return measured->rate;
            }
            error = std::get<Error>(speed);
        }
        say("tuning: " + describe(config) + " does not work: " + error->text());
        if (!first_error) first_error = error;
        return std::nullopt;
    };
    say("compiling and tuning for " + opening_.facts.name + ", this may take " +
        std::to_string(opening_.tuning.count() / 1000) + " s");
    // Nothing is begun that would probably not end in time.
    const auto enough = [&] {
        const auto now = steady_clock::now();
        return (now - start) + (now - last_start) > opening_.tuning;
    };
    static_cast<void>(find_fastest(opening_.facts, measure, enough));
    if (!fastest) return first_error->at(opening_.facts.remark);

    const auto speed = measure_speed(*fastest->device, {1, 2, 4, 8});
    if (const auto* error = std::get_if<Error>(&speed)) return error->at(opening_.facts.remark);
    const auto [variants, rate] = std::get<Speed>(speed);
    fastest->device->set_speed(variants, rate);
    remember({fastest->config, variants, rate}, *fastest);
    return std::move(fastest->device);
}

OpenedDevice Opener::open() {
    cl_int status = CL_SUCCESS;
    context_ = cl::Context(opening_.device, nullptr, nullptr, nullptr, &status);
    if (status != CL_SUCCESS) return call_failed(status, "clCreateContext").at(opening_.facts.remark);

    if (const auto tuned = remembered()) {
        auto attempt = load(tuned->config);
        if (std::holds_alternative<Error>(attempt)) {  // not stored, not taken or wrong
            say("compiling for " + opening_.facts.name);
            attempt = compile(tuned->config);
            if (const auto* ready = std::get_if<Ready>(&attempt)) remember(*tuned, *ready);
        }
        if (const auto* error = std::get_if<Error>(&attempt)) return error->at(opening_.facts.remark);
        auto& device = std::get<Ready>(attempt).device;
        device->set_speed(tuned->variants, tuned->rate);
        return std::move(device);
    }
    auto tuned = tune();
    if (const auto* error = std::get_if<Error>(&tuned)) return *error;
    return std::move(std::get<std::unique_ptr<ClDevice>>(tuned));
}

}  // namespace

OpenedDevice open_device(const Opening& opening) {
    return Opener(opening).open();
}

}  // namespace lode::backend::opencl

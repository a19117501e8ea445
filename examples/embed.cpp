// A miner: mines three blocks of a local chain on the CPU. Usage: embed [DATA_DIR]
#include <cstdio>
#include <filesystem>
#include <optional>

#include <lode/devices.h>
#include <lode/engine.h>
#include <lode/loop.h>
#include <lode/sources.h>

struct Printer : lode::Observer {
    void on(const lode::Event& event) override {
        const auto* block = std::get_if<lode::event::BlockResult>(&event);
        if (block == nullptr || block->outcome.status != lode::Outcome::Status::Accepted) return;
        std::printf("block %lld %s\n", static_cast<long long>(block->solution.job->height),
                    block->solution.hash.hex().c_str());
    }
};

int main(int argc, char** argv) {
    lode::SourceOptions options;
    options.data_dir = argc > 1 ? argv[1] : "embed-data";
    std::filesystem::create_directories(options.data_dir);

    lode::Loop loop;
    auto source = lode::make_source("local", options, loop);
    auto devices = lode::select_devices("cpu");
    if (!source || !devices) {
        std::fprintf(stderr, "%s\n", (!source ? source.error() : devices.error()).text().c_str());
        return 1;
    }
    Printer printer;
    std::optional<lode::Error> error;
    lode::Engine engine(loop.poster(), printer, std::move(*devices), {.max_blocks = 3});
    engine.start(**source, [&](std::optional<lode::Error> reason) {
        error = std::move(reason);
        loop.stop();
    });
    loop.run();
    (*source)->stop();
    engine.stop();

    const lode::Snapshot now = engine.snapshot();
    std::printf("snapshot: %llu blocks found by %zu device, %.3f s, %.1f Mhashes, best difficulty %.4g\n",
                static_cast<unsigned long long>(now.blocks_found), now.devices.size(),
                static_cast<double>(now.uptime.count()) / 1000, static_cast<double>(now.hashes) / 1e6,
                now.best_difficulty);
    if (error) std::fprintf(stderr, "%s\n", error->text().c_str());
    return error ? 1 : 0;
}

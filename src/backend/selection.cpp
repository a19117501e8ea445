#include "backend/selection.h"

#include <algorithm>

#include "backend/throttle.h"
#include "base/nearest.h"

namespace lode::backend {
namespace {

using Entries = std::vector<DeviceEntry>;
using Selected = Result<Entries>;

// Existing devices come before other known names, so that a suggested name is a usable one.
tl::unexpected<Error> unknown(std::span<const Backend> table, std::string_view name,
                              const BackendOptions& options) {
    std::vector<std::string> known;
    for (const Backend& backend : table) {
        for (const DeviceEntry& entry : backend.list(options))
            if (!entry.id.empty()) known.push_back(entry.id);
        if (backend.list_forms != nullptr)
            for (const DeviceEntry& entry : backend.list_forms(options)) known.push_back(entry.id);
    }
    for (const Backend& backend : table) known.emplace_back(backend.name);
    std::string near = base::nearest(name, known);
    if (near.empty() && !known.empty()) near = known.front();
    // Cut, since it may be arbitrarily long.
    return fail(ErrorKind::Usage, "no device is called \"" + std::string(name.substr(0, 64)) + "\"", "",
                near.empty() ? "" : "for example \"" + near + "\"");
}

tl::unexpected<Error> unusable(std::string_view name, const Entries& entries) {
    std::string why;
    for (const DeviceEntry& entry : entries)
        if (entry.status != DeviceStatus::Ok) why += (why.empty() ? "" : "; ") + entry.reason;
    return fail(ErrorKind::Device, why.empty() ? "no device" : why, "device " + std::string(name));
}

Selected one_name(const Backend& backend, std::string_view name, const BackendOptions& options,
                  bool& is_known) {
    Entries listed, named;
    const auto take = [&](const Entries& from) {
        for (const DeviceEntry& entry : from)
            if (entry.id == name) named.push_back(entry);
    };
    if (backend.list_forms != nullptr) take(backend.list_forms(options));  // cheap: nothing is measured
    if (named.empty()) take(listed = backend.list(options));
    if (named.empty() && name == backend.name) named = listed;
    is_known = !named.empty() || name == backend.name;
    Entries usable;
    for (const DeviceEntry& entry : named)
        if (entry.status == DeviceStatus::Ok) usable.push_back(entry);
    if (usable.empty()) return unusable(name, named);
    return usable;
}

void add(Entries& chosen, const Entries& more) {
    for (const DeviceEntry& entry : more) {
        const bool twice = std::ranges::any_of(chosen, [&](const DeviceEntry& other) {
            return other.id == entry.id || (!entry.physical.empty() && other.physical == entry.physical);
        });
        if (!twice) chosen.push_back(entry);
    }
}

// Applies intensity and temperature limit to GPUs.
void throttle(Entries& chosen, const BackendOptions& options) {
    const ThrottleOptions throttle{options.gpu_intensity, options.gpu_temperature_limit_c, options.progress,
                                   options.gpu_limits};
    for (DeviceEntry& entry : chosen) {
        if (entry.backend == "cpu" || entry.open == nullptr) continue;
        entry.open = [open = std::move(entry.open), throttle]() -> OpenedDevice {
            return open().map(
                [&](std::unique_ptr<Device> device) { return throttled(std::move(device), throttle); });
        };
    }
}

Selected all_that_work(std::span<const Backend> table, const BackendOptions& options) {
    Entries chosen, others;
    for (const Backend& backend : table) {
        for (const DeviceEntry& entry : backend.list(options)) {
            const bool wanted = entry.status == DeviceStatus::Ok && !entry.on_request;
            if (wanted)
                add(chosen, {entry});
            else
                others.push_back(entry);
        }
    }
    if (chosen.empty()) return unusable("(any)", others);
    return chosen;
}

Selected named(std::span<const Backend> table, std::string_view spec, const BackendOptions& options) {
    Entries chosen;
    for (bool more = true; more;) {
        const std::size_t comma = spec.find(',');
        const std::string_view name = spec.substr(0, comma);
        more = comma != std::string_view::npos;
        if (more) spec.remove_prefix(comma + 1);
        const auto backend = std::ranges::find(table, name.substr(0, name.find(':')),
                                               [](const Backend& row) { return std::string_view(row.name); });
        if (backend == table.end()) return unknown(table, name, options);
        bool is_known = false;
        const Selected selected = one_name(*backend, name, options, is_known);
        if (!is_known) return unknown(table, name, options);
        if (!selected) return tl::unexpected(selected.error());
        add(chosen, *selected);
    }
    return chosen;
}

}  // namespace

Selected select(std::span<const Backend> table, std::string_view spec, const BackendOptions& options) {
    Selected chosen = spec.empty() ? all_that_work(table, options) : named(table, spec, options);
    if (chosen) throttle(*chosen, options);
    return chosen;
}

}  // namespace lode::backend

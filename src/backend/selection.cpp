#include "backend/selection.h"

#include <algorithm>

#include "base/nearest.h"

namespace lode::backend {
namespace {

using Entries = std::vector<DeviceEntry>;
using Selected = std::variant<Entries, Error>;

// Devices that exist come before names that are only known, so that a near name is also a useful one.
Error unknown(std::span<const Backend> table, std::string_view name, const BackendOptions& options) {
    std::vector<std::string> known;
    for (const Backend& backend : table) {
        for (const DeviceEntry& entry : backend.list(options))
            if (!entry.id.empty()) known.push_back(entry.id);
        if (backend.list_forms != nullptr)
            for (const DeviceEntry& entry : backend.list_forms(options)) known.push_back(entry.id);
    }
    for (const Backend& backend : table) known.emplace_back(backend.name);
    const std::string near = base::nearest(name, known);
    // The name came from the user's own command line or file; cut in case it is a whole file.
    return {ErrorKind::Usage, "no device is called \"" + std::string(name.substr(0, 64)) + "\"", "-d",
            near.empty() ? "" : "for example \"" + near + "\""};
}

Error unusable(std::string_view name, const Entries& entries) {
    std::string why;
    for (const DeviceEntry& entry : entries)
        if (entry.status != DeviceStatus::Ok) why += (why.empty() ? "" : "; ") + entry.reason;
    return {ErrorKind::Device, why.empty() ? "no device" : why, "device " + std::string(name), ""};
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

}  // namespace

Selected select(std::span<const Backend> table, std::string_view spec, const BackendOptions& options) {
    if (spec.empty()) return all_that_work(table, options);
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
        if (const auto* error = std::get_if<Error>(&selected)) return *error;
        add(chosen, std::get<Entries>(selected));
    }
    return chosen;
}

}  // namespace lode::backend

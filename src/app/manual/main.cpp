// Writes lode's man pages and shell completions from what the program declares: lode_manual PROSE_DIR OUT_DIR
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "app/manual/pages.h"
#include "app/program.h"

namespace lode::app::manual {
namespace {

std::string read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

bool write(const std::filesystem::path& path, std::string text) {
    // Defaults below the builder's home are everybody's.
    for (auto at = text.find("/HOME/"); at != std::string::npos; at = text.find("/HOME/"))
        text.replace(at, 6, "~/");
    std::ofstream file(path, std::ios::binary);
    file << text;
    return static_cast<bool>(file.flush());
}

bool write_all(const std::filesystem::path& prose, const std::filesystem::path& out) {
    CLI::App parser;
    Run run;
    declare_program(parser, run);
    const Command program = describe(parser, "lode");
    bool good = write(out / "lode.1", man_page(program, read(prose / "lode.roff"), false)) &&
                write(out / "lode.bash", bash_completion(program)) &&
                write(out / "_lode", zsh_completion(program)) &&
                write(out / "lode.fish", fish_completion(program));
    for (const auto& command : program.subcommands) {
        if (command.last_word() == "help") continue;
        const std::string name = command.joined('-');
        good = good && write(out / (name + ".1"), man_page(command, read(prose / (name + ".roff")), true));
    }
    return good;
}

}  // namespace
}  // namespace lode::app::manual

int main(int argc, char** argv) {
    ::setenv("HOME", "/HOME", 1);
    ::unsetenv("XDG_DATA_HOME");
    if (argc == 3 && lode::app::manual::write_all(argv[1], argv[2])) return 0;
    std::fputs("usage: lode_manual PROSE_DIR OUT_DIR, both existing\n", stderr);
    return 1;
}

// What is made of the described command line, each as the text of one file.
#pragma once

#include <string>

#include "app/manual/command.h"

namespace lode::app::manual {

// The page of a command in man(7), with those of its subcommands where `deep`. `prose` is inserted before the
// options: sections written by hand.
std::string man_page(const Command& command, const std::string& prose, bool deep);

std::string bash_completion(const Command& program);
std::string zsh_completion(const Command& program);
std::string fish_completion(const Command& program);

}  // namespace lode::app::manual

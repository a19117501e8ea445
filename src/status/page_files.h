// The status page, and the description of what it asks (share/openapi), inside the program.
#pragma once

#include <span>
#include <string_view>

namespace lode::status {

struct PageFile {
    std::string_view path;  // "/style.css"; the page itself is "/"
    std::string_view type;  // Content-Type
    std::string_view body;
};

std::span<const PageFile> page_files();  // made by EmbedPage.cmake

}  // namespace lode::status

#include "util/gzip.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <stdexcept>
#include <vector>
#include <zlib.h>

namespace lode::util {
namespace {

class Gunzip {
 public:
    explicit Gunzip(ByteSource packed) : packed_(std::move(packed)) {
        constexpr int kGzipOnly = 16;
        if (inflateInit2(&stream_, MAX_WBITS + kGzipOnly) != Z_OK) throw std::runtime_error("zlib");
    }
    Gunzip(const Gunzip&) = delete;
    Gunzip& operator=(const Gunzip&) = delete;
    ~Gunzip() { inflateEnd(&stream_); }

    Result<std::size_t> read(std::span<std::uint8_t> out) {
        std::size_t done = 0;
        while (done < out.size()) {
            if (stream_.avail_in == 0 && !ended_)
                if (auto filled = fill(); !filled) return tl::unexpected(filled.error());
            if (between_members_) {
                const auto more = next_member();
                if (!more) return tl::unexpected(more.error());
                if (!*more) break;
                continue;
            }
            auto step = inflate_into(out.subspan(done));
            if (!step) return step;
            done += *step;
        }
        return done;
    }

 private:
    Result<void> fill() {
        const auto got = packed_(buffer_);
        if (!got) return tl::unexpected(got.error());
        ended_ = *got < buffer_.size();
        stream_.next_in = buffer_.data();
        stream_.avail_in = static_cast<uInt>(*got);
        return {};
    }

    // Whether another member follows; zeros after the last are padding.
    Result<bool> next_member() {
        while (stream_.avail_in > 0 && *stream_.next_in == 0) {
            ++stream_.next_in;
            --stream_.avail_in;
            padded_ = true;
        }
        if (stream_.avail_in == 0) return !ended_;
        if (padded_) return fail(ErrorKind::Malformed, "trailing data after gzip data");
        inflateReset(&stream_);
        between_members_ = false;
        return true;
    }

    Result<std::size_t> inflate_into(std::span<std::uint8_t> out) {
        const auto room = std::min<std::size_t>(out.size(), std::numeric_limits<uInt>::max());
        stream_.next_out = out.data();
        stream_.avail_out = static_cast<uInt>(room);
        const int result = inflate(&stream_, Z_NO_FLUSH);
        const std::size_t done = room - stream_.avail_out;
        if (result == Z_STREAM_END) {
            between_members_ = true;
            return done;
        }
        if (result != Z_OK && result != Z_BUF_ERROR)
            return fail(ErrorKind::Malformed, "damaged gzip data", {},
                        stream_.msg == nullptr ? "" : std::string("no ") + stream_.msg);
        if (done == 0 && stream_.avail_in == 0 && ended_)
            return fail(ErrorKind::Malformed, "gzip data that is cut off");
        return done;
    }

    ByteSource packed_;
    z_stream stream_{};
    std::vector<std::uint8_t> buffer_ = std::vector<std::uint8_t>(1 << 16);
    bool ended_ = false;  // nothing more to read
    bool between_members_ = false, padded_ = false;
};

}  // namespace

ByteSource gunzip(ByteSource packed) {
    return [state = std::make_shared<Gunzip>(std::move(packed))](std::span<std::uint8_t> out) {
        return state->read(out);
    };
}

}  // namespace lode::util

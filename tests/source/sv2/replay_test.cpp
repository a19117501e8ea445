// Recorded sessions of a real pool before a regtest node, replayed: our shares must equal the recorded
// frames, and the search must find every share bit for bit.
#include <sstream>
#include <type_traits>

#include "source/sv2/peer.h"
#include "source/sv2/vectors.h"

namespace lode::source::sv2 {
namespace {

struct Recorded {
    bool ours = false;
    Frame frame;
};

// "-> 1b ext 8000 HEX", "<- 1c ext 8000 len 20 HEX"
std::vector<Recorded> frames_of(const std::string& text) {
    std::vector<Recorded> out;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string direction, type, ext, extension;
        words >> direction >> type >> ext >> extension;
        if (direction != "->" && direction != "<-") continue;
        out.push_back({direction == "->",
                       {.extension = 0,
                        .channel = extension == "8000",
                        .type = static_cast<std::uint8_t>(*util::hex_u32(type)),
                        .payload = from_hex(line.substr(line.rfind(' ') + 1))}});
    }
    return out;
}

// The solution that a recorded share is of. Its version bits may be some that lode does not come to, as it
// rolls the extranonce first.
template <typename Share>
Solution solution_of(const JobPtr& job, const Share& share) {
    Solution solution;
    solution.job = job;
    if constexpr (requires { share.extranonce; }) solution.extranonce2 = share.extranonce;
    solution.header = work::header_of(*job, 0, 0);
    solution.header.merkle_root = work::merkle_root(*job, solution.extranonce2);
    solution.version = solution.header.version = share.version;
    solution.header.nonce = share.nonce;
    solution.hash = solution.header.hash();
    return solution;
}

void replay(const std::string& text, bool extended) {
    const auto recorded = frames_of(text);
    Peer peer([&](SessionOptions& options) {
        options.host = "127.0.0.1";
        options.user = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080.w1";
        options.extended = extended;
    });
    peer.answer_handshake();
    std::size_t shares = 0, refused = 0;
    for (Recorded line : recorded) {
        const std::uint8_t type = line.frame.type;
        if (!line.ours) {
            if (type == OpenExtendedChannelSuccess::kType || type == OpenStandardChannelSuccess::kType)
                line.frame.payload[0] = 1;  // the request's id, which was 7 then
            refused += type == SubmitSharesError::kType;
            peer.bytes(peer.sealed(line.frame)).wait(100ms);
            continue;
        }
        if (type < SubmitSharesStandard::kType) continue;  // requests: names and sizes are ours
        const auto submit = [&]<typename Share>(std::type_identity<Share>) {
            const Share share = *parse<Share>(line.frame.payload);
            const auto job = std::ranges::find(peer.jobs, std::to_string(share.job),
                                               [](const JobPtr& j) { return j->id; });
            ASSERT_NE(job, peer.jobs.end());
            const Solution solution = solution_of(*job, share);
            EXPECT_LE(solution.hash.number(), (*job)->share_target);
            peer.session->submit(
                solution, [&](const Outcome& outcome) { peer.outcomes.push_back(outcome); }, peer.now);
            peer.collect();
            ASSERT_FALSE(peer.sent.empty());
            EXPECT_EQ(peer.sent.back(), line.frame) << "share " << share.sequence;
            ++shares;
        };
        if (type == SubmitSharesExtended::kType) {
            submit(std::type_identity<SubmitSharesExtended>());
        } else {
            submit(std::type_identity<SubmitSharesStandard>());
        }
    }
    EXPECT_EQ(shares, 6u);
    EXPECT_EQ(peer.session->accepted(), 6u - refused);
    EXPECT_EQ(peer.closed, "");
}

TEST(Sv2Replay, AnExtendedChannel) {
    LODE_DATA(text, read_data("sv2/transcript_extended.txt"));
    replay(text, true);
}

TEST(Sv2Replay, AStandardChannel) {
    LODE_DATA(text, read_data("sv2/transcript_standard.txt"));
    replay(text, false);
}

}  // namespace
}  // namespace lode::source::sv2

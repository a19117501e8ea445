#include "work/block_assembly.h"

#include "work/coinbase.h"
#include "work/roll.h"
#include "work/serialize.h"

namespace lode::work {

std::vector<std::uint8_t> assemble_block(const Solution& solution, const BlockBody& body) {
    std::vector<std::uint8_t> coinbase_bytes = coinbase(*solution.job, solution.extranonce2);
    if (body.witness) coinbase_bytes = with_witness(coinbase_bytes);
    std::vector<std::uint8_t> block;
    block.reserve(kHeaderSize + 9 + coinbase_bytes.size() + body.transactions.size());
    append(block, solution.header.serialize());
    append_varint(block, 1 + body.count);
    append(block, coinbase_bytes);
    append(block, body.transactions);
    return block;
}

}  // namespace lode::work

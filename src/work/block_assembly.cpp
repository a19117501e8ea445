#include "work/block_assembly.h"

#include "chain/serialize.h"
#include "work/coinbase.h"
#include "work/roll.h"

namespace lode::work {

std::vector<std::uint8_t> assemble_block(const Solution& solution, const BlockBody& body) {
    std::vector<std::uint8_t> coinbase_bytes = coinbase(*solution.job, solution.extranonce2);
    if (body.witness) coinbase_bytes = with_witness(coinbase_bytes);
    chain::Writer block(kHeaderSize + 9 + coinbase_bytes.size() + body.transactions.size());
    block.bytes(solution.header.serialize()).compact_size(1 + body.count);
    block.bytes(coinbase_bytes).bytes(body.transactions);
    return block.take();
}

}  // namespace lode::work

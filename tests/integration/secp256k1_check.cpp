// Key exchanges with libsecp256k1: each side's encoded keys and shared secrets by the other side's code.
//   lode_secp256k1_check LIBSECP256K1.so EXCHANGES
// The library is loaded where the program runs, since distributions' development files are older than its
// ElligatorSwift.
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>

#include "source/sv2/ellswift.h"

using namespace lode::source::sv2;

namespace {

// include/secp256k1.h and include/secp256k1_ellswift.h of its 0.4.0
using ContextCreate = void* (*)(unsigned flags);
using Create = int (*)(const void* context, unsigned char* encoded, const unsigned char* secret,
                       const unsigned char* randomness);
using HashFunction = int (*)(unsigned char*, const unsigned char*, const unsigned char*, const unsigned char*,
                             void*);
using Exchange = int (*)(const void* context, unsigned char* out, const unsigned char* first,
                         const unsigned char* second, const unsigned char* secret, int second_is_ours,
                         HashFunction hash, void* data);
constexpr unsigned kContextNone = 1;

template <typename Symbol>
Symbol symbol(void* library, const char* name) {
    void* found = dlsym(library, name);
    if (found == nullptr) std::fprintf(stderr, "no %s: %s\n", name, dlerror()), std::exit(1);
    return reinterpret_cast<Symbol>(found);
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 3) return std::fprintf(stderr, "usage: %s LIBRARY EXCHANGES\n", arguments[0]), 1;
    void* library = dlopen(arguments[1], RTLD_NOW);
    if (library == nullptr) return std::fprintf(stderr, "%s\n", dlerror()), 1;
    const void* context = symbol<ContextCreate>(library, "secp256k1_context_create")(kContextNone);
    const auto create = symbol<Create>(library, "secp256k1_ellswift_create");
    const auto exchange = symbol<Exchange>(library, "secp256k1_ellswift_xdh");
    const auto bip324 = *symbol<HashFunction*>(library, "secp256k1_ellswift_xdh_hash_function_bip324");

    const long exchanges = std::atol(arguments[2]);
    long agreed = 0;
    for (long i = 0; i < exchanges; ++i) {
        const auto ours = make_key_pair(), random = make_key_pair();
        if (!ours || !random) return 1;
        Ellswift theirs{};
        if (create(context, theirs.data(), random->secret.data(), nullptr) != 1) return 1;
        // We begin in every other one.
        const bool first = i % 2 == 0;
        Bytes32 secret{};
        exchange(context, secret.data(), (first ? ours->encoded : theirs).data(),
                 (first ? theirs : ours->encoded).data(), random->secret.data(), first ? 1 : 0, bip324,
                 nullptr);
        agreed += exchange_keys(*ours, theirs, first ? Side::Initiator : Side::Responder) == secret ? 1 : 0;
    }
    std::printf("%ld of %ld exchanges agree\n", agreed, exchanges);
    return agreed == exchanges && exchanges > 0 ? 0 : 1;
}

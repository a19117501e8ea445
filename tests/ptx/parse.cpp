#include <algorithm>
#include <optional>
#include <sstream>
#include <string_view>

#include "ptx/ptx.h"

namespace lode::ptx {
namespace {

// Without the types, where these do not matter.
const std::map<std::string_view, Op> kOps = {
    {"add.s32", Op::Add32},
    {"add.u32", Op::Add32},
    {"and.b32", Op::And32},
    {"or.b32", Op::Or32},
    {"xor.b32", Op::Xor32},
    {"shl.b32", Op::ShiftLeft32},
    {"shr.u32", Op::ShiftRight32},
    {"mul.hi.u32", Op::MultiplyHigh},
    {"mad.lo.u32", Op::MultiplyAdd},
    {"prmt.b32", Op::Permute},
    {"shf.l.wrap.b32", Op::FunnelLeft},
    {"add.s64", Op::Add64},
    {"add.u64", Op::Add64},
    {"shl.b64", Op::ShiftLeft64},
    {"mul.wide.u32", Op::MultiplyWide},
    {"mov.u32", Op::Move},
    {"mov.b32", Op::Move},
    {"mov.u64", Op::Move},
    {"mov.b64", Op::Move},
    {"cvta.to.global.u64", Op::Move},
    {"ld.param.u32", Op::Load32},
    {"ld.const.u32", Op::Load32},
    {"ld.param.u64", Op::Load64},
    {"st.global.v2.u32", Op::StorePair},
    {"atom.global.add.u64", Op::AtomicAdd},
    {"setp.eq.s32", Op::Equal},
    {"setp.lt.u32", Op::Less},
    {"setp.gt.u32", Op::Greater},
    {"setp.gt.u64", Op::Greater},
    {"bra", Op::Branch},
    {"bra.uni", Op::Branch},
    {"ret", Op::Return},
};

std::size_t size_of(std::string_view type) {  // .u32, .b8 …
    return static_cast<std::size_t>(std::stoi(std::string(type.substr(2)))) / 8;
}

// Words of a statement; brackets, braces and commas only separate, so that "{%r1, %r2}" and "[%rd1+8]" are
// their words. "N" in "name[N]" too.
std::vector<std::string> words(std::string line) {
    std::ranges::replace_if(
        line, [](char c) { return std::string_view("[]{}(),;<>=\t").find(c) != std::string_view::npos; },
        ' ');
    std::istringstream stream(line);
    std::vector<std::string> all;
    for (std::string word; stream >> word;) all.push_back(word);
    return all;
}

class Parser {
 public:
    Module parse(const std::string& text) {
        std::istringstream stream(text);
        for (std::string line; std::getline(stream, line);) {
            ++line_;
            line.resize(std::min(line.size(), line.find("//")));
            try {
                if (const auto all = words(line); !all.empty()) statement(all);
                if (line[0] == '}') find_targets();
            } catch (const Failure&) {
                throw;
            } catch (const std::exception& error) {
                fail(error.what());
            }
        }
        return std::move(module_);
    }

 private:
    [[noreturn]] void fail(const std::string& what) const {
        throw Failure("PTX line " + std::to_string(line_) + ": " + what);
    }

    void statement(const std::vector<std::string>& all) {
        const std::string& head = all[0];
        if (head == ".visible" && all.at(1) == ".entry") {
            kernel_ = &module_.kernels[all.at(2)];
            kernel_->registers.resize(kSpecials);
            kernel_->registers[kAlways] = 1;
            names_ = {{"%tid.x", kThread}, {"%ctaid.x", kBlock}};
            numbers_.clear();
            labels_.clear();
            parameter_bytes_ = 0;
        } else if (head == ".global" || head == ".const") {
            variable(all);
        } else if (head == ".param") {
            parameter(all);
        } else if (head == ".maxntid") {
            kernel_->block = static_cast<std::uint32_t>(std::stoul(all.at(1)));
        } else if (head.back() == ':') {
            labels_[head.substr(0, head.size() - 1)] = kernel_->code.size();
        } else if (head[0] != '.') {
            instruction(all);
        }
    }

    // .const .align 4 .b8 name[128] = {1, 0, …}
    void variable(const std::vector<std::string>& all) {
        const std::string& name = all.at(4);
        Bytes& bytes = module_.variables[name];
        bytes.resize(std::stoul(all.at(5)) * size_of(all.at(3)));
        if (all.size() - 6 > bytes.size()) fail("a variable of other than bytes");  // fewer: zeros follow
        for (std::size_t i = 6; i < all.size(); ++i)
            bytes[i - 6] = static_cast<std::byte>(std::stoul(all[i]));
    }

    // .param .u32 name, or .param .align 4 .b8 name[616]
    void parameter(const std::vector<std::string>& all) {
        const bool array = all.at(1) == ".align";
        Kernel::Parameter parameter;
        parameter.size = array ? std::stoul(all.at(5)) : size_of(all[1]);
        const std::size_t align = array ? std::stoul(all[2]) : parameter.size;
        parameter.at = (parameter_bytes_ + align - 1) / align * align;
        parameter_bytes_ = parameter.at + parameter.size;
        kernel_->parameters.push_back(parameter);
        kernel_->parameter_addresses.emplace_back(constant(0), parameter.at);
        names_[all[array ? 4 : 2]] = kernel_->parameter_addresses.back().first;
    }

    std::uint32_t constant(std::uint64_t value) {
        kernel_->registers.push_back(value);
        return static_cast<std::uint32_t>(kernel_->registers.size() - 1);
    }

    // A register, a number, the address of a variable or a parameter, or a label.
    std::uint32_t operand(const std::string& word, bool wide) {
        if (const auto known = names_.find(word); known != names_.end()) return known->second;
        if (const auto variable = module_.variables.find(word); variable != module_.variables.end())
            return names_[word] = constant(reinterpret_cast<std::uintptr_t>(variable->second.data()));
        if (word[0] == '%') return names_[word] = constant(0);
        // -1 for a word is ffffffff: registers of 32 bits have zeros above them.
        auto value = static_cast<std::uint64_t>(std::stoll(word, nullptr, 0));
        if (!wide) value &= 0xffffffff;
        const auto [known, is_new] = numbers_.try_emplace(value, 0);
        if (is_new) known->second = constant(value);
        return known->second;
    }

    void instruction(const std::vector<std::string>& all) {
        Instruction i;
        std::size_t at = 0;
        if (all[0][0] == '@') {
            i.unless = all[0][1] == '!';
            i.guard = operand(all[0].substr(i.unless ? 2 : 1), false);
            ++at;
        }
        const auto op = kOps.find(all.at(at));
        if (op == kOps.end()) fail("unknown instruction " + all[at]);
        i.op = op->second;
        std::vector<std::string> rest(all.begin() + static_cast<std::ptrdiff_t>(at) + 1, all.end());
        if (i.op == Op::Branch) {
            targets_.emplace_back(kernel_->code.size(), rest.at(0));
            rest.clear();
        }
        if (i.op == Op::StorePair) rest.insert(rest.begin(), "%none");  // it has no destination
        for (std::size_t n = 0; n < rest.size(); ++n) {
            const std::size_t plus = rest[n].find('+');
            if (plus != std::string::npos) i.offset = std::stoll(rest[n].substr(plus + 1));
            std::uint32_t* const places[] = {&i.d, &i.a, &i.b, &i.c};
            if (n == std::size(places)) fail("too many operands");
            *places[n] = operand(rest[n].substr(0, plus), all[at].ends_with("64"));
        }
        kernel_->code.push_back(i);
    }

    void find_targets() {
        for (const auto& [at, label] : targets_)
            kernel_->code[at].offset = static_cast<std::int64_t>(labels_.at(label));
        targets_.clear();
    }

    Module module_;
    Kernel* kernel_ = nullptr;
    std::map<std::string, std::uint32_t> names_;      // registers by name
    std::map<std::uint64_t, std::uint32_t> numbers_;  // and by the number in them
    std::map<std::string, std::size_t> labels_;
    std::vector<std::pair<std::size_t, std::string>> targets_;
    std::size_t parameter_bytes_ = 0;
    int line_ = 0;
};

}  // namespace

Module parse(const std::string& text) {
    return Parser().parse(text);
}

}  // namespace lode::ptx

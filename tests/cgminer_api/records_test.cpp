// Every field of cgminer's API-README (3.7) by name, type and unit: the expected JSON is written out.
#include "cgminer_api/records.h"

#include <gtest/gtest.h>

#include "cgminer_api/sample_view.h"

namespace lode::cgminer_api {
namespace {

TEST(Records, Summary) {
    // 120 * 2^32 hashes in 120.5 s.
    EXPECT_EQ(
        summary_record(sample_view()).dump(),
        R"({"Elapsed":120,"MHS av":4277.1459,"MHS 5s":5000.0,"MHS 1m":6000.0,"MHS 5m":7000.0,"MHS 15m":8500.0,)"
        R"("GHS 5s":5.0,"GHS av":4.2771459,"Found Blocks":2,"Getworks":17,"Accepted":10,"Rejected":2,)"
        R"("Hardware Errors":30,"Utility":4.9793,"Discarded":3,"Stale":1,"Get Failures":5,"Local Work":17,)"
        R"("Remote Failures":6,"Network Blocks":3,"Total MH":515396.0755,"Work Utility":59.751,)"
        R"("Difficulty Accepted":40.0,"Difficulty Rejected":8.0,"Difficulty Stale":2.0,"Best Share":5000,)"
        R"("Device Hardware%":20.0,"Device Rejected%":6.6667,"Pool Rejected%":16.0,"Pool Stale%":4.0,)"
        R"("Last getwork":1700000095})");
}

TEST(Records, Device) {
    EXPECT_EQ(
        device_record(sample_view(), 0).dump(),
        R"({"PGA":0,"Name":"CUDA","ID":0,"Enabled":"Y","Status":"Alive","Temperature":61.5,"MHS av":3564.2882,)"
        R"("MHS 5s":4000.0,"MHS 1m":4500.0,"MHS 5m":4750.0,"MHS 15m":4800.0,"Accepted":10,"Rejected":2,)"
        R"("Hardware Errors":25,"Utility":4.9793,"Last Share Pool":0,"Last Share Time":1700000100,)"
        R"("Total MH":429496.7296,"Frequency":1980.0,"Diff1 Work":100,"Difficulty Accepted":40.0,)"
        R"("Difficulty Rejected":8.0,"Last Share Difficulty":4.0,"No Device":false,"Last Valid Work":1700000101,)"
        R"("Device Hardware%":20.0,"Device Rejected%":8.0,"Device Elapsed":120})");
}

TEST(Records, ADeviceThatFailedAndFoundNothing) {
    const auto record = device_record(sample_view(), 1);
    EXPECT_EQ(record["PGA"], 1);
    EXPECT_EQ(record["ID"], 0);  // the first of its kind
    EXPECT_EQ(record["Status"], "Sick");
    EXPECT_EQ(record["Last Share Pool"], -1);
    EXPECT_EQ(record["Last Share Time"], 0);
    View paused = sample_view();
    paused.snapshot.paused = true;
    EXPECT_EQ(device_record(paused, 0)["Enabled"], "N");
}

TEST(Records, Pool) {
    EXPECT_EQ(
        pool_record(sample_view(), 0).dump(),
        R"({"POOL":0,"URL":"stratum+ssl://a.example:443","Status":"Alive","Priority":0,"Quota":1,)"
        R"("Long Poll":"N","Getworks":17,"Accepted":10,"Rejected":2,"Works":17,"Discarded":0,"Stale":1,)"
        R"("Get Failures":5,"Remote Failures":0,"User":"bob.1","Last Share Time":1700000100,)"
        R"("Diff1 Shares":50,"Proxy Type":"SOCKS5","Proxy":"proxy.example:9050","Difficulty Accepted":40.0,)"
        R"("Difficulty Rejected":8.0,"Difficulty Stale":2.0,"Last Share Difficulty":4.0,)"
        R"("Work Difficulty":8.0,"Has Stratum":true,"Stratum Active":true,"Stratum URL":"a.example:443",)"
        R"("Stratum Difficulty":8.0,"Has Vmask":true,"Has GBT":false,"Best Share":321,)"
        R"("Pool Rejected%":16.0,"Pool Stale%":4.0,"Bad Work":0,"Current Block Height":840000,)"
        R"("Current Block Version":536870912})");
}

TEST(Records, PoolsOfOtherKinds) {
    const View view = sample_view();
    const auto node = pool_record(view, 1);
    EXPECT_EQ(node["URL"], "node.example:8332");  // http:// makes pyasic raise
    EXPECT_EQ(node["Has GBT"], true);
    EXPECT_EQ(node["Status"], "Unknown");  // not needed yet
    EXPECT_EQ(node["Current Block Height"], 0);
    const auto local = pool_record(view, 2);
    EXPECT_EQ(local["URL"], "local");
    EXPECT_EQ(local["Proxy"], "");

    View lost = view;
    lost.accounts.active_pool = 1;
    lost.snapshot.source.connected_since.reset();
    EXPECT_EQ(pool_record(lost, 0)["Status"], "Dead");
    EXPECT_EQ(pool_record(lost, 0)["Stratum Active"], false);
    EXPECT_EQ(pool_record(lost, 1)["Status"], "Dead");
}

// pyasic reads the uptime from the second entry.
TEST(Records, StatsHaveAnEntryForEachDeviceAndPool) {
    const auto records = stats_records(sample_view());
    ASSERT_EQ(records.size(), 5u);
    EXPECT_EQ(records[0].dump(),
              R"({"STATS":0,"ID":"cuda:0","Elapsed":120,"Calls":0,"Wait":0.0,"Max":0.0,"Min":0.0})");
    EXPECT_EQ(records[1]["Elapsed"], 120);
    EXPECT_EQ(
        records[2].dump(),
        R"({"STATS":2,"ID":"POOL0","Elapsed":120,"Calls":17,"Wait":0.0,"Max":0.0,"Min":0.0,"Work Diff":8.0,)"
        R"("Work Can Roll":true})");
}

TEST(Records, ConstantFields) {
    const View view = sample_view();
    EXPECT_EQ(config_record(view).dump(),
              R"({"ASC Count":0,"PGA Count":2,"Pool Count":3,"Strategy":"Failover","Log Interval":5,)"
              R"("Device Code":"cpu cuda","OS":"Linux","Hotplug":"None"})");
    EXPECT_EQ(
        device_details_record(view, 0).dump(),
        R"({"DEVDETAILS":0,"Name":"CUDA","ID":0,"Driver":"cuda","Kernel":"sm_90","Model":"NVIDIA | H200",)"
        R"("Device Path":"cuda:0"})");
}

TEST(Records, Coin) {
    EXPECT_EQ(coin_record(sample_view()).dump(),
              R"({"Hash Method":"sha256","Current Block Time":1700000090.0,"Current Block Hash":)"
              R"("00000000000000000000000000000000000000000000000000000000000000ab","LP":false,)"
              R"("Network Difficulty":16307.4209})");
    EXPECT_EQ(coin_record(View{
                  .snapshot = {}, .accounts = {}, .rates = {}, .device_rates = {}})["Current Block Hash"],
              "");
}

TEST(Records, NotifyReportsFailures) {
    EXPECT_EQ(notify_record(sample_view(), 1).dump(),
              R"({"NOTIFY":1,"Name":"CPU","ID":0,"Last Well":0,"Last Not Well":1700000050,)"
              R"("Reason Not Well":"out of memory","*Thread Fail Init":0,"*Thread Zero Hash":0,)"
              R"("*Thread Fail Queue":3,"*Dev Sick Idle 60s":0,"*Dev Dead Idle 600s":0,"*Dev Nostart":0,)"
              R"("*Dev Over Heat":0,"*Dev Thermal Cutoff":0,"*Dev Comms Error":0,"*Dev Throttle":0})");
    EXPECT_EQ(notify_record(sample_view(), 0)["Last Well"], 1'700'000'120);
}

// Consumers take firmware that names itself so for a machine that it is not.
TEST(Records, VersionNamesNoOtherMiner) {
    const auto record = version_record();
    EXPECT_EQ(record["API"], "3.7");
    EXPECT_TRUE(record["CGMiner"].is_string());
    for (const char* name : {"ANTMINER", "AVALON", "BFGMINER", "VNISH", "HIVEON"}) {
        std::string text = record.dump();
        for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        EXPECT_EQ(text.find(name), std::string::npos);
    }
}

// JSON knows no nan and no inf.
TEST(Records, NothingIsDividedByZero) {
    View view = sample_view();
    view.snapshot.uptime = {};
    view.snapshot.hashes = 0;
    view.accounts = Accounts{};
    view.rates.over_5s = std::numeric_limits<double>::infinity();
    const auto record = summary_record(view);
    for (const auto& [name, value] : record.items()) EXPECT_TRUE(value.is_number()) << name;
    EXPECT_EQ(record["MHS av"], 0);
    EXPECT_EQ(record["Pool Rejected%"], 0);
}

}  // namespace
}  // namespace lode::cgminer_api

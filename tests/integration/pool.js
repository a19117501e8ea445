// A pool: foundation-stratum on loopback, in front of the node that the settings name. Run in the folder where it
// is installed: node pool.js '{"port":…, "tls":…, "node":{"port":…,"user":…,"password":…}, "address":…, …}'.
// Says what happens, a line each: "ready", "share valid|invalid|stale …", "user …".
const settings = JSON.parse(process.argv[2]);
const path = require('path');
const net = require('net');
const foundation = require(path.join(process.cwd(), 'node_modules', 'foundation-stratum'));

// The library listens on every interface; a test has no business there, but in network namespaces of its own.
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (first, ...rest) {
  return typeof first === 'number' ? listen.call(this, first, settings.host || '127.0.0.1', ...rest) : listen.call(this, first, ...rest);
};

process.env.forkId = '0';
const d = settings.difficulty;
const difficulty = {
  initial: d, minimum: d / 16, maximum: d * 1024, variance: 0.3,
  targetTime: settings.shareTime || 15, retargetTime: settings.retargetTime || 90,
};
const ports = [{ port: settings.port, enabled: true, difficulty }];
if (settings.tls) ports.push({ port: settings.tls, enabled: true, tls: true, difficulty });
const chain = {
  coin: 'btc', bech32: settings.bech32, peerMagic: 'fabfb5da', wif: 0xef,
  bip32: { public: 0x043587cf, private: 0x04358394 },
  pubKeyHash: settings.pubKeyHash, scriptHash: settings.scriptHash,
};
const pool = foundation.create({
  name: 'test', coins: ['Bitcoin'], debug: true, ports,
  p2p: { enabled: false }, auxiliary: { enabled: false },
  banning: { enabled: true, time: 600, invalidPercent: 0.5, checkThreshold: 500, purgeInterval: 300 },
  settings: { blockRefreshInterval: 500, jobRebroadcastTimeout: settings.rebroadcast || 20, connectionTimeout: 600, tcpProxyProtocol: false },
  primary: {
    address: settings.address, recipients: [],
    coin: {
      name: 'Bitcoin', symbol: 'BTC', version: 2, getinfo: false, rewards: {}, segwit: true,
      asicboost: settings.versionRolling !== false,
      algorithms: { mining: 'sha256d', block: 'sha256d', coinbase: 'sha256d' }, mainnet: chain, testnet: chain,
    },
    daemons: [{ host: '127.0.0.1', port: settings.node.port, username: settings.node.user, password: settings.node.password }],
  },
}, { identifier: 'lode', tls: { key: 'key.pem', cert: 'cert.pem' } },
(ip, port, user, auxiliary, password, done) => {
  console.log('user', user);
  done({ error: null, authorized: true, disconnect: false });
}, () => {});
pool.on('log', (severity, text) => console.log('log', severity, text));
pool.on('share', (share, kind, block, done) => {
  console.log('share', kind, share.error || '', 'block', block, 'difficulty', share.difficulty,
    'hash', share.hash, 'worker', share.addrPrimary);
  if (done) done();
});
pool.on('started', () => console.log('ready'));
pool.setupPool();

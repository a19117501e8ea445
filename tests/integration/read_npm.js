// What the npm clients read of the miner at 127.0.0.1 and a port, as JSON. Arguments: the folder of their modules, the port.
const { createRequire } = require('module');
const from = createRequire(process.argv[2] + '/');
const port = Number(process.argv[3]);

const log = console.log;
console.log = () => {};  // cgminer-api prints what it receives
const CgminerApi = from('cgminer-api').client;
const minerRpc = from('miner-rpc');

const ask = (command, parameter) => new Promise((resolve, reject) => {
  const client = minerRpc.client('127.0.0.1', port);
  const done = (error, data) => error ? reject(error) : resolve(data);
  parameter === undefined ? client.get(command, done) : client.get(command, parameter, done);
});

(async () => {
  const api = new CgminerApi({ host: '127.0.0.1', port });
  const request = (name, reply, args) => api.request({ name, reply }, args);
  log(JSON.stringify({
    'cgminer-api': {
      version: await request('version', 'VERSION'),
      summary: await request('summary', 'SUMMARY'),
      pools: await request('pools', 'POOLS'),
      check: await request('check', 'CHECK', ['quit']),
      refused: await request('quit', 'BYE').then(() => null, (error) => error.message),
    },
    'miner-rpc': {
      summary: await ask('summary'), devs: await ask('devs'), pools: await ask('pools'), pga: await ask('pga', 0),
      coin: await ask('coin'), refused: await ask('quit').then(() => null, (error) => error.message),
    },
  }));
})().catch((error) => { console.error(error); process.exit(1); });

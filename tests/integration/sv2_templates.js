// A template provider of Stratum V2 on loopback, in front of a node's getblocktemplate and submitblock. Run in the folder
// where npm's packages are: node sv2_templates.js '{"port":…, "authority":"64 hex digits", "signet": false,
// "node":{"port":…,"user":…,"password":…}}'. Says what happens, a line each: "ready KEY", "template ID HEIGHT",
// "block HASH ANSWER".
const http = require('http');
const { Reader, Writer, authorityKey, makeIdentity, serve, sha256d } = require('./sv2.js');

const settings = JSON.parse(process.argv[2]);
const reversed = (hex) => Buffer.from(hex, 'hex').reverse();

function rpc(method, ...params) {
  const { port, user, password } = settings.node;
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, method: 'POST', auth: `${user}:${password}` }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => {
        try {
          const answer = JSON.parse(Buffer.concat(parts));
          answer.error ? reject(new Error(JSON.stringify(answer.error))) : resolve(answer.result);
        } catch (error) {
          reject(error);
        }
      });
    });
    request.on('error', reject);
    request.end(JSON.stringify({ id: 1, method, params }));
  });
}

// BIP 34, and at least two bytes of script.
function heightPush(height) {
  if (height <= 16) return Buffer.from([0x50 + height, 0]);
  const bytes = [];
  for (let rest = height; rest > 0; rest = Math.floor(rest / 256)) bytes.push(rest & 255);
  if (bytes[bytes.length - 1] & 0x80) bytes.push(0);
  return Buffer.from([bytes.length, ...bytes]);
}

// What the coinbase is hashed with on the way up.
function merklePath(txids) {
  const path = [];
  for (let level = txids.map(reversed); level.length > 0;) {
    path.push(level[0]);
    if (level.length % 2 === 0) level.push(level[level.length - 1]);
    const above = [];
    for (let at = 1; at + 1 < level.length; at += 2) above.push(sha256d(level[at], level[at + 1]));
    level = above;
  }
  return path;
}

function compactSize(n) {
  return n < 253 ? new Writer().u8(n).done() : n < 65536 ? new Writer().u8(253).u16(n).done() : new Writer().u8(254).u32(n).done();
}

const clients = new Set();
const templates = new Map();
let lastId = 0, current = null;

function sendTemplate(connection, template, future) {
  const commitment = Buffer.from(template.default_witness_commitment, 'hex');
  const outputs = new Writer().u64(0).bytes(commitment).done();
  connection.send(0x71, new Writer().u64(template.id).u8(future ? 1 : 0).u32(template.version).u32(2)
    .bytes(heightPush(template.height)).u32(0xfffffffe).u64(template.coinbasevalue).u32(1).bytes(outputs, 2)
    .u32(template.height - 1).sequence(template.path).done());
}

function sendTip(connection, template) {
  const target = BigInt('0x' + template.target);
  connection.send(0x72, new Writer().u64(template.id).raw(reversed(template.previousblockhash)).u32(template.curtime)
    .u32(parseInt(template.bits, 16)).u256(target).done());
}

async function refresh() {
  const template = await rpc('getblocktemplate', { rules: ['segwit', 'signet'] });
  const moved = !current || current.previousblockhash !== template.previousblockhash;
  if (!moved && current.transactions.length === template.transactions.length) return;
  template.id = ++lastId;
  template.path = merklePath(template.transactions.map((transaction) => transaction.txid));
  current = template;
  templates.set(template.id, template);
  if (templates.size > 100) templates.delete(templates.keys().next().value);
  console.log('template', template.id, template.height);
  for (const connection of clients) {
    sendTemplate(connection, template, moved);
    if (moved) sendTip(connection, template);
  }
}

async function solution(fields) {
  const template = templates.get(Number(fields.u64()));
  const [version, time, nonce] = [fields.u32(), fields.u32(), fields.u32()];
  const coinbase = fields.bytes(2);
  if (!template) return console.log('block', 'unknown template');
  // without marker, flag and the witness of one item of 32 bytes
  const stripped = Buffer.concat([coinbase.subarray(0, 4), coinbase.subarray(6, -38), coinbase.subarray(-4)]);
  const root = template.path.reduce((hash, other) => sha256d(hash, other), sha256d(stripped));
  const header = new Writer().u32(version).raw(reversed(template.previousblockhash)).raw(root).u32(time)
    .u32(parseInt(template.bits, 16)).u32(nonce).done();
  const block = Buffer.concat([header, compactSize(template.transactions.length + 1), coinbase,
                               ...template.transactions.map((transaction) => Buffer.from(transaction.data, 'hex'))]);
  const answer = await rpc('submitblock', block.toString('hex'));
  console.log('block', sha256d(header).reverse().toString('hex'), answer === null ? 'accepted' : answer);
  await refresh();
}

function transactions(connection, id) {
  const template = templates.get(Number(id));
  if (!template) return connection.send(0x75, new Writer().u64(id).text('template-id-not-found').done());
  const list = template.transactions.map((transaction) => Buffer.from(transaction.data, 'hex'));
  const success = new Writer().u64(id).bytes(Buffer.alloc(0), 2).u16(list.length);
  list.forEach((transaction) => success.bytes(transaction, 3));
  return connection.send(0x74, success.done());
}

const secret = Buffer.from(settings.authority, 'hex');
serve(settings.port, () => makeIdentity(secret, settings.fault), (connection) => {
  connection.onEnd = () => clients.delete(connection);
  connection.onFrame = (type, payload) => {
    const fields = new Reader(payload);
    if (type === 0x00) connection.send(0x01, new Writer().u16(2).u32(0).done());
    if (type === 0x70) {
      clients.add(connection);
      if (current) {
        sendTemplate(connection, current, true);
        sendTip(connection, current);
      }
    }
    if (type === 0x73) transactions(connection, fields.u64());
    if (type === 0x76) solution(fields).catch((error) => console.log('block', error.message));
  };
}).on('listening', () => console.log('ready', authorityKey(secret)));

(async () => {
  for (;;) {
    await refresh().catch((error) => console.log('node', error.message));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
})();

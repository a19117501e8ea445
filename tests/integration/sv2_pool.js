// A pool of Stratum V2 on loopback over a chain that it makes up. Run in the folder where npm's packages are:
// node sv2_pool.js '{"port":…, "authority":"64 hex digits", "bits":"1d00ffff", "shareBits":240, …}'.
//   shareBits: the share target is 2^shareBits       retarget: every so many shares it becomes half as easy
//   batch: shares acknowledged at once               blockEvery, jobEvery: milliseconds between new blocks, new jobs
//   jobRate: jobs a second, thousands even         group: later jobs are addressed to the group     fault: what is wrong with the certificate
//   reconnect: { after, host, port }: after so many shares
// Says what happens, a line each: "ready KEY", "open extended|standard USER RATE", "share valid|invalid CODE …",
// "rate RATE".
const { Reader, Writer, authorityKey, makeIdentity, serve, sha256d } = require('./sv2.js');
const crypto = require('crypto');

const settings = JSON.parse(process.argv[2]);
const bits = parseInt(settings.bits || '1d00ffff', 16);
const blockTarget = BigInt(bits & 0xffffff) << BigInt(8 * ((bits >>> 24) - 3));
const GROUP = 100;
const PREFIX_SIZE = 4, ROLLED = 8;
const littleEndian = (hash) => BigInt('0x' + Buffer.from(hash).reverse().toString('hex'));

let height = 1000, lastJob = 0, lastChannel = 0;
let tip = { prev: crypto.randomBytes(32), time: Math.floor(Date.now() / 1000) };
const channels = new Set();

function coinbase() {
  const push = Buffer.from([2, height & 255, height >> 8]);
  const head = Buffer.concat([Buffer.from('01000000' + '01' + '00'.repeat(32) + 'ffffffff', 'hex'),
                              Buffer.from([push.length + PREFIX_SIZE + ROLLED]), push]);
  const tail = Buffer.from('ffffffff' + '01' + '00f2052a01000000' + '160014751e76e8199196d454941c45d1b3a323f1433bd6' + '00000000', 'hex');
  return { head, tail };
}

function newJob(channel, future) {
  const job = { id: ++lastJob, ...coinbase(), path: [crypto.randomBytes(32)], target: channel.target, prefix: channel.prefix, tip };
  const to = settings.group ? GROUP : channel.id;
  const start = new Writer();
  if (channel.extended) {
    start.u32(to).u32(job.id);
    future ? start.u8(0) : start.u8(1).u32(tip.time);
    start.u32(0x20000000).u8(1).sequence(job.path).bytes(job.head, 2).bytes(job.tail, 2);
    channel.connection.send(0x1f, start.done(), true);
  } else {
    start.u32(channel.id).u32(job.id);
    future ? start.u8(0) : start.u8(1).u32(tip.time);
    start.u32(0x20000000).raw(merkleRoot(job, Buffer.alloc(0)));
    channel.connection.send(0x15, start.done(), true);
  }
  channel.jobs.set(job.id, job);
  return job;
}

function activate(channel) {
  const job = newJob(channel, true);
  channel.jobs = new Map([[job.id, job]]);
  const to = channel.extended && settings.group ? GROUP : channel.id;
  channel.connection.send(0x20, new Writer().u32(to).u32(job.id).raw(tip.prev).u32(tip.time).u32(bits).done(), true);
}

function newBlock(prev = crypto.randomBytes(32)) {
  ++height;
  tip = { prev, time: Math.floor(Date.now() / 1000) };
  channels.forEach(activate);
}

const merkleRoot = (job, extranonce) =>
  job.path.reduce((hash, other) => sha256d(hash, other), sha256d(job.head, job.prefix, extranonce, job.tail));

function judge(channel, share) {
  const job = channel.jobs.get(share.job);
  if (!job) return share.job <= lastJob ? 'stale-share' : 'invalid-job-id';
  if (share.extranonce.length !== (channel.extended ? ROLLED : 0)) return 'bad-extranonce-size';
  if (share.ntime < job.tip.time || share.ntime > Date.now() / 1000 + 1) return 'invalid-timestamp';
  if ((share.version & ~0x1fffe000) >>> 0 !== 0x20000000) return 'invalid-version';
  const header = new Writer().u32(share.version).raw(job.tip.prev).raw(merkleRoot(job, share.extranonce)).u32(share.ntime)
    .u32(bits).u32(share.nonce).done();
  const hash = sha256d(header), value = littleEndian(hash);
  if (channel.seen.has(value)) return 'duplicate-share';
  channel.seen.add(value);
  if (value > job.target && value > blockTarget) return 'difficulty-too-low';
  if (value <= blockTarget) setImmediate(newBlock, hash);
  return '';
}

function submitted(channel, share) {
  const code = judge(channel, share);
  console.log('share', code ? 'invalid ' + code : 'valid', 'channel', channel.id, 'sequence', share.sequence);
  if (code) {
    channel.connection.send(0x1d, new Writer().u32(channel.id).u32(share.sequence).text(code).done(), true);
    return;
  }
  channel.valid += 1;
  if (channel.valid % (settings.batch || 1) === 0)
    channel.connection.send(0x1c, new Writer().u32(channel.id).u32(share.sequence).u32(settings.batch || 1).u64(0).done(), true);
  if (settings.retarget && channel.valid % settings.retarget === 0) {
    channel.target /= 2n;
    channel.connection.send(0x21, new Writer().u32(channel.id).u256(channel.target).done(), true);
    console.log('target', channel.target.toString(16));
    newJob(channel, false);
  }
  if (settings.reconnect && channel.valid === settings.reconnect.after)
    channel.connection.send(0x04, new Writer().text(settings.reconnect.host).u16(settings.reconnect.port).done());
}

function limitTarget(channel, most) {
  if (most >= channel.target) return;
  channel.target = most;
  channel.connection.send(0x21, new Writer().u32(channel.id).u256(most).done(), true);
}

function open(connection, request, extended) {
  const id = ++lastChannel;
  const prefix = Buffer.alloc(extended ? PREFIX_SIZE : PREFIX_SIZE + ROLLED);
  prefix.writeUInt32BE(id, prefix.length - 4);
  const channel = { id, connection, extended, prefix, target: 1n << BigInt(settings.shareBits || 240), jobs: new Map(),
                    seen: new Set(), valid: 0 };
  console.log('open', extended ? 'extended' : 'standard', request.user, request.rate);
  const success = new Writer().u32(request.id).u32(id).u256(channel.target);
  if (extended) success.u16(ROLLED);
  success.bytes(prefix).u32(GROUP);
  connection.send(extended ? 0x14 : 0x11, success.done());
  channels.add(channel);
  activate(channel);
  return channel;
}

const secret = Buffer.from(settings.authority, 'hex');
serve(settings.port, () => makeIdentity(secret, settings.fault), (connection) => {
  const opened = new Map();
  connection.onEnd = () => opened.forEach((channel) => channels.delete(channel));
  connection.onFrame = (type, payload) => {
    const fields = new Reader(payload);
    if (type === 0x00) {
      connection.send(0x01, new Writer().u16(2).u32(0).done());
    } else if (type === 0x10 || type === 0x13) {
      const channel = open(connection, { id: fields.u32(), user: fields.text(), rate: fields.f32() }, type === 0x13);
      opened.set(channel.id, channel);
    } else if (type === 0x16) {
      const channel = opened.get(fields.u32());
      console.log('rate', fields.f32());
      if (channel) limitTarget(channel, fields.u256());
    } else if (type === 0x1a || type === 0x1b) {
      const id = fields.u32(), channel = opened.get(id);
      const share = { sequence: fields.u32(), job: fields.u32(), nonce: fields.u32(), ntime: fields.u32(), version: fields.u32() };
      share.extranonce = type === 0x1b ? fields.bytes() : Buffer.alloc(0);
      if (channel) submitted(channel, share);
      else connection.send(0x1d, new Writer().u32(id).u32(share.sequence).text('invalid-channel-id').done(), true);
    }
  };
}).on('listening', () => console.log('ready', authorityKey(secret)));
if (settings.blockEvery) setInterval(newBlock, settings.blockEvery);
// Timers have milliseconds; jobRate: jobs a second
if (settings.jobEvery) setInterval(() => channels.forEach((channel) => newJob(channel, false)), settings.jobEvery);
if (settings.jobRate) {
  let sent = 0;
  const began = Date.now();
  setInterval(() => {
    for (const due = (Date.now() - began) * settings.jobRate / 1000; sent < due; ++sent)
      channels.forEach((channel) => newJob(channel, false));
  }, 5);
  setInterval(() => console.log('jobs', lastJob), 1000);
}

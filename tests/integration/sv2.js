// Stratum V2's encrypted connection, for servers and clients of the tests: ElligatorSwift and Schnorr signatures over
// npm's @noble/curves, the Noise handshake, frames. Written apart from lode's own, so that each checks the other.
const crypto = require('crypto');
const net = require('net');
const path = require('path');
const { secp256k1, schnorr } = require(path.join(process.cwd(), 'node_modules', '@noble', 'curves', 'secp256k1'));

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), crypto.createHash('sha256')).digest();
const hmac = (key, data) => crypto.createHmac('sha256', key).update(data).digest();

// ---- ElligatorSwift (BIP 324), over BigInt

const P = 2n ** 256n - 2n ** 32n - 977n;
const mod = (a) => ((a % P) + P) % P;
function power(base, exponent) {
  let result = 1n;
  for (base = mod(base); exponent > 0n; exponent >>= 1n, base = (base * base) % P)
    if (exponent & 1n) result = (result * base) % P;
  return result;
}
const inverse = (a) => power(a, P - 2n);
function root(a) {
  const candidate = power(a, (P + 1n) / 4n);
  return mod(candidate * candidate - a) === 0n ? candidate : null;
}
const ROOT_OF_MINUS_3 = root(mod(-3n));
const curve = (x) => mod(x * x * x + 7n);
const number = (bytes) => BigInt('0x' + Buffer.from(bytes).toString('hex'));
const bytes32 = (n) => Buffer.from(n.toString(16).padStart(64, '0'), 'hex');

function decodeEllswift(encoded) {
  const u = mod(number(encoded.subarray(0, 32))) || 1n;
  let t = mod(number(encoded.subarray(32))) || 1n;
  if (mod(curve(u) + t * t) === 0n) t = mod(2n * t);
  const x = mod((curve(u) - t * t) * inverse(2n * t));
  const y = mod((x + t) * inverse(ROOT_OF_MINUS_3 * u));
  const ratio = mod(x * inverse(y));
  const half = inverse(2n);
  const candidates = [mod(u + 4n * y * y), mod((-ratio - u) * half), mod((ratio - u) * half)];
  return candidates.find((candidate) => root(curve(candidate)) !== null);
}

function encodeEllswift(x) {
  for (;;) {
    const u = mod(number(crypto.randomBytes(32)));
    if (root(curve(mod(-x - u))) !== null) continue;  // the branch with v = x alone is enough
    const s = mod(-curve(u) * inverse(u * u + u * x + x * x));
    const w = root(s);
    if (w === null) continue;
    const t = mod(w * (u * (1n + ROOT_OF_MINUS_3) * inverse(2n) + x));
    const encoded = Buffer.concat([bytes32(u), bytes32(t)]);
    if (decodeEllswift(encoded) === x) return encoded;
  }
}

function makeKey() {
  const secret = secp256k1.utils.randomPrivateKey();
  return { secret, encoded: encodeEllswift(secp256k1.ProjectivePoint.fromPrivateKey(secret).toAffine().x) };
}

function exchange(ours, theirs, initiator, responder) {
  const point = secp256k1.ProjectivePoint.fromHex('02' + decodeEllswift(theirs).toString(16).padStart(64, '0'));
  const x = bytes32(point.multiply(number(ours.secret)).toAffine().x);
  const tag = sha256('bip324_ellswift_xonly_ecdh');
  return sha256(tag, tag, initiator, responder, x);
}

// ---- Noise (NX)

class Cipher {
  constructor(key) {
    this.key = key;
    this.count = 0n;
  }
  nonce() {
    const nonce = Buffer.alloc(12);
    nonce.writeBigUInt64LE(this.count++, 4);
    return nonce;
  }
  seal(plain, associated = Buffer.alloc(0)) {
    const cipher = crypto.createCipheriv('chacha20-poly1305', this.key, this.nonce(), { authTagLength: 16 });
    cipher.setAAD(associated, { plaintextLength: plain.length });
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }
  open(sealed, associated = Buffer.alloc(0)) {
    const cipher = crypto.createDecipheriv('chacha20-poly1305', this.key, this.nonce(), { authTagLength: 16 });
    const plain = sealed.subarray(0, sealed.length - 16);
    cipher.setAAD(associated, { plaintextLength: plain.length });
    cipher.setAuthTag(sealed.subarray(sealed.length - 16));
    return Buffer.concat([cipher.update(plain), cipher.final()]);
  }
}

class Symmetric {
  constructor() {
    this.hash = sha256('Noise_NX_Secp256k1+EllSwift_ChaChaPoly_SHA256');
    this.chaining = this.hash;
    this.mixHash(Buffer.alloc(0));
  }
  mixHash(data) {
    this.hash = sha256(this.hash, data);
  }
  derive(input) {
    const key = hmac(this.chaining, input);
    const first = hmac(key, Buffer.from([1]));
    return [first, hmac(key, Buffer.concat([first, Buffer.from([2])]))];
  }
  mixKey(shared) {
    const [chaining, key] = this.derive(shared);
    this.chaining = chaining;
    this.cipher = new Cipher(key);
  }
  seal(plain) {
    const sealed = this.cipher.seal(plain, this.hash);
    this.mixHash(sealed);
    return sealed;
  }
}

// A server's side: act 1 in, act 2 and the two ciphers out.
function respond(act1, identity) {
  const state = new Symmetric();
  state.mixHash(act1);
  state.mixHash(Buffer.alloc(0));
  const ephemeral = makeKey();
  state.mixHash(ephemeral.encoded);
  state.mixKey(exchange(ephemeral, act1, act1, ephemeral.encoded));
  const key = state.seal(identity.server.encoded);
  state.mixKey(exchange(identity.server, act1, act1, identity.server.encoded));
  const act2 = Buffer.concat([ephemeral.encoded, key, state.seal(identity.certificate)]);
  const [initiator, responder] = state.derive(Buffer.alloc(0));
  return { act2, receiver: new Cipher(initiator), sender: new Cipher(responder) };
}

// An authority, a server's key and the certificate that joins them. fault: what is wrong with it, for tests.
function makeIdentity(authoritySecret, fault) {
  const server = makeKey();
  const now = Math.floor(Date.now() / 1000);
  const certificate = Buffer.alloc(74);
  certificate.writeUInt16LE(fault === 'version' ? 1 : 0, 0);
  certificate.writeUInt32LE(fault === 'future' ? now + 3600 : now - 60, 2);
  certificate.writeUInt32LE(fault === 'expired' ? now - 30 : now + 86400, 6);
  const signer = fault === 'authority' ? secp256k1.utils.randomPrivateKey() : authoritySecret;
  const x = bytes32(decodeEllswift(server.encoded));
  Buffer.from(schnorr.sign(sha256(certificate.subarray(0, 10), x), signer)).copy(certificate, 10);
  return { server, certificate };
}

const DIGITS = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
function base58check(payload) {
  const all = Buffer.concat([payload, sha256(sha256(payload)).subarray(0, 4)]);
  let text = '';
  for (let n = number(all); n > 0n; n /= 58n) text = DIGITS[Number(n % 58n)] + text;
  return text;
}
function fromBase58check(text) {
  const n = [...text].reduce((sum, digit) => sum * 58n + BigInt(DIGITS.indexOf(digit)), 0n);
  const hex = n.toString(16);
  return Buffer.from(hex.length % 2 ? '0' + hex : hex, 'hex').subarray(0, -4);
}
// As a URL names it.
const authorityKey = (secret) => base58check(Buffer.concat([Buffer.from([1, 0]), schnorr.getPublicKey(secret)]));

// ---- frames

const CHUNK = 65519;

function sealFrame(cipher, type, payload, channel) {
  const header = Buffer.alloc(6);
  header.writeUInt16LE(channel ? 0x8000 : 0, 0);
  header[2] = type;
  header.writeUIntLE(payload.length, 3, 3);
  const parts = [cipher.seal(header)];
  for (let at = 0; at < payload.length; at += CHUNK) parts.push(cipher.seal(payload.subarray(at, at + CHUNK)));
  return Buffer.concat(parts);
}

// Listens on loopback. Each connection, once its handshake is done, is given to accept(); it has send(type, payload,
// channel), onFrame(type, payload), onEnd() and close().
function serve(port, identity, accept) {
  const server = net.createServer((socket) => {
    socket.setNoDelay(true);
    let buffered = Buffer.alloc(0), ciphers = null, header = null, payload = [];
    const connection = {
      send: (type, body, channel = false) => socket.write(sealFrame(ciphers.sender, type, body, channel)),
      close: () => socket.destroy(),
      onFrame: () => {},
      onEnd: () => {},
    };
    const take = (size) => {
      const taken = buffered.subarray(0, size);
      buffered = buffered.subarray(size);
      return taken;
    };
    const step = () => {
      if (!ciphers) {
        if (buffered.length < 64) return false;
        ciphers = respond(take(64), identity());
        socket.write(ciphers.act2);
        accept(connection);
        return true;
      }
      if (!header) {
        if (buffered.length < 22) return false;
        const plain = ciphers.receiver.open(take(22));
        header = { type: plain[2], core: (plain.readUInt16LE(0) & 0x7fff) === 0, left: plain.readUIntLE(3, 3) };
      }
      while (header.left > 0) {
        const size = Math.min(header.left, CHUNK);
        if (buffered.length < size + 16) return false;
        payload.push(ciphers.receiver.open(take(size + 16)));
        header.left -= size;
      }
      const [type, body, core] = [header.type, Buffer.concat(payload), header.core];
      header = null;
      payload = [];
      if (core) connection.onFrame(type, body);  // there are no extensions
      return true;
    };
    socket.on('data', (data) => {
      buffered = Buffer.concat([buffered, data]);
      try {
        while (step());
      } catch (error) {
        console.log('connection error', error.message);
        socket.destroy();
      }
    });
    socket.on('error', () => {});
    socket.on('close', () => connection.onEnd());
  });
  server.listen(port, '127.0.0.1');
  return server;
}

// ---- fields, little-endian

class Writer {
  constructor() {
    this.parts = [];
  }
  raw(bytes) {
    this.parts.push(Buffer.from(bytes));
    return this;
  }
  uint(value, size) {
    const bytes = Buffer.alloc(size);
    for (let at = 0, rest = BigInt(value); at < size; ++at, rest >>= 8n) bytes[at] = Number(rest & 255n);
    return this.raw(bytes);
  }
  u8(value) { return this.uint(value, 1); }
  u16(value) { return this.uint(value, 2); }
  u32(value) { return this.uint(value, 4); }
  u64(value) { return this.uint(value, 8); }
  u256(value) { return this.uint(value, 32); }
  bytes(value, prefix = 1) { return this.uint(value.length, prefix).raw(value); }
  text(value) { return this.bytes(Buffer.from(value)); }
  sequence(hashes) {
    this.u8(hashes.length);
    hashes.forEach((hash) => this.raw(hash));
    return this;
  }
  done() { return Buffer.concat(this.parts); }
}

class Reader {
  constructor(bytes) {
    this.rest = bytes;
  }
  raw(size) {
    if (this.rest.length < size) throw new Error('message cut off');
    const taken = this.rest.subarray(0, size);
    this.rest = this.rest.subarray(size);
    return taken;
  }
  uint(size) { return this.raw(size).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n); }
  u8() { return Number(this.uint(1)); }
  u16() { return Number(this.uint(2)); }
  u32() { return Number(this.uint(4)); }
  u64() { return this.uint(8); }
  u256() { return this.uint(32); }
  f32() { return this.raw(4).readFloatLE(); }
  bytes(prefix = 1) { return this.raw(Number(this.uint(prefix))); }
  text() { return this.bytes().toString(); }
}

module.exports = { Reader, Writer, authorityKey, fromBase58check, makeIdentity, serve, sha256,
                   sha256d: (...parts) => sha256(sha256(...parts)) };

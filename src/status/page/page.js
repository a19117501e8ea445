"use strict";
// Fetches the state, follows events, updates the page.

let token = sessionStorage.getItem("token") || "";
let state = null, lastJob = null, chain = null, past = null, shares = [], blocksAnnounced = 0;

async function ask(path, options = {}) {
  const headers = token ? { Authorization: "Bearer " + token } : {};
  const response = await fetch(path, { ...options, headers, cache: "no-store" });
  if (path !== "api/v1/events" && options.method !== "POST") byId("login").hidden = response.status !== 401 && response.status !== 403;
  return response;
}
async function askJson(path) {
  const response = await ask(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

// At once, and after that no more often than this.
function throttled(milliseconds, work) {
  let last = -Infinity, waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => { waiting = false; last = performance.now(); work().catch(lost); }, Math.max(0, last + milliseconds - performance.now()));
  };
}
function lost(error) {
  byId("state").className = "badge bad";
  setText("state", byId("login").hidden ? "lode does not answer" : "token required");
  if (!(error instanceof TypeError) && byId("login").hidden) setText("control-answer", String(error.message));
}

const refreshStatus = throttled(2000, async () => { state = await askJson("api/v1/status"); lastJob = state.job ?? lastJob; showStatus(state); });
const refreshChain = throttled(2000, async () => { chain = await askJson("api/v1/chain?blocks=40"); showChain(chain); });
const refreshHistory = throttled(5000, async () => { past = await askJson("api/v1/history?window=" + byId("window").value); showHistory(past); });
const refreshShares = throttled(5000, async () => { shares = (await askJson("api/v1/shares")).shares; showShares(); });
const redrawShares = throttled(1000, async () => showShares());
const redraw = throttled(100, async () => { if (chain) showChain(chain); if (past) showHistory(past); showShares(); });
const refreshFleet = throttled(9000, async () => showFleet(await askJson("api/v1/fleet")));
const refreshAll = () => { refreshStatus(); refreshChain(); refreshHistory(); refreshShares(); };

function showStatus(s) {
  byId("state").className = "badge " + (s.ready ? "good" : "bad");
  setText("state", s.paused ? "paused" : s.ready ? "mining" : s.not_ready);
  setText("source", s.source.source);
  setText("uptime", duration(s.uptime_s));
  setText("version", "lode " + s.version);
  const rate = s.hashrate["10s"] ?? s.hashrate["60s"] ?? s.hashes / Math.max(1, s.uptime_s);
  setText("rate", rateText(rate));
  setText("rates", `60 s ${rateText(s.hashrate["60s"])}, 15 min ${rateText(s.hashrate["15m"])}, expected ${rateText(s.hashrate.expected)}`);
  setText("tried", `${scaled(s.hashes, "")} hashes tried by this lode` + (s.blocks_found ? `, ${scaled(s.hashes / s.blocks_found, "")} for each block that it found` : ""));
  document.title = `${rateText(rate)} – lode`;
  const solo = s.blocks.filter((b) => b.result === "accepted").length;
  setText("accepted", String(s.shares.accepted || solo));
  setText("refused", `${s.shares.rejected} rejected, ${s.shares.stale} stale, ${s.hardware_errors} hardware errors`);
  setText("best", difficultyText(s.best_difficulty));
  setText("best-ever", "all time: " + difficultyText(s.best_difficulty_ever));
  setText("best-of", s.source.difficulty === null ? "" : "share target: " + difficultyText(s.source.difficulty));
  setText("blocks", String(s.blocks_found));
  const last = s.blocks[s.blocks.length - 1];
  setText("last-block", last ? `last at ${clock(last.found)}, ${last.result}` : "none yet");
  setText("latency", s.source.latency_ms === null ? "–" : s.source.latency_ms + " ms");
  showOdds(s, rate);
  showDevices(s.devices);
  const reasons = s.shares.reasons;
  byId("reason-table").tBodies[0].replaceChildren(...reasons.map((r) => make("tr", {}, make("td", {}, r.reason || "(no reason given)"), make("td", {}, r.result), make("td", {}, r.count))));
  byId("reason-table").hidden = reasons.length === 0;
  byId("no-reasons").hidden = reasons.length > 0;
  byId("fleet").hidden = s.fleet === 0;
  if (s.fleet > 0) refreshFleet();
  const job = s.job;
  const facts = job ? [["id", job.id], ["height", job.height ?? "unknown"], ["network", job.network || "unknown"], ["bits", job.bits],
    ["block difficulty", difficultyText(job.network_difficulty)], ["share difficulty", difficultyText(job.difficulty)],
    ["received", clock(job.received)], ["judgement", job.judgement ? `${job.judgement} ${job.judgement_detail}` : "not judged"]] : [["", "none"]];
  byId("job").replaceChildren(...facts.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
}

// Blocks come at random, at a rate of hash rate / expected hashes (Poisson).
function showOdds(s, rate) {
  byId("odds-tile").hidden = !byId("show-odds").checked || !lastJob;
  if (!lastJob) return;
  const between = lastJob.network_difficulty * 2 ** 32 / rate;
  setText("odds", percent(1 - Math.exp(-86400 / between)));
  const span = shares.length > 10 ? shares[shares.length - 1].time - shares[0].time : 0;
  const proven = shares.slice(1).filter((x) => x.result === "accepted").reduce((sum, x) => sum + x.target, 0) * 2 ** 32;
  const luck = span > 0 ? `; luck ${percent(proven / (s.hashes / s.uptime_s * span)).replace("over 99.9", (100 * proven / (s.hashes / s.uptime_s * span)).toFixed(0))}` : "";
  setText("odds-detail", `today; one in ${duration(between)} on average${luck}`);
}

function showDevices(devices) {
  byId("device-table").tBodies[0].replaceChildren(...devices.map((d) => {
    const rate = d.hashrate["10s"];
    const number = (v, digits) => (v === null ? "–" : v.toFixed(digits));
    return make("tr", {}, make("th", { scope: "row" }, `${d.device} – ${d.name} ${d.kernel}`), make("td", {}, d.error ? `${d.state}: ${d.error}` : d.state),
      make("td", {}, rateText(rate)), make("td", {}, rateText(d.hashrate.expected)), make("td", {}, number(d.temperature_c, 0)), make("td", {}, number(d.power_w, 0)),
      make("td", {}, scaled(d.hashes_per_joule, "")), make("td", {}, d.hardware_errors));
  }));
}

function showHistory(h) {
  const lines = [{ name: "total", kind: "total", values: h.hashrate }];
  const names = Object.keys(h.devices);
  if (names.length > 1) for (const name of names) lines.unshift({ name, kind: "device", values: h.devices[name] });
  const expected = state?.hashrate.expected;
  const last = h.hashrate[h.hashrate.length - 1];
  lineChart(byId("rate-chart"), h.time, lines, expected, `Hash rate, now ${rateText(last)}, least ${rateText(Math.min(...h.hashrate))}, most ${rateText(Math.max(...h.hashrate))}`);
  const legend = [["total", "total"], ...(expected ? [["expected", "expected: measured at the start"]] : []), ...(names.length > 1 ? [["device", "each device"]] : [])];
  byId("rate-legend").replaceChildren(...legend.map(([kind, text]) => make("li", { class: kind }, text)));
}

function showShares() {
  const points = shares.slice(-1000).map((s) => ({ ...s, kind: s.result !== "accepted" ? "refused" : s.block ? "block" : "accepted",
    title: `${clock(s.time)}, difficulty ${difficultyText(s.difficulty)}, ${s.result} ${s.reason}` }));
  scatterChart(byId("share-chart"), points, `${points.length} shares and blocks, best difficulty ${difficultyText(Math.max(0, ...points.map((p) => p.difficulty)))}`);
}

// On the local chain a block is nothing special.
function announce(e) {
  if (!byId("show-alerts").checked || e.result !== "accepted" || !lastJob || lastJob.network === "local") return;
  blocksAnnounced++;
  setText("alert-text", `Block ${e.height ?? ""} found – ${blocksAnnounced} since this page was opened.`);
  byId("alert").hidden = false;
  if (byId("sound-alerts").checked) beep();
}

function beep() {
  const audio = new AudioContext(), tone = audio.createOscillator();
  tone.connect(audio.destination);
  tone.addEventListener("ended", () => audio.close());
  tone.start();
  tone.stop(audio.currentTime + 0.3);
}

function happened(e) {
  if (e.event === "share" || e.event === "block") {
    const solo = e.event === "block" && state?.shares.accepted === 0;
    if (e.event === "share" || solo) {
      shares.push({ time: Date.now() / 1000, difficulty: hashDifficulty(e.hash), target: e.difficulty ?? lastJob?.network_difficulty ?? 0,
        result: e.result, reason: e.reason, block: e.event === "block" });
      if (shares.length > 1000) shares.shift();
      redrawShares();
    }
    if (e.event === "block") announce(e);
  }
  if (["job", "block", "retarget", "reorg", "judgement"].includes(e.event)) refreshChain();
  if (e.event === "hashrate") refreshHistory();
  refreshStatus();
}

// Server-sent events by fetch, as EventSource cannot send the token.
async function listen() {
  const response = await ask("api/v1/events");
  if (!response.ok) throw new Error(`events: ${response.status}`);
  refreshAll();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    const blocks = text.split("\n\n");
    text = blocks.pop();
    for (const block of blocks) if (block.startsWith("data: ")) happened(JSON.parse(block.slice(6)));
  }
}
async function listenOn() {
  for (;;) {
    try { await listen(); } catch { /* tried again */ }
    lost(new TypeError());
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}

async function act(action) {
  const response = await ask("api/v1/" + action, { method: "POST" });
  setText("control-answer", response.ok ? "accepted" : (await response.json()).error);
  refreshStatus();
}

function useToken(value) {
  token = value;
  sessionStorage.setItem("token", token);
}
for (const box of ["show-odds", "show-alerts", "sound-alerts"]) {
  byId(box).checked = box === "sound-alerts" ? localStorage.getItem(box) === "yes" : localStorage.getItem(box) !== "no";
  byId(box).addEventListener("change", () => { localStorage.setItem(box, byId(box).checked ? "yes" : "no"); if (state) showStatus(state); });
}
byId("token").value = token;
byId("token").addEventListener("change", () => useToken(byId("token").value));
byId("login").addEventListener("submit", (e) => { e.preventDefault(); useToken(byId("login-token").value); byId("token").value = token; refreshAll(); });
byId("control").addEventListener("submit", (e) => e.preventDefault());
for (const button of document.querySelectorAll("[data-action]")) button.addEventListener("click", () => act(button.dataset.action).catch(lost));
byId("alert-close").addEventListener("click", () => { byId("alert").hidden = true; });
byId("window").addEventListener("change", refreshHistory);
addEventListener("resize", redraw);
listenOn();

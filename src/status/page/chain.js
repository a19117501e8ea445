"use strict";
// The chain: the last blocks, stale branches, and the next retarget.

// Blocks as boxes by height; stale branches are drawn below the best chain.
function drawChain(element, blocks) {
  const best = blocks.filter((b) => b.best).sort((a, b) => a.height - b.height);
  const tip = Math.max(0, ...best.map((b) => b.height));
  const gap = 112, shown = Math.max(2, Math.floor((Math.max(200, element.clientWidth) - 10) / gap));
  const first = Math.max(best.length ? best[0].height : 0, tip - shown + 1);
  element.classList.toggle("forked", blocks.some((b) => !b.best && b.height >= first));
  const c = canvas(element, best.length ? `The chain up to height ${best[best.length - 1].height}` : "No block yet");
  if (!best.length) return;
  const at = (b) => ({ x: 6 + (b.height - first) * gap, y: 8 + (b.best ? 0 : 62) });
  const known = new Map(blocks.map((b) => [b.hash, b]));
  const bestAt = new Map(best.map((b) => [b.height, b]));
  // The previous block of another miner's may not have been seen.
  const below = (b) => best.filter((other) => other.height < b.height).pop();
  for (const b of blocks) {
    if (b.height < first || b.height > tip + 1) continue;
    const { x, y } = at(b), parent = known.get(b.prev) || bestAt.get(b.height - 1) || below(b);
    if (parent && parent.height >= first) {
      const p = at(parent);
      c.root.append(svg("path", { class: "link", d: `M${x} ${y + 24}C${x - 12} ${y + 24} ${p.x + 112} ${p.y + 24} ${p.x + 100} ${p.y + 24}` }));
    }
  }
  for (const b of blocks) {
    if (b.height < first || b.height > tip + 1) continue;
    const { x, y } = at(b);
    const kind = !b.best ? "box left" : b.ours ? "box ours" : "box";
    const box = svg("rect", { class: kind, x, y, width: 100, height: 48, rx: 6 });
    box.append(svg("title", {}, `${b.height} ${b.hash}`));
    c.root.append(box, svg("text", { class: "height", x: x + 7, y: y + 20 }, b.height.toLocaleString("en")),
      svg("text", { x: x + 7, y: y + 38 }, !b.best ? "stale" : b.height === 0 ? "genesis" : b.nonce === null ? "not ours" : "n " + b.nonce));
  }
}

function blockRow(b) {
  const time = b.time === null ? "seen " + clock(b.seen) : clock(b.time);
  return make("tr", b.best ? {} : { class: "left" }, make("td", {}, b.height), make("td", {}, time),
    make("td", {}, b.nonce === null ? "–" : b.nonce), make("td", {}, hashElement(b.hash)), make("td", {}, b.ours ? "this lode" : b.height === 0 ? "genesis" : "another miner"));
}

function eventLine(e) {
  if (e.event === "retarget") return `${clock(e.time)} – retarget: difficulty ${difficultyText(e.new_difficulty)} from height ${e.height} on, was ${difficultyText(e.old_difficulty)}`;
  if (e.event === "reorg") return `${clock(e.time)} – reorganisation: ${e.depth} ${e.depth === 1 ? "block" : "blocks"} disconnected, new tip at height ${e.height}`;
  return `${clock(e.time)} – job ${e.job}: ${e.verdict} ${e.detail}`;
}

function showChain(chain) {
  setText("chain-line", chain.height === null ? "height unknown" :
    `${chain.network || "unknown network"}, height ${chain.height.toLocaleString("en")}, difficulty ${difficultyText(chain.difficulty)}: ` +
    `${scaled(chain.difficulty * 2 ** 32, "")} hashes a block on average`);
  const next = chain.next_retarget;
  byId("retarget").hidden = !next;
  if (next) {
    const change = next.expected_change;
    setText("retarget-text", `retarget in ${next.blocks_left} blocks, at height ${next.height.toLocaleString("en")}` +
      (change === null ? "" : `; expected change of difficulty × ${change.toFixed(2)}`));
    byId("retarget-bar").value = 1 - next.blocks_left / next.period;
  }
  drawChain(byId("chain-picture"), chain.blocks);
  if (chain.target) byId("target-line").replaceChildren("target ", hashElement(chain.target), " – a block's hash must not exceed it");
  const rows = [...chain.blocks].sort((a, b) => b.height - a.height || b.best - a.best).slice(0, 12);
  byId("block-table").tBodies[0].replaceChildren(...rows.map(blockRow));
  const events = [...chain.retargets, ...chain.reorganisations, ...chain.judgements].sort((a, b) => b.time - a.time).slice(0, 6);
  byId("chain-events").replaceChildren(...events.map((e) => make("li", {}, eventLine(e))));
  const outputs = (chain.coinbase || []).filter((o) => o.satoshis > 0);
  byId("coinbase-table").tBodies[0].replaceChildren(...outputs.map((o) => make("tr", {}, make("td", {}, (o.satoshis / 1e8).toFixed(8)),
    make("td", {}, o.address ? "" : (o.kind === "other" ? "script" : o.kind) + " ", make("span", { class: "hash" }, o.address || o.script)))));
  const texts = (chain.coinbase || []).map((o) => o.text).filter(Boolean);
  setText("coinbase-texts", texts.length ? "text: " + texts.join(", ") : "");
  byId("coinbase-table").hidden = !chain.coinbase;
  byId("no-coinbase").hidden = Boolean(chain.coinbase);
}

"use strict";
// Two charts as SVG: lines over time from zero, and points over time on a logarithmic scale.

function svg(tag, attributes = {}, text) {
  const e = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
  if (text !== undefined) e.textContent = text;
  return e;
}

// An empty drawing that fills the element and is read out as the label.
function canvas(element, label) {
  const width = Math.max(200, element.clientWidth), height = Math.max(60, element.clientHeight);
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  element.replaceChildren(root);
  return { root, width, height, left: 78, right: width - 8, top: 10, bottom: height - 22 };
}

function timeAxis(c, from, to) {
  const steps = Math.max(1, Math.floor((c.right - c.left) / 130));
  const x = (t) => c.left + (t - from) / Math.max(1, to - from) * (c.right - c.left);
  const format = to - from > 86400 * 1.5 ? (t) => new Date(t * 1000).toLocaleDateString() : clock;
  for (let i = 0; i <= steps; i++) {
    const t = from + (to - from) * i / steps;
    const anchor = i === 0 ? "start" : i === steps ? "end" : "middle";
    c.root.append(svg("text", { x: x(t), y: c.bottom + 16, "text-anchor": anchor }, format(t)));
  }
  return x;
}

function gridLine(c, y, text) {
  c.root.append(svg("line", { class: "grid", x1: c.left, x2: c.right, y1: y, y2: y }),
    svg("text", { x: c.left - 6, y: y + 4, "text-anchor": "end" }, text));
}

// The next of 1, 1.5, 2, 2.5, 3, 4, 5, 7.5 and 10 times a power of ten.
function roundStep(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10].find((s) => s * power >= value * 0.9999) * power;
}

// lines: [{name, kind, values}], as long as times; kind is the CSS class.
function lineChart(element, times, lines, expected, label) {
  const c = canvas(element, label);
  if (times.length < 2) return void c.root.append(svg("text", { x: 4, y: c.height / 2 }, "The first points arrive within seconds."));
  const step = roundStep(Math.max(1, expected || 0, ...lines.flatMap((l) => l.values)) * 1.02 / 4);
  const most = step * 4;
  const x = timeAxis(c, times[0], times[times.length - 1]);
  const y = (v) => c.bottom - v / most * (c.bottom - c.top);
  for (let i = 0; i <= 4; i++) gridLine(c, y(step * i), rateText(step * i));
  if (expected) c.root.append(svg("line", { class: "expected", x1: c.left, x2: c.right, y1: y(expected), y2: y(expected) }));
  for (const line of lines) {
    const points = line.values.map((v, i) => (v === null ? "" : `${x(times[i]).toFixed(1)},${y(v).toFixed(1)}`)).join(" ");
    const drawn = svg("polyline", { class: line.kind, points });
    drawn.append(svg("title", {}, line.name));
    c.root.append(drawn);
  }
}

// points: [{time, difficulty, target, kind, title}], kind is accepted, refused or block.
function scatterChart(element, points, label) {
  const c = canvas(element, label);
  if (points.length === 0) return void c.root.append(svg("text", { x: 4, y: c.height / 2 }, "None yet."));
  const values = points.flatMap((p) => [p.difficulty, p.target]).filter((v) => v > 0);
  const low = Math.floor(Math.log10(Math.min(...values))), high = Math.ceil(Math.log10(Math.max(...values)) + 0.01);
  const x = timeAxis(c, points[0].time, Math.max(points[points.length - 1].time, points[0].time + 10));
  const y = (v) => c.bottom - (Math.log10(Math.max(v, 10 ** low)) - low) / Math.max(1, high - low) * (c.bottom - c.top);
  const step = Math.max(1, Math.ceil((high - low) / 6));
  for (let e = low; e <= high; e += step) gridLine(c, y(10 ** e), difficultyText(10 ** e));
  const target = points.filter((p) => p.target > 0).map((p, i) => {
    const at = `${x(p.time).toFixed(1)},${y(p.target).toFixed(1)}`;
    return i ? `H${x(p.time).toFixed(1)}L${at}` : "M" + at;
  }).join("");
  if (target) c.root.append(svg("path", { class: "target", d: target + "H" + c.right }));
  for (const p of points) {
    const cx = x(p.time), cy = y(p.difficulty);
    const shape = p.kind === "refused" ? svg("path", { class: p.kind, d: `M${cx - 4} ${cy - 4}l8 8m-8 0l8-8` })
      : p.kind === "block" ? svg("path", { class: p.kind, d: `M${cx} ${cy - 5}l5 5l-5 5l-5-5z` })
      : svg("circle", { class: p.kind, cx, cy, r: 2.5 });
    shape.append(svg("title", {}, p.title));
    c.root.append(shape);
  }
}

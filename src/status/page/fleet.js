"use strict";
// Several machines as a table that sorts by its columns, with totals.

const sum = (values) => values.reduce((a, b) => a + (b || 0), 0);
const fleetColumns = [
  { title: "Machine", value: (m) => m.name.toLowerCase(), show: (m) => (m.url ? make("a", { href: m.url, rel: "noreferrer" }, m.name) : `${m.name || "this one"} (this one)`) },
  { title: "State", value: (m) => machineState(m), show: machineState },
  { title: "Hash rate", value: (m) => m.report?.hashrate, show: (m) => rateText(m.report?.hashrate), total: sum, text: rateText },
  { title: "Expected", value: (m) => m.report?.expected, show: (m) => rateText(m.report?.expected), total: sum, text: rateText },
  { title: "Accepted", value: (m) => m.report?.accepted, total: sum },
  { title: "Rejected", value: (m) => m.report?.refused, total: sum },
  { title: "Blocks", value: (m) => m.report?.blocks_found, total: sum },
  { title: "Best", value: (m) => m.report?.best_difficulty, show: (m) => difficultyText(m.report?.best_difficulty), total: (v) => Math.max(0, ...v), text: difficultyText },
  { title: "°C", value: (m) => m.report?.temperature_c, show: (m) => whole(m.report?.temperature_c), total: (v) => (v.length ? Math.max(...v) : null), text: (v) => whole(v) },
  { title: "W", value: (m) => m.report?.power_w, show: (m) => whole(m.report?.power_w), total: (v) => (v.length ? sum(v) : null), text: (v) => whole(v) },
  { title: "Up", value: (m) => m.report?.uptime_s, show: (m) => (m.report ? duration(m.report.uptime_s) : "–") },
  { title: "Source", value: (m) => m.report?.source, show: (m) => m.report?.source || "–" },
  { title: "Version", value: (m) => m.report?.version, show: (m) => m.report?.version || "–" },
];
let fleetOrder = { column: 0, up: true }, fleet = { machines: [] };

function whole(value) { return Number.isFinite(value) ? value.toFixed(0) : "–"; }
function machineState(m) {
  if (m.error) return m.error + (m.age_s === null ? "" : ` (last seen ${duration(m.age_s)} ago)`);
  if (!m.report) return "asking…";
  return m.report.paused ? "paused" : m.report.ready ? "mining" : m.report.not_ready;
}
const answering = (m) => m.report && !m.error;

// What is not known comes last, whichever way.
function compareMachines(a, b) {
  const { column, up } = fleetOrder, x = fleetColumns[column].value(a) ?? null, y = fleetColumns[column].value(b) ?? null;
  if (x === null || y === null) return (x === null) - (y === null);
  return (x < y ? -1 : x > y ? 1 : 0) * (up ? 1 : -1);
}

function fleetHead() {
  const row = byId("fleet-table").tHead.rows[0];
  row.replaceChildren(...fleetColumns.map((c, i) => {
    const button = make("button", { type: "button" }, c.title);
    button.addEventListener("click", () => {
      fleetOrder = { column: i, up: fleetOrder.column === i ? !fleetOrder.up : i < 2 };
      showFleet(fleet);
    });
    return make("th", { scope: "col" }, button);
  }));
}

function showFleet(answer) {
  fleet = answer;
  const table = byId("fleet-table");
  if (!table.tHead.rows[0].cells.length) fleetHead();
  [...table.tHead.rows[0].cells].forEach((cell, i) =>
    cell.setAttribute("aria-sort", i !== fleetOrder.column ? "none" : fleetOrder.up ? "ascending" : "descending"));
  const machines = [...answer.machines].sort(compareMachines), alive = machines.filter(answering);
  table.tBodies[0].replaceChildren(...machines.map((m) => make("tr", answering(m) ? {} : { class: "away" },
    ...fleetColumns.map((c) => make("td", {}, c.show ? c.show(m) : c.value(m) ?? "–")))));
  const totals = fleetColumns.map((c) => {
    if (!c.total) return "";
    const value = c.total(alive.map(c.value).filter((v) => v !== null && v !== undefined));
    return c.text ? c.text(value) : value;
  });
  totals[0] = "Total";
  totals[1] = `${alive.length} of ${machines.length} answer`;
  table.tFoot.replaceChildren(make("tr", {}, ...totals.map((t) => make("td", {}, t))));
}

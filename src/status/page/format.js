"use strict";
// Numbers as miners write them, and text that can never become markup.

const byId = (id) => document.getElementById(id);
const setText = (id, text) => { const e = byId(id); if (e.textContent !== text) e.textContent = text; };

// An element whose content is text or other elements.
function make(tag, attributes = {}, ...content) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
  e.append(...content.map((c) => (c instanceof Node ? c : String(c))));
  return e;
}

const prefixes = ["", "k", "M", "G", "T", "P", "E"];
function scaled(value, unit) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  let i = 0;
  while (Math.abs(value) >= 1000 && i < prefixes.length - 1) { value /= 1000; i++; }
  const digits = value === 0 || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const text = value !== 0 && Math.abs(value) < 0.1 ? value.toPrecision(2) : value.toFixed(digits);
  return text + (prefixes[i] + unit ? " " + prefixes[i] + unit : "");
}
const rateText = (value) => scaled(value, "H/s");
const difficultyText = (value) => scaled(value, "");
const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString();

function duration(seconds) {
  if (!Number.isFinite(seconds)) return "–";
  if (seconds > 365.25 * 86400 * 2) return scaled(seconds / (365.25 * 86400), "").replace(/ $/, "") + " years";
  for (const [unit, size] of [["d", 86400], ["h", 3600], ["min", 60]])
    if (seconds >= 2 * size) return (seconds / size).toFixed(seconds < 10 * size ? 1 : 0) + " " + unit;
  return (seconds < 10 ? seconds.toPrecision(2) : Math.round(seconds)) + " s";
}

const percent = (part) => (part >= 0.9995 ? "over 99.9" : part >= 0.001 ? (part * 100).toFixed(1) : (part * 100).toPrecision(1)) + " %";

// Difficulty of a hash as people see it: 0xffff * 2^208 / hash.
const hashDifficulty = (hex) => 0xffff * 2 ** 208 / Math.max(1, Number("0x" + hex));

// The hash with its leading zeros set apart.
function hashElement(hex) {
  const zeros = /^0*/.exec(hex)[0];
  return make("span", { class: "hash" }, make("span", { class: "zeros" }, zeros), hex.slice(zeros.length));
}

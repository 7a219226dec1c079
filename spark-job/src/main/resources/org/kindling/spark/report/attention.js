"use strict";
// Draws the data of this page. A head's probabilities are rows of a triangle, in thousandths.
const data = JSON.parse(document.getElementById("data").textContent);
const T = data.tokens.length;
const state = { layer: 0, head: 0, row: T - 1, column: T - 1 };
const byId = (id) => document.getElementById(id);
const label = (t) => (data.tokens[t] === " " ? "\u2423" : data.tokens[t]);
const shown = (t) => "'" + data.tokens[t] + "'";
const value = (layer, head, row, column) =>
  column > row ? 0 : data.attention[layer][head][(row * (row + 1)) / 2 + column] / 1000;

function element(name, text, properties) {
  return Object.assign(document.createElement(name), { textContent: text }, properties);
}

function colours() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  return { cell: colour("--first"), future: colour("--panel"), mark: colour("--second") };
}

// A cell's strength grows with the root, so that small probabilities are seen, too.
function draw(canvas, layer, head, cell) {
  const scale = cell ? Math.max(1, Math.floor(1120 / T)) : 1;
  canvas.width = canvas.height = T * scale;
  const context = canvas.getContext("2d");
  const colour = colours();
  for (let row = 0; row < T; row++) {
    for (let column = 0; column < T; column++) {
      context.globalAlpha = column > row ? 1 : Math.sqrt(value(layer, head, row, column));
      context.fillStyle = column > row ? colour.future : colour.cell;
      context.fillRect(column * scale, row * scale, scale, scale);
    }
  }
  context.globalAlpha = 1;
  if (cell) {
    context.strokeStyle = colour.mark;
    context.lineWidth = Math.max(2, scale / 12);
    context.strokeRect(0, state.row * scale, T * scale, scale);
    context.strokeRect(state.column * scale, state.row * scale, scale, scale);
  }
}

function say({ row, column }) {
  byId("readout").textContent =
    column > row
      ? `${shown(column)} (${column}) comes after ${shown(row)} (${row}) and cannot be seen from there.`
      : `${shown(row)} (${row}) looks at ${shown(column)} (${column}): ` +
        value(state.layer, state.head, row, column).toFixed(3);
  mark("queries", row);
  mark("keys", column);
}

// Labels of an axis: tokens where there is room for them, else some of their positions.
function writeLabels(axis, cell) {
  const every = cell >= 10 ? 1 : [5, 10, 20, 50, 100].find((n) => n * cell >= 26) || 200;
  const labels = [...Array(T).keys()].map((t) =>
    element("span", every === 1 ? label(t) : t % every === 0 ? t : ""),
  );
  const box = byId(axis);
  const tracks = `repeat(${T}, minmax(0, 1fr))`;
  box.style[axis === "keys" ? "gridTemplateColumns" : "gridTemplateRows"] = tracks;
  box.classList.toggle("long", every === 1 && labels.some(({ textContent }) => [...textContent].length > 1));
  box.replaceChildren(...labels);
}

function mark(axis, t) {
  [...byId(axis).children].forEach((span, i) => span.classList.toggle("on", i === t));
}

function nameAxes() {
  const cell = byId("map").clientWidth / T;
  writeLabels("keys", cell);
  writeLabels("queries", cell);
  say(state);
}

function update() {
  draw(byId("map"), state.layer, state.head, true);
  const where = `layer ${state.layer}, head ${state.head}`;
  const { row } = state;
  byId("map-title").textContent = "Map of " + where;
  say(state);
  byId("looks-title").textContent = `What ${shown(row)} (${row}) looks at in ${where}`;
  const looks = [...Array(row + 1).keys()]
    .map((t) => ({ t, p: value(state.layer, state.head, row, t) }))
    .sort((a, b) => b.p - a.p || a.t - b.t)
    .slice(0, 12)
    .map(({ t, p }) => {
      const item = document.createElement("li");
      const bar = document.createElement("b");
      bar.style.width = 100 * p + "%";
      const track = document.createElement("span");
      track.append(bar);
      item.append(element("span", `${shown(t)} (${t})`), track, element("span", p.toFixed(3)));
      return item;
    });
  byId("looks").replaceChildren(...looks);
  [...byId("tokens").children].forEach((button, t) => {
    button.setAttribute("aria-pressed", t === row);
    const p = t > row ? 0 : value(state.layer, state.head, row, t);
    button.style.background = `color-mix(in srgb, var(--first) ${Math.round(60 * Math.sqrt(p))}%, var(--panel))`;
  });
  [...byId("heads").children].forEach((button) =>
    button.setAttribute(
      "aria-pressed",
      button.dataset.layer == state.layer && button.dataset.head == state.head,
    ),
  );
  [...byId("next").rows].slice(1).forEach((line, t) => line.setAttribute("aria-current", t === row));
}

function choose(change) {
  Object.assign(state, change);
  update();
}

data.tokens.forEach((_, t) =>
  byId("tokens").append(
    element("button", label(t), {
      type: "button",
      title: `token ${t}`,
      ariaLabel: `token ${t}: ${shown(t)}`,
      onclick: () => choose({ row: t, column: Math.min(state.column, t) }),
    }),
  ),
);

byId("heads").style.gridTemplateColumns = `repeat(${data.attention[0].length}, max-content)`;
data.attention.forEach((heads, layer) =>
  heads.forEach((_, head) => {
    const button = element("button", "", {
      type: "button",
      ariaLabel: `layer ${layer}, head ${head}`,
      onclick: () => choose({ layer, head }),
    });
    Object.assign(button.dataset, { layer, head });
    button.append(document.createElement("canvas"), `${layer}.${head}`);
    byId("heads").append(button);
  }),
);

function drawHeads() {
  [...byId("heads").children].forEach((button) =>
    draw(button.firstChild, +button.dataset.layer, +button.dataset.head, false),
  );
}

const columns = element("tr", "");
["position", "token", "p(next)", ...data.next[0].guesses.map((_, i) => i + 1 + ".")].forEach((name) =>
  columns.append(element("th", name, { scope: "col" })),
);
byId("next").append(columns);
data.next.forEach(({ guesses, actual }, t) => {
  const line = element("tr", "");
  line.append(
    element("th", t, { scope: "row" }),
    element("td", shown(t)),
    element("td", actual === undefined ? "" : actual.toFixed(4)),
    ...guesses.map(([token, p]) =>
      element("td", `'${token}' ${p.toFixed(4)}`, {
        className: t + 1 < T && token === data.tokens[t + 1] ? "hit" : "",
      }),
    ),
  );
  byId("next").append(line);
});

const map = byId("map");
const within = (place) => Math.max(0, Math.min(T - 1, place));
function under(event) {
  const box = map.getBoundingClientRect();
  return {
    row: within(Math.floor(((event.clientY - box.top) / box.height) * T)),
    column: within(Math.floor(((event.clientX - box.left) / box.width) * T)),
  };
}
// The cell under the mouse, framed, with its value beside it.
function point(event) {
  const { row, column } = under(event);
  const cell = 100 / T;
  const cursor = byId("cursor");
  cursor.hidden = false;
  Object.assign(cursor.style, {
    left: column * cell + "%",
    top: row * cell + "%",
    width: cell + "%",
    height: cell + "%",
  });
  const tip = byId("tip");
  tip.hidden = false;
  tip.textContent =
    `${label(row)} \u2192 ${label(column)}  ` +
    (column > row ? "not seen" : value(state.layer, state.head, row, column).toFixed(3));
  const left = column < T / 2;
  Object.assign(tip.style, {
    left: left ? `calc(${(column + 1) * cell}% + 6px)` : "auto",
    right: left ? "auto" : `calc(${(T - column) * cell}% + 6px)`,
    top: `calc(${row * cell}% - 4px)`,
  });
  say({ row, column });
}
map.addEventListener("mousemove", point);
map.addEventListener("mouseleave", () => {
  byId("cursor").hidden = byId("tip").hidden = true;
  say(state);
});
map.addEventListener("click", (event) => choose(under(event)));

// Heads as one row, layer after layer; null at either end.
function headAt(distance) {
  const heads = data.attention[0].length;
  const place = state.layer * heads + state.head + distance;
  return place < 0 || place >= heads * data.attention.length
    ? null
    : { layer: Math.floor(place / heads), head: place % heads };
}
map.addEventListener("keydown", (event) => {
  const { row, column } = state;
  const change = {
    ArrowUp: { row: within(row - 1) },
    ArrowDown: { row: within(row + 1) },
    ArrowLeft: { column: within(column - 1) },
    ArrowRight: { column: within(column + 1) },
    Home: { column: 0 },
    End: { column: row },
    PageUp: headAt(-1),
    PageDown: headAt(1),
  }[event.key];
  if (change !== undefined) {
    event.preventDefault();
    choose(change);
  }
});

[0, 0.01, 0.1, 0.5, 1].forEach((p) => {
  const item = element("span", "");
  const swatch = element("i", "");
  swatch.style.background = `color-mix(in srgb, var(--first) ${100 * Math.sqrt(p)}%, var(--page))`;
  item.append(swatch, String(p));
  byId("scale").append(item);
});
const later = element("span", "");
later.append(element("i", ""), "later tokens, not seen");
later.firstChild.style.background = "var(--panel)";
byId("scale").append(later);
new ResizeObserver(nameAxes).observe(map);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  drawHeads();
  update();
});
drawHeads();
nameAxes();
update();

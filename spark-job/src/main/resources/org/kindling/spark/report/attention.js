"use strict";
// Draws the data of this page. A head's probabilities are rows of a triangle, in thousandths.
const data = JSON.parse(document.getElementById("data").textContent);
const T = data.tokens.length;
const state = { layer: 0, head: 0, row: T - 1, column: T - 1 };
const byId = (id) => document.getElementById(id);
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

data.tokens.forEach((token, t) =>
  byId("tokens").append(
    element("button", token === " " ? "\u2423" : token, {
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
map.addEventListener("mousemove", (event) => say(under(event)));
map.addEventListener("mouseleave", () => say(state));
map.addEventListener("click", (event) => choose(under(event)));
map.addEventListener("keydown", (event) => {
  const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
  if (step) {
    event.preventDefault();
    choose({ row: within(state.row + step[0]), column: within(state.column + step[1]) });
  }
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  drawHeads();
  update();
});
drawHeads();
update();

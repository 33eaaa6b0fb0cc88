/* Plots: bars with intervals, and lines, drawn from numbers and texts. */
const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 640, HEIGHT = 340;
const LEFT = 64, RIGHT = 14, TOP = 12, BOTTOM = 46;
// Okabe and Ito 2008; every line has dashes of its own as well
const COLOURS = ["#0b5e8e", "#b34700", "#00775a", "#5a5a5a", "#98467c", "#7a5c00"];
const DASHES = ["", "8 4", "2 3", "10 3 2 3", "5 2", "1 4"];

function drawn(parent, tag, attributes, text) {
  const made = document.createElementNS(SVG, tag);
  for (const name in attributes) made.setAttribute(name, attributes[name]);
  if (text !== undefined) made.textContent = text;
  return parent.appendChild(made);
}

function captioned(className, caption) {
  const box = element("figure", className);
  box.appendChild(element("figcaption", "", caption));
  return box;
}

function whiskers(block) {
  const box = captioned("rm-plot rm-whiskers", block.caption);
  const ends = block.rows.flatMap((row) => [row.low, row.value, row.high]);
  const known = ends.filter((end) => end !== null).concat(0);
  const least = Math.min(...known), most = Math.max(...known);
  const share = (value) => (100 * (value - least)) / (most - least || 1) + "%";
  const list = box.appendChild(element("ul"));
  for (const row of block.rows) {
    const item = list.appendChild(element("li"));
    item.appendChild(element("span", "rm-name", row.name));
    const lane = item.appendChild(element("span", "rm-lane"));
    lane.setAttribute("aria-hidden", "true");
    lane.appendChild(element("i", "rm-nought")).style.left = share(0);
    if (row.low !== null && row.high !== null) {
      const bar = lane.appendChild(element("i", "rm-bar"));
      bar.style.left = share(row.low);
      bar.style.right = "calc(100% - " + share(row.high) + ")";
    }
    if (row.value !== null) lane.appendChild(element("i", "rm-dot")).style.left = share(row.value);
    item.appendChild(element("span", "rm-said", row.text));
  }
  return box;
}

function series(block) {
  const box = captioned("rm-plot", block.caption);
  const picture = drawn(box, "svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": block.caption,
  });
  const [west, east] = block.x.ends, [south, north] = block.y.ends;
  const x = (v) => LEFT + ((v - west) / (east - west || 1)) * (WIDTH - LEFT - RIGHT);
  const y = (v) => HEIGHT - BOTTOM - ((v - south) / (north - south || 1)) * (HEIGHT - TOP - BOTTOM);
  for (const [value, said] of block.x.ticks) {
    drawn(picture, "line", { x1: x(value), x2: x(value), y1: TOP, y2: HEIGHT - BOTTOM, class: "rm-grid" });
    drawn(picture, "text", { x: x(value), y: HEIGHT - BOTTOM + 16, "text-anchor": "middle" }, said);
  }
  for (const [value, said] of block.y.ticks) {
    drawn(picture, "line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(value), y2: y(value), class: "rm-grid" });
    drawn(picture, "text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, said);
  }
  drawn(picture, "text", { x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 8, "text-anchor": "middle" }, block.x.name);
  drawn(picture, "text", {
    x: -(TOP + HEIGHT - BOTTOM) / 2, y: 14, "text-anchor": "middle", transform: "rotate(-90)",
  }, block.y.name);
  const legend = element("ul", "rm-legend");
  block.lines.forEach(function (line, i) {
    const colour = COLOURS[i % COLOURS.length];
    drawn(picture, "polyline", {
      points: line.points.map(([a, b]) => `${x(a)},${y(b)}`).join(" "),
      fill: "none", stroke: colour, "stroke-width": 2.2, "stroke-dasharray": DASHES[i % DASHES.length],
    });
    const entry = legend.appendChild(element("li"));
    const key = drawn(entry, "svg", { viewBox: "0 0 34 8", width: 34, height: 8, "aria-hidden": "true" });
    drawn(key, "line", {
      x1: 0, x2: 34, y1: 4, y2: 4, stroke: colour, "stroke-width": 2.4, "stroke-dasharray": DASHES[i % DASHES.length],
    });
    entry.append(line.name);
  });
  if (legend.children.length) box.appendChild(legend);
  return box;
}

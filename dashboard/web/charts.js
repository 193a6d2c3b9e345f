// Small charts side by side: a line for what is played, a dashed grey one for what it is held against.
const said = (value, digits) => Number.isFinite(value)
  ? value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits }) : "–";

function niceTop(top) {
  if (!(top > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(top));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((m) => m * power).find((m) => m >= top * 1.02) || 10 * power;
}

function render({ model, el }) {
  el.classList.add("charts");
  let parts = [], data = new Float32Array(0), week = 0;
  const key = made("div", "charts-key");
  const grid = made("div", "charts-grid");
  const mind = made("section", "charts-cautions"), cautions = made("ul");
  mind.setAttribute("aria-label", "Cautions");
  mind.append(made("h3", "", "Caution"), cautions);
  el.append(mind, key, grid);
  function warn() {
    cautions.replaceChildren(...model.get("cautions").map((caution) => made("li", "", caution)));
    mind.hidden = !model.get("cautions").length;
  }

  function build() {
    const [first, second] = model.get("lines"), colours = model.get("colours");
    key.replaceChildren(...[[first, "solid", colours[0]], [second, "dashed", colours[1]]].map(([text, kind, colour]) => {
      const entry = made("span", "charts-line"), line = made("i", kind);
      line.style.setProperty("--mark", colour);
      entry.append(line, made("span", "", text));
      return entry;
    }), made("span", "charts-note", model.get("note")));
    grid.replaceChildren();
    parts = model.get("charts").map((chart, number, all) => {
      const box = made("figure", number + 1 === all.length ? "chart last" : "chart"), head = made("figcaption", "chart-head");
      const name = made("span", "chart-name", chart.name), value = made("span", "chart-value"), gap = made("span", "chart-gap");
      head.title = chart.meaning;
      head.append(name, value, made("span", "chart-unit", chart.unit || "\u00a0"), gap);
      const canvas = made("canvas", "chart-canvas");
      canvas.setAttribute("role", "img");
      box.append(head, canvas);
      grid.append(box);
      return { chart, canvas, value, gap };
    });
    draw();
  }

  function read() {
    const view = model.get("data");
    const raw = view instanceof DataView ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength) : new Uint8Array(view || 0);
    data = new Float32Array(raw.slice().buffer);
    week = parts.length ? data.length / (2 * parts.length) : 0;
    draw();
  }

  function draw() {
    const total = model.get("total") || 1, marks = model.get("marks"), colours = model.get("colours");
    const pixel = Math.min(2, window.devicePixelRatio || 1);
    parts.forEach((part, number) => {
      const { chart, canvas } = part;
      const lines = [0, 1].map((k) => data.subarray((2 * number + k) * week, (2 * number + k + 1) * week));
      const wide = canvas.clientWidth || 300, high = canvas.clientHeight || 70;
      canvas.width = wide * pixel; canvas.height = high * pixel;
      const c = canvas.getContext("2d");
      c.scale(pixel, pixel);
      let top = 0;
      for (const line of lines) for (const value of line) if (value > top) top = value;
      top = chart.top && top <= chart.top ? chart.top : niceTop(top);
      const left = 38, right = 6, last = number === parts.length - 1, base = high - (last ? 15 : 5), roof = 6;
      const x = (at) => left + ((wide - left - right) * at) / total, y = (value) => base - ((base - roof) * value) / top;
      c.font = `10.5px ${getComputedStyle(el).fontFamily}`;
      c.fillStyle = "#4f5b66"; c.strokeStyle = "#e4dfd4"; c.lineWidth = 1;
      c.textAlign = "right"; c.textBaseline = "middle";
      for (const value of [0, top / 2, top]) {
        c.beginPath(); c.moveTo(left, Math.round(y(value)) + 0.5); c.lineTo(wide - right, Math.round(y(value)) + 0.5); c.stroke();
        if (value !== top / 2) c.fillText(value >= 10000 ? `${said(value / 1000, 0)}k` : said(value, top < 2 ? 1 : top < 10 && top % 1 ? 1 : 0), left - 5, y(value));
      }
      c.textAlign = "center"; c.textBaseline = "alphabetic";
      const years = Math.round(total / 52), every = years > 8 ? 2 : 1;
      for (let k = 0; last && k <= years; k += every) c.fillText(k ? `${k}` : "year 0", Math.max(left + 14, Math.min(wide - 8, x(52 * k))), high - 2);
      c.setLineDash([2, 3]); c.strokeStyle = "#a8430a";
      for (const at of marks) { c.beginPath(); c.moveTo(x(at), roof); c.lineTo(x(at), base); c.stroke(); }
      [[1, [5, 4], 1.6], [0, [], 2]].forEach(([k, dash, width]) => {
        c.setLineDash(dash); c.strokeStyle = colours[k]; c.lineWidth = width; c.lineJoin = "round";
        c.beginPath();
        let pen = false;
        lines[k].forEach((value, at) => {
          if (!Number.isFinite(value)) { pen = false; return; }
          if (pen) c.lineTo(x(at + 1), y(value)); else c.moveTo(x(at + 1), y(value));
          pen = true;
        });
        c.stroke();
      });
      c.setLineDash([]);
      const now = lines[0][week - 1], then = lines[1][week - 1], gap = now - then;
      if (Number.isFinite(now)) { c.fillStyle = colours[0]; c.beginPath(); c.arc(x(week), y(now), 2.8, 0, 7); c.fill(); }
      part.value.textContent = week ? said(now, chart.digits) : "–";
      const small = Math.abs(gap) < 0.5 * 10 ** -chart.digits || !Number.isFinite(gap);
      const better = chart.direction === "neither" ? "" : (gap > 0) === (chart.direction === "up") ? "better" : "worse";
      part.gap.textContent = small ? "" : `${gap > 0 ? "+" : "−"}${said(Math.abs(gap), chart.digits)}${better ? `, ${better} in this run` : ""}`;
      part.gap.className = `chart-gap ${small ? "" : better}`;
      canvas.setAttribute("aria-label", `${chart.name}: ${part.value.textContent} ${chart.unit} in week ${week}` +
        (small ? "" : `, ${part.gap.textContent} than ${model.get("lines")[1]}`));
    });
    el.dataset.weeks = week;
  }

  const changed = [["change:charts change:lines change:colours", () => { build(); read(); }], ["change:data", read], ["change:marks change:total", draw],
    ["change:cautions", warn]];
  for (const [name, act] of changed) model.on(name, act);
  const watcher = new ResizeObserver(draw);
  build(); read(); warn();
  watcher.observe(el);
  return () => { watcher.disconnect(); for (const [name, act] of changed) model.off(name, act); };
}
export default { render };

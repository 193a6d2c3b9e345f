// The live map: ground drawn once on one canvas, what moves on a second one above it.
const NAMES = {
  patrol: ["Patrol effort", "few officers", "many"],
  risk: ["Risk as networks see it", "low", "high"],
  flow: ["Flow of the last year", "little", "much"],
  difference: ["Flow: second less first", "less in the second (dashes)", "more"],
};
const LAYERS = [
  ["terrain", "Terrain"], ["names", "Names"], ["shades", "Border sectors"],
  ["shipments", "Shipments"], ["seizures", "Seizures"], ["tips", "Tips on their way"],
];
const HILL = 3, MOUNTAIN = 4, DESERT = 5, ROAD = 6, TOWN = 7, CROSSING = 8, PORT = 9;

function render({ model, el }) {
  el.classList.add("map");
  const stage = made("div", "map-stage");
  const ground = made("canvas", "map-ground"), moving = made("canvas", "map-moving");
  moving.tabIndex = 0;
  moving.setAttribute("role", "img");
  const hint = made("div", "map-hint");
  hint.hidden = true;
  stage.append(ground, moving, hint);
  const foot = made("div", "map-foot");
  el.append(stage, foot);

  const on = { terrain: true, names: true, shades: true, shipments: true, seizures: true, tips: true };
  let base = null, country, terrain, sector, frame = null, before = 0, scale = 1, pixel = 1, spots = null;
  let pulses = [];

  function readGround() {
    base = model.get("base");
    const raw = bytes(model.get("cells"));
    if (!base || !base.width || !raw.length) { base = null; return; }
    const size = base.width * base.height, copy = raw.slice();
    country = copy.subarray(0, size);
    terrain = copy.subarray(size, 2 * size);
    sector = new Uint16Array(copy.buffer.slice(2 * size));
  }

  function fit() {
    if (!base) return;
    const wide = stage.clientWidth || 600;
    pixel = Math.min(2, window.devicePixelRatio || 1);
    spots = null;
    scale = (wide / base.width) * pixel;
    const high = Math.round((wide * base.height) / base.width);
    stage.style.height = `${high}px`;
    for (const canvas of [ground, moving]) {
      canvas.width = Math.round(wide * pixel);
      canvas.height = Math.round(high * pixel);
    }
    drawGround();
    draw(performance.now());
  }

  function drawGround() {
    const c = ground.getContext("2d"), colours = base.colours;
    const { width, height } = base;
    c.fillStyle = colours.sea;
    c.fillRect(0, 0, ground.width, ground.height);
    const owner = (x, y) => (x < 0 || y < 0 || x >= width || y >= height ? 1 : country[y * width + x]);
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
      const own = owner(x, y);
      if (own === 1) continue;
      c.fillStyle = own === 0 ? colours.nowhere : base.countries[own - 2].land;
      const left = Math.floor(x * scale), top = Math.floor(y * scale);
      c.fillRect(left, top, Math.ceil((x + 1) * scale) - left, Math.ceil((y + 1) * scale) - top);
    }
    if (on.terrain && scale / pixel > 3) drawTerrain(c);
    c.lineWidth = Math.max(1, 1.1 * pixel);
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
      const own = owner(x, y);
      for (const [dx, dy] of [[1, 0], [0, 1]]) {
        const other = owner(x + dx, y + dy);
        if (own === other) continue;
        c.strokeStyle = own === 1 || other === 1 ? "#9db4c2" : "#6d665a";
        c.beginPath();
        if (dx) { c.moveTo((x + 1) * scale, y * scale); c.lineTo((x + 1) * scale, (y + 1) * scale); }
        else { c.moveTo(x * scale, (y + 1) * scale); c.lineTo((x + 1) * scale, (y + 1) * scale); }
        c.stroke();
      }
    }
  }

  function drawTerrain(c) {
    const { width, height } = base, s = scale;
    const isRoad = (x, y) => x >= 0 && y >= 0 && x < width && y < height && terrain[y * width + x] >= ROAD;
    c.lineCap = "round";
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
      const kind = terrain[y * width + x], mx = (x + 0.5) * s, my = (y + 0.5) * s;
      if (kind === HILL || kind === MOUNTAIN) {
        const tall = kind === MOUNTAIN ? 0.36 : 0.2;
        c.strokeStyle = kind === MOUNTAIN ? "#a0957f" : "#c3baa6";
        c.lineWidth = 0.09 * s;
        c.beginPath();
        c.moveTo(mx - 0.32 * s, my + 0.22 * s);
        c.lineTo(mx, my - tall * s);
        c.lineTo(mx + 0.32 * s, my + 0.22 * s);
        c.stroke();
      } else if (kind === DESERT) {
        c.fillStyle = "#cdbf9f";
        for (const [dx, dy] of [[-0.2, -0.12], [0.18, 0.05], [-0.05, 0.24]]) {
          c.beginPath(); c.arc(mx + dx * s, my + dy * s, 0.06 * s, 0, 7); c.fill();
        }
      }
      if (kind >= ROAD) {
        c.strokeStyle = "#b3a893";
        c.lineWidth = 0.13 * s;
        for (const [dx, dy] of [[1, 0], [0, 1], [1, 1], [-1, 1]]) {
          if (!isRoad(x + dx, y + dy)) continue;
          if (dx && dy && (isRoad(x + dx, y) || isRoad(x, y + dy))) continue;
          c.beginPath(); c.moveTo(mx, my); c.lineTo(mx + dx * s, my + dy * s); c.stroke();
        }
      }
      if (kind === CROSSING || kind === PORT) {
        c.fillStyle = "#ffffff"; c.strokeStyle = "#3d464e"; c.lineWidth = 0.1 * s;
        c.fillRect(mx - 0.24 * s, my - 0.24 * s, 0.48 * s, 0.48 * s);
        c.strokeRect(mx - 0.24 * s, my - 0.24 * s, 0.48 * s, 0.48 * s);
      }
    }
  }

  function label(c, text, x, y, size, weight, colour, spacing) {
    c.font = `${weight} ${size * pixel}px ${getComputedStyle(el).fontFamily}`;
    if ("letterSpacing" in c) c.letterSpacing = `${(spacing || 0) * pixel}px`;
    c.lineWidth = 3 * pixel;
    c.lineJoin = "round";
    c.strokeStyle = "rgba(255,255,255,0.82)";
    c.strokeText(text, x, y);
    c.fillStyle = colour;
    c.fillText(text, x, y);
    if ("letterSpacing" in c) c.letterSpacing = "0px";
  }

  // Every name finds room: towns first, then countries; none covers another or leaves the frame.
  function placeNames(c) {
    const small = stage.clientWidth < 520, taken = [], found = [];
    const family = getComputedStyle(el).fontFamily;
    const meets = ([l, t, r, b]) => taken.some(([L, T, R, B]) => r > L && l < R && b > T && t < B);
    const put = (words, sizes, weight, colour, spacing, places) => {
      for (const size of sizes) for (const text of words) {
        c.font = `${weight} ${size * pixel}px ${family}`;
        const half = (c.measureText(text).width + spacing * pixel * text.length) / 2 + 2 * pixel, high = 0.65 * size * pixel;
        if (2 * half > moving.width) continue;
        for (const [px, py] of places(half, high)) {
          const x = Math.min(moving.width - half, Math.max(half, px)), y = Math.min(moving.height - high, Math.max(high, py));
          const box = [x - half, y - high, x + half, y + high];
          if (meets(box)) continue;
          taken.push(box);
          found.push({ text, x, y, size, weight, colour, spacing, box });
          return true;
        }
      }
      return false;
    };
    const named = base.towns.filter((town) => town.role || !(small || base.width > 120));
    named.sort((a, b) => Boolean(b.role) - Boolean(a.role));
    const reach = 5.5 * pixel;
    for (const town of named) {
      if (!town.role) continue;
      const x = (town.x + 0.5) * scale, y = (town.y + 0.5) * scale;
      taken.push([x - reach, y - reach, x + reach, y + reach]);
    }
    const size = small ? 9 : 11;
    const nameTown = (town) => {
      const x = (town.x + 0.5) * scale, y = (town.y + 0.5) * scale;
      const beside = (half, high) => (town.role ? [1, 2, 3] : [1]).flatMap((far) => {
        const dx = half + far * reach, dy = high + far * reach;
        return [[x + dx, y], [x - dx, y], [x, y - dy], [x, y + dy], [x + dx, y - dy], [x - dx, y - dy], [x + dx, y + dy], [x - dx, y + dy]];
      });
      return put([town.name], town.role ? [size, 8] : [size], town.role ? 600 : 400, "#17212b", 0, beside);
    };
    named.filter((town) => town.role).forEach(nameTown);
    for (const place of base.countries) {  // near its middle in full or by its code, then farther by its code
      const x = (place.x + 0.5) * scale, y = (place.y + 0.5) * scale;
      const around = (most) => (half, high) => {
        const steps = [];
        for (let i = -most; i <= most; i++) for (let j = -most; j <= most; j++) steps.push([i * 0.35 * half, j * 0.8 * high]);
        return steps.sort((one, two) => Math.hypot(...one) - Math.hypot(...two)).map(([dx, dy]) => [x + dx, y + dy]);
      };
      const sizes = small ? [9, 8] : [12, 10];
      const full = place.name.toUpperCase(), ink = "#3c4650";
      put([full], sizes, 600, ink, 1.2, around(2)) || put([place.code], sizes, 600, ink, 1.2, around(3)) ||
        put([place.code], [8, 7], 600, ink, 0.5, around(9));
    }
    named.filter((town) => !town.role).forEach(nameTown);
    return { named, found };
  }

  function drawNames(c) {
    if (!spots) {
      spots = placeNames(c);
      el.dataset.names = JSON.stringify(spots.found.map((one) => [one.text, ...one.box]));
      el.dataset.frame = JSON.stringify([moving.width, moving.height]);
    }
    for (const town of spots.named) {
      const x = (town.x + 0.5) * scale, y = (town.y + 0.5) * scale, r = 3.2 * pixel;
      c.fillStyle = base.colours.ink;
      c.strokeStyle = "#ffffff";
      c.lineWidth = 1.2 * pixel;
      c.beginPath();
      if (town.role === "source") {
        c.moveTo(x, y - 1.7 * r); c.lineTo(x + 1.5 * r, y + r); c.lineTo(x - 1.5 * r, y + r); c.closePath();
      } else c.arc(x, y, town.role ? 1.4 * r : 0.7 * r, 0, 7);
      c.fill(); c.stroke();
    }
    c.textAlign = "center";
    c.textBaseline = "middle";
    for (const one of spots.found) label(c, one.text, one.x, one.y, one.size, one.weight, one.colour, one.spacing);
  }

  function drawShades(c) {
    const shade = model.get("shade"), colours = base.colours.ramps[shade] || base.colours.ramps.patrol;
    const { width, height } = base;
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
      const at = sector[y * width + x];
      if (!at || at > frame.shades.length) continue;
      c.fillStyle = ramp(colours, frame.shades[at - 1] / 255);
      c.globalAlpha = 0.72;
      const left = Math.floor(x * scale), top = Math.floor(y * scale);
      c.fillRect(left, top, Math.ceil((x + 1) * scale) - left, Math.ceil((y + 1) * scale) - top);
      if (shade === "difference" && frame.shades[at - 1] < 118) {  // a dash where there is less: it can be read in grey
        c.fillStyle = "#0c3c60";
        c.fillRect((x + 0.25) * scale, (y + 0.44) * scale, 0.5 * scale, Math.max(1, 0.12 * scale));
      }
    }
    c.globalAlpha = 1;
    const picked = model.get("picked") || {};
    if (picked.kind === "sector" || picked.kind === "country") {
      c.strokeStyle = "#17212b";
      c.lineWidth = 1.6 * pixel;
      for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
        const cell = y * width + x;
        const inside = (k) => picked.kind === "sector" ? sector[k] - 1 === picked.number : country[k] - 2 === picked.number;
        if (!inside(cell)) continue;
        c.beginPath();
        if (y === 0 || !inside(cell - width)) { c.moveTo(x * scale, y * scale); c.lineTo((x + 1) * scale, y * scale); }
        if (y === height - 1 || !inside(cell + width)) { c.moveTo(x * scale, (y + 1) * scale); c.lineTo((x + 1) * scale, (y + 1) * scale); }
        if (x === 0 || !inside(cell - 1)) { c.moveTo(x * scale, y * scale); c.lineTo(x * scale, (y + 1) * scale); }
        if (x === width - 1 || !inside(cell + 1)) { c.moveTo((x + 1) * scale, y * scale); c.lineTo((x + 1) * scale, (y + 1) * scale); }
        c.stroke();
      }
    }
  }

  function drawTips(c) {
    const colour = base.colours.tip, arcs = new Set();
    for (let n = 0; n < frame.nTips; n++) {
      const [x0, y0, x1, y1, done] = frame.tips.subarray(5 * n, 5 * n + 5);
      const ax = (x0 / FINE) * scale, ay = (y0 / FINE) * scale, bx = (x1 / FINE) * scale, by = (y1 / FINE) * scale;
      const mx = (ax + bx) / 2 + (by - ay) * 0.18, my = (ay + by) / 2 - (bx - ax) * 0.18, t = done / 1000;
      const x = (1 - t) ** 2 * ax + 2 * t * (1 - t) * mx + t * t * bx;
      const y = (1 - t) ** 2 * ay + 2 * t * (1 - t) * my + t * t * by;
      const arc = `${x0},${y0},${x1},${y1}`;
      if (!arcs.has(arc)) {
        arcs.add(arc);
        c.strokeStyle = "rgba(0,102,75,0.3)";
        c.lineWidth = pixel;
        c.beginPath(); c.moveTo(ax, ay); c.quadraticCurveTo(mx, my, bx, by); c.stroke();
      }
      const r = 3.4 * pixel;
      c.fillStyle = colour; c.strokeStyle = "#ffffff";
      c.beginPath(); c.moveTo(x, y - r); c.lineTo(x + r, y); c.lineTo(x, y + r); c.lineTo(x - r, y); c.closePath();
      c.fill(); c.stroke();
    }
  }

  function draw(now) {
    if (!base) return;
    const c = moving.getContext("2d");
    c.clearRect(0, 0, moving.width, moving.height);
    if (frame) {
      if (on.shades && frame.shades.length) drawShades(c);
      const glide = model.get("glide"), part = glide > 0 ? Math.min(1, (now - before) / (1000 * glide)) : 1;
      if (on.shipments) {
        const r = (stage.clientWidth < 520 ? 1.5 : 2.1) * pixel, several = base.commodities.length > 1;
        c.strokeStyle = "rgba(255,255,255,0.9)";
        c.lineWidth = 0.8 * pixel;
        for (let n = 0; n < frame.nShipments; n++) {
          const k = 5 * n, s = frame.shipments;
          const x = ((s[k] + part * (s[k + 2] - s[k])) / FINE) * scale;
          const y = ((s[k + 1] + part * (s[k + 3] - s[k + 1])) / FINE) * scale;
          c.fillStyle = several ? base.colours.series[s[k + 4] % 6] : base.colours.shipment;
          c.beginPath(); c.arc(x, y, r, 0, 7); c.fill(); c.stroke();
        }
      }
      if (on.tips) drawTips(c);
      if (on.seizures) {
        pulses = pulses.filter((p) => p.still || now - p.born < 1400);
        for (const p of pulses) {
          const age = p.still ? 0.2 : Math.min(1, Math.max(0, (now - p.born) / 1400));
          c.globalAlpha = 1 - age * 0.85;
          c.strokeStyle = base.colours.seizure;
          c.lineWidth = 1.8 * pixel;
          c.beginPath(); c.arc(p.x * scale, p.y * scale, (p.r * (0.6 + 0.5 * age) + 1) * pixel, 0, 7); c.stroke();
        }
        c.globalAlpha = 1;
      }
      if (on.names) drawNames(c);
      return part < 1 || (on.seizures && pulses.some((p) => !p.still));
    }
    if (on.names) drawNames(c);
    return false;
  }

  let waiting = false;
  function loop(now) {
    waiting = false;
    if (!el.isConnected) return;
    if (draw(now)) request();
  }
  function request() {
    if (!waiting) { waiting = true; requestAnimationFrame(loop); }
  }

  function newFrame() {
    frame = readFrame(model.get("frame"));
    before = performance.now();
    if (frame) {
      const play = model.get("glide") > 0;
      pulses = play ? pulses.filter((p) => !p.still) : [];
      for (let n = 0; n < frame.nSeizures; n++) {
        const [x, y, size] = frame.seizures.subarray(3 * n, 3 * n + 3);
        pulses.push({ x: x / FINE, y: y / FINE, r: Math.min(12, 2.5 + Math.sqrt(size) / 4), born: before, still: !play });
      }
      pulses = pulses.slice(-400);
      moving.setAttribute("aria-label", `Map of ${base ? base.title : ""}, week ${frame.week}: ` +
        `${frame.count} shipments under way, ${frame.nSeizures} seizures this week, ${frame.nTips} tips on their way.`);
      el.dataset.week = frame.week;
      el.dataset.shipments = frame.nShipments;
    }
    draw(before);
    request();
    el.dataset.drawn = Number(el.dataset.drawn || 0) + 1;
    if (model.get("serial") !== model.get("drawn")) {
      model.set("drawn", model.get("serial"));
      model.save_changes();
    }
    writeFoot();
  }

  // Foot: legend, choice of shade, layers on and off -----------------------------------------
  const legend = made("div", "map-legend"), choices = made("fieldset", "map-layers");
  choices.append(made("legend", "hidden", "Layers of the map"));
  for (const [key, name] of LAYERS) {
    const box = made("label", "tick"), input = made("input");
    input.type = "checkbox"; input.checked = true; input.dataset.layer = key;
    input.addEventListener("change", () => { on[key] = input.checked; if (key === "terrain") drawGround(); request(); });
    box.append(input, made("span", "", name));
    choices.append(box);
  }
  const shadeBox = made("label", "map-shade"), shadeSelect = made("select");
  shadeBox.append(made("span", "", "Colour of borders"), shadeSelect);
  shadeSelect.addEventListener("change", () => model.send({ do: "shade", shade: shadeSelect.value }));
  const rampBox = made("div", "map-ramp"), note = made("div", "map-note");
  legend.append(shadeBox, rampBox, note);
  const said = made("details", "map-said"), saidAll = made("summary"), saidText = made("span");
  saidAll.append(saidText);
  said.append(saidAll);
  foot.append(legend, choices, said);
  function writeNote() { // what the map file says that whoever sees the map must know
    saidText.replaceChildren(made("strong", "", "On the map: "), document.createTextNode(base.note));
    said.hidden = !base.note;
    foldNote();
  }
  function foldNote() { if (!said.open) said.classList.toggle("whole", saidText.scrollHeight <= saidText.clientHeight + 1); }

  function writeLegend() {
    const shade = model.get("shade"), offered = model.get("shades");
    shadeBox.hidden = offered.length < 2;
    for (const box of choices.querySelectorAll("label")) {
      box.hidden = offered.length < 2 && ["shipments", "seizures", "tips"].includes(box.firstChild.dataset.layer);
    }
    shadeSelect.replaceChildren(...offered.map((key) => {
      const option = made("option", "", NAMES[key][0]);
      option.value = key; option.selected = key === shade;
      return option;
    }));
    const colours = base ? base.colours.ramps[shade] : null;
    if (!colours) return;
    const bar = made("span", "map-bar");
    bar.style.background = `linear-gradient(90deg, ${colours.join(",")})`;
    rampBox.replaceChildren(...(offered.length < 2 ? [made("strong", "", NAMES[shade][0])] : []),
      made("span", "", NAMES[shade][1]), bar, made("span", "", NAMES[shade][2]));
  }
  function key(colour, shape, text) {
    const entry = made("span", "map-key"), mark = made("i", `mark ${shape}`);
    mark.style.setProperty("--mark", colour);
    entry.append(mark, made("span", "", text));
    return entry;
  }
  function writeFoot() {
    if (!base || !frame) return;
    if (model.get("shade") === "difference") { note.replaceChildren(); return; }
    const colours = base.colours, entries = [];
    if (base.commodities.length > 1) base.commodities.forEach((name, n) => entries.push(key(colours.series[n % 6], "dot", name)));
    else entries.push(key(colours.shipment, "dot", `shipment${frame.oneIn > 1 ? `, one in ${frame.oneIn} drawn` : ""}`));
    entries.push(key(colours.seizure, "ring", "seizure"), key(colours.tip, "diamond", "tip on its way"),
      key("#3d464e", "square", "crossing or port"), key(colours.ink, "triangle", "source"), key(colours.ink, "big", "market"));
    note.replaceChildren(...entries);
  }

  // Picking ------------------------------------------------------------------------------------
  function under(event) {
    const box = moving.getBoundingClientRect();
    const x = Math.floor(((event.clientX - box.left) / box.width) * base.width);
    const y = Math.floor(((event.clientY - box.top) / box.height) * base.height);
    if (x < 0 || y < 0 || x >= base.width || y >= base.height) return null;
    const cell = y * base.width + x;
    if (sector[cell] && on.shades) return { kind: "sector", number: sector[cell] - 1, name: base.sectors[sector[cell] - 1].id };
    if (country[cell] > 1) return { kind: "country", number: country[cell] - 2, name: base.countries[country[cell] - 2].name };
    return null;
  }
  moving.addEventListener("click", (event) => {
    const place = base && under(event);
    if (place) model.send({ do: "pick", kind: place.kind, number: place.number });
  });
  moving.addEventListener("mousemove", (event) => {
    const place = base && under(event);
    hint.hidden = !place;
    if (!place) return;
    hint.textContent = place.kind === "sector" ? `Sector ${place.name}` : place.name;
    const box = stage.getBoundingClientRect();
    hint.style.left = `${event.clientX - box.left + 12}px`;
    hint.style.top = `${event.clientY - box.top + 12}px`;
  });
  moving.addEventListener("mouseleave", () => { hint.hidden = true; });

  function newGround() { readGround(); fit(); writeLegend(); if (base) writeNote(); }
  const changed = [["change:base", newGround], ["change:cells", newGround], ["change:frame", newFrame],
    ["change:shade", () => { writeLegend(); request(); }], ["change:shades", writeLegend], ["change:picked", request]];
  for (const [name, act] of changed) model.on(name, act);
  function folded(c, text, wide) {
    const lines = [""];
    for (const word of text.split(" ")) {
      const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
      if (lines.at(-1) && c.measureText(longer).width > wide) lines.push(word); else lines[lines.length - 1] = longer;
    }
    return lines;
  }
  const picture = () => {
    const whole = document.createElement("canvas");
    const c = whole.getContext("2d"), size = Math.max(11, Math.round(ground.width / 100));
    const font = `${size}px ${getComputedStyle(el).fontFamily}`;
    c.font = font;
    const lines = base.note ? folded(c, base.note, ground.width - 2 * size) : [];
    whole.width = ground.width; whole.height = ground.height + (lines.length ? (1.4 * lines.length + 1) * size : 0);
    c.fillStyle = "#ffffff"; c.fillRect(0, 0, whole.width, whole.height);
    c.drawImage(ground, 0, 0); c.drawImage(moving, 0, 0);
    c.font = font; c.fillStyle = base.colours.ink;
    lines.forEach((line, n) => c.fillText(line, size, ground.height + (1.4 * n + 1.5) * size));
    const link = document.createElement("a");
    link.download = `tocsin-week-${frame ? frame.week : 0}.png`;
    link.href = whole.toDataURL("image/png");
    link.click();
  };
  const onMessage = (content) => { if (content.do === "picture") picture(); };
  model.on("msg:custom", onMessage);
  const watcher = new ResizeObserver(() => { fit(); foldNote(); });
  newGround();
  newFrame();
  watcher.observe(stage.parentElement);
  return () => {
    watcher.disconnect();
    for (const [name, act] of changed) model.off(name, act);
    model.off("msg:custom", onMessage);
  };
}
export default { render };

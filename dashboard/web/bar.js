// Time: play, pause, step, any week, speed, seed; keys; the address line; files to keep.

function render({ model, el }) {
  el.classList.add("bar");
  const button = (text, name, action, className) => {
    const node = made("button", className || "", text);
    node.title = name;
    node.setAttribute("aria-label", name);
    node.addEventListener("click", () => model.send({ do: action }));
    return node;
  };
  const icon = (node, path, text) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("viewBox", "0 0 16 16"); svg.setAttribute("class", "icon"); svg.setAttribute("aria-hidden", "true");
    shape.setAttribute("d", path);
    svg.append(shape);
    node.replaceChildren(svg, ...(text ? [made("span", "", text)] : []));
  };
  const PLAY = "M4 2.5v11l9.5-5.5z", PAUSE = "M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z";
  const top = made("div", "bar-row"), line = made("div", "bar-line");
  const restart = button("", "Back to the start, same seed", "restart");
  const back = button("", "One week back (left arrow)", "back");
  const play = button("", "Play or pause (space)", "play", "main bar-play");
  const step = button("", "One week on (right arrow)", "step");
  icon(restart, "M2.5 2.5h2.4v11h-2.4zM13.5 2.5v11l-8-5.5z");
  icon(back, "M12 2.5v11l-8.5-5.5z");
  icon(step, "M2.5 2.5v11l8-5.5zM11.2 2.5h2.4v11h-2.4z");
  const week = made("strong", "bar-week"), year = made("span", "muted bar-year");
  const speedBox = made("label", "bar-field"), speed = made("select");
  speedBox.append(made("span", "", "Speed"), speed);
  speed.addEventListener("change", () => model.send({ do: "speed", speed: Number(speed.value) }));
  const seedBox = made("label", "bar-field"), seed = made("input");
  seed.type = "text"; seed.inputMode = "numeric"; seed.size = 6; seed.className = "bar-seed";
  seedBox.append(made("span", "", "Seed"), seed);
  seedBox.title = "All luck of a run follows from its seed";
  const useSeed = () => { if (seed.value !== String(model.get("seed"))) model.send({ do: "seed", seed: seed.value }); };
  seed.addEventListener("change", useSeed);
  const fresh = button("New seed", "The same scenario with other luck", "fresh");
  top.append(restart, back, play, step, week, year, made("span", "grow"), speedBox);

  const slider = made("input", "bar-slider"), ticks = made("div", "bar-ticks");
  slider.type = "range"; slider.min = 0; slider.step = 1;
  slider.setAttribute("aria-label", "Week");
  slider.addEventListener("input", () => { writeWeek(Number(slider.value)); });
  let goal = null; // the week asked for, until it is there: the weeks on the way move nothing
  slider.addEventListener("change", () => {
    goal = Number(slider.value);
    model.send({ do: "go", week: goal });
    if (goal === model.get("week")) goal = null;
  });
  line.append(slider, ticks);

  const keep = made("div", "bar-keep");
  for (const [text, name, action] of model.get("files")) keep.append(button(text, name, action, "plain"));
  keep.append(made("span", "grow"), seedBox, fresh);
  const note = made("p", "bar-note muted");
  note.setAttribute("role", "status");
  el.append(top, line, keep, note);

  function writeWeek(now) {
    week.textContent = `Week ${now}`;
    year.textContent = now ? `year ${Math.ceil(now / 52)} of ${Math.ceil(model.get("total") / 52)}` : "not begun";
  }
  function show() {
    const now = model.get("week"), total = model.get("total");
    slider.max = total;
    if (goal === now || !slider.matches(":focus")) goal = null;
    if (goal === null && !slider.matches(":active")) { slider.value = now; writeWeek(now); }
    slider.setAttribute("aria-valuetext", `week ${now} of ${total}`);
    const playing = String(model.get("playing"));
    if (el.dataset.playing !== playing) icon(play, playing === "true" ? PAUSE : PLAY, playing === "true" ? "Pause" : "Play");
    el.dataset.playing = playing;
    el.dataset.week = now;
    back.disabled = restart.disabled = now === 0;
    step.disabled = play.disabled = now >= total;
    note.textContent = model.get("note");
    note.hidden = !model.get("note");
    if (document.activeElement !== seed) seed.value = model.get("seed");
    el.dataset.seed = model.get("seed");
  }
  function showTicks() {
    const total = model.get("total");
    ticks.replaceChildren();
    const years = Math.floor(total / 52);
    for (let y = 0; y <= years; y++) {
      const last = y === years && 52 * y === total;
      if (years > 12 && y % 5) continue;
      const tick = made("span", "", y === 0 ? "start" : `${y} y`);
      const place = (52 * y) / total;
      tick.style.left = `calc(${100 * place}% + ${8 - 16 * place}px)`;
      if (last) tick.className = "last";
      ticks.append(tick);
    }
    for (const at of model.get("marks")) {
      const mark = made("i", "bar-mark");
      mark.title = `lever moved, from week ${at}`;
      mark.style.left = `calc(${(100 * at) / total}% + ${8 - (16 * at) / total}px)`;
      ticks.append(mark);
    }
  }
  function showSpeeds() {
    speed.replaceChildren(...model.get("speeds").map(([value, name]) => {
      const option = made("option", "", name);
      option.value = value; option.selected = value === model.get("speed");
      return option;
    }));
  }
  function showAddress() {
    const card = model.get("card");
    if (card) history.replaceState(history.state, "", `${location.pathname}?${card}`);
  }

  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const at = event.target;
    if (at.closest("dialog, .tour")) return;
    const typing = at.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");
    const pressing = at.matches("button, summary, a, input[type=checkbox], input[type=radio]");
    if (event.key === " " && !typing && !pressing) { event.preventDefault(); model.send({ do: "play" }); }
    if (event.key === "ArrowRight" && !typing) { event.preventDefault(); model.send({ do: "step" }); }
    if (event.key === "ArrowLeft" && !typing) { event.preventDefault(); model.send({ do: "back" }); }
  };
  document.addEventListener("keydown", onKey);

  const onMessage = (content, buffers) => {
    if (content.do === "copy") { navigator.clipboard?.writeText(location.href).catch(() => {}); return; }
    if (content.do !== "file") return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(buffers, { type: content.type }));
    link.download = content.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
  model.on("msg:custom", onMessage);
  const changed = [["change:week change:playing change:note change:seed change:total", show], ["change:total change:marks", showTicks],
    ["change:speed change:speeds", showSpeeds], ["change:card", showAddress]];
  for (const [name, act] of changed) model.on(name, act);
  show(); showTicks(); showSpeeds(); showAddress();
  return () => {
    document.removeEventListener("keydown", onKey);
    model.off("msg:custom", onMessage);
    for (const [name, act] of changed) model.off(name, act);
  };
}
export default { render };

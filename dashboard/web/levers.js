// Levers: those in front, the rest folded by group; what was moved, and the way back.
const near = (a, b) => JSON.stringify(a) === JSON.stringify(b);
function said(row, value) {
  if (value === null || value === undefined) return "as agreed";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.length ? value.join(", ") : "none";
  if (typeof value === "number") return `${Number(value.toPrecision(6))}`;
  return String(value);
}

function render({ model, el }) {
  el.classList.add("levers");
  const fault = made("p", "notice"), body = made("div", "levers-body"), foot = made("div", "levers-foot");
  fault.setAttribute("role", "alert");
  el.append(fault, body, foot);
  let shape = "", parts = new Map(), serial = model.get("heard");

  function send(row, value) {
    parts.get(row.key).sent = ++serial;
    model.send({ do: "move", key: row.key, value, serial });
  }

  function control(row) {
    const box = made("div", "lever"), head = made("div", "lever-head"), id = `lever-${model.get("side")}-${row.key}`;
    const name = made("label", "lever-name", row.name), value = made("output", "lever-value");
    name.htmlFor = id;
    head.append(name, value);
    box.append(head);
    const part = { row, box, value, sent: 0, update: () => {} };
    if (row.kind === "number" || row.kind === "whole") {
      const slot = made("div", "lever-slot"), input = made("input"), mark = made("i", "lever-mark");
      input.type = "range"; input.id = id;
      input.min = row.low; input.max = row.high; input.step = row.step;
      mark.title = "where the scenario has it";
      slot.append(mark, input);
      const ends = made("div", "lever-ends");
      ends.append(made("span", "", said(row, row.low)), made("span", "", `${said(row, row.high)} ${row.unit}`));
      box.append(slot, ends);
      input.addEventListener("input", () => { value.textContent = `${said(row, Number(input.value))} ${part.row.unit}`; });
      input.addEventListener("change", () => send(row, Number(input.value)));
      part.update = () => {
        if (!input.matches(":active")) input.value = part.row.value;
        input.disabled = Boolean(part.row.missing);
        const place = (part.row.default - row.low) / (row.high - row.low);
        mark.hidden = part.row.default === null;
        mark.style.left = `calc(${100 * place}% + ${8 - 16 * place}px)`;
        value.textContent = `${said(row, part.row.value)} ${part.row.unit}`;
        input.setAttribute("aria-valuetext", value.textContent);
      };
    } else if (row.kind === "choice") {
      const input = made("select"); input.id = id;
      for (const word of row.words) { const option = made("option", "", word); option.value = word; input.append(option); }
      input.addEventListener("change", () => send(row, input.value));
      box.append(input);
      part.update = () => { input.value = part.row.value; input.disabled = Boolean(part.row.missing); };
    } else if (row.kind === "truth") {
      const tick = made("label", "tick"), input = made("input");
      input.type = "checkbox"; input.id = id;
      tick.append(input, made("span", "", "yes"));
      input.addEventListener("change", () => send(row, input.checked));
      box.append(tick);
      part.update = () => { input.checked = part.row.value; input.disabled = Boolean(part.row.missing); };
    } else {
      const inputs = row.words.map((word) => {
        const tick = made("label", "tick"), input = made("input");
        input.type = "checkbox"; input.value = word;
        tick.append(input, made("span", "", word));
        box.append(tick);
        input.addEventListener("change", () => send(row, inputs.filter((i) => i.checked).map((i) => i.value)));
        return input;
      });
      part.update = () => { for (const input of inputs) input.checked = part.row.value.includes(input.value); };
    }
    part.meaning = made("p", "lever-meaning");
    box.append(part.meaning);
    parts.set(row.key, part);
    return box;
  }

  function build(rows) {
    parts = new Map();
    body.replaceChildren();
    const groups = new Map();
    for (const row of rows) {
      if (row.front) { body.append(control(row)); continue; }
      if (!groups.has(row.group)) groups.set(row.group, []);
      groups.get(row.group).push(row);
    }
    if (!groups.size) return;
    const more = made("details", "levers-more"), head = made("summary", "", "More levers");
    more.append(head);
    for (const [name, list] of groups) {
      const fold = made("details", "levers-group");
      fold.append(made("summary", "", `${name} (${list.length})`));
      for (const row of list) fold.append(control(row));
      more.append(fold);
    }
    body.append(more);
  }

  function show() {
    const rows = model.get("rows");
    const now = rows.map((row) => row.key).join();
    if (now !== shape) { shape = now; build(rows); }
    for (const row of rows) {
      const part = parts.get(row.key);
      part.row = row;
      if (part.sent <= model.get("heard")) part.update(); // else it has been moved again since
      part.box.classList.toggle("moved", row.default !== null && !near(row.value, row.default));
      part.meaning.textContent = row.missing ? `${row.meaning} (${row.missing})` : row.meaning;
    }
  }

  function showFoot() {
    const moves = model.get("moves");
    foot.replaceChildren();
    fault.hidden = !model.get("fault");
    fault.textContent = model.get("fault");
    if (!moves.length) return;
    const list = made("ul", "levers-moves");
    for (const move of moves) {
      const entry = made("li"), undo = made("button", "plain", "undo");
      undo.setAttribute("aria-label", `undo ${move.text}`);
      undo.addEventListener("click", () => model.send({ do: "undo", week: move.week, key: move.key }));
      entry.append(made("span", "", move.text), undo);
      list.append(entry);
    }
    const reset = made("button", "", "Reset all levers");
    reset.addEventListener("click", () => model.send({ do: "reset" }));
    foot.append(made("h3", "", "What you changed"), list, reset);
  }

  const changed = [["change:rows change:heard", show], ["change:moves", showFoot], ["change:fault", showFoot]];
  for (const [name, act] of changed) model.on(name, act);
  show(); showFoot();
  return () => { for (const [name, act] of changed) model.off(name, act); };
}
export default { render };

// A form of native inputs: what a team decides and predicts, what a code is typed into.
const plain = (value) => Number(value).toLocaleString("en", { maximumFractionDigits: 3 });

function render({ model, el }) {
  el.classList.add("class-form");
  const body = made("div", "class-fields"), purse = made("div", "class-purse");
  const said = made("p", "class-said"), row = made("div", "class-buttons");
  said.setAttribute("role", "alert");
  el.append(body, purse, said, row);
  let values = {}, parts = new Map(); // by field: how to write a value into its inputs
  let serial = model.get("heard");
  const entered = new Map(); // field -> number of its last entry, until the room says that it heard it
  const waiting = new Map(); // field -> timer of what was just touched and is not sent yet

  function enter(id, value, delay) {
    values[id] = value;
    entered.set(id, Infinity); // numbered when it is sent: entries are not sent in their order
    spend();
    clearTimeout(waiting.get(id));
    waiting.set(id, setTimeout(() => tell(id), delay));
  }

  function tell(id) {
    clearTimeout(waiting.get(id));
    waiting.delete(id);
    entered.set(id, ++serial);
    model.send({ do: "input", id, value: values[id], serial });
  }

  function spend() {
    const budget = model.get("budget");
    purse.hidden = budget === null || budget < 0;
    if (purse.hidden) return;
    let sum = 0;
    for (const field of model.get("fields")) {
      const value = values[field.id];
      const units = Array.isArray(value) ? value.length : Number(value) || 0;
      sum += (field.cost || 0) * units;
    }
    const over = sum > budget + 1e-6;
    purse.replaceChildren();
    const bar = made("div", "class-purse-bar"), fill = made("span");
    fill.style.width = `${Math.min(100, (100 * sum) / Math.max(budget, 1e-9))}%`;
    bar.append(fill);
    purse.classList.toggle("over", over);
    purse.append(
      bar,
      made("p", "", `You spend ${plain(sum.toFixed(2))} of ${plain(budget)} million USD a year.` +
        (over ? " That is too much: take something back." : "")),
    );
  }

  function slider(field, box) {
    const out = made("output", "class-value"), input = made("input");
    const tail = field.kind === "chance" ? " %" : field.unit ? ` ${field.unit}` : "";
    Object.assign(input, { type: "range", min: field.low, max: field.high, step: field.step, id: `f-${field.id}` });
    const worded = (v) => (field.percent ? `${plain((100 * v).toFixed(1))} %` : plain(v) + tail);
    const show = () => { out.textContent = worded(input.value); input.setAttribute("aria-valuetext", out.textContent); };
    input.oninput = () => { show(); enter(field.id, Number(input.value), 200); };
    const line = made("div", "class-line");
    line.append(input, out);
    box.append(line);
    const ends = made("div", "class-ends");
    ends.append(made("span", "", field.low_word || worded(field.low)), made("span", "", field.high_word || worded(field.high)));
    box.append(ends);
    parts.set(field.id, (value) => { input.value = value; show(); });
  }

  function cards(field, box, many) {
    const group = made("div", "class-cards");
    group.setAttribute("role", many ? "group" : "radiogroup");
    group.setAttribute("aria-label", field.label);
    const inputs = field.options.map((option) => {
      const card = made("label", option.taken ? "class-card taken" : "class-card"), input = made("input");
      input.type = many ? "checkbox" : "radio";
      input.name = `f-${field.id}`;
      input.id = `f-${field.id}-${option.id}`;
      input.value = option.id;
      input.disabled = Boolean(option.taken);
      input.onchange = () => {
        if (!many) return enter(field.id, option.id, 0);
        enter(field.id, inputs.filter((one) => one.checked).map((one) => one.value), 0);
      };
      const text = made("span");
      text.append(made("strong", "", option.label));
      if (option.help) text.append(made("small", "", option.help));
      card.append(input, text);
      group.append(card);
      return input;
    });
    box.append(group);
    parts.set(field.id, (value) => {
      const chosen = many ? value || [] : [value];
      for (const input of inputs) input.checked = !input.disabled && chosen.includes(input.value);
    });
  }

  function typed(field, box, kind) {
    const line = made("div", "class-line"), input = made("input");
    Object.assign(input, { type: kind, id: `f-${field.id}`, placeholder: field.placeholder || "" });
    input.autocomplete = "off";
    if (field.longest) input.maxLength = field.longest;
    if (kind === "number") { input.min = 0; input.step = "any"; }
    input.oninput = () => {
      const value = kind === "number" ? (input.value === "" ? null : Number(input.value)) : input.value;
      enter(field.id, value, 250);
    };
    input.onkeydown = (event) => {
      const main = row.querySelector("button.main:not(:disabled)");
      if (event.key === "Enter" && main) main.click();
    };
    line.append(input);
    if (field.unit) line.append(made("span", "class-unit", field.unit));
    box.append(line);
    parts.set(field.id, (value) => {
      const text = String(value ?? "");
      if (input.value !== text) input.value = text;
    });
  }

  function tick(field, box, name) {
    const input = made("input"), line = made("div", "class-line");
    input.type = "checkbox";
    input.id = `f-${field.id}`;
    input.onchange = () => enter(field.id, input.checked, 0);
    line.append(input, name);
    box.append(line);
    parts.set(field.id, (value) => { input.checked = Boolean(value); });
  }

  function build() {
    const active = body.contains(document.activeElement) ? document.activeElement : null;
    body.replaceChildren();
    parts = new Map();
    let group = null;
    for (const field of model.get("fields")) {
      if (field.group && field.group !== group) body.append(made("h3", "", field.group));
      group = field.group || group;
      const box = made("div", `class-field class-${field.kind}`);
      const name = made("label", "class-label", field.label);
      name.htmlFor = `f-${field.id}`;
      if (field.kind === "switch") tick(field, box, name);
      else {
        box.append(name);
        if (field.kind === "range" || field.kind === "chance") slider(field, box);
        else if (field.kind === "word" || field.kind === "words") cards(field, box, field.kind === "words");
        else typed(field, box, field.kind === "amount" ? "number" : "text");
      }
      if (field.help) box.append(made("p", "class-help", field.help));
      body.append(box);
    }
    fill();
    if (active) stay(active);
  }

  // What the room says stands in the fields; an entry that it has not heard of yet stays.
  function fill() {
    const heard = model.get("heard"), own = values;
    for (const [id, number] of entered) if (number <= heard) entered.delete(id);
    values = { ...model.get("values") };
    for (const id of entered.keys()) values[id] = own[id];
    for (const [id, write] of parts) write(values[id]);
    spend();
    lock();
  }

  function stay(before) {
    const input = before.id && body.querySelector(`#${CSS.escape(before.id)}`);
    if (!input) return;
    input.focus({ preventScroll: true });
    if (input.type === "text") input.setSelectionRange(before.selectionStart, before.selectionEnd);
  }

  function lock() {
    for (const input of body.querySelectorAll("input")) {
      input.disabled = model.get("locked") || Boolean(input.closest(".taken"));
    }
  }

  function speak() {
    const message = model.get("message");
    said.textContent = message;
    said.hidden = !message;
    said.classList.toggle("fault", model.get("fault"));
  }

  function buttons() {
    const active = row.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    row.replaceChildren();
    for (const one of model.get("buttons")) {
      const button = made("button", one.main ? "main" : "", one.label);
      button.type = "button";
      button.dataset.id = one.id;
      button.onclick = () => {
        for (const id of [...waiting.keys()]) tell(id);
        model.send({ do: "press", id: one.id, values, serial });
      };
      row.append(button);
      if (one.id === active) button.focus({ preventScroll: true });
    }
  }

  const draws = [[build, "change:fields"], [fill, "change:values change:heard"], [spend, "change:budget"],
    [lock, "change:locked"], [speak, "change:message change:fault"], [buttons, "change:buttons"]]
    .map(([draw, names]) => [unhurried(el, draw), names]);
  for (const [act, names] of draws) model.on(names, act);
  const leave = () => { if (model.get("go")) location.replace(model.get("go")); };
  model.on("change:go", leave);
  build();
  speak();
  buttons();
  return () => { model.off("change:go", leave); for (const [act, names] of draws) { act.end(); model.off(names, act); } };
}

export default { render };

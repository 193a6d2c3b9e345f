// A form of native inputs: what a team decides and predicts, what a code is typed into.
function made(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined && text !== null) node.textContent = text;
  return node;
}

const plain = (value) => Number(value).toLocaleString("en", { maximumFractionDigits: 3 });

function render({ model, el }) {
  el.classList.add("class-form");
  const body = made("div", "class-fields"), purse = made("div", "class-purse");
  const said = made("p", "class-said"), row = made("div", "class-buttons");
  said.setAttribute("role", "alert");
  el.append(body, purse, said, row);
  let values = {};
  const touched = new Map(); // entered here since the room last said what stands in the fields
  const waiting = new Map(); // what was just touched and is not sent yet

  function send(id, value, delay) {
    values[id] = value;
    touched.set(id, value);
    spend();
    clearTimeout(waiting.get(id));
    waiting.set(id, setTimeout(() => {
      waiting.delete(id);
      model.send({ do: "input", id, value });
    }, delay));
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
    input.value = values[field.id];
    const worded = (v) => (field.percent ? `${plain((100 * v).toFixed(1))} %` : plain(v) + tail);
    const show = () => { out.textContent = worded(input.value); };
    show();
    input.oninput = () => { show(); send(field.id, Number(input.value), 200); };
    const line = made("div", "class-line");
    line.append(input, out);
    box.append(line);
    const ends = made("div", "class-ends");
    ends.append(made("span", "", field.low_word || worded(field.low)), made("span", "", field.high_word || worded(field.high)));
    box.append(ends);
    return input;
  }

  function cards(field, box, many) {
    const group = made("div", "class-cards");
    group.setAttribute("role", many ? "group" : "radiogroup");
    group.setAttribute("aria-label", field.label);
    for (const option of field.options) {
      const card = made("label", "class-card"), input = made("input");
      input.type = many ? "checkbox" : "radio";
      input.name = `f-${field.id}`;
      input.id = `f-${field.id}-${option.id}`;
      input.value = option.id;
      input.checked = many ? (values[field.id] || []).includes(option.id) : values[field.id] === option.id;
      input.onchange = () => {
        if (!many) return send(field.id, option.id, 0);
        const chosen = [...group.querySelectorAll("input:checked")].map((one) => one.value);
        send(field.id, chosen, 0);
      };
      const text = made("span");
      text.append(made("strong", "", option.label));
      if (option.help) text.append(made("small", "", option.help));
      card.append(input, text);
      group.append(card);
    }
    box.append(group);
  }

  function typed(field, box, kind) {
    const line = made("div", "class-line"), input = made("input");
    Object.assign(input, { type: kind, id: `f-${field.id}`, value: values[field.id] ?? "", placeholder: field.placeholder || "" });
    input.autocomplete = "off";
    if (field.longest) input.maxLength = field.longest;
    if (kind === "number") { input.min = 0; input.step = "any"; }
    input.oninput = () => {
      const value = kind === "number" ? (input.value === "" ? null : Number(input.value)) : input.value;
      send(field.id, value, 250);
    };
    input.onkeydown = (event) => {
      const main = row.querySelector("button.main:not(:disabled)");
      if (event.key === "Enter" && main) main.click();
    };
    line.append(input);
    if (field.unit) line.append(made("span", "class-unit", field.unit));
    box.append(line);
    return input;
  }

  function build() {
    values = { ...model.get("values"), ...Object.fromEntries(touched) };
    const active = body.contains(document.activeElement) ? document.activeElement : null;
    body.replaceChildren();
    let group = null;
    for (const field of model.get("fields")) {
      if (field.group && field.group !== group) body.append(made("h3", "", field.group));
      group = field.group || group;
      const box = made("div", `class-field class-${field.kind}`);
      const name = made("label", "class-label", field.label);
      name.htmlFor = `f-${field.id}`;
      if (field.kind === "switch") {
        const input = made("input");
        input.type = "checkbox";
        input.id = `f-${field.id}`;
        input.checked = Boolean(values[field.id]);
        input.onchange = () => send(field.id, input.checked, 0);
        const line = made("div", "class-line");
        line.append(input, name);
        box.append(line);
      } else {
        box.append(name);
        if (field.kind === "range" || field.kind === "chance") slider(field, box);
        else if (field.kind === "word" || field.kind === "words") cards(field, box, field.kind === "words");
        else typed(field, box, field.kind === "amount" ? "number" : "text");
      }
      if (field.help) box.append(made("p", "class-help", field.help));
      body.append(box);
    }
    spend();
    lock();
    if (active) stay(active);
  }

  function stay(before) {
    const input = before.id && body.querySelector(`#${CSS.escape(before.id)}`);
    if (!input) return;
    input.focus({ preventScroll: true });
    if (input.type === "text") input.setSelectionRange(before.selectionStart, before.selectionEnd);
  }

  function lock() {
    for (const input of body.querySelectorAll("input")) input.disabled = model.get("locked");
  }

  function speak() {
    const message = model.get("message");
    said.textContent = message;
    said.hidden = !message;
    said.classList.toggle("fault", model.get("fault"));
  }

  function buttons() {
    row.replaceChildren();
    for (const one of model.get("buttons")) {
      const button = made("button", one.main ? "main" : "", one.label);
      button.type = "button";
      button.dataset.id = one.id;
      button.onclick = () => {
        for (const timer of waiting.values()) clearTimeout(timer);
        waiting.clear();
        model.send({ do: "press", id: one.id, values });
      };
      row.append(button);
    }
  }

  model.on("change:fields", build);
  model.on("change:values", () => {
    for (const id of touched.keys()) if (!waiting.has(id)) touched.delete(id);
    if (!el.contains(document.activeElement) || model.get("locked")) build();
  });
  model.on("change:budget", spend);
  model.on("change:locked", lock);
  model.on("change:message change:fault", speak);
  model.on("change:buttons", buttons);
  build();
  speak();
  buttons();
}

export default { render };

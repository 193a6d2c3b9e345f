// The inside of a country, a network or a border sector.
const ROLES = { leader: "#d55e00", broker: "#0072b2", logistician: "#009e73", courier: "#8d8778", financier: "#cc79a7", corruptor: "#e69f00" };

function graph(data) {
  const box = made("div", "inside-graph"), size = 320;
  const svg = drawn("svg", { viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": data.label });
  const x = (node) => 14 + node.x * (size - 28), y = (node) => 14 + node.y * (size - 28);
  for (const [a, b] of data.edges) svg.append(drawn("line", { x1: x(data.nodes[a]), y1: y(data.nodes[a]), x2: x(data.nodes[b]), y2: y(data.nodes[b]), stroke: "#c9c2b4", "stroke-width": 1 }));
  for (const node of data.nodes) {
    const circle = drawn("circle", { cx: x(node), cy: y(node), r: node.role === "leader" ? 7 : 5, fill: node.present ? ROLES[node.role] : "#ffffff", stroke: node.present ? "#ffffff" : "#8d8778", "stroke-width": 1.3 });
    const title = drawn("title", {});
    title.textContent = `${node.role}${node.present ? "" : ", arrested"}`;
    circle.append(title);
    svg.append(circle);
  }
  box.append(svg);
  const key = made("div", "map-note");
  for (const [role, colour] of Object.entries(ROLES)) {
    const count = data.nodes.filter((node) => node.role === role);
    if (!count.length) continue;
    const entry = made("span", "map-key"), mark = made("i", "mark dot");
    mark.style.setProperty("--mark", colour);
    entry.append(mark, made("span", "", `${role} ${count.filter((n) => n.present).length}/${count.length}`));
    key.append(entry);
  }
  const empty = made("span", "map-key"), ring = made("i", "mark ring");
  ring.style.setProperty("--mark", "#8d8778");
  empty.append(ring, made("span", "", "place left empty by an arrest"));
  key.append(empty);
  box.append(key);
  return box;
}

function render({ model, el }) {
  el.classList.add("inside");
  const head = made("div", "feed-head"), pickers = made("div", "inside-pickers"), body = made("div", "inside-body");
  head.append(made("h2", "", "A look inside"));
  el.append(head, pickers, body);

  function showChoices() {
    pickers.replaceChildren(...Object.entries(model.get("choices")).map(([kind, names]) => {
      const label = made("label", "bar-field"), select = made("select");
      const none = made("option", "", "choose"); none.value = "";
      select.append(none);
      names.forEach((name, number) => { const option = made("option", "", name); option.value = number; select.append(option); });
      select.dataset.kind = kind;
      select.addEventListener("change", () => { if (select.value) model.send({ do: "pick", kind, number: Number(select.value) }); });
      label.append(made("span", "", kind[0].toUpperCase() + kind.slice(1)), select);
      return label;
    }));
    show();
  }
  function show() {
    const subject = model.get("subject");
    for (const select of pickers.querySelectorAll("select")) select.value = subject.kind === select.dataset.kind ? String(subject.number) : "";
    body.replaceChildren();
    if (!subject.kind) { body.append(made("p", "muted", "Click a country or a border sector on the map, or choose one here.")); return; }
    body.append(made("h3", "", subject.title));
    if (subject.line) body.append(made("p", "inside-line", subject.line));
    const facts = made("dl", "inside-facts");
    for (const [name, value, meaning] of subject.facts) {
      const pair = made("div");
      pair.title = meaning || "";
      pair.append(made("dt", "", name), made("dd", "", value));
      facts.append(pair);
    }
    body.append(facts);
    if (subject.graph) body.append(graph(subject.graph));
    for (const table of subject.tables || []) {
      if (!table.rows.length) continue;
      const block = made("table", "inside-table"), top = made("tr");
      block.append(made("caption", "", table.title));
      for (const name of table.head) { const cell = made("th", "", name); cell.scope = "col"; top.append(cell); }
      const thead = made("thead"); thead.append(top);
      const rows = made("tbody");
      for (const row of table.rows) {
        const line = made("tr");
        row.forEach((value, at) => line.append(made(at ? "td" : "th", "", value)));
        rows.append(line);
      }
      block.append(thead, rows);
      const scroll = made("div", "scroll"); scroll.append(block);
      body.append(scroll);
    }
  }
  const changed = [["change:choices", showChoices], ["change:subject", show]];
  for (const [name, act] of changed) model.on(name, act);
  showChoices();
  return () => { for (const [name, act] of changed) model.off(name, act); };
}
export default { render };

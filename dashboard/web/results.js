// Results: a list at the left, what was chosen at the right.
function render({ model, el }) {
  el.classList.add("results");
  const side = made("nav", "results-list"), view = made("div", "results-view");
  side.setAttribute("aria-label", "Results");
  el.append(side, view);

  function showList() {
    const items = model.get("items");
    side.replaceChildren(made("h2", "", "Results"));
    if (!model.get("folder")) {
      side.append(made("p", "muted", "No folder of results was named."));
      view.replaceChildren(made("p", "", "Start the room with the folder that you want to look at:"), made("pre", "command", "tocsin compare baseline more_capacity --out results/capacity\ntocsin dashboard --results results"));
      return;
    }
    side.append(made("p", "muted", `in ${model.get("folder")}`));
    if (!items.length) { side.append(made("p", "", "There is no report, comparison, study or run in it.")); return; }
    let kind = "";
    items.forEach(([of, name], number) => {
      if (of !== kind) { side.append(made("h3", "", of)); kind = of; }
      const open = made("button", "", name);
      open.dataset.number = number;
      open.addEventListener("click", () => model.send({ do: "open", number }));
      side.append(open);
    });
    view.replaceChildren(made("p", "muted", "Choose one at the left."));
  }
  function showChosen() {
    for (const button of side.querySelectorAll("button")) {
      const here = Number(button.dataset.number) === model.get("chosen");
      button.classList.toggle("here", here);
      if (here) button.setAttribute("aria-current", "true"); else button.removeAttribute("aria-current");
    }
  }
  function show() {
    const content = model.get("content");
    if (model.get("fault")) {
      const fault = made("p", "notice", model.get("fault"));
      fault.setAttribute("role", "alert");
      view.replaceChildren(fault);
      return;
    }
    if (!content.title) return;
    view.replaceChildren(made("h2", "", content.title));
    if (content.page) {
      const frame = made("iframe", "results-page");
      frame.setAttribute("sandbox", "");
      frame.title = content.title;
      frame.srcdoc = content.page;
      view.append(frame);
      return;
    }
    const facts = made("dl", "inside-facts");
    for (const [name, value] of content.facts || []) {
      const pair = made("div");
      pair.append(made("dt", "", name), made("dd", "", value));
      facts.append(pair);
    }
    view.append(facts);
    for (const one of content.verdicts || []) view.append(table(one));
    for (const [name, source] of content.pictures || []) {
      const figure = made("figure", "results-picture"), image = made("img");
      image.src = source; image.alt = name;
      figure.append(image, made("figcaption", "muted", name));
      view.append(figure);
    }
    for (const one of content.tables || []) {
      const block = made("table", "inside-table"), top = made("tr"), thead = made("thead"), body = made("tbody");
      block.append(made("caption", "", one.title));
      for (const name of one.head) { const cell = made("th", "", name); cell.scope = "col"; top.append(cell); }
      thead.append(top);
      for (const row of one.rows) {
        const line = made("tr");
        for (const value of row) line.append(made("td", "", value));
        body.append(line);
      }
      block.append(thead, body);
      const scroll = made("div", "scroll");
      scroll.append(block);
      view.append(scroll);
    }
  }
  const changed = [["change:content change:fault", show], ["change:chosen", showChosen]];
  for (const [name, act] of changed) model.on(name, act);
  showList(); showChosen(); show();
  return () => { for (const [name, act] of changed) model.off(name, act); };
}
export default { render };

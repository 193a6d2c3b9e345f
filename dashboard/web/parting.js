// Where two runs part, and why.
function render({ model, el }) {
  el.classList.add("parting");
  function show() {
    const found = model.get("found");
    el.replaceChildren();
    if (found.note) { el.append(made("p", "muted", found.note)); return; }
    el.append(made("p", "parting-week", !found.week ? "They are the same so far, week by week."
      : found.ground ? `What happens parts in week ${found.ground}${found.week < found.ground ? `; money or paper already in week ${found.week}` : ""}.`
      : `Money or paper part in week ${found.week}; what happens is the same so far.`));
    for (const [title, lines] of [["What differs", found.differing], ["What shows it first", found.measured]]) {
      if (!lines.length) continue;
      const list = made("ul");
      for (const line of lines) list.append(made("li", "", line));
      el.append(made("h3", "", title), list);
    }
    if (found.event) el.append(made("h3", "", "The first event that only one of them has"), made("p", "", found.event));
    el.dataset.week = found.week || "";
  }
  model.on("change:found", show);
  show();
  return () => model.off("change:found", show);
}
export default { render };

// Verdicts; with sizes also the question whether it is luck.
function render({ model, el }) {
  const luck = model.get("sizes").length > 0;
  const row = made("div", "luck-row"), size = made("select"), start = made("button", "main", "Is it luck?"), stop = made("button", "", "Stop");
  const bar = made("div", "luck-bar"), fill = made("i"), status = made("p", "muted"), place = made("div");
  status.setAttribute("role", "status");
  bar.append(fill);
  if (luck) {
    const label = made("label", "bar-field");
    label.append(made("span", "", "Pairs of runs"), size);
    for (const number of model.get("sizes")) { const option = made("option", "", String(number)); option.value = number; size.append(option); }
    start.addEventListener("click", () => model.send({ do: "luck", pairs: Number(size.value) }));
    stop.addEventListener("click", () => model.send({ do: "stop" }));
    row.append(label, start, stop, bar);
    el.append(row);
  }
  el.append(status, place);
  function show() {
    const [done, total] = model.get("progress"), running = model.get("running");
    stop.hidden = bar.hidden = !running;
    start.disabled = size.disabled = running;
    fill.style.width = total ? `${(100 * done) / total}%` : "0";
    status.textContent = running ? `${done} of ${total} runs done` : model.get("note");
    status.hidden = !status.textContent;
    el.dataset.running = running;
    place.replaceChildren(...model.get("tables").map(table));
  }
  const changed = "change:progress change:running change:note change:tables";
  model.on(changed, show);
  show();
  return () => model.off(changed, show);
}
export default { render };

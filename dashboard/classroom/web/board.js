// The trainer's board: a row for each seat, with what its team does and what may be done about it.
const SURE = 4000; // ms in which a second press counts

function render({ model, el }) {
  el.classList.add("class-board");
  const asked = new Map(); // what was pressed once and waits for a second press -> until when

  function act(seat, one) {
    const name = `${seat} ${one.id}`, button = made("button", "", (asked.get(name) || 0) > Date.now() ? one.ask : one.label);
    button.type = "button";
    button.dataset.act = one.id;
    button.dataset.seat = seat;
    button.onclick = () => {
      if (!one.ask || (asked.get(name) || 0) > Date.now()) {
        asked.delete(name);
        model.send({ do: one.id, seat });
        return;
      }
      asked.set(name, Date.now() + SURE);
      button.textContent = one.ask;
      setTimeout(show, SURE + 50);
    };
    return button;
  }

  function build() {
    const active = el.contains(document.activeElement) ? document.activeElement.dataset : null;
    el.replaceChildren();
    const table = made("table"), head = made("tr"), body = made("tbody");
    for (const name of ["Seat", "Team", "Levers now (was)", "Prediction", ""]) head.append(made("th", "", name));
    table.append(made("thead"), body);
    table.tHead.append(head);
    for (const one of model.get("rows")) {
      const row = made("tr");
      const seat = made("th", "", one.title);
      seat.scope = "row";
      const team = made("td");
      team.append(made("strong", "", one.team || "free"), made("span", `class-state ${one.state}`, one.said));
      if (one.code) team.append(made("small", "class-code", `code ${one.code}`));
      const levers = made("td");
      for (const lever of one.levers) {
        const line = made("div", lever.moved ? "moved" : "");
        line.append(made("span", "", lever.label), made("b", "", lever.now));
        if (lever.moved) line.append(made("small", "", `(${lever.was})`));
        levers.append(line);
      }
      const said = made("td");
      for (const line of one.predictions) said.append(made("div", "", line));
      const acts = made("td", "class-acts");
      for (const possible of one.acts) {
        const button = act(one.id, possible);
        acts.append(button);
      }
      row.append(seat, team, levers, said, acts);
      body.append(row);
    }
    el.append(table);
    if (!active) return;
    const same = [...el.querySelectorAll("button")].find((b) => b.dataset.seat === active.seat && b.dataset.act === active.act);
    same?.focus({ preventScroll: true });
  }
  const show = unhurried(el, build);
  model.on("change:rows", show);
  build();
  return () => { show.end(); model.off("change:rows", show); };
}

export default { render };

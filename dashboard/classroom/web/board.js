// The trainer's board: a row for each seat, with what its team does and what may be done about it.
function made(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined && text !== null) node.textContent = text;
  return node;
}

function render({ model, el }) {
  el.classList.add("class-board");
  function build() {
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
      for (const act of one.acts) {
        const button = made("button", "", act.label);
        button.type = "button";
        button.dataset.act = act.id;
        button.dataset.seat = one.id;
        button.onclick = () => {
          if (act.ask && button.dataset.sure !== "1") {
            button.dataset.sure = "1";
            button.textContent = act.ask;
            setTimeout(() => { button.dataset.sure = ""; button.textContent = act.label; }, 4000);
            return;
          }
          model.send({ do: act.id, seat: one.id });
        };
        acts.append(button);
      }
      row.append(seat, team, levers, said, acts);
      body.append(row);
    }
    el.append(table);
  }
  model.on("change:rows", build);
  build();
}

export default { render };

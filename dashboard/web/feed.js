// What happened, in sentences; each can say why.

function render({ model, el }) {
  el.classList.add("feed");
  const head = made("div", "feed-head"), filter = made("select"), label = made("label", "bar-field");
  head.append(made("h2", "", "What happened"));
  label.append(made("span", "", "Show"), filter);
  head.append(label);
  for (const [value, text] of model.get("kinds")) {
    const option = made("option", "", text);
    option.value = value;
    filter.append(option);
  }
  filter.value = model.get("kind");
  filter.addEventListener("change", () => model.send({ do: "kind", kind: filter.value }));
  const list = made("ol", "feed-list");
  list.tabIndex = 0;
  list.setAttribute("aria-label", "Events, the latest first");
  el.append(head, list);

  function show() {
    const events = model.get("events"), why = model.get("why");
    const asked = document.activeElement?.dataset?.event;
    list.replaceChildren(...events.map((event) => {
      const entry = made("li", `feed-event kind-${event.kind}`);
      const line = made("div", "feed-line");
      line.append(made("span", "feed-week", `w ${event.week}`), made("span", "feed-text", event.text));
      entry.append(line);
      const ask = made("button", "plain", why.id === event.id ? "close" : "why?");
      ask.dataset.event = event.id;
      ask.setAttribute("aria-expanded", String(why.id === event.id));
      ask.addEventListener("click", () => model.send({ do: "why", id: event.id }));
      line.append(ask);
      if (why.id === event.id) {
        const chain = made("ol", "feed-why");
        for (const sentence of why.sentences) chain.append(made("li", "", sentence));
        entry.append(chain);
      }
      return entry;
    }));
    if (!events.length) list.append(made("li", "muted", "Nothing of this kind so far. Press play."));
    if (asked) [...list.querySelectorAll("button")].find((node) => node.dataset.event === asked)?.focus();
  }
  const draw = unhurried(list, show);
  model.on("change:events change:why", draw);
  show();
  return () => { draw.end(); model.off("change:events change:why", draw); };
}
export default { render };

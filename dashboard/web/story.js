// A scenario as a story: which one, what it asks, and what to look for.

function render({ model, el }) {
  el.classList.add("story");
  const label = made("label", "story-choice"), select = made("select"), text = made("div", "story-text");
  label.append(made("h3", "", model.get("heading")), select);
  el.append(label, text);
  select.addEventListener("change", () => model.send({ do: "choose", name: select.value }));
  const most = model.get("most_bytes");

  function showChoices() {
    const groups = new Map();
    for (const choice of model.get("choices")) {
      if (!groups.has(choice.family)) {
        const group = made("optgroup"); group.label = choice.family;
        groups.set(choice.family, group);
      }
      const option = made("option", "", choice.title);
      option.value = choice.name;
      groups.get(choice.family).append(option);
    }
    select.replaceChildren(...groups.values());
    select.value = model.get("chosen");
  }
  function list(title, lines) {
    const part = made("section"), points = made("ul");
    for (const line of lines) points.append(made("li", "", line));
    part.append(made("h3", "", title), points);
    return part;
  }
  function show() {
    const story = model.get("story");
    select.value = model.get("chosen");
    text.replaceChildren(made("p", "story-question", story.question || ""));
    if (model.get("fault")) { const fault = made("p", "notice", model.get("fault")); fault.setAttribute("role", "alert"); text.append(fault); }
    if (!story.what) return;
    const fold = made("details", "story-more"), inner = made("div", "story-inner");
    fold.append(made("summary", "", "About this scenario"), inner);
    const what = made("section");
    what.append(made("h3", "", "What it is"), made("p", "", story.what));
    inner.append(what, list("How it works", story.how), list("Things to notice", story.notice), list("Things to try", story.try));
    const own = made("section"), file = made("input"), pick = made("label", "story-file");
    file.type = "file"; file.accept = ".toml"; file.className = "story-upload";
    file.setAttribute("aria-label", "Open a scenario file");
    pick.append(made("span", "", "Open a scenario file of your own (.toml)"), file);
    own.append(made("h3", "", "Your own"), pick);
    inner.append(own);
    file.addEventListener("change", async () => {
      const one = file.files[0];
      if (!one) return;
      if (one.size > most) { model.send({ do: "too large", name: one.name, size: one.size }); file.value = ""; return; }
      model.send({ do: "upload", name: one.name }, undefined, [await one.arrayBuffer()]);
      file.value = "";
    });
    fold.open = el.dataset.open === "true";
    fold.addEventListener("toggle", () => { el.dataset.open = fold.open; });
    text.append(fold);
  }
  const changed = [["change:choices", showChoices], ["change:story change:chosen change:fault", show]];
  for (const [name, act] of changed) model.on(name, act);
  showChoices(); show();
  return () => { for (const [name, act] of changed) model.off(name, act); };
}
export default { render };

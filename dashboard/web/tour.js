// A tour of two minutes: one step at a time, beside what it is about; Escape ends it.

function render({ model, el }) {
  const start = made("button", "", "Take the tour (2 minutes)");
  el.classList.add("tour-start");
  el.append(start);
  let at = 0, box = null, light = null;

  function end() {
    box?.remove(); light?.remove();
    box = light = null;
    document.removeEventListener("keydown", onKey, true);
    start.focus();
  }
  function onKey(event) {
    if (event.key === "Escape") { event.stopPropagation(); end(); }
    if (event.key === "ArrowRight") { event.preventDefault(); event.stopPropagation(); go(at + 1); }
    if (event.key === "ArrowLeft") { event.preventDefault(); event.stopPropagation(); go(at - 1); }
  }
  function go(next) {
    const steps = model.get("steps");
    if (next < 0) return;
    if (next >= steps.length) { end(); return; }
    at = next;
    const [selector, title, text] = steps[at];
    const target = document.querySelector(selector);
    if (!target) { go(at + 1); return; }
    target.scrollIntoView({ block: "center", behavior: "instant" });
    const place = target.getBoundingClientRect();
    Object.assign(light.style, { left: `${place.left - 6}px`, top: `${place.top - 6}px`, width: `${place.width + 12}px`, height: `${place.height + 12}px` });
    box.replaceChildren();
    const head = made("div", "tour-head");
    head.append(made("span", "muted", `${at + 1} of ${steps.length}`), made("h2", "", title));
    const foot = made("div", "tour-foot"), back = made("button", "", "Back"), on = made("button", "main", at + 1 < steps.length ? "Next" : "Begin"), stop = made("button", "plain", "end the tour");
    back.disabled = at === 0;
    back.addEventListener("click", () => go(at - 1));
    on.addEventListener("click", () => go(at + 1));
    stop.addEventListener("click", end);
    foot.append(stop, made("span", "grow"), back, on);
    box.append(head, made("p", "", text), foot);
    const wide = 340, room = window.innerWidth;
    let left = place.right + 18;
    if (left + wide > room - 12) left = place.left - wide - 24;
    if (left < 12) left = Math.min(room - wide - 12, Math.max(12, place.left + 24));
    box.style.left = `${left}px`;
    box.style.top = `${Math.max(12, Math.min(window.innerHeight - box.offsetHeight - 12, place.top + 12))}px`;
    on.focus();
  }
  function begin() {
    if (box) return;
    light = made("div", "tour-light");
    box = made("div", "tour");
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-modal", "true");
    box.setAttribute("aria-label", "Tour");
    (el.closest(".room") || document.body).append(light, box);
    document.addEventListener("keydown", onKey, true);
    go(0);
  }
  start.addEventListener("click", begin);
  let first = null;
  if (model.get("begin")) {
    // the pieces it points at are drawn one after the other: wait for the last of them
    first = setInterval(() => {
      if (!model.get("steps").every(([selector]) => document.querySelector(selector))) return;
      clearInterval(first);
      begin();
    }, 100);
  }
  return () => { clearInterval(first); if (box) end(); };
}
export default { render };

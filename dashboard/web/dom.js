// What the pieces share: elements, and patience with whoever is pressing one; put before them.
function made(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined && text !== null) node.textContent = text;
  return node;
}
function drawn(tag, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

// A function that draws at once, or, while a pointer or a key is down in `el`, on its release: what
// is being pressed must not be replaced, or the click is lost. `end` takes the listeners away.
function unhurried(el, draw) {
  let pressed = false, due = false;
  const press = () => { pressed = true; };
  const release = (event) => {
    if (!pressed || (event.type === "blur" && event.target !== window)) return;
    setTimeout(() => { // the click comes after the release
      pressed = false;
      if (due) { due = false; draw(); }
    });
  };
  const ends = ["pointerup", "pointercancel", "keyup", "blur"];
  el.addEventListener("pointerdown", press);
  el.addEventListener("keydown", press);
  for (const name of ends) window.addEventListener(name, release, true);
  const act = () => { if (pressed) due = true; else draw(); };
  act.end = () => { for (const name of ends) window.removeEventListener(name, release, true); };
  return act;
}

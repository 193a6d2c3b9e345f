// A table of differences with their intervals and a verdict in words; put before the pieces that show one.
const COLOURS = { better: "#00664b", worse: "#a8430a", "": "#4f5b66" };

function table(data) {
  const block = made("table", "verdicts"), head = made("tr"), top = made("thead"), body = made("tbody");
  block.append(made("caption", "", data.caption));
  for (const name of ["", "base", "difference", "95 % interval", "relative to the base", "verdict"]) {
    const cell = made("th", "", name); cell.scope = "col"; head.append(cell);
  }
  top.append(head);
  const reach = Math.min(1, Math.max(0.02, ...data.rows.filter((r) => r.low !== null).map((r) => Math.max(Math.abs(r.low), Math.abs(r.high)))));
  const x = (value) => 85 + 80 * Math.max(-1, Math.min(1, value / reach));
  for (const row of data.rows) {
    const line = made("tr"), name = made("th", "", row.name);
    name.scope = "row";
    line.append(name, made("td", "", row.base), made("td", "", row.difference), made("td", "", row.interval));
    const cell = made("td");
    if (row.low !== null) {
      const svg = drawn("svg", { viewBox: "0 0 170 22", role: "img", "aria-label": row.words });
      const colour = COLOURS[row.tone];
      svg.append(drawn("line", { x1: 85, y1: 1, x2: 85, y2: 21, stroke: "#8d8778", "stroke-width": 1 }),
        drawn("line", { x1: x(row.low), y1: 11, x2: x(row.high), y2: 11, stroke: colour, "stroke-width": 3 }),
        drawn("circle", { cx: x(row.relative), cy: 11, r: 4.5, fill: colour }));
      const box = made("span", "verdict-gap");
      box.append(svg);
      cell.append(box);
      cell.title = row.change;
    }
    const word = made("td", "word"), badge = made("span", `verdict ${row.tone}`, row.verdict);
    badge.title = `${row.n} pairs of runs`;
    word.append(badge);
    line.append(cell, word);
    body.append(line);
  }
  block.append(top, body);
  const scroll = made("div", "scroll");
  scroll.append(block);
  return scroll;
}


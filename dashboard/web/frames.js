// Frames of the map taken apart (see dashboard/parts/picture.py), and colours mixed; put before map.js.
const FINE = 64;

function ramp(colours, part) {
  const at = Math.min(0.9999, Math.max(0, part)) * (colours.length - 1);
  const low = Math.floor(at), mix = at - low;
  const one = rgb(colours[low]), two = rgb(colours[low + 1]);
  return `rgb(${one.map((v, k) => Math.round(v + mix * (two[k] - v))).join(",")})`;
}

function rgb(colour) {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

function bytes(view) {
  return view instanceof DataView
    ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
    : new Uint8Array(view || new ArrayBuffer(0));
}

function readFrame(view) {
  const raw = bytes(view);
  if (raw.length < 32) return null;
  const copy = raw.slice();
  const head = new Uint32Array(copy.buffer, 0, 8);
  const [week, weeks, shipments, seizures, tips, sectors, oneIn, count] = head;
  let at = 32;
  const take = (number) => {
    const part = new Uint16Array(copy.buffer, at, number);
    at += 2 * number;
    return part;
  };
  return {
    week, weeks, oneIn, count, nShipments: shipments, nSeizures: seizures, nTips: tips,
    shipments: take(5 * shipments), seizures: take(3 * seizures), tips: take(5 * tips),
    shades: new Uint8Array(copy.buffer, at, sectors),
  };
}

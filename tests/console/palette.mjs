// A screenshot with at most 256 colours: a third of its bytes, and no difference that an eye finds on a page of few colours.
import { deflateSync, inflateSync } from "node:zlib";

const crcs = Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});
const crc32 = (bytes) => ~bytes.reduce((crc, byte) => crcs[(crc ^ byte) & 255] ^ (crc >>> 8), -1) >>> 0;

function* chunks(png) {
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    yield [png.toString("latin1", at + 4, at + 8), png.subarray(at + 8, at + 8 + length)];
    at += 12 + length;
  }
}
function chunk(kind, body) {
  const named = Buffer.concat([Buffer.from(kind, "latin1"), body]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(body.length, 0);
  frame.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
}

// What a filter of PNG took away from a byte: that of its left, upper and upper left neighbours.
function predicted(filter, a, b, c) {
  if (filter < 4) return [0, a, b, (a + b) >> 1][filter];
  const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

// The pixels of an RGB picture without transparency, as chromium makes them: 24 bits each.
function pixels(png) {
  const parts = [...chunks(png)];
  const head = parts[0][1];
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  if (head[8] !== 8 || head[9] !== 2) throw new Error("not an RGB picture of 8 bits");
  const raw = inflateSync(Buffer.concat(parts.filter(([kind]) => kind === "IDAT").map(([, body]) => body)));
  const row = width * 3;
  const bytes = new Uint8Array(row * height);
  for (let y = 0, at = 0; y < height; y++) {
    const filter = raw[at++];
    for (let x = 0; x < row; x++, at++) {
      const here = y * row + x;
      const left = x < 3 ? 0 : bytes[here - 3], up = y ? bytes[here - row] : 0, corner = x < 3 || !y ? 0 : bytes[here - row - 3];
      bytes[here] = raw[at] + predicted(filter, left, up, corner);
    }
  }
  return { width, height, colours: Uint32Array.from({ length: width * height }, (_, i) => (bytes[3 * i] << 16) | (bytes[3 * i + 1] << 8) | bytes[3 * i + 2]) };
}

const distance = (a, b) => ((a >> 16) - (b >> 16)) ** 2 + (((a >> 8) & 255) - ((b >> 8) & 255)) ** 2 + ((a & 255) - (b & 255)) ** 2;

const ALIKE = 48; // squared; what is nearer than this to a more frequent colour needs no place of its own

export function reduced(png) {
  const { width, height, colours } = pixels(png);
  const counts = new Map();
  for (const colour of colours) counts.set(colour, (counts.get(colour) || 0) + 1);
  const palette = [];
  for (const [colour] of [...counts].sort((a, b) => b[1] - a[1]))
    if (palette.length < 256 && palette.every((each) => distance(each, colour) > ALIKE)) palette.push(colour);
  const nearest = new Map(palette.map((colour, index) => [colour, index]));
  const indexOf = (colour) => {
    if (!nearest.has(colour))
      nearest.set(colour, palette.reduce((best, each, index) => (distance(each, colour) < distance(palette[best], colour) ? index : best), 0));
    return nearest.get(colour);
  };
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = indexOf(colours[y * width + x]);
  const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 3, 0, 0, 0]);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  return Buffer.concat([png.subarray(0, 8), chunk("IHDR", head), chunk("PLTE", Buffer.from(palette.flatMap((each) => [each >> 16, (each >> 8) & 255, each & 255]))),
    chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}

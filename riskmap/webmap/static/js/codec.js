/* Reading the compact files that riskmap/webmap/encode.py and planes.py write. */
(function () {
  "use strict";
  const riskmap = (window.riskmap = window.riskmap || {});

  // gunzip, unless the server's Content-Encoding already has
  riskmap.gunzip = async function (bytes) {
    if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
    const stream = new Blob([bytes])
      .stream()
      .pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  };

  riskmap.fromBase64 = function (text) {
    const raw = atob(text);
    const bytes = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
    return bytes;
  };

  // varints hold up to 52 bits here, so they are read with sums, not shifts
  riskmap.readVarints = function (bytes, start, count) {
    const numbers = new Float64Array(count);
    let at = start;
    for (let i = 0; i < count; i++) {
      let scale = 1;
      let number = 0;
      let byte;
      do {
        byte = bytes[at++];
        number += (byte & 127) * scale;
        scale *= 128;
      } while (byte & 128);
      numbers[i] = number;
    }
    return numbers;
  };

  // -> {finest, coarsest, keys}: keys are cell numbers without their unused digits
  riskmap.readCells = function (bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const keys = riskmap.readVarints(bytes, 12, view.getUint32(8, true));
    for (let i = 1; i < keys.length; i++) keys[i] += keys[i - 1];
    return {
      finest: view.getUint32(0, true),
      coarsest: view.getUint32(4, true),
      keys: keys,
    };
  };

  // [x0, y0, dx, dy, ...] in steps -> [[lat, lng], ...]
  riskmap.readLine = function (flat, step) {
    const points = [];
    let x = 0;
    let y = 0;
    for (let i = 0; i < flat.length; i += 2) {
      x += flat[i];
      y += flat[i + 1];
      points.push([y * step, x * step]);
    }
    return points;
  };

  /* A source gives a file's bytes by its name; JSON files as values. */
  function source(read) {
    const kept = new Map();
    const once = function (name, make) {
      if (!kept.has(name)) {
        const promise = make(name);
        // a failed fetch is forgotten, so that the next look tries again
        promise.catch(() => kept.delete(name));
        kept.set(name, promise);
      }
      return kept.get(name);
    };
    return {
      bytes: (name) => once(name, async (n) => riskmap.gunzip(await read(n))),
      json: (name) =>
        once("json:" + name, async () =>
          JSON.parse(
            new TextDecoder().decode(await riskmap.gunzip(await read(name)))
          )
        ),
    };
  }

  riskmap.remote = function (base) {
    return source(async function (name) {
      const response = await fetch(base + name);
      if (!response.ok) throw new Error(name + ": " + response.status);
      return new Uint8Array(await response.arrayBuffer());
    });
  };

  // files as base64 in an inert <script type="application/json">
  riskmap.embedded = function (elementId) {
    const files = JSON.parse(document.getElementById(elementId).textContent);
    return source(async function (name) {
      if (!(name in files)) throw new Error(name + ": not in this file");
      return riskmap.fromBase64(files[name]);
    });
  };
})();

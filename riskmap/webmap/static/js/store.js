/* Cells by level of detail: keys, geometry when first drawn, planes of numbers.
   Needs h3. */
(function () {
  "use strict";
  const riskmap = (window.riskmap = window.riskmap || {});

  const FINEST = 15;
  const BITS_PER_DIGIT = 3;
  // cells are drawn in groups that share an ancestor three levels up
  const GROUP = 512;
  const VERTICES = 7;
  const SAMPLES_PER_GROUP = 40;
  // mean edge length by resolution, km; https://h3geo.org/docs/core-library/restable
  riskmap.EDGE_KM = [
    1281.3, 483.1, 182.5, 68.98, 26.07, 9.85, 3.72, 1.41, 0.531, 0.201, 0.076,
  ];
  const EARTH_KM = 40075;
  // Float32 offsets from here keep centimetres
  riskmap.ORIGIN_X = 0.17;
  riskmap.ORIGIN_Y = 0.4;

  // Web Mercator with the world as the unit square
  riskmap.mercatorX = (lng) => (lng + 180) / 360;
  riskmap.mercatorY = function (lat) {
    const sine = Math.sin((lat * Math.PI) / 180);
    return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
  };

  class Level {
    constructor(resolution, keys) {
      this.resolution = resolution;
      this.keys = keys;
      this.unusedBits = BITS_PER_DIGIT * (FINEST - resolution);
      this.planes = new Map();
      this.groups = null;
    }

    // a key as the [low, high] pair of 32-bit numbers that h3-js takes
    pair(i) {
      const key = this.keys[i];
      const bits = this.unusedBits;
      if (bits >= 32) {
        const power = Math.pow(2, bits - 32);
        return [-1, (key * power + (power - 1)) | 0];
      }
      const rest = Math.pow(2, 32 - bits);
      const high = Math.floor(key / rest);
      const low = (key - high * rest) * Math.pow(2, bits) + (Math.pow(2, bits) - 1);
      return [low | 0, high | 0];
    }

    text(i) {
      const bits = BigInt(this.unusedBits);
      return ((BigInt(this.keys[i]) << bits) | ((1n << bits) - 1n)).toString(16);
    }

    find(text) {
      const key = Number(BigInt("0x" + text) >> BigInt(this.unusedBits));
      let first = 0;
      let last = this.keys.length - 1;
      while (first <= last) {
        const middle = (first + last) >> 1;
        if (this.keys[middle] === key) return middle;
        if (this.keys[middle] < key) first = middle + 1;
        else last = middle - 1;
      }
      return -1;
    }

    // keys of the next coarser level; sorted, so siblings stand together
    coarser() {
      const shift = Math.pow(2, 52 - BITS_PER_DIGIT * (FINEST - this.resolution + 1));
      const keys = [];
      let last = -1;
      for (let i = 0; i < this.keys.length; i++) {
        const key = Math.floor(this.keys[i] / 8);
        if (key !== last) keys.push(key - shift);
        last = key;
      }
      return new Level(this.resolution - 1, Float64Array.from(keys));
    }

    // bounding boxes of groups from a sample of centres: nothing is outlined yet
    prepare() {
      if (this.groups) return;
      const count = this.keys.length;
      this.outline = new Float32Array(count * VERTICES * 2);
      this.corners = new Uint8Array(count);
      this.groups = [];
      const up = Math.max(0, this.resolution - 3);
      const pad = (riskmap.EDGE_KM[up] / EARTH_KM) * 0.9;
      let first = 0;
      while (first < count) {
        const owner = Math.floor(this.keys[first] / GROUP);
        let last = first + 1;
        while (last < count && Math.floor(this.keys[last] / GROUP) === owner) last++;
        this.groups.push(this.box(first, last, pad));
        first = last;
      }
    }

    box(first, last, pad) {
      const box = { first, last, west: 9, east: -9, north: 9, south: -9 };
      const stride = Math.max(1, Math.floor((last - first) / SAMPLES_PER_GROUP));
      for (let i = first; i < last; i += stride) {
        const [lat, lng] = h3.cellToLatLng(this.pair(i));
        const x = riskmap.mercatorX(lng);
        const y = riskmap.mercatorY(lat);
        box.west = Math.min(box.west, x - pad);
        box.east = Math.max(box.east, x + pad);
        box.north = Math.min(box.north, y - pad);
        box.south = Math.max(box.south, y + pad);
      }
      return box;
    }

    // outlines a cell once; returns its number of corners
    ensure(i) {
      if (this.corners[i]) return this.corners[i];
      const points = h3.cellToBoundary(this.pair(i));
      const corners = Math.min(points.length, VERTICES);
      const at = i * VERTICES * 2;
      for (let k = 0; k < corners; k++) {
        this.outline[at + 2 * k] = riskmap.mercatorX(points[k][1]) - riskmap.ORIGIN_X;
        this.outline[at + 2 * k + 1] =
          riskmap.mercatorY(points[k][0]) - riskmap.ORIGIN_Y;
      }
      this.corners[i] = corners;
      return corners;
    }
  }

  riskmap.VERTICES = VERTICES;

  /* Cells that travel together, with their ancestors: the overview or one chunk. */
  class Block {
    constructor(source, name, encodings) {
      this.source = source;
      this.name = name;
      this.encodings = encodings;
      this.levels = null;
      this.loaded = new Set();
      this.loading = new Map();
    }

    async cells() {
      const bytes = await this.source.bytes(this.name + ".cells");
      if (this.levels) return;
      const { finest, coarsest, keys } = riskmap.readCells(bytes);
      const levels = new Map();
      let level = new Level(finest, keys);
      levels.set(finest, level);
      while (level.resolution > coarsest) {
        level = level.coarser();
        levels.set(level.resolution, level);
      }
      this.levels = levels;
    }

    async plane(name) {
      const file = this.source.bytes(this.name + "." + name);
      await this.cells();
      const bytes = await file;
      const levels = [...this.levels.values()];
      const total = levels.reduce((sum, level) => sum + level.keys.length, 0);
      const numbers =
        this.encodings[name] === "byte"
          ? bytes
          : riskmap.readVarints(bytes, 0, total);
      let at = 0;
      for (const level of levels) {
        level.planes.set(name, numbers.subarray(at, at + level.keys.length));
        at += level.keys.length;
      }
      this.loaded.add(name);
    }

    load(names) {
      return Promise.all(
        names.map((name) => {
          if (this.loaded.has(name)) return null;
          if (!this.loading.has(name)) {
            const promise = this.plane(name);
            promise.catch(() => this.loading.delete(name));
            this.loading.set(name, promise);
          }
          return this.loading.get(name);
        })
      );
    }

    has(names) {
      return names.every((name) => this.loaded.has(name));
    }
  }

  riskmap.Block = Block;
})();

/* The cells on the map: a Leaflet GridLayer that paints hexagons on canvas tiles, with
   level of detail by zoom. Needs L and h3. */
(function () {
  "use strict";
  const riskmap = (window.riskmap = window.riskmap || {});

  const TILE = 256;
  const EARTH_KM = 40075;
  // cosine of latitude 31, the middle of the corridor
  const SHRINK = 0.857;
  // a cell's edge is at least so many pixels, else its parent is drawn
  const SMALLEST_EDGE_PX = 2.6;
  const COARSEST = 3;
  const CHUNK_RESOLUTION = 3;
  // steps of a byte in each class of a further layer
  const STEPS = 50;
  // a difference of counts travels as a number above 0
  const ZERO = 1e6;
  const CHANGE_BREAKS = [-9, -2, 0, 1, 3, 10];
  // how many times as much begins a class; a step of a byte is 8 %
  const TIMES_BREAKS = [0.5, 0.8, 0.9, 1.1, 1.25, 2];
  const NO_DATA = -1;
  const NONE_RECORDED = -2;

  /* Patterns. No data is grey with dots; low confidence is diagonal strokes over the
     class's own colour: two different things that must never look alike. */
  function pattern(draw, size) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = size;
    draw(tile.getContext("2d"), size);
    return tile;
  }
  riskmap.doubtPattern = () =>
    pattern(function (pen, size) {
      pen.strokeStyle = "rgba(20,20,20,.55)";
      pen.lineWidth = 1;
      pen.beginPath();
      pen.moveTo(-1, size + 1);
      pen.lineTo(size + 1, -1);
      pen.stroke();
    }, 7);
  riskmap.noDataPattern = () =>
    pattern(function (pen) {
      pen.fillStyle = "rgba(60,60,60,.75)";
      pen.fillRect(1, 1, 2, 2);
      pen.fillRect(5, 5, 2, 2);
    }, 8);

  riskmap.Cells = L.GridLayer.extend({
    options: {
      tileSize: TILE,
      pane: "cells",
      opacity: 0.82,
      keepBuffer: 1,
      updateWhenZooming: false,
      className: "rm-tiles",
      colours: [],
      noDataColour: "#d0d0d0",
      noneColour: "#d3e4d8",
      layer: "",
      doubt: true,
    },

    initialize: function (source, options) {
      L.setOptions(this, options);
      this._source = source;
      this._chunks = {};
      this.stats = { tiles: 0, ms: 0, cells: 0 };
      this.ready = source.json("manifest.json").then((manifest) => {
        this.manifest = manifest;
        this._overview = new riskmap.Block(source, "overview", manifest.planes);
        for (const name of manifest.blocks) {
          this._chunks[name] = new riskmap.Block(source, name, manifest.planes);
        }
        if (!this.options.layer) this.options.layer = manifest.scores[0];
        return this._overview.load(this._needs());
      });
    },

    // a layer is a score, or "kind-" and a kind of incident
    isCount: function () {
      return this.options.layer.startsWith("kind-");
    },
    // what a further layer is: its unit, and its classes or their ends
    isValue: function () {
      return this.options.layer.startsWith("value-");
    },
    told: function () {
      return this.isValue() && this._values && this._values[this.options.layer.slice(6)];
    },
    // events a year, drawn and read as a score is
    isRate: function () {
      const told = this.told();
      return Boolean(told && told.rate);
    },
    _describe: async function () {
      const either = this.isValue() || (this.options.against || "").startsWith("value-");
      if (either && !this._values) {
        this._values = await this._source.json("values.json");
      }
    },

    _needs: function () {
      const layer = this.options.layer;
      const planes = this.manifest.planes;
      const marked = [layer + "-doubt", this._within()].filter((name) => name in planes);
      if (this.options.against) return [layer, this.options.against, ...marked];
      if (this.isValue()) return [layer, ...marked];
      if (!this.isCount()) return [layer, layer + "-doubt"];
      return this.manifest.planes.watch ? [layer, "watch"] : [layer];
    },

    // what of the records is wanted; null for all of them, at any time
    filtered: function () {
      const records = this.options.records;
      if (!this.isCount() || !records) return false;
      return Boolean(this.options.minus) || !riskmap.isAll(this.options.filter, records);
    },

    // the numbers of the layer shown, whole or under the filter
    numbersOf: function (level) {
      const layer = this.options.layer;
      if (this.options.against) return this._against(level);
      if (!this.filtered()) return level.planes.get(layer);
      const watch = level.planes.get("watch");
      if (!watch) return null;
      const whole = (filter) => Object.assign({ kind: layer.slice(5) }, filter);
      const { records, filter, minus } = this.options;
      const key = JSON.stringify([layer, filter, minus]);
      // two maps ask for the levels of one source, each under its own filter
      this._filtered = this._filtered || new WeakMap();
      const before = this._filtered.get(level);
      if (before && before.key === key) return before.numbers;
      const found = records.numbers(level, watch, whole(filter));
      const numbers = minus
        ? subtract(found, records.numbers(level, watch, whole(minus)))
        : found;
      this._filtered.set(level, { key: key, numbers: numbers });
      return numbers;
    },

    // the class of each cell's difference from another version, from 1; 0 is no data
    _against: function (level) {
      const { layer, against } = this.options;
      const mine = level.planes.get(layer);
      const theirs = level.planes.get(against);
      if (!mine || !theirs || !this._values) return null;
      const key = JSON.stringify([layer, against]);
      this._filtered = this._filtered || new WeakMap();
      const before = this._filtered.get(level);
      if (before && before.key === key) return before.numbers;
      const breaks = this.changeBreaks();
      const change = this.isTimes()
        ? (one, other) => this._atLeast(one) / this._atLeast(other)
        : (one, other) => this.value(one, layer) - this.value(other, against);
      const numbers = new Uint8Array(mine.length);
      for (let i = 0; i < mine.length; i++) {
        if (!mine[i] || !theirs[i]) continue;
        const found = change(mine[i], theirs[i]);
        numbers[i] = 1 + breaks.filter((edge) => found >= edge).length;
      }
      this._filtered.set(level, { key: key, numbers: numbers });
      return numbers;
    },
    _atLeast: function (byte) {
      return Math.max(this.rate(byte), this.manifest.rate_edges[0]);
    },
    // scores are held against each other as times, other numbers as more or less
    isTimes: function () {
      return this.isRate() || !this.isValue();
    },
    changeBreaks: function () {
      return this.isTimes() ? TIMES_BREAKS : this.told().change_breaks;
    },
    // the plane that tells where the difference is within the doubt; either of the two
    // may hold it, and of most pairs nobody knows
    _within: function () {
      const { layer, against } = this.options;
      if (!against) return "";
      const side = (one, other) =>
        one + "-within" + (other.startsWith("value-") ? "-" + other.slice(6) : "");
      const names = [side(layer, against), side(against, layer)];
      return names.find((name) => name in this.manifest.planes) || "";
    },
    knowsWithin: function () {
      return this._within() !== "";
    },

    resolutionFor: function (zoom) {
      const kmPerPixel = (EARTH_KM / TILE / Math.pow(2, zoom)) * SHRINK;
      const finest = this.manifest.resolution;
      let resolution = Math.min(COARSEST, finest);
      while (
        resolution < finest &&
        riskmap.EDGE_KM[resolution + 1] / kmPerPixel >= SMALLEST_EDGE_PX
      ) {
        resolution++;
      }
      return resolution;
    },

    // recolours the tiles in place: nothing flickers, nothing is fetched twice
    apply: async function (options) {
      L.setOptions(this, options);
      await this.ready;
      await this._describe();
      await this._overview.load(this._needs());
      const jobs = [];
      for (const key in this._tiles) {
        const tile = this._tiles[key];
        if (tile.current) jobs.push(this._fill(tile.el, tile.coords));
      }
      await Promise.all(jobs);
    },

    createTile: function (coords, done) {
      const tile = document.createElement("canvas");
      const ratio = window.devicePixelRatio || 1;
      tile.width = tile.height = TILE * ratio;
      tile.style.width = tile.style.height = TILE + "px";
      this.ready
        .then(() => this._fill(tile, coords))
        .then(
          () => done(null, tile),
          (error) => done(error, tile)
        );
      return tile;
    },

    _fill: async function (tile, coords) {
      const turn = (tile._turn = (tile._turn || 0) + 1);
      const resolution = this.resolutionFor(coords.z);
      const needs = this._needs();
      if (resolution <= this.manifest.overview) {
        await this._overview.load(needs);
        if (tile._turn === turn) this._paint(tile, coords, [this._overview], resolution);
        return;
      }
      const chunks = this._chunksOf(coords);
      const missing = chunks.filter((chunk) => !chunk.has(needs));
      if (missing.length) {
        // the overview first, detail when it comes
        if (this._overview.has(needs)) {
          this._paint(tile, coords, [this._overview], this.manifest.overview);
        }
        await Promise.all(missing.map((chunk) => chunk.load(needs)));
      }
      if (tile._turn === turn) this._paint(tile, coords, chunks, resolution);
    },

    _chunksOf: function (coords) {
      const side = Math.pow(2, coords.z);
      const found = [];
      for (const name in this._chunks) {
        const chunk = this._chunks[name];
        chunk.box = chunk.box || chunkBox(name);
        const box = chunk.box;
        const apart =
          box.west > (coords.x + 1) / side ||
          box.east < coords.x / side ||
          box.north > (coords.y + 1) / side ||
          box.south < coords.y / side;
        if (!apart) found.push(chunk);
      }
      return found;
    },

    source: function () {
      return this._source;
    },

    // which colour: the position of a class, NO_DATA or NONE_RECORDED
    _classOf: function (number) {
      if (number === 0) return NO_DATA;
      if (this.options.against) return number - 1;
      if (this.isValue() && !this.isRate()) {
        const told = this.told();
        return told && told.classes ? number - 1 : Math.floor((number - 1) / STEPS);
      }
      let value = number;
      if (this.options.minus) {
        const change = number - ZERO;
        return CHANGE_BREAKS.filter((edge) => change >= edge).length;
      }
      if (this.isCount()) {
        value = number - 1;
        if (value === 0) return NONE_RECORDED;
      }
      const breaks = this.isCount()
        ? this.manifest.count_breaks
        : this.manifest.rate_breaks;
      let position = 0;
      while (position < breaks.length && value >= breaks[position]) position++;
      return position;
    },

    _paint: function (tile, coords, blocks, resolution) {
      const began = performance.now();
      const pen = tile.getContext("2d");
      const ratio = tile.width / TILE;
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      pen.clearRect(0, 0, TILE, TILE);
      const paths = new Map();
      const doubt = { path: null };
      for (const block of blocks) {
        const level = block.levels && block.levels.get(resolution);
        if (level) this._collect(level, coords, paths, doubt);
      }
      this._fillPaths(pen, paths, doubt.path);
      this.stats.tiles++;
      this.stats.ms += performance.now() - began;
    },

    _collect: function (level, coords, paths, doubt) {
      const numbers = this.numbersOf(level);
      if (!numbers) return;
      const marks = this.options.doubt && level.planes.get(this._marked());
      level.prepare();
      const side = TILE * Math.pow(2, coords.z);
      const pad = (riskmap.EDGE_KM[level.resolution] * 2.6) / EARTH_KM;
      const west = (coords.x * TILE) / side - pad;
      const east = ((coords.x + 1) * TILE) / side + pad;
      const north = (coords.y * TILE) / side - pad;
      const south = ((coords.y + 1) * TILE) / side + pad;
      const shiftX = riskmap.ORIGIN_X * side - coords.x * TILE;
      const shiftY = riskmap.ORIGIN_Y * side - coords.y * TILE;
      const trace = function (path, at, corners) {
        const outline = level.outline;
        path.moveTo(outline[at] * side + shiftX, outline[at + 1] * side + shiftY);
        for (let k = 1; k < corners; k++) {
          path.lineTo(
            outline[at + 2 * k] * side + shiftX,
            outline[at + 2 * k + 1] * side + shiftY
          );
        }
        path.closePath();
      };
      for (const group of level.groups) {
        if (group.east < west || group.west > east) continue;
        if (group.south < north || group.north > south) continue;
        for (let i = group.first; i < group.last; i++) {
          const corners = level.ensure(i);
          const at = i * riskmap.VERTICES * 2;
          const x = level.outline[at] + riskmap.ORIGIN_X;
          const y = level.outline[at + 1] + riskmap.ORIGIN_Y;
          if (x < west || x > east || y < north || y > south) continue;
          const position = this._classOf(numbers[i]);
          let path = paths.get(position);
          if (!path) paths.set(position, (path = new Path2D()));
          trace(path, at, corners);
          this.stats.cells++;
          if (marks && marks[i] && position !== NO_DATA) {
            doubt.path = doubt.path || new Path2D();
            trace(doubt.path, at, corners);
          }
        }
      }
    },

    // the plane of what is hatched: little evidence, or a difference within the doubt
    _marked: function () {
      const { layer, against } = this.options;
      if (against) return this._within();
      return layer + "-doubt";
    },

    _fillPaths: function (pen, paths, doubtPath) {
      for (const [position, path] of paths) {
        if (position === NO_DATA) pen.fillStyle = this.options.noDataColour;
        else if (position === NONE_RECORDED) pen.fillStyle = this.options.noneColour;
        else pen.fillStyle = this.colours()[position];
        pen.fill(path);
        if (position === NO_DATA) {
          pen.fillStyle = pen.createPattern(riskmap.noDataPattern(), "repeat");
          pen.fill(path);
        }
      }
      if (doubtPath) {
        pen.fillStyle = pen.createPattern(riskmap.doubtPattern(), "repeat");
        pen.fill(doubtPath);
      }
    },

    /* Questions the face asks. */

    // the cell drawn under a place; null outside the corridor
    at: function (latlng, zoom) {
      if (!this.manifest) return null;
      const resolution = this.resolutionFor(zoom == null ? this._map.getZoom() : zoom);
      return this.facts(h3.latLngToCell(latlng.lat, latlng.lng, resolution));
    },

    _levelOf: function (cell) {
      const resolution = h3.getResolution(cell);
      let block = this._overview;
      if (resolution > this.manifest.overview) {
        block = this._chunks[h3.cellToParent(cell, CHUNK_RESOLUTION)];
      }
      return (block && block.levels && block.levels.get(resolution)) || null;
    },

    // {cell, number, position, doubt, level, row} of the layer shown, or null
    facts: function (cell) {
      if (!this.manifest || !h3.isValidCell(cell)) return null;
      const level = this._levelOf(cell);
      if (!level) return null;
      const row = level.find(cell);
      if (row < 0) return null;
      const numbers = this.numbersOf(level);
      if (!numbers) return null;
      const marks = level.planes.get(this.options.layer + "-doubt");
      return {
        cell: cell,
        level: level,
        row: row,
        number: numbers[row],
        position: this._classOf(numbers[row]),
        doubt: Boolean(marks && marks[row]),
        // one cell of the project, not several joined
        finest: this.manifest.exact && level.resolution === this.manifest.resolution,
      };
    },

    // the planes of a saved page that only a chosen cell needs
    detail: async function (facts) {
      const layer = this.options.layer;
      const names = ["low", "high", "percentile", "evidence"];
      await this._overview.load(names.map((name) => layer + "-" + name));
      const found = {};
      for (const name of names) {
        found[name] = facts.level.planes.get(layer + "-" + name)[facts.row];
      }
      return found;
    },

    colours: function () {
      const change = this.options.minus || this.options.against;
      if (change) return this.options.changeColours;
      const told = this.told();
      return told && told.colours && told.colours.length ? told.colours : this.options.colours;
    },

    // a further layer's number: the middle of the step that a byte stands for
    value: function (byte, layer) {
      const told = layer ? this._values[layer.slice(6)] : this.told();
      const ends = told.ends;
      const place = Math.floor((byte - 1) / STEPS);
      const share = (((byte - 1) % STEPS) + 0.5) / STEPS;
      return ends[place] + share * (ends[place + 1] - ends[place]);
    },

    // events a year per 100 km²: the middle of the step that a byte stands for
    rate: function (byte) {
      const edges = this.manifest.rate_edges;
      if (byte <= 1) return 0;
      const low = edges[byte - 1];
      return low * Math.sqrt(edges[1] / edges[0]);
    },
  });

  // what two periods were both watched for; 0 is no data
  function subtract(later, earlier) {
    const change = new Uint32Array(later.length);
    for (let i = 0; i < change.length; i++) {
      if (later[i] && earlier[i]) change[i] = ZERO + later[i] - earlier[i];
    }
    return change;
  }

  riskmap.changeOf = (number) => number - ZERO;
  riskmap.CHANGE_BREAKS = CHANGE_BREAKS;

  function chunkBox(name) {
    const box = { west: 9, east: -9, north: 9, south: -9 };
    for (const [lat, lng] of h3.cellToBoundary(name)) {
      const x = riskmap.mercatorX(lng);
      const y = riskmap.mercatorY(lat);
      box.west = Math.min(box.west, x);
      box.east = Math.max(box.east, x);
      box.north = Math.min(box.north, y);
      box.south = Math.max(box.south, y);
    }
    // cells stick out of their ancestor a little
    const padX = (box.east - box.west) * 0.12;
    const padY = (box.south - box.north) * 0.12;
    return {
      west: box.west - padX,
      east: box.east + padX,
      north: box.north - padY,
      south: box.south + padY,
    };
  }

  riskmap.NO_DATA = NO_DATA;
  riskmap.NONE_RECORDED = NONE_RECORDED;
  riskmap.cells = (source, options) => new riskmap.Cells(source, options);
})();

/* What lies under and over the cells: land, rivers, the line, zones, landmarks, names.
   Every name is set as text, never as markup. Needs L. */
(function () {
  "use strict";
  const riskmap = (window.riskmap = window.riskmap || {});

  const LAND = { fillColor: "#f4f1ea", fillOpacity: 1, stroke: false };
  const SEA = { fillColor: "#d7e3ea", fillOpacity: 1, stroke: false };
  const RIVER = { color: "#5b95b8", weight: 1, opacity: 0.75 };
  const STATE = { color: "#8a8577", weight: 0.9, opacity: 0.75, dashArray: "5 3" };
  const LINES = {
    us_state: STATE,
    mx_state: STATE,
    river: RIVER,
    canal: { color: "#2f7fb5", weight: 1.5, opacity: 0.9 },
  };
  // zoom from which a place of each rank is named: cities, towns, villages
  const PLACE_ZOOM = [0, 0, 6.2, 7.4];
  const STEP_DEG = 1e-4;
  const SEAM_DEG = 0.05;
  const FAR_ZOOM = 7.5;
  // zones named: the first few far out, more nearer
  const NAMED_ZONES_FAR = 3;
  const NAMED_ZONES_NEAR = 15;
  const LETTER_PX = 7;
  const LABEL_HEIGHT_PX = 17;

  // as riskmap/places/verification.py has it; how old something is, the reader's clock says
  const STALE_AFTER_MS = 183 * 24 * 3600 * 1000;

  function isStale(day) {
    return day !== "" && Date.now() - Date.parse(day) > STALE_AFTER_MS;
  }

  function staleness(day, words, language) {
    if (!isStale(day)) return "";
    const tongue = language === "es" ? "es-MX" : "en-US";
    const how = { dateStyle: "long", timeZone: "UTC" };
    const said = new Intl.DateTimeFormat(tongue, how).format(Date.parse(day));
    return words + ": " + said;
  }

  function still(pane, style) {
    return Object.assign({ pane: pane, interactive: false }, style);
  }

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }
  riskmap.element = element;

  /* Labels do not lie on each other: zones come first, then areas, then places. */
  const KINDS_OF_LABEL = ["zones", "areas", "places"];
  const noLabels = () => ({ zones: [], areas: [], places: [] });
  function roomFor(map, kind, text, latlng) {
    map.rmLabels = map.rmLabels || noLabels();
    const at = map.project(latlng, map.getZoom());
    const half = (text.length * LETTER_PX) / 2 + 3;
    for (const other of KINDS_OF_LABEL.slice(0, KINDS_OF_LABEL.indexOf(kind) + 1)) {
      const clash = map.rmLabels[other].some(
        (box) =>
          Math.abs(box.x - at.x) < box.half + half &&
          Math.abs(box.y - at.y) < LABEL_HEIGHT_PX
      );
      if (clash) return false;
    }
    map.rmLabels[kind].push({ x: at.x, y: at.y, half: half });
    return true;
  }
  function clearRoom(map, kind) {
    map.rmLabels = map.rmLabels || noLabels();
    map.rmLabels[kind] = [];
  }
  riskmap.roomFor = roomFor;
  riskmap.clearRoom = clearRoom;

  riskmap.Basemap = L.LayerGroup.extend({
    initialize: function (source, options) {
      L.LayerGroup.prototype.initialize.call(this, [], options);
      this._source = source;
    },

    onAdd: function (map) {
      L.LayerGroup.prototype.onAdd.call(this, map);
      this._labels = L.layerGroup().addTo(map);
      map.on("moveend resize rm:labels", this._name, this);
      this.ready = this.ready || Promise.all([this._land(), this._lines()]);
    },

    // the coarse world, then the project's own ground on its own piece of sea
    _land: async function () {
      const pane = this.options.landPane;
      const world = await this._source.json("world.json");
      for (const rings of world.land) this._fill(rings, world.step);
      const ground = await this._source.json("ground.json");
      if (ground.box) {
        const [west, south, east, north] = ground.box;
        // a little smaller than the land, lest a seam of sea show at its edge
        const corners = [
          [south + SEAM_DEG, west + SEAM_DEG],
          [north - SEAM_DEG, east - SEAM_DEG],
        ];
        this.addLayer(L.rectangle(corners, still(pane, SEA)));
      }
      for (const rings of ground.land) this._fill(rings, STEP_DEG);
      this._places = ground.towns;
      this._name();
    },

    _fill: function (rings, step) {
      const shape = rings.map((ring) => riskmap.readLine(ring, step));
      this.addLayer(L.polygon(shape, still(this.options.landPane, LAND)));
    },

    _lines: async function () {
      const lines = await this._source.json("lines.json");
      for (const kind in LINES) {
        for (const flat of lines[kind] || []) {
          const line = riskmap.readLine(flat, STEP_DEG);
          this.addLayer(L.polyline(line, still(this.options.linePane, LINES[kind])));
        }
      }
    },

    // the largest places first; a name that would lie on another is left out
    _name: function () {
      const map = this._map;
      if (!map || !this._places) return;
      this._labels.clearLayers();
      clearRoom(map, "places");
      const view = map.getBounds().pad(0.1);
      for (const [name, x, y, rank] of this._places) {
        if (map.getZoom() < PLACE_ZOOM[rank] || !view.contains([y, x])) continue;
        if (!roomFor(map, "places", name, [y, x])) continue;
        const icon = L.divIcon({
          html: element("span", "", name),
          className: "rm-place rm-place-" + rank,
          iconSize: [0, 0],
        });
        const options = { icon: icon, interactive: false, keyboard: false };
        options.pane = this.options.labelPane;
        this._labels.addLayer(L.marker([y, x], options));
      }
    },
  });

  riskmap.Boundary = L.LayerGroup.extend({
    initialize: function (source, options) {
      L.LayerGroup.prototype.initialize.call(this, [], options);
      this.ready = source.json("lines.json").then((lines) => {
        const halo = { color: "#fff", weight: 5, opacity: 0.75 };
        const line = { color: "#111", weight: 2, dashArray: "8 4" };
        for (const style of [halo, line]) {
          for (const flat of lines.boundary) {
            const points = riskmap.readLine(flat, STEP_DEG);
            this.addLayer(L.polyline(points, still(options.pane, style)));
          }
        }
      });
    },
  });

  /* Zones: outlines of the score shown, the first ones numbered. */
  riskmap.Zones = L.LayerGroup.extend({
    initialize: function (source, options) {
      L.LayerGroup.prototype.initialize.call(this, [], options);
      this.ready = source.json("zones.json").then((zones) => {
        this.zones = zones;
        for (const zone of zones) {
          zone.shape = zone.rings.map((ring) => riskmap.readLine(ring, STEP_DEG));
          delete zone.rings;
        }
      });
    },

    of: function (score) {
      const kept = this.only;
      return (this.zones || []).filter(
        (zone) => zone.score === score && (!kept || kept.has(zone.id))
      );
    },

    find: function (id) {
      return (this.zones || []).find((zone) => zone.id === id) || null;
    },

    // even-odd rule over all rings, so holes count as outside
    containing: function (score, latlng) {
      return this.of(score).find((zone) => {
        const [west, south, east, north] = zone.box;
        if (latlng.lng < west || latlng.lng > east) return false;
        if (latlng.lat < south || latlng.lat > north) return false;
        let inside = false;
        for (const ring of zone.shape) {
          for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
            const [y1, x1] = ring[i];
            const [y2, x2] = ring[j];
            const crosses = y1 > latlng.lat !== y2 > latlng.lat;
            if (
              crosses &&
              latlng.lng < ((x2 - x1) * (latlng.lat - y1)) / (y2 - y1) + x1
            ) {
              inside = !inside;
            }
          }
        }
        return inside;
      });
    },

    onAdd: function (map) {
      L.LayerGroup.prototype.onAdd.call(this, map);
      this._names = L.layerGroup().addTo(map);
      map.on("zoomend", this._draw, this);
    },

    show: function (score, visible, selected) {
      this._shown = visible ? this.of(score) : [];
      this._selected = selected;
      this._drawn = null;
      this._draw();
    },

    // far out only the first zones, thin and without a halo, lest they hide the cells
    _draw: function () {
      const map = this._map;
      if (!map || !this._shown) return;
      const far = map.getZoom() < FAR_ZOOM;
      if (this._drawn !== far) {
        this._drawn = far;
        this.clearLayers();
        for (const zone of this._shown) {
          const chosen = zone.id === this._selected;
          if (far && !chosen && zone.rank > NAMED_ZONES_FAR) continue;
          const halo = { color: "#fff", weight: chosen ? 6 : 3.4, opacity: 0.9 };
          const line = { color: "#12355b", weight: chosen ? 3.4 : far ? 0.8 : 1.6 };
          for (const style of far && !chosen ? [line] : [halo, line]) {
            const options = still(this.options.pane, style);
            options.fill = false;
            this.addLayer(L.polygon(zone.shape, options));
          }
        }
      }
      this._name();
    },

    // the chosen zone first, then by rank
    _name: function () {
      const map = this._map;
      if (!map || !this._shown) return;
      this._names.clearLayers();
      clearRoom(map, "zones");
      const few = map.getZoom() < FAR_ZOOM ? NAMED_ZONES_FAR : NAMED_ZONES_NEAR;
      const chosen = (zone) => zone.id === this._selected;
      const order = this._shown
        .filter((zone) => chosen(zone) || zone.rank <= few)
        .sort((a, b) => chosen(b) - chosen(a) || a.rank - b.rank);
      for (const zone of order) {
        const [west, south, east, north] = zone.box;
        const place = [(south + north) / 2, (west + east) / 2];
        const name = riskmap.zoneName(zone);
        if (!roomFor(map, "zones", name, place)) continue;
        const icon = L.divIcon({
          html: element("span", "", name),
          className: "rm-zone-name" + (chosen(zone) ? " rm-chosen" : ""),
          iconSize: [0, 0],
        });
        const options = { icon: icon, interactive: false, keyboard: false };
        options.pane = this.options.labelPane;
        this._names.addLayer(L.marker(place, options));
      }
      map.fire("rm:labels");
    },
  });

  riskmap.zoneName = (zone) => zone.side + " " + zone.rank;

  /* Landmarks: shape and letter tell the kind; only those in view are drawn. */
  riskmap.Landmarks = L.LayerGroup.extend({
    initialize: function (source, options) {
      L.LayerGroup.prototype.initialize.call(this, [], options);
      this._kinds = new Set();
      this._drawn = new Map();
      this.ready = source.json("landmarks.json").then((rows) => {
        this._rows = rows;
        this._draw();
      });
    },

    onAdd: function (map) {
      L.LayerGroup.prototype.onAdd.call(this, map);
      map.on("zoomend moveend resize", this._draw, this);
      this._draw();
    },

    kinds: function () {
      return [...new Set((this._rows || []).map((row) => row[0]))].sort();
    },

    show: function (kinds, language, words) {
      this._language = language;
      this._words = words;
      this._kinds = new Set(kinds);
      for (const marker of this._drawn.values()) this.removeLayer(marker);
      this._drawn.clear();
      this._draw();
    },

    symbol: function (kind) {
      const symbols = this.options.symbols;
      return symbols[kind] || symbols.other;
    },

    badge: function (kind) {
      const symbol = this.symbol(kind);
      const badge = element("span", "rm-badge rm-" + symbol.shape);
      badge.style.setProperty("--ink", symbol.colour);
      badge.appendChild(element("b", "", symbol.letter));
      return badge;
    },

    _draw: function () {
      const map = this._map;
      if (!map || !this._rows || !this._words) return;
      map.getContainer().classList.toggle("rm-far", map.getZoom() < FAR_ZOOM);
      const view = map.getBounds().pad(0.2);
      this._rows.forEach((row, i) => {
        const [kind, x, y] = row;
        const wanted =
          this._kinds.has(kind) &&
          map.getZoom() >= this.symbol(kind).zoom &&
          view.contains([y, x]);
        const marker = this._drawn.get(i);
        if (wanted && !marker) this._drawn.set(i, this._mark(row));
        if (!wanted && marker) {
          this.removeLayer(marker);
          this._drawn.delete(i);
        }
      });
    },

    _mark: function (row) {
      const [kind, x, y] = row;
      const icon = L.divIcon({
        html: this.badge(kind),
        className: "rm-landmark" + (row[6] && !isStale(row[7]) ? "" : " rm-unverified"),
        iconSize: [0, 0],
      });
      const options = { icon: icon, keyboard: false, bubblingMouseEvents: true };
      options.pane = this.options.pane;
      const marker = L.marker([y, x], options);
      marker.bindTooltip(() => this._card(row), { direction: "top", offset: [0, -8] });
      this.addLayer(marker);
      return marker;
    },

    _card: function (row) {
      const [kind, , , nameEn, nameEs, accuracy, verified, verifiedOn] = row;
      const words = this._words;
      const card = element("div", "rm-tip");
      const name = this._language === "es" ? nameEs || nameEn : nameEn || nameEs;
      card.appendChild(element("strong", "", name));
      card.appendChild(element("div", "", words["landmark_kind." + kind] || kind));
      if (accuracy !== null) {
        const metres = riskmap.number(accuracy, this._language);
        card.appendChild(
          element("div", "", words["map.accuracy"] + " ±" + metres + " m")
        );
      }
      const sure = verified ? "" : words["map.unverified"];
      for (const told of [sure, staleness(verifiedOn, words["map.stale"], this._language)])
        if (told) card.appendChild(element("div", "", told));
      return card;
    },
  });

  riskmap.basemap = (source, options) => new riskmap.Basemap(source, options);
  riskmap.boundary = (source, options) => new riskmap.Boundary(source, options);
  riskmap.zones = (source, options) => new riskmap.Zones(source, options);
  riskmap.landmarks = (source, options) => new riskmap.Landmarks(source, options);
})();

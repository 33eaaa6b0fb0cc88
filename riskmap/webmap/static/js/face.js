/* The face: joins the map, what stands beside it and who uses it. The same in the app
   and in a saved page. State comes in as data; choices go out by name. */
(function () {
  "use strict";
  const riskmap = (window.riskmap = window.riskmap || {});
  const element = riskmap.element;

  const CELL_ZOOM = 10;
  const PLACE_ZOOM = 14;
  const VIEW_WAIT_MS = 600;
  const PHONE_PX = 700;
  const LIST_MARGIN_PX = 90;
  const MGRS_DIGITS = 4;

  const say = (state, key) => state.words[key] || key;
  const quick = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  riskmap.cornerBox = function (map, position, tag, className) {
    const control = L.control({ position: position });
    const box = element(tag, className);
    control.onAdd = function () {
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.disableScrollPropagation(box);
      return box;
    };
    control.addTo(map);
    return box;
  };

  class Face {
    /* "parts" is what the folium script made: map, cells, zones, landmarks.
       "side" holds the places for card, zones and table. "emit(name, value)" tells
       the app; a saved page gives its own. */
    constructor(parts, side, emit) {
      Object.assign(this, parts);
      this.side = side;
      this.emit = emit;
      this.state = null;
      this.facts = null;
      this.flown = null;
      const box = this.map.getContainer();
      box.setAttribute("role", "application");
      box.tabIndex = 0;
      this.live = box.appendChild(element("div", "rm-live"));
      this.live.setAttribute("aria-live", "polite");
      this.cross = box.appendChild(element("div", "rm-cross", "+"));
      this.timeBox = element("div", "rm-time");
      this.timeBox.hidden = true;
      this.maps = element("div", "rm-maps");
      box.replaceWith(this.maps);
      this.maps.appendChild(box);
      this.maps.after(this.timeBox);
      this.readout = this.corner("bottomright", "div", "rm-readout");
      this.readout.setAttribute("aria-hidden", "true");
      this.legendBox = this.corner("bottomleft", "details", "rm-legend");
      // it has no name until the first state says what is shown
      this.legendBox.hidden = true;
      this.legendTitle = this.legendBox.appendChild(element("summary"));
      this.legendList = this.legendBox.appendChild(element("div"));
      this.symbolList = this.legendBox.appendChild(element("ul", "rm-symbols"));
      this.tools = new riskmap.Tools(this);
      const panes = { pane: "areas", labelPane: "names" };
      this.areas = riskmap.areas(this.cells.source(), panes).addTo(this.map);
      this.listen(box);
    }

    corner(position, tag, className) {
      return riskmap.cornerBox(this.map, position, tag, className);
    }

    listen(box) {
      this.map.on("mousemove", (event) => this.read(event.latlng));
      this.map.on("click", (event) => {
        this.cross.hidden = true;
        const pointer = event.originalEvent && event.originalEvent.pointerType;
        this.select(event.latlng, pointer === "touch");
      });
      this.cross.hidden = true;
      // a sidebar that folds is no resize of the window
      this.watcher = new ResizeObserver(() => this.map.invalidateSize({ pan: false }));
      this.watcher.observe(box);
      box.addEventListener("keydown", (event) => {
        if (event.target !== box) return;
        this.cross.hidden = false;
        if (event.key === "Enter") this.select(this.map.getCenter());
        if (event.key === "Escape") this.clear();
      });
      this.map.on("zoomend", () => this.symbols());
      this.map.on("moveend", () => {
        clearTimeout(this.waiting);
        this.waiting = setTimeout(() => {
          const centre = this.map.getCenter();
          const round = (value) => Math.round(value * 1e4) / 1e4;
          const { x, y } = this.map.getSize();
          const view = [round(centre.lat), round(centre.lng), this.map.getZoom(), x, y];
          if (this.state && !this.state.places) this.emit("view", view);
        }, VIEW_WAIT_MS);
      });
    }

    read(latlng) {
      if (!this.state) return;
      const facts = this.state.places ? null : this.cells.at(latlng);
      const grid = mgrs.forward([latlng.lng, latlng.lat], MGRS_DIGITS);
      const place = latlng.lat.toFixed(4) + ", " + latlng.lng.toFixed(4) + "  " + grid;
      const value = facts ? "  ·  " + riskmap.sentence(this.cells, facts, this.state) : "";
      this.readout.textContent = place + value;
    }

    select(latlng, touch) {
      if (this.tools.take(latlng)) return;
      if (this.state.places) {
        this.pickPoint(latlng, touch);
        return;
      }
      const facts = this.cells.at(latlng);
      if (!facts) return;
      this.choose(facts);
      this.tell();
    }

    // on a page about places a click means the point itself, as well as it can be hit
    pickPoint(latlng, touch) {
      const round = (value) => Math.round(value * 1e6) / 1e6;
      const metres = riskmap.clickAccuracy(this.map, latlng, touch);
      const point = [round(latlng.lat), round(latlng.lng), metres];
      const found = this.state.found || { readings: [] };
      this.showFound(Object.assign({}, found, { chosen: null, point: point }));
      this.live.textContent = point[0] + ", " + point[1];
      this.emit("pick", { point: point });
    }

    pickReading(number) {
      // the moment makes it news, even if it was the last thing told
      this.emit("pick", { reading: number, at: Date.now() });
    }

    showFound(found) {
      const pick = (number) => this.pickReading(number);
      if (this.foundLayer) this.map.removeLayer(this.foundLayer);
      this.foundLayer = riskmap.drawFound(this.map, found, pick);
      riskmap.foundList(this.side.found, found, pick);
    }

    // what is chosen now; a state that does not know it yet must not undo it
    tell() {
      this.pending = { cell: this.state.cell, zone: this.state.zone };
      this.emit("pick", this.pending);
    }

    // a server that was gone has not heard the last choice; the moment makes it news
    tellAgain() {
      this.lost = false;
      if (this.pending) this.emit("pick", Object.assign({ at: Date.now() }, this.pending));
    }

    settle(state) {
      const wanted = this.pending;
      if (!wanted) return;
      if (state.cell === wanted.cell && state.zone === wanted.zone) {
        this.pending = null;
        return;
      }
      Object.assign(state, wanted);
      state.card = null;
    }

    choose(facts) {
      const began = performance.now();
      this.facts = facts;
      this.state.cell = facts.cell;
      this.outline(facts.cell);
      const text = riskmap.sentence(this.cells, facts, this.state);
      this.live.textContent = text;
      const [lat, lng] = h3.cellToLatLng(facts.cell);
      const note = element("div", "rm-tip");
      note.appendChild(element("strong", "", text));
      note.appendChild(element("code", "", facts.cell));
      const popup = {
        minWidth: 190,
        autoPan: false,
        closeButton: false,
        className: "rm-popup",
      };
      L.popup(popup).setLatLng([lat, lng]).setContent(note).openOn(this.map);
      const zone = this.zoneOf(facts.cell);
      if (zone && zone.id !== this.state.zone) {
        this.state.zone = zone.id;
        // the ring and the sentence are painted first, the list of zones after them
        requestAnimationFrame(() => setTimeout(() => this.showZones(), 0));
      }
      this.selectMs = performance.now() - began;
    }

    clear() {
      if (this.tools.escape()) return;
      this.map.closePopup();
      if (this.state.places) return;
      this.state.cell = null;
      this.facts = null;
      this.outline(null);
      this.tell();
    }

    outline(cell) {
      if (this.ring) this.map.removeLayer(this.ring);
      this.ring = null;
      this.ringCell = cell;
      if (!cell || !h3.isValidCell(cell)) return;
      const shape = h3.cellToBoundary(cell);
      const base = { fill: false, interactive: false, pane: "chosen" };
      this.ring = L.layerGroup([
        L.polygon(shape, Object.assign({ color: "#fff", weight: 5.5 }, base)),
        L.polygon(shape, Object.assign({ color: "#000", weight: 2.5 }, base)),
      ]).addTo(this.map);
    }

    pickZone(zone) {
      this.state.zone = zone.id;
      const [west, south, east, north] = zone.box;
      const bounds = L.latLngBounds([south, west], [north, east]);
      const options = { maxZoom: CELL_ZOOM, padding: [40, 40], animate: !quick() };
      this.map.flyToBounds(bounds, options);
      this.showZones();
      this.live.textContent = riskmap.zoneName(zone);
      this.tell();
    }

    pickCell(cell) {
      const [lat, lng] = h3.cellToLatLng(cell);
      this.map.setView([lat, lng], Math.max(this.map.getZoom(), CELL_ZOOM), {
        animate: !quick(),
      });
      this.state.cell = cell;
      this.outline(cell);
      this.tell();
    }

    showZones() {
      const state = this.state;
      this.zones.show(state.score, state.zones, state.zone);
      const list = this.zones.of(state.score);
      riskmap.zoneTable(this.side.zones, list, state, (zone) => this.pickZone(zone));
      // the list scrolls by itself: the page and the card stay where they are
      const row = this.side.zones.querySelector("tr.rm-chosen");
      if (row) this.side.zones.scrollTop = row.offsetTop - LIST_MARGIN_PX;
    }

    // of the kind shown, what is known only to a county or municipio
    showAreas() {
      const state = this.state;
      const found = this.areas.show(this.kind(state), this.filter, state.language);
      riskmap.areaLegend(this.legendList, found, state);
    }

    // the legend explains the symbols that this zoom shows
    symbols() {
      if (!this.state) return;
      const zoom = this.map.getZoom();
      const seen = this.state.landmarks.filter(
        (kind) => this.landmarks.symbol(kind).zoom <= zoom
      );
      riskmap.landmarkLegend(this.symbolList, this.landmarks, this.state, seen);
    }

    /* Takes a new state: only what changed is drawn again, and the view stays. */
    async update(state) {
      const before = this.state || {};
      this.settle(state);
      this.state = state;
      const first = !this.placed;
      if (first) this.place(state);
      // landmarks explain themselves in their tips
      if (first) this.legendBox.open = !state.places && window.innerWidth >= PHONE_PX;
      const box = this.map.getContainer();
      box.setAttribute("aria-label", say(state, "map.aria"));
      if (before.language !== state.language || before.layer !== state.layer) {
        this.readout.textContent = "";
      }
      this.titles(box, state);
      this.records = this.records || riskmap.readRecords(this.cells.source());
      const layers = [this.cells, this.zones, this.landmarks, this.areas];
      const ready = layers.map((layer) => layer.ready);
      const records = await Promise.all([this.records, ...ready]).then((all) => all[0]);
      if (this.state !== state) return;
      if (!this.time) this.startTime(records, state);
      if (first) {
        // the bar above takes its room before the corridor is fitted into what is left
        this.second.state = state;
        this.second.controls(state);
        this.place(state);
      }
      box.classList.toggle("rm-no-cells", Boolean(state.places));
      this.zones.only = state.only ? new Set(state.only) : null;
      this.showFound(state.found);
      this.time.draw(state, this.filter, this.kind(state));
      const looks = (s) => JSON.stringify([s.layer, s.colours, s.doubt]);
      const painted =
        looks(before) === looks(state)
          ? Promise.resolve()
          : this.cells.apply({
              layer: state.layer,
              colours: state.colours,
              doubt: state.doubt,
              records: records,
              filter: this.filter,
            });
      this.legendBox.hidden = false;
      this.legendTitle.textContent = state.places
        ? say(state, "map.landmarks")
        : riskmap.layerName(state, state.layer);
      if (!state.places) {
        if (this.cells.isValue()) await painted;
        if (this.state !== state) return;
        riskmap.legend(this.legendList, this.cells, state);
      }
      this.showAreas();
      this.symbols();
      if (!state.places) this.beside(state);
      this.tools.draw(state);
      const marks = (s) => JSON.stringify([s.landmarks, s.language]);
      if (marks(before) !== marks(state)) {
        this.landmarks.show(state.landmarks, state.language, state.words);
      }
      if (state.cell !== this.ringCell) this.outline(state.cell);
      if (!state.cell || before.language !== state.language) this.map.closePopup();
      this.fly(state.fly, first);
      await Promise.all([painted, this.second.draw(state)]);
      if (this.lost) this.tellAgain();
      this.paintedAt = this.paintedAt || performance.now();
      box.dataset.painted = "yes";
    }

    kind(state) {
      const shown = state.layer.startsWith("kind-") && !state.places;
      return shown ? state.layer.slice(5) : "";
    }

    // the page owns the filter: every choice shows at once, and is told afterwards
    startTime(records, state) {
      this.filter = riskmap.fitFilter(state.filter, records);
      this.second = new riskmap.Second(this, records, (told) => {
        clearTimeout(this.tellingSecond);
        this.tellingSecond = setTimeout(() => this.emit("second", told), VIEW_WAIT_MS);
      });
      this.second.restore(state.second);
      this.time = new riskmap.TimeBar(this.timeBox, records, (filter) => {
        this.filter = filter;
        this.time.draw(this.state, filter, this.kind(this.state));
        this.second.draw(this.state);
        this.cells.apply({ filter: filter });
        this.showAreas();
        this.readout.textContent = "";
        this.map.closePopup();
        this.beside(this.state);
        clearTimeout(this.telling);
        const told = riskmap.isAll(filter, records) ? null : filter;
        this.telling = setTimeout(() => this.emit("filter", told), VIEW_WAIT_MS);
      });
    }

    // records of the chosen cell by year, of the kind shown or of the score's purpose
    series(records) {
      const cell = this.state.cell;
      const kind = this.kind(this.state);
      if (!kind || !cell || !h3.isValidCell(cell) || !records.count) return null;
      const facts = this.cells.facts(cell);
      const watch = facts && facts.level.planes.get("watch");
      const filter = Object.assign({ kind: kind }, this.filter);
      return records.byYear(filter, cell, watch ? watch[facts.row] : null);
    }

    place(state) {
      this.placed = true;
      // what stands around the map may have grown since it was made
      this.map.invalidateSize({ animate: false });
      if (state.view) {
        const [lat, lng, zoom] = state.view;
        this.map.setView([lat, lng], zoom, { animate: false });
        return;
      }
      const [west, south, east, north] = state.home;
      const padding = window.innerWidth < PHONE_PX ? [2, 2] : [12, 12];
      const bounds = [
        [south, west],
        [north, east],
      ];
      this.map.fitBounds(bounds, { padding: padding, animate: false });
    }

    titles(box, state) {
      const name = function (selector, key) {
        const button = box.querySelector(selector);
        if (!button) return;
        button.title = say(state, key);
        button.setAttribute("aria-label", say(state, key));
      };
      name(".leaflet-control-zoom-in", "map.zoom_in");
      name(".leaflet-control-zoom-out", "map.zoom_out");
    }

    // card, zones and table of the cells
    beside(state) {
      const zone = state.cell && this.zoneOf(state.cell);
      // while Python has not answered yet, the old card stays
      if (!(this.pending && state.cell)) {
        riskmap.card(this.side.card, state.card, state, zone);
        this.records.then((records) => this.addSeries(records, state));
      }
      riskmap.cellTable(this.side.table, state.table, state, (c) => this.pickCell(c));
      this.showZones();
    }

    addSeries(records, state) {
      const series = this.state === state && state.card && this.series(records);
      for (const old of this.side.card.querySelectorAll(".rm-series")) old.remove();
      if (!series) return;
      const box = this.side.card.appendChild(element("div", "rm-series"));
      box.appendChild(element("h3", "", say(state, "map.time.series")));
      box.appendChild(riskmap.yearBars(series, state));
      const facts = this.cells.facts(state.cell);
      if (facts) {
        const text = riskmap.sentence(this.cells, facts, state);
        const years = this.filter.from + "–" + this.filter.to + " · ";
        box.appendChild(element("p", "rm-hint", years + text));
      }
    }

    zoneOf(cell) {
      if (!h3.isValidCell(cell)) return null;
      const [lat, lng] = h3.cellToLatLng(cell);
      return this.zones.containing(this.state.score, { lat: lat, lng: lng });
    }

    // once to each target; a view that the address names comes before the first
    fly(target, first) {
      const name = target ? target.id : null;
      const news = name && name !== this.flown;
      this.flown = name;
      if (!news || (first && this.state.view)) return;
      const [west, south, east, north] = target.box;
      const bounds = L.latLngBounds([south, west], [north, east]);
      const options = { maxZoom: PLACE_ZOOM, padding: [40, 40] };
      if (first || quick()) options.animate = false;
      if (options.animate === false) this.map.fitBounds(bounds, options);
      else this.map.flyToBounds(bounds, options);
    }
  }

  riskmap.Face = Face;
})();

/* A second map beside the first: another layer, or the same one in other years, moving
   together; and the difference of two periods. */
(function () {
  "use strict";
  const riskmap = (window.riskmap = window.riskmap || {});
  const element = riskmap.element;

  const PANES = ["land", "cells", "areas", "lines", "chosen", "names"];
  const PHONE_PX = 700;
  const COPIED = ["minZoom", "maxZoom", "zoomSnap", "zoomDelta", "maxBounds"];
  const say = (state, key) => state.words[key] || key;
  const isKind = (layer) => layer.startsWith("kind-");

  class Second {
    /* "told({layer, filter, difference})" hears of every choice; null when closed. */
    constructor(face, records, told) {
      this.face = face;
      this.records = records;
      this.told = told;
      this.layer = "";
      this.difference = false;
      this.bar = element("div", "rm-compare");
      face.maps.before(this.bar);
      this.box = face.maps.appendChild(element("div", "rm-second"));
      this.box.hidden = true;
      this.timeBox = element("div", "rm-time rm-time-second");
      this.timeBox.hidden = true;
      face.timeBox.after(this.timeBox);
      this.filter = riskmap.wholeFilter(records);
      this.time = new riskmap.TimeBar(this.timeBox, records, (filter) => {
        this.filter = filter;
        this.changed();
      });
    }

    // what an address said
    restore(given) {
      if (!given || !given.layer) return;
      this.layer = given.layer;
      this.difference = Boolean(given.difference);
      this.filter = riskmap.fitFilter(given.filter, this.records);
    }

    build() {
      const first = this.face.map;
      const options = { attributionControl: false, preferCanvas: true };
      for (const name of COPIED) options[name] = first.options[name];
      const place = this.box.appendChild(element("div", "rm-map"));
      this.map = L.map(place, options);
      this.map.setView(first.getCenter(), first.getZoom(), { animate: false });
      for (const name of PANES) {
        const pane = this.map.createPane(name);
        pane.style.zIndex = first.getPane(name).style.zIndex;
        pane.style.pointerEvents = "none";
      }
      const source = this.face.cells.source();
      const panes = { landPane: "land", linePane: "lines", labelPane: "names" };
      riskmap.basemap(source, panes).addTo(this.map);
      this.cells = riskmap.cells(source, { pane: "cells", layer: this.layer });
      this.cells.addTo(this.map);
      const over = { pane: "areas", labelPane: "names" };
      this.areas = riskmap.areas(source, over).addTo(this.map);
      riskmap.boundary(source, { pane: "lines" }).addTo(this.map);
      this.legend = riskmap.cornerBox(this.map, "bottomleft", "details", "rm-legend");
      this.legend.open = window.innerWidth >= PHONE_PX;
      this.legendTitle = this.legend.appendChild(element("summary"));
      this.legendList = this.legend.appendChild(element("div"));
      this.follow(first, this.map);
      this.follow(this.map, first);
      this.map.on("click", (event) => this.face.select(event.latlng));
      new ResizeObserver(() => this.map.invalidateSize({ pan: false })).observe(place);
    }

    // one map goes where the other went; the guard keeps the two from chasing
    follow(leader, other) {
      leader.on("move", () => {
        if (this.box.hidden || this.moving) return;
        this.moving = true;
        other.setView(leader.getCenter(), leader.getZoom(), { animate: false });
        this.moving = false;
      });
    }

    changed() {
      this.told(
        this.layer
          ? { layer: this.layer, filter: this.filter, difference: this.difference }
          : null
      );
      this.draw(this.state);
    }

    canSubtract() {
      if (isKind(this.layer)) return this.layer === this.state.layer;
      return this.isVersion();
    }

    // another version of the layer beside: a scenario and the last run, or two scenarios
    isVersion() {
      const { layer, versions } = this.state;
      const either = Boolean(versions && (versions[layer] || versions[this.layer]));
      const family = (one) => riskmap.familyOf(this.state, one);
      return either && layer !== this.layer && family(layer) === family(this.layer);
    }

    async draw(state) {
      this.state = state;
      const known = (state.menu || []).some(([, layers]) =>
        layers.some(([layer]) => layer === this.layer)
      );
      if (!known || state.places) this.layer = "";
      this.controls(state);
      const open = Boolean(this.layer);
      this.box.hidden = !open;
      this.face.maps.classList.toggle("rm-two", open);
      const kind = open && isKind(this.layer) ? this.layer.slice(5) : "";
      this.time.draw(state, this.filter, kind);
      if (!open) return;
      if (!this.map) this.build();
      this.map.invalidateSize({ pan: false });
      this.map.getContainer().setAttribute("aria-label", this.title(state));
      this.face.titles(this.map.getContainer(), state);
      const subtract = this.difference && this.canSubtract();
      await this.cells.apply({
        layer: this.layer,
        colours: state.colours,
        doubt: state.doubt,
        records: this.records,
        filter: subtract && kind ? this.face.filter : this.filter,
        minus: subtract && kind ? this.filter : null,
        against: subtract && !kind ? state.layer : null,
        changeColours: state.change_colours,
      });
      if (this.state !== state) return;
      this.legendTitle.textContent = this.title(state);
      const own = Object.assign({}, state, { layer: this.layer });
      riskmap.legend(this.legendList, this.cells, own);
      await this.areas.ready;
      if (this.state !== state) return;
      // a difference of two periods has no number of its own for an area
      const found = this.areas.show(subtract ? "" : kind, this.filter, state.language);
      riskmap.areaLegend(this.legendList, found, own);
    }

    title(state) {
      const name = riskmap.layerName(state, this.layer);
      if (!(this.difference && this.canSubtract())) return name;
      if (!isKind(this.layer)) {
        const sign = this.cells.isTimes() ? " ÷ " : " − ";
        return name + sign + riskmap.layerName(state, state.layer);
      }
      const years = (filter) =>
        filter.from === filter.to ? filter.from : filter.from + "–" + filter.to;
      return name + ": " + years(this.face.filter) + " − " + years(this.filter);
    }

    controls(state) {
      const focus = document.activeElement;
      const focused = this.bar.contains(focus) && focus.dataset.name;
      this.bar.replaceChildren();
      this.bar.hidden = Boolean(state.places) || !state.menu;
      if (this.bar.hidden) return;
      const label = this.bar.appendChild(element("label", "rm-choice"));
      label.appendChild(element("span", "", say(state, "map.compare") + " "));
      const select = label.appendChild(element("select"));
      select.dataset.name = "compare";
      const none = select.appendChild(element("option", "", say(state, "map.compare.none")));
      none.value = "";
      for (const [title, layers] of state.menu) {
        if (!layers.length) continue;
        const group = select.appendChild(element("optgroup"));
        group.label = title;
        for (const [layer, name] of layers) {
          const option = group.appendChild(element("option", "", name));
          option.value = layer;
          option.selected = layer === this.layer;
        }
      }
      select.addEventListener("change", () => {
        this.layer = select.value;
        this.changed();
      });
      if (this.canSubtract()) this.tick(state);
      const again = focused && this.bar.querySelector('[data-name="' + focused + '"]');
      if (again) again.focus();
    }

    tick(state) {
      const label = this.bar.appendChild(element("label", "rm-choice"));
      const input = label.appendChild(element("input"));
      input.type = "checkbox";
      input.dataset.name = "difference";
      input.checked = this.difference;
      input.addEventListener("change", () => {
        this.difference = input.checked;
        this.changed();
      });
      const key = isKind(this.layer) ? "map.compare.difference" : "map.compare.against";
      label.appendChild(element("span", "", " " + say(state, key)));
    }
  }

  riskmap.Second = Second;
})();

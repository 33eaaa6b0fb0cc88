/* Tools on the map: measure along clicks, draw or load an area; by pointer or keyboard.
   Distances are geodesics of the WGS 84 ellipsoid (Vincenty 1975, Survey Review 23). */
(function () {
  "use strict";
  const riskmap = (window.riskmap = window.riskmap || {});
  const element = riskmap.element;

  const EQUATOR_M = 6378137;
  const FLATTENING = 1 / 298.257223563;
  const ENOUGH_RAD = 1e-12;
  const MOST_STEPS = 200;
  const M_PER_KM = 1000;
  const M_PER_MILE = 1609.344;
  const SAME_PX = 10;
  const LEAST_CORNERS = 3;
  const LARGEST_FILE_BYTES = 2e6;
  const DEGREE_DIGITS = 1e5;
  const TIP_KEY = "riskmap-tip-seen";
  const LINE = { color: "#6a1b9a", weight: 3, interactive: false, pane: "chosen" };
  const HALO = { color: "#fff", weight: 6, interactive: false, pane: "chosen" };
  const say = (state, key) => state.words[key] || key;

  // metres between two places of latitude and longitude in degrees
  riskmap.geodesicM = function (from, to) {
    const rad = Math.PI / 180;
    const polar = EQUATOR_M * (1 - FLATTENING);
    const reduced = (lat) => Math.atan((1 - FLATTENING) * Math.tan(lat * rad));
    const [u1, u2] = [reduced(from.lat), reduced(to.lat)];
    const [sin1, cos1, sin2, cos2] = [
      Math.sin(u1),
      Math.cos(u1),
      Math.sin(u2),
      Math.cos(u2),
    ];
    const apart = (to.lng - from.lng) * rad;
    let lambda = apart;
    for (let step = 0; step < MOST_STEPS; step++) {
      const [sinL, cosL] = [Math.sin(lambda), Math.cos(lambda)];
      const sinS = Math.hypot(cos2 * sinL, cos1 * sin2 - sin1 * cos2 * cosL);
      if (sinS === 0) return 0;
      const cosS = sin1 * sin2 + cos1 * cos2 * cosL;
      const sigma = Math.atan2(sinS, cosS);
      const sinA = (cos1 * cos2 * sinL) / sinS;
      const cos2A = 1 - sinA * sinA;
      const cosM = cos2A ? cosS - (2 * sin1 * sin2) / cos2A : 0;
      const c = (FLATTENING / 16) * cos2A * (4 + FLATTENING * (4 - 3 * cos2A));
      const turn = cosM + c * cosS * (2 * cosM * cosM - 1);
      const before = lambda;
      lambda = apart + (1 - c) * FLATTENING * sinA * (sigma + c * sinS * turn);
      if (Math.abs(lambda - before) > ENOUGH_RAD) continue;
      const uu = (cos2A * (EQUATOR_M * EQUATOR_M - polar * polar)) / (polar * polar);
      const a = 1 + (uu / 16384) * (4096 + uu * (uu * (320 - 175 * uu) - 768));
      const b = (uu / 1024) * (256 + uu * (uu * (74 - 47 * uu) - 128));
      const double = 2 * cosM * cosM - 1;
      const far = (b / 6) * cosM * (4 * sinS * sinS - 3) * (4 * cosM * cosM - 3);
      const small = b * sinS * (cosM + (b / 4) * (cosS * double - far));
      return polar * a * (sigma - small);
    }
    // nearly opposite ends of the Earth
    return NaN;
  };

  function base64(buffer) {
    let text = "";
    const bytes = new Uint8Array(buffer);
    const CHUNK = 0x8000;
    for (let at = 0; at < bytes.length; at += CHUNK) {
      text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
    }
    return btoa(text);
  }

  class Tools {
    constructor(face) {
      this.face = face;
      this.mode = "";
      this.points = [];
      this.polygons = [];
      this.stamp = null;
      this.message = "";
      this.marks = L.layerGroup();
      this.shape = L.layerGroup();
      this.bar = element("div", "rm-tools");
      this.bar.hidden = true;
      face.maps.before(this.bar);
      this.tip = element("div", "rm-first");
      this.bar.before(this.tip);
      this.tip.hidden = true;
      this.buttons = this.bar.appendChild(element("div", "rm-tool-buttons"));
      this.buttons.setAttribute("role", "group");
      this.said = this.bar.appendChild(element("p", "rm-tool-said"));
      this.said.setAttribute("aria-live", "polite");
      face.map.getContainer().addEventListener("keydown", (event) => this.key(event));
    }

    draw(state) {
      const news = !this.state || this.state.language !== state.language;
      this.state = state;
      this.bar.hidden = Boolean(state.places);
      if (state.places) return;
      if (!this.map) {
        this.map = this.face.map;
        this.marks.addTo(this.map);
        this.shape.addTo(this.map);
      }
      const given = state.area;
      if (given && given.stamp !== this.stamp) {
        this.stamp = given.stamp;
        this.polygons = given.polygons || [];
        this.outline();
        if (given.fly) this.fly();
      }
      if (news || this.shown !== this.looks()) this.controls();
      this.tell();
      this.firstTime();
    }

    looks() {
      return [this.mode, this.points.length > 0, this.polygons.length > 0].join();
    }

    // what is drawn, what is measured and what can be done next
    controls() {
      const focus = document.activeElement;
      const focused = this.buttons.contains(focus) && focus.dataset.tool;
      this.shown = this.looks();
      this.buttons.setAttribute("aria-label", say(this.state, "map.tool.label"));
      this.buttons.replaceChildren();
      const canDraw = Boolean(this.state.tools && this.state.tools.draw);
      this.button("measure", "map.tool.measure", (event) => this.start("measure", event));
      if (canDraw) {
        this.button("area", "map.tool.area", (event) => this.start("area", event));
        this.fileButton();
      }
      if (this.mode && this.points.length) {
        this.button("undo", "map.tool.undo", () => this.undo());
      }
      if (this.mode === "area" && this.points.length) {
        this.button("finish", "map.tool.finish", () => this.finish());
      }
      if (this.mode) this.button("stop", "map.tool.stop", () => this.stop());
      else if (this.polygons.length && canDraw) {
        this.button("remove", "map.tool.remove", () => this.remove());
      }
      const again =
        focused && this.buttons.querySelector('[data-tool="' + focused + '"]');
      if (again) again.focus();
      else if (focused) this.map.getContainer().focus({ preventScroll: true });
    }

    button(name, key, act) {
      const made = this.buttons.appendChild(
        element("button", "rm-tool", say(this.state, key))
      );
      made.type = "button";
      made.dataset.tool = name;
      if (name === "measure" || name === "area") {
        made.setAttribute("aria-pressed", String(this.mode === name));
      }
      made.addEventListener("click", act);
    }

    fileButton() {
      const label = this.buttons.appendChild(element("label", "rm-tool"));
      const input = label.appendChild(element("input"));
      input.type = "file";
      input.accept = ".geojson,.json,.kml";
      input.dataset.tool = "file";
      label.appendChild(element("span", "", say(this.state, "map.tool.load")));
      input.addEventListener("change", async () => {
        const file = input.files[0];
        if (!file) return;
        if (file.size > LARGEST_FILE_BYTES) {
          this.message = "map.tool.too_large";
          this.tell();
          return;
        }
        const data = base64(await file.arrayBuffer());
        this.face.emit("file", { name: file.name, data: data });
        input.value = "";
      });
    }

    start(mode, event) {
      const same = this.mode === mode;
      this.stop();
      if (same) return;
      this.mode = mode;
      this.map.doubleClickZoom.disable();
      this.map.closePopup();
      const box = this.map.getContainer();
      box.classList.add("rm-tooling");
      // a button that was pressed by keyboard goes on by keyboard
      if (event && event.detail === 0) {
        this.face.cross.hidden = false;
        box.focus({ preventScroll: true });
      }
      this.controls();
      this.tell();
    }

    stop() {
      this.mode = "";
      this.message = "";
      this.points = [];
      this.map.doubleClickZoom.enable();
      this.map.getContainer().classList.remove("rm-tooling");
      this.redraw();
    }

    // true if the place was taken, so that no cell is chosen
    take(latlng) {
      if (!this.mode) return false;
      const place = L.latLng(latlng.lat, latlng.lng).wrap();
      const near = (other) =>
        other &&
        this.map
          .latLngToContainerPoint(place)
          .distanceTo(this.map.latLngToContainerPoint(other)) < SAME_PX;
      const repeated = near(this.points[this.points.length - 1]);
      const closed = this.points.length >= LEAST_CORNERS && near(this.points[0]);
      if (this.mode === "area" && (repeated || closed)) this.finish();
      else if (!repeated) this.points.push(place);
      this.redraw();
      return true;
    }

    escape() {
      if (!this.mode) return false;
      this.stop();
      return true;
    }

    key(event) {
      if (!this.mode || event.target !== this.map.getContainer()) return;
      if (event.key !== "Backspace") return;
      event.preventDefault();
      this.undo();
    }

    undo() {
      this.points.pop();
      this.redraw();
    }

    finish() {
      if (this.points.length < LEAST_CORNERS) {
        this.message = "map.tool.few";
        this.tell();
        return;
      }
      const round = (value) => Math.round(value * DEGREE_DIGITS) / DEGREE_DIGITS;
      const ring = this.points.map((place) => [round(place.lng), round(place.lat)]);
      this.polygons = [[ring]];
      this.stop();
      this.changed();
    }

    remove() {
      this.polygons = [];
      this.changed();
    }

    changed() {
      this.outline();
      this.controls();
      this.tell();
      this.face.emit("area", { polygons: this.polygons, at: Date.now() });
    }

    redraw() {
      this.marks.clearLayers();
      if (this.points.length) {
        const closed = this.mode === "area" && this.points.length >= LEAST_CORNERS;
        const path = closed ? [...this.points, this.points[0]] : this.points;
        L.polyline(path, HALO).addTo(this.marks);
        L.polyline(path, Object.assign({}, LINE, { dashArray: "6 5" })).addTo(this.marks);
        for (const place of this.points) {
          const dot = Object.assign({}, LINE, { radius: 4, fillOpacity: 1, fillColor: "#fff" });
          L.circleMarker(place, dot).addTo(this.marks);
        }
      }
      if (this.shown !== this.looks()) this.controls();
      this.tell();
    }

    outline() {
      this.shape.clearLayers();
      if (!this.polygons.length) return;
      const rings = this.polygons.map((polygon) =>
        polygon.map((ring) => ring.map(([lng, lat]) => [lat, lng]))
      );
      L.polygon(rings, Object.assign({}, HALO, { fill: false })).addTo(this.shape);
      L.polygon(rings, Object.assign({}, LINE, { fillOpacity: 0.06 })).addTo(this.shape);
    }

    fly() {
      if (!this.polygons.length) return;
      const rings = this.polygons.map((polygon) => polygon[0].map(([x, y]) => [y, x]));
      const options = { maxZoom: 12, padding: [40, 40], animate: false };
      this.map.fitBounds(L.latLngBounds(rings.flat()), options);
    }

    lengths() {
      const legs = [];
      for (let at = 1; at < this.points.length; at++) {
        legs.push(riskmap.geodesicM(this.points[at - 1], this.points[at]));
      }
      return legs;
    }

    length(metres) {
      const digits = metres < 10 * M_PER_KM ? 2 : 1;
      const form = new Intl.NumberFormat(this.state.language === "es" ? "es-MX" : "en-US", {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      });
      const km = form.format(metres / M_PER_KM) + " km";
      return km + " (" + form.format(metres / M_PER_MILE) + " mi)";
    }

    tell() {
      if (!this.state) return;
      const parts = [];
      if (this.message) parts.push(say(this.state, this.message));
      const legs = this.lengths();
      if (legs.length) {
        const whole = legs.reduce((sum, leg) => sum + leg, 0);
        parts.push(say(this.state, "map.tool.whole") + " " + this.length(whole));
        if (legs.length > 1) {
          const last = this.length(legs[legs.length - 1]);
          parts.push(say(this.state, "map.tool.leg") + " " + last);
        }
      } else if (this.mode) parts.push(say(this.state, "map.tool." + this.mode + ".hint"));
      const text = parts.join(" · ");
      if (this.said.textContent !== text) this.said.textContent = text;
      this.said.hidden = !text;
      this.message = "";
    }

    // said once to each browser; where nothing can be kept, it is said again
    firstTime() {
      let seen = null;
      try {
        seen = window.localStorage.getItem(TIP_KEY);
      } catch {
        seen = null;
      }
      this.tip.hidden = Boolean(seen) || this.tipClosed;
      if (this.tip.hidden) return;
      this.tip.replaceChildren(element("p", "", say(this.state, "map.tip.first")));
      const close = this.tip.appendChild(
        element("button", "rm-tool", say(this.state, "map.tip.close"))
      );
      close.type = "button";
      close.addEventListener("click", () => {
        this.tipClosed = true;
        this.tip.hidden = true;
        try {
          window.localStorage.setItem(TIP_KEY, "yes");
        } catch {
          this.tipClosed = true;
        }
        this.map.getContainer().focus({ preventScroll: true });
      });
    }
  }

  riskmap.Tools = Tools;
})();

/* Incidents known only to a county or municipio: its outline and their number. No cell
   holds them, so no cell is coloured by them. Names are set as text. Needs L. */
(function () {
  "use strict";
  const riskmap = (window.riskmap = window.riskmap || {});
  const element = riskmap.element;

  const STEP_DEG = 1e-4;
  const NAMED_ZOOM = 7.5;
  // told apart from zones and state lines by long dashes and a thin veil
  const HALO = { color: "#fff", weight: 4.5, opacity: 0.85, fill: false };
  const LINE = {
    color: "#5a2d82",
    weight: 2.2,
    dashArray: "10 6",
    fillColor: "#5a2d82",
    fillOpacity: 0.08,
  };
  const CHOICES = ["source", "accuracy"];

  riskmap.Areas = L.LayerGroup.extend({
    initialize: function (source, options) {
      L.LayerGroup.prototype.initialize.call(this, [], options);
      this._shown = [];
      this.ready = source.json("areas.json").then((areas) => {
        for (const area of areas) {
          area.shape = area.rings.map((ring) => riskmap.readLine(ring, STEP_DEG));
          delete area.rings;
        }
        this._areas = areas;
      });
    },

    onAdd: function (map) {
      L.LayerGroup.prototype.onAdd.call(this, map);
      this._names = L.layerGroup().addTo(map);
      map.on("zoomend", this._name, this);
    },

    // what a filter leaves of a kind: [{area, events}]; no kind leaves nothing
    of: function (kind, filter) {
      const asked = filter || {};
      const left = (row) =>
        row.kind === kind &&
        !(row.year < asked.from || row.year > asked.to) &&
        (!asked.month || row.month === asked.month) &&
        CHOICES.every((name) => !asked[name] || row[name] === asked[name]);
      return (kind ? this._areas || [] : [])
        .filter((area) => !asked.side || area.side === asked.side)
        .map((area) => ({
          area: area,
          events: area.rows.filter(left).reduce((sum, row) => sum + row.events, 0),
        }))
        .filter((found) => found.events > 0);
    },

    show: function (kind, filter, language) {
      this._shown = this.of(kind, filter);
      this._language = language;
      this.clearLayers();
      for (const { area } of this._shown) {
        for (const style of [HALO, LINE]) {
          const options = { pane: this.options.pane, interactive: false };
          this.addLayer(L.polygon(area.shape, Object.assign(options, style)));
        }
      }
      this._name();
      return this._shown;
    },

    _name: function () {
      const map = this._map;
      if (!map) return;
      this._names.clearLayers();
      riskmap.clearRoom(map, "areas");
      const near = map.getZoom() >= NAMED_ZOOM;
      for (const { area, events } of this._shown) {
        const count = riskmap.number(events, this._language, 9);
        const text = near ? area.name + ": " + count : count;
        const [west, south, east, north] = area.box;
        const place = [(south + north) / 2, (west + east) / 2];
        if (!riskmap.roomFor(map, "areas", text, place)) continue;
        const icon = L.divIcon({
          html: element("span", "", text),
          className: "rm-area-name",
          iconSize: [0, 0],
        });
        const options = { icon: icon, interactive: false, keyboard: false };
        options.pane = this.options.labelPane;
        this._names.addLayer(L.marker(place, options));
      }
      map.fire("rm:labels");
    },
  });

  riskmap.areas = (source, options) => new riskmap.Areas(source, options);

  // below the legend of the cells: how many the map shows as areas, and that no cell does
  riskmap.areaLegend = function (container, found, state) {
    const old = container.querySelector(".rm-areas");
    if (old) old.remove();
    if (!found.length) return;
    const events = found.reduce((sum, one) => sum + one.events, 0);
    const box = container.appendChild(element("div", "rm-areas"));
    box.appendChild(element("span", "rm-area-swatch"));
    const said = state.words["map.areas"] || "map.areas";
    const number = riskmap.number(events, state.language, 9);
    box.appendChild(element("span", "", said + " " + number));
  };
})();

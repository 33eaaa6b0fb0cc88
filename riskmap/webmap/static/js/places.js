/* What a phrase may mean, on the map: every reading with its two radii, and the list
   beside it. Names come from outside, so everything is set as text. Needs L. */
(function () {
  "use strict";
  const riskmap = (window.riskmap = window.riskmap || {});
  const element = riskmap.element;

  const INK = "#6a1b9a";
  const EARTH_M = 40075017;
  const TILE = 256;
  // how far a mouse and a finger miss what they mean
  const MOUSE_PX = 3;
  const FINGER_PX = 10;
  const DEG = Math.PI / 180;

  const still = (style) =>
    Object.assign({ pane: "chosen", interactive: false, fill: false }, style);

  /* How far off a click may be at this zoom, whole metres. */
  riskmap.clickAccuracy = function (map, latlng, touch) {
    const around = EARTH_M * Math.cos(latlng.lat * DEG);
    const metres = around / (TILE * Math.pow(2, map.getZoom()));
    return Math.ceil(metres * (touch ? FINGER_PX : MOUSE_PX));
  };

  function outline(layer, make, style) {
    layer.addLayer(make(still({ color: "#fff", weight: style.weight + 3, opacity: 0.85 })));
    layer.addLayer(make(still(Object.assign({ color: INK }, style))));
  }

  function circle(layer, at, metres, style) {
    const make = (look) => L.circle(at, Object.assign({ radius: metres }, look));
    outline(layer, make, style);
  }

  function pin(layer, at, text, chosen, pick) {
    const icon = L.divIcon({
      html: element("span", "", text),
      className: "rm-pin" + (chosen ? " rm-chosen" : ""),
      iconSize: [0, 0],
    });
    const options = { icon: icon, pane: "landmarks", keyboard: false };
    options.interactive = Boolean(pick);
    options.zIndexOffset = chosen ? 2000 : 1000;
    const marker = L.marker(at, options);
    if (pick) marker.on("click", pick);
    layer.addLayer(marker);
  }

  /* Draws the readings; gives the layer, for taking it away again. */
  riskmap.drawFound = function (map, found, pick) {
    const layer = L.layerGroup();
    if (!found) return layer.addTo(map);
    found.readings.forEach(function (reading, i) {
      const chosen = i === found.chosen;
      const at = [reading.lat, reading.lon];
      if (chosen) {
        // the wider circle holds if the words were rounded, the inner if they were not
        const wide = { color: INK, stroke: false, fill: true, fillOpacity: 0.1 };
        const shade = Object.assign(still(wide), { fill: true, radius: reading.outer_m });
        layer.addLayer(L.circle(at, shade));
        circle(layer, at, reading.outer_m, { weight: 1.6, dashArray: "6 5" });
        circle(layer, at, reading.inner_m, { weight: 2.4 });
        for (const line of reading.lines) {
          outline(layer, (look) => L.polyline(line, look), { weight: 4 });
        }
      }
      const label = found.readings.length > 1 ? String(i + 1) : "";
      pin(layer, at, label, chosen, () => pick(i + 1));
    });
    if (found.point) {
      const [lat, lng, metres] = found.point;
      circle(layer, [lat, lng], metres, { weight: 2.4 });
      pin(layer, [lat, lng], "", true, null);
    }
    return layer.addTo(map);
  };

  /* The list of readings: buttons, the likeliest first. */
  riskmap.foundList = function (container, found, pick) {
    if (!container) return;
    container.replaceChildren();
    container.hidden = !found || !found.readings.length;
    if (container.hidden) return;
    container.appendChild(element("h2", "", found.title));
    if (found.hint) container.appendChild(element("p", "rm-hint", found.hint));
    const list = container.appendChild(element("ol", "rm-readings"));
    found.readings.forEach(function (reading, i) {
      const chosen = i === found.chosen;
      const row = list.appendChild(element("li", chosen ? "rm-chosen" : ""));
      const button = row.appendChild(element("button", "", reading.text));
      button.type = "button";
      button.setAttribute("aria-pressed", String(chosen));
      button.addEventListener("click", () => pick(i + 1));
    });
    riskmap.placeLink(container, found.link);
  };
})();

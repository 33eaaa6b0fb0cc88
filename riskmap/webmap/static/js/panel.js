/* What stands beside the map: legend, the card of a cell, the tables. Everything is
   made of elements and textContent; nothing is parsed as markup. */
(function () {
  "use strict";
  const riskmap = (window.riskmap = window.riskmap || {});
  const element = riskmap.element;

  const REGIONS = { en: "en-US", es: "es-MX" };
  const FEW_ZONES = 12;

  riskmap.number = function (value, language, digits) {
    const options = { maximumSignificantDigits: digits || 3 };
    return new Intl.NumberFormat(REGIONS[language] || "en-US", options).format(value);
  };

  // a byte stands for a step of 8 %, the first for everything below it
  riskmap.rateText = function (cells, byte, language) {
    const rate = cells.rate(byte);
    const least = cells.manifest.rate_edges[0];
    if (rate < least) return "< " + riskmap.number(least, language);
    return "≈ " + riskmap.number(rate, language, 2);
  };

  const say = (state, key) => state.words[key] || key;

  // what a layer is a version of: versions of the same can be held against each other
  riskmap.familyOf = function (state, layer) {
    const versions = state.versions || {};
    if (versions[layer]) return versions[layer];
    if (layer.startsWith("value-")) return "layer." + layer.slice(6);
    return layer.startsWith("kind-") ? layer : "score." + layer;
  };

  riskmap.layerName = function (state, layer) {
    if (layer.startsWith("value-")) return say(state, "layer." + layer.slice(6));
    return layer.startsWith("kind-")
      ? say(state, "kind." + layer.slice(5))
      : say(state, "score." + layer);
  };

  // "0.01–0.03", "< 0.01", "≥ 0.3": never from the view, so never changing
  function ranges(breaks, language) {
    const write = (value) => riskmap.number(value, language);
    // a dash between two numbers below nought would look like their sign
    const to = breaks[0] < 0 ? " … " : "–";
    return Array.from({ length: breaks.length + 1 }, (_, i) => {
      if (i === 0) return "< " + write(breaks[0]);
      if (i === breaks.length) return "≥ " + write(breaks[i - 1]);
      return write(breaks[i - 1]) + to + write(breaks[i]);
    });
  }

  function swatch(paint) {
    const box = document.createElement("canvas");
    const ratio = window.devicePixelRatio || 1;
    box.className = "rm-swatch";
    box.width = 22 * ratio;
    box.height = 14 * ratio;
    const pen = box.getContext("2d");
    pen.scale(ratio, ratio);
    paint(pen);
    return box;
  }

  function filled(colour, pattern) {
    return function (pen) {
      pen.fillStyle = colour;
      pen.fillRect(0, 0, 22, 14);
      if (pattern) {
        pen.fillStyle = pen.createPattern(pattern, "repeat");
        pen.fillRect(0, 0, 22, 14);
      }
    };
  }

  // "°C" after a number; a pure number has none
  riskmap.unitText = (unit) => (unit === "1" ? "" : unit === "%" ? " %" : " " + unit);

  function valueLegend(list, cells, state) {
    const told = cells.told();
    const colours = cells.colours();
    const row = function (colour, text) {
      const item = list.appendChild(element("li"));
      item.appendChild(swatch(filled(colour)));
      item.appendChild(element("span", "", text));
    };
    if (told.classes) {
      const name = (word) => say(state, "layer." + state.layer.slice(6) + "." + word);
      told.classes.forEach((word, i) => row(colours[i], name(word)));
      return;
    }
    const limits = ranges(told.ends.slice(1, -1), state.language);
    for (let i = limits.length - 1; i >= 0; i--) row(colours[i], limits[i]);
  }

  // "≤ −10", "−9…−3", "0", "+3…+9", "≥ +10"
  function changeLegend(list, cells, state) {
    const write = (value) =>
      new Intl.NumberFormat(REGIONS[state.language], { signDisplay: "exceptZero" }).format(value);
    const edges = riskmap.CHANGE_BREAKS;
    const colours = cells.colours();
    for (let i = edges.length; i >= 0; i--) {
      let text = write(edges[i - 1]) + "…" + write(edges[i] - 1);
      if (i === edges.length) text = "≥ " + write(edges[i - 1]);
      if (i === 0) text = "≤ " + write(edges[0] - 1);
      else if (edges[i] - 1 === edges[i - 1]) text = write(edges[i - 1]);
      const item = list.appendChild(element("li"));
      item.appendChild(swatch(filled(colours[i])));
      item.appendChild(element("span", "", text));
    }
  }

  // "≥ 2 ×", or "+1 or more" in the layer's own unit
  function againstLegend(container, cells, state) {
    container.replaceChildren();
    const times = cells.isTimes();
    const told = cells.told();
    const unit = times ? say(state, "map.compare.times") : riskmap.unitText(told.unit).trim();
    container.appendChild(element("div", "rm-unit", unit));
    const list = container.appendChild(element("ul"));
    const row = function (paint, text) {
      const item = list.appendChild(element("li"));
      item.appendChild(swatch(paint));
      item.appendChild(element("span", "", text));
    };
    const limits = ranges(cells.changeBreaks(), state.language);
    const colours = cells.colours();
    for (let i = limits.length - 1; i >= 0; i--) {
      row(filled(colours[i]), limits[i] + (times ? " ×" : ""));
    }
    if (cells.knowsWithin() && state.doubt) {
      const plain = filled(colours[3], riskmap.doubtPattern());
      row(plain, say(state, "map.compare.within"));
    }
    const grey = filled(cells.options.noDataColour, riskmap.noDataPattern());
    row(grey, say(state, "map.no_data"));
  }

  riskmap.legend = function (container, cells, state) {
    if (cells.options.against) {
      againstLegend(container, cells, state);
      return;
    }
    if (cells.options.minus) {
      container.replaceChildren();
      const unit = say(state, "map.compare.unit");
      container.appendChild(element("div", "rm-unit", unit));
      const list = container.appendChild(element("ul"));
      changeLegend(list, cells, state);
      const item = list.appendChild(element("li"));
      const grey = filled(cells.options.noDataColour, riskmap.noDataPattern());
      item.appendChild(swatch(grey));
      item.appendChild(element("span", "", say(state, "map.no_data")));
      return;
    }
    if (cells.isValue() && !cells.isRate()) {
      container.replaceChildren();
      const told = cells.told();
      if (!told) return;
      container.appendChild(element("div", "rm-unit", riskmap.unitText(told.unit).trim()));
      const list = container.appendChild(element("ul"));
      valueLegend(list, cells, state);
      const item = list.appendChild(element("li"));
      const grey = filled(cells.options.noDataColour, riskmap.noDataPattern());
      item.appendChild(swatch(grey));
      item.appendChild(element("span", "", say(state, "map.no_data.layer")));
      return;
    }
    const count = cells.isCount();
    const manifest = cells.manifest;
    container.replaceChildren();
    const unit = count ? "map.unit.count" : "map.unit.rate";
    container.appendChild(element("div", "rm-unit", say(state, unit)));
    const list = container.appendChild(element("ul"));
    const row = function (paint, text) {
      const item = list.appendChild(element("li"));
      item.appendChild(swatch(paint));
      item.appendChild(element("span", "", text));
    };
    const words = count ? state.classes.count : state.classes.rate;
    const limits = count ? null : ranges(manifest.rates, state.language);
    for (let i = words.length - 1; i >= 0; i--) {
      const name = say(state, words[i]) + (limits ? " (" + limits[i] + ")" : "");
      row(filled(state.colours[i]), name);
    }
    if (count) row(filled(cells.options.noneColour), say(state, "map.none_recorded"));
    if (!count && state.doubt) {
      row(filled(state.colours[1], riskmap.doubtPattern()), say(state, "map.doubt"));
    }
    const grey = filled(cells.options.noDataColour, riskmap.noDataPattern());
    row(grey, say(state, "map.no_data"));
  };

  riskmap.landmarkLegend = function (container, landmarks, state, kinds) {
    container.replaceChildren();
    for (const kind of kinds) {
      const item = container.appendChild(element("li"));
      item.appendChild(landmarks.badge(kind));
      item.appendChild(element("span", "", say(state, "landmark_kind." + kind)));
    }
    container.hidden = kinds.length === 0;
  };

  riskmap.valueText = function (cells, facts, state) {
    const told = cells.told();
    if (!told) return "";
    if (told.classes) {
      const word = told.classes[facts.number - 1];
      return say(state, "layer." + state.layer.slice(6) + "." + word);
    }
    const write = riskmap.number(cells.value(facts.number), state.language);
    return "≈ " + write + riskmap.unitText(told.unit);
  };

  /* In one line: what the page itself knows of a cell. */
  riskmap.sentence = function (cells, facts, state) {
    const name = riskmap.layerName(state, state.layer);
    if (facts.position === riskmap.NO_DATA) {
      return name + ": " + say(state, "map.no_data");
    }
    if (cells.isCount()) {
      const events = riskmap.number(facts.number - 1, state.language, 9);
      return name + ": " + events + " " + say(state, "map.recorded");
    }
    if (cells.isValue() && !cells.isRate()) return name + ": " + riskmap.valueText(cells, facts, state);
    const rate = riskmap.rateText(cells, facts.number, state.language);
    const word = say(state, state.classes.rate[facts.position]);
    const doubt = facts.doubt ? " · " + say(state, "map.doubt") : "";
    return (
      name + ": " + word + ", " + rate + " " + say(state, "map.unit.rate_short") + doubt
    );
  };

  /* A link to another page of the app; a saved page has none. */
  riskmap.placeLink = function (container, link) {
    if (!link) return;
    const made = element("a", "rm-where", link.text);
    made.href = link.href;
    container.appendChild(made);
  };

  /* The card of a cell, from Python: texts and shares only. */
  riskmap.card = function (container, card, state, zone) {
    container.replaceChildren();
    container.appendChild(element("h2", "", say(state, "map.card.title")));
    if (!card) {
      container.appendChild(element("p", "rm-hint", say(state, "map.card.pick")));
      return;
    }
    const head = container.appendChild(element("p", "rm-figure"));
    head.appendChild(element("strong", "", card.figure));
    head.appendChild(element("span", "", card.unit));
    const facts = container.appendChild(element("dl"));
    for (const [term, text] of card.facts) {
      facts.appendChild(element("dt", "", term));
      facts.appendChild(element("dd", "", text));
    }
    for (const text of card.sentences) {
      container.appendChild(element("p", "rm-sentence", text));
    }
    if (zone) {
      const where = riskmap.zoneName(zone) + " · " + zonePlace(zone, state);
      const line = element("p", "rm-in-zone", say(state, "map.card.zone") + " ");
      line.appendChild(element("strong", "", where));
      container.appendChild(line);
    }
    if (card.bars.length) bars(container, card);
    container.appendChild(element("p", "rm-cell", card.place));
    riskmap.placeLink(container, card.link);
  };

  function bars(container, card) {
    const table = container.appendChild(element("table", "rm-bars"));
    table.appendChild(element("caption", "", card.bars_title));
    const body = table.appendChild(element("tbody"));
    for (const bar of card.bars) {
      const row = body.appendChild(element("tr"));
      const name = row.appendChild(element("th", "", bar.label));
      name.scope = "row";
      const cell = row.appendChild(element("td", "rm-bar"));
      const fill = cell.appendChild(element("div", bar.share < 0 ? "rm-less" : ""));
      fill.style.width = Math.min(100, Math.max(1, Math.abs(bar.share) * 100)) + "%";
      row.appendChild(element("td", "rm-value", bar.text));
    }
    const total = body.appendChild(element("tr", "rm-total"));
    total.appendChild(element("th", "", card.total_label)).scope = "row";
    total.appendChild(element("td"));
    total.appendChild(element("td", "rm-value", card.total));
  }

  function zonePlace(zone, state) {
    const spanish = state.language === "es";
    const name = spanish
      ? zone.landmark_es || zone.landmark_en
      : zone.landmark_en || zone.landmark_es;
    return name || zone.id;
  }

  function zoneDetail(zone, state) {
    const write = (value) => riskmap.number(value, state.language, 4);
    const parts = [];
    if (zone.from_km !== null && zone.to_km !== null) {
      parts.push("km " + write(zone.from_km) + "–" + write(zone.to_km));
    }
    if (zone.area_km2 !== null) parts.push(write(zone.area_km2) + " km²");
    return parts.join(" · ");
  }

  // the figure, and under it the interval that it is in with 90 %
  function perYear(zone, state) {
    const write = (value) => riskmap.number(value, state.language, 2);
    const figure = zone.expected_per_year;
    const cell = element("td", "rm-value", figure === null ? "–" : write(figure));
    const [low, high] = [zone.expected_low_per_year, zone.expected_high_per_year];
    if (low !== null && high !== null && low !== undefined && high !== undefined) {
      cell.appendChild(element("small", "", write(low) + "–" + write(high)));
    }
    return cell;
  }

  function header(table, names) {
    const row = table.appendChild(element("thead")).appendChild(element("tr"));
    for (const name of names) row.appendChild(element("th", "", name)).scope = "col";
  }

  /* Ranked zones: a real table whose names are buttons that fly there. */
  riskmap.zoneTable = function (container, zones, state, pick) {
    const open = container.dataset.open === "yes";
    container.replaceChildren();
    const names = [say(state, "map.zones"), say(state, "score." + state.score)];
    const title = names.concat(state.region || []).join(" · ");
    container.appendChild(element("h2", "", title));
    if (!zones.length) {
      const none = state.region ? "map.zones.none_here" : "map.zones.none";
      container.appendChild(element("p", "rm-hint", say(state, none)));
      return;
    }
    container.appendChild(element("p", "rm-hint", say(state, "map.zones.hint")));
    if (state.region_note) {
      container.appendChild(element("p", "rm-hint", state.region_note));
    }
    const table = container.appendChild(element("table", "rm-zones"));
    header(table, [
      say(state, "map.zones.rank"),
      say(state, "map.zones.place"),
      say(state, "map.zones.per_year"),
    ]);
    const body = table.appendChild(element("tbody"));
    const chosen = zones.findIndex((zone) => zone.id === state.zone);
    const count = open || chosen >= FEW_ZONES ? zones.length : FEW_ZONES;
    for (const zone of zones.slice(0, count)) {
      const row = body.appendChild(element("tr"));
      if (zone.id === state.zone) row.className = "rm-chosen";
      row.appendChild(element("th", "", riskmap.zoneName(zone))).scope = "row";
      const place = row.appendChild(element("td"));
      const button = element("button", "", zonePlace(zone, state));
      button.type = "button";
      button.setAttribute("aria-pressed", String(zone.id === state.zone));
      button.addEventListener("click", () => pick(zone));
      place.appendChild(button);
      place.appendChild(element("small", "", zoneDetail(zone, state)));
      row.appendChild(perYear(zone, state));
    }
    if (zones.length > count) {
      const more = element("button", "rm-more", say(state, "map.zones.all"));
      more.type = "button";
      more.textContent += " (" + zones.length + ")";
      more.addEventListener("click", function () {
        container.dataset.open = "yes";
        riskmap.zoneTable(container, zones, state, pick);
      });
      container.appendChild(more);
    }
  };

  /* The first cells as a table: the same facts as the map, for who cannot see it. */
  riskmap.cellTable = function (container, table, state, pick) {
    container.replaceChildren();
    container.hidden = !table;
    if (!table) return;
    container.appendChild(element("summary", "", table.title));
    const grid = container.appendChild(element("table", "rm-cells"));
    header(grid, table.columns);
    const body = grid.appendChild(element("tbody"));
    for (const [cell, ...texts] of table.rows) {
      const row = body.appendChild(element("tr"));
      const button = element("button", "", texts[0]);
      button.type = "button";
      button.addEventListener("click", () => pick(cell));
      row.appendChild(element("th")).appendChild(button);
      row.firstChild.scope = "row";
      for (const text of texts.slice(1)) row.appendChild(element("td", "", text));
    }
  };
})();

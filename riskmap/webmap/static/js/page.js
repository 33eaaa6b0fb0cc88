/* The saved page: the same map and side as the app, with its own few controls. */
(function () {
  "use strict";
  const riskmap = (window.riskmap = window.riskmap || {});
  const element = riskmap.element;

  const COUNT_DIGITS = 9;

  /* "page" is data: languages, words and notes by language, layers, palettes, state. */
  riskmap.startPage = function (parts, page) {
    const shell = document.getElementById("rm-page");
    const side = {
      card: document.getElementById("rm-card"),
      zones: document.getElementById("rm-zones"),
      table: document.getElementById("rm-table"),
    };
    let state = Object.assign({}, page.state);
    const face = new riskmap.Face(parts, side, function (name, value) {
      if (name === "pick") change(value);
    });

    async function change(changes) {
      state = Object.assign({}, state, changes);
      const language = state.language;
      state.words = page.words[language];
      const kind = state.layer.startsWith("kind-");
      state.score = kind ? page.kind_scores[state.layer.slice(5)] : state.layer;
      if (state.layer.startsWith("value-")) {
        state.score = page.versions[state.layer.slice(6)] || page.scores[0];
      }
      state.colours = page.palettes[state.palette];
      state.menu = layerGroups(state);
      state.card = await pageCard(face.cells, state);
      document.documentElement.lang = language;
      controls(state);
      return face.update(state);
    }

    function controls(now) {
      const words = now.words;
      document.title = words["map.title"];
      document.getElementById("rm-title").textContent = words["map.title"];
      const bar = document.getElementById("rm-controls");
      const focus = document.activeElement && document.activeElement.id;
      bar.replaceChildren(
        languages(now),
        choice("rm-layer", words["map.layer"], layerGroups(now), now.layer, (layer) =>
          change({ layer: layer, zone: null })
        ),
        choice("rm-palette", words["map.palette"], paletteGroups(), now.palette, (name) =>
          change({ palette: name })
        ),
        tick("rm-doubt", words["map.doubt.show"], now.doubt, (on) => change({ doubt: on })),
        tick("rm-outlines", words["map.zones.show"], now.zones, (on) =>
          change({ zones: on })
        ),
        kinds(now)
      );
      if (focus && document.getElementById(focus)) document.getElementById(focus).focus();
      const notes = document.getElementById("rm-notes");
      notes.replaceChildren(
        ...page.notes[now.language].map((note) => element("p", "", note))
      );
    }

    function languages(now) {
      const group = element("div", "rm-languages");
      group.setAttribute("role", "group");
      group.setAttribute("aria-label", "Language / Idioma");
      for (const [code, name] of page.languages) {
        const button = group.appendChild(element("button", "", name));
        button.type = "button";
        button.id = "rm-language-" + code;
        button.lang = code;
        button.setAttribute("aria-pressed", String(code === now.language));
        button.addEventListener("click", () => change({ language: code }));
      }
      return group;
    }

    function layerGroups(now) {
      const name = (layer) => [layer, riskmap.layerName(now, layer)];
      const kindsOf = page.kinds.map((kind) => name("kind-" + kind));
      return [
        [now.words["map.scores"], page.scores.map(name)],
        [now.words["map.incidents"], kindsOf],
        [now.words["map.layers"], page.layers.map((layer) => name("value-" + layer))],
      ];
    }

    const paletteGroups = () => [
      ["", Object.keys(page.palettes).map((name) => [name, name])],
    ];

    function choice(id, label, groups, chosen, pick) {
      const box = element("label", "", label + " ");
      const select = box.appendChild(element("select"));
      select.id = id;
      for (const [title, options] of groups) {
        if (!options.length) continue;
        let parent = select;
        if (title) {
          parent = select.appendChild(element("optgroup"));
          parent.label = title;
        }
        for (const [value, text] of options) {
          const option = parent.appendChild(element("option", "", text));
          option.value = value;
          option.selected = value === chosen;
        }
      }
      select.addEventListener("change", () => pick(select.value));
      return box;
    }

    function tick(id, label, on, pick) {
      const box = element("label", "rm-tick");
      const input = box.appendChild(element("input"));
      input.type = "checkbox";
      input.id = id;
      input.checked = on;
      input.addEventListener("change", () => pick(input.checked));
      box.appendChild(element("span", "", label));
      return box;
    }

    let kindsOpen = false;
    function kinds(now) {
      const box = element("details", "rm-kinds");
      box.open = kindsOpen;
      box.addEventListener("toggle", () => (kindsOpen = box.open));
      box.appendChild(element("summary", "", now.words["map.landmarks"]));
      const list = box.appendChild(element("div"));
      for (const kind of page.landmark_kinds) {
        const words = now.words["landmark_kind." + kind] || kind;
        const toggle = (on) =>
          change({
            landmarks: page.landmark_kinds.filter((other) =>
              other === kind ? on : now.landmarks.includes(other)
            ),
          });
        const on = now.landmarks.includes(kind);
        const line = list.appendChild(tick("rm-kind-" + kind, words, on, toggle));
        line.insertBefore(parts.landmarks.badge(kind), line.lastChild);
      }
      return box;
    }

    riskmap.face = face;
    return parts.cells.ready.then(() => change({}));
  };

  /* What the file itself knows of a cell; the app knows more. */
  async function pageCard(cells, state) {
    const facts = state.cell && cells.facts(state.cell);
    if (!facts) return null;
    const words = state.words;
    const [lat, lng] = h3.cellToLatLng(facts.cell);
    const card = {
      facts: [],
      sentences: [],
      bars: [],
      place: facts.cell + " · " + lat.toFixed(4) + ", " + lng.toFixed(4),
    };
    if (facts.position === riskmap.NO_DATA) {
      return Object.assign(card, {
        figure: words["map.no_data"],
        unit: "",
        sentences: [words["map.evidence.no_data"]],
      });
    }
    if (cells.isCount()) {
      const events = riskmap.number(facts.number - 1, state.language, COUNT_DIGITS);
      return Object.assign(card, { figure: events, unit: words["map.recorded"] });
    }
    if (cells.isRate() && cells.isValue()) {
      card.sentences.push(words[facts.finest ? "scenario.card.help" : "map.coarse"]);
      if (facts.doubt) card.sentences.push(words["map.evidence.prior"]);
      return Object.assign(card, {
        figure: riskmap.rateText(cells, facts.number, state.language),
        unit: words["map.unit.rate"],
      });
    }
    if (cells.isValue()) {
      if (!facts.finest) card.sentences.push(words["map.coarse.mean"]);
      return Object.assign(card, { figure: riskmap.valueText(cells, facts, state), unit: "" });
    }
    card.figure = riskmap.rateText(cells, facts.number, state.language);
    card.unit = words["map.unit.rate"];
    const planes = await cells.detail(facts);
    if (facts.finest) {
      const write = (byte) => riskmap.rateText(cells, byte, state.language);
      card.facts.push([
        words["map.interval"],
        write(planes.low) + "–" + write(planes.high),
      ]);
      const percent = riskmap.number((planes.percentile - 1) / 2, state.language, 3);
      card.facts.push([words["map.percentile"], percent + " %"]);
    } else {
      card.sentences.push(words["map.coarse"]);
    }
    const evidence = ["no_data", "prior", "records"][planes.evidence];
    card.sentences.push(words["map.evidence." + evidence]);
    return card;
  }
})();
